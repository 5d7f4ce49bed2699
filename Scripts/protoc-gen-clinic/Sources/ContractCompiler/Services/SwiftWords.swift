/// The words that Swift keeps to itself.
enum SwiftWords {
  /// A member's name: what even backticks cannot rescue, or what the generated type has already, gets
  /// an underscore; keywords get backticks.
  static func member(_ name: String, besides taken: Set<String> = []) -> String {
    if unusable.contains(name) || taken.contains(name) { return name + "_" }
    return quoted(name)
  }

  /// A name in backticks where it is a keyword.
  static func quoted(_ name: String) -> String {
    keywords.contains(name) ? "`\(name)`" : name
  }

  private static let unusable: Set<String> = ["init", "self", "Self", "Type", "Protocol"]

  private static let keywords: Set<String> = [
    "Any", "as", "associatedtype", "await", "break", "case", "catch", "class", "continue",
    "default",
    "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate",
    "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil",
    "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return",
    "self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
    "typealias", "var", "where", "while"
  ]
}
