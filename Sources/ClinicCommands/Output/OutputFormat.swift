/// How a reply is shown.
package enum OutputFormat: String, Sendable, CaseIterable {
  /// Columns for people.
  case table
  /// The reply's proto3 JSON.
  case json
  /// The same as YAML 1.2.
  case yaml
  /// One line for each element, one column for each value (RFC 4180).
  case csv
}
