/// The etag of a resource: its version, in a form that clients have no reason to look into.
package enum VersionTag {
  /// The etag of a version (1 and up).
  package static func text(_ version: Int64) -> String {
    "v" + String(version, radix: 36)
  }

  /// The version of an etag; nil for anything that the server did not make.
  package static func version(_ text: String) -> Int64? {
    guard text.hasPrefix("v"), let version = Int64(text.dropFirst(), radix: 36), version > 0,
      self.text(version) == text
    else { return nil }
    return version
  }
}
