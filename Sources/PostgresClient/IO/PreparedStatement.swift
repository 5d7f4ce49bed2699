import Glibc

/// A statement that was prepared on one connection.
final class PreparedStatement {
  /// What tells two prepared statements apart: the statement and its parameters' types.
  struct Key: Hashable {
    let id: Int
    /// The text of an ad-hoc query; nil for a registered statement.
    let text: String?
    let signature: UInt64
  }

  let key: Key
  /// The name on the server, as libpq wants it.
  let name: UnsafeMutablePointer<CChar>
  /// The server answered the PREPARE.
  var isConfirmed = false
  /// The turn of the connection that used it last.
  var lastUse: UInt64 = 0

  init(key: Key, number: UInt64) {
    self.key = key
    name = strdup("s\(number)")
  }

  deinit { free(name) }
}
