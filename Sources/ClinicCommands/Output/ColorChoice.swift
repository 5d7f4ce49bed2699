/// When output is coloured.
package enum ColorChoice: String, Sendable, CaseIterable {
  /// On a terminal, unless NO_COLOR is set (https://no-color.org) or TERM is `dumb`.
  case auto
  case always
  case never

  /// Whether a stream is coloured.
  package func isEnabled(isTerminal: Bool, variables: [String: String]) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      isTerminal && variables["NO_COLOR", default: ""].isEmpty && variables["TERM"] != "dumb"
    }
  }
}
