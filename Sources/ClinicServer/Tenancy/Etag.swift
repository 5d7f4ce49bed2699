internal import RPCCore

/// Etags on the contract: versions, and the check of the caller's against the current one.
enum Etag {
  /// The etag of a version.
  static func text(version: Int64) -> String { VersionTag.text(version) }

  /// The etag that follows.
  static func next(after etag: String) -> String {
    VersionTag.text((VersionTag.version(etag) ?? 0) + 1)
  }

  /// Throws ABORTED where the caller knows another version. An empty etag stands for any.
  static func check(_ etag: String, against current: String) throws {
    guard etag.isEmpty || etag == current else {
      throw RPCError.aborted(
        "It was changed since it was read: read it again and decide anew",
        reason: "ETAG_MISMATCH", metadata: ["current_etag": current])
    }
  }
}
