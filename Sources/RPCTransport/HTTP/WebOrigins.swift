/// The web sites whose pages may call this server from a browser (CORS, as the Fetch standard has
/// it). Credentials are tokens in a header, never cookies, so none are allowed with them.
public struct WebOrigins: Sendable, Hashable {
  /// No web page.
  public static let none = WebOrigins([])

  /// The origins, as `https://app.example`; `*` stands for any.
  public let all: Set<String>

  /// Makes a list of origins, each as `https://app.example`, or `*` for any.
  public init(_ origins: Set<String>) { all = origins }

  private func allows(_ origin: String) -> Bool { all.contains(origin) || all.contains("*") }

  /// What every response to a request has.
  package func fields(for head: HTTPCallHead) -> HTTPFields {
    guard !all.isEmpty else { return [:] }
    guard let origin = head.fields["origin"], allows(origin) else { return ["vary": "origin"] }
    return [
      "vary": "origin", "access-control-allow-origin": origin,
      "access-control-expose-headers": "*"
    ]
  }

  /// The answer to a browser that asks whether a page may call, or nil for anything else.
  package func preflight(_ head: HTTPCallHead) -> (status: Int, fields: HTTPFields)? {
    guard head.method == "OPTIONS", let origin = head.fields["origin"],
      head.fields["access-control-request-method"] != nil
    else { return nil }
    guard allows(origin) else { return (403, [:]) }
    var fields: HTTPFields = [
      "access-control-allow-methods": "POST", "access-control-max-age": "7200"
    ]
    if let names = head.fields["access-control-request-headers"] {
      fields.add("access-control-allow-headers", names)
    }
    return (204, fields)
  }
}
