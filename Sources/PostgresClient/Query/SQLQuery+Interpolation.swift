extension SQLQuery: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) {
    self.init(template: value, parameters: PostgresParameterWriter())
  }

  public init(stringInterpolation: StringInterpolation) {
    self = stringInterpolation.query
  }

  /// Collects text and parameters.
  public struct StringInterpolation: StringInterpolationProtocol, Sendable {
    var query: SQLQuery

    public init(literalCapacity: Int, interpolationCount: Int) {
      var template = ""
      template.reserveCapacity(literalCapacity + interpolationCount)
      query = SQLQuery(
        template: template,
        parameters: PostgresParameterWriter(capacity: interpolationCount * 24))
    }

    public mutating func appendLiteral(_ literal: String) {
      query.template += literal
    }

    /// Binds a value as the next parameter.
    public mutating func appendInterpolation(_ value: some PostgresEncodable) {
      query.template.append(SQLQuery.marker)
      query.parameters.bind(value)
    }

    /// Inserts another query with its parameters: filters, column lists.
    public mutating func appendInterpolation(_ other: SQLQuery) {
      query.append(other)
    }

    /// Inserts text as it is: the only unescaped door. Never pass anything a caller sent.
    public mutating func appendInterpolation(raw text: String) {
      query.template += text
    }

    /// Inserts a quoted identifier: `"name"`.
    public mutating func appendInterpolation(identifier name: String) {
      query.template += SQLQuery.quoted(identifier: name)
    }
  }

  /// A name in double quotes, with quotes doubled and NULs (which no name can hold) left out.
  static func quoted(identifier name: String) -> String {
    var text = "\""
    for scalar in name.unicodeScalars where scalar != "\0" {
      text.unicodeScalars.append(scalar)
      if scalar == "\"" { text.unicodeScalars.append(scalar) }
    }
    return text + "\""
  }
}
