/// A statement with its bound parameters: the only thing a connection runs.
///
/// Made by calling an ``SQLStatement`` (hot paths) or by interpolation, where a literal is text and
/// an interpolated value is always a parameter:
///
/// ```swift
/// let query: SQLQuery = "select name from clinic.roles where company_id = \(company)"
/// ```
public struct SQLQuery: Sendable {
  /// The registered statement; nil for an interpolated query.
  @usableFromInline let statement: SQLStatement?
  /// The text of an interpolated query, with ``marker`` where a parameter stands.
  var template: String
  @usableFromInline var parameters: PostgresParameterWriter

  /// Stands for a parameter in ``template``, so that queries compose without renumbering.
  static let marker: Character = "\u{1}"

  @usableFromInline
  init(statement: SQLStatement, parameters: PostgresParameterWriter) {
    self.statement = statement
    template = ""
    self.parameters = parameters
  }

  init(template: String, parameters: PostgresParameterWriter) {
    statement = nil
    self.template = template
    self.parameters = parameters
  }

  /// A query without parameters from text that the program made itself.
  ///
  /// Never pass anything a caller sent.
  public init(raw text: String) {
    self.init(template: text, parameters: PostgresParameterWriter())
  }

  /// The number of parameters bound.
  public var parameterCount: Int { parameters.count }

  /// The SQL that is sent, with `$n` parameters. Holds no values.
  public var text: String {
    if let statement { return statement.text }
    guard parameters.count > 0 else { return template }
    var text = ""
    text.reserveCapacity(template.utf8.count + parameters.count * 2)
    var number = 0
    for character in template.unicodeScalars {
      if character == "\u{1}" {
        number += 1
        text += "$\(number)"
      } else {
        text.unicodeScalars.append(character)
      }
    }
    return text
  }

  /// The query with a statement object: the registered one, or one made from the text.
  func resolved(isPreparable: Bool = true) -> SQLQuery {
    if statement != nil { return self }
    return SQLQuery(
      statement: SQLStatement(adHoc: text, isPreparable: isPreparable), parameters: parameters)
  }

  /// Two interpolated queries one behind the other. Registered statements cannot be extended.
  public static func + (lhs: SQLQuery, rhs: SQLQuery) -> SQLQuery {
    var sum = SQLQuery(template: "", parameters: PostgresParameterWriter())
    sum.append(lhs)
    sum.append(rhs)
    return sum
  }

  /// Interpolated queries with a separator between them: `joined(filters, separator: " and ")`.
  public static func joined(
    _ queries: some Sequence<SQLQuery>, separator: String
  ) -> SQLQuery {
    var joined = SQLQuery(template: "", parameters: PostgresParameterWriter())
    var isFirst = true
    for query in queries {
      if !isFirst { joined.template += separator }
      isFirst = false
      joined.append(query)
    }
    return joined
  }

  /// Appends another query's text and parameters.
  mutating func append(_ other: SQLQuery) {
    precondition(other.statement == nil, "a registered statement cannot be part of another query")
    template += other.template
    parameters.bytes += other.parameters.bytes
    parameters.count += other.parameters.count
  }
}

/// A statement bound to its parameters; the same thing as ``SQLQuery``.
public typealias BoundStatement = SQLQuery

extension SQLQuery: CustomStringConvertible {
  /// The statement's name or text, never its values.
  public var description: String { statement.map(\.description) ?? "SQLQuery(\(text))" }
}
