/// What opens a call, apart from its messages: the contents of a `CallHeader`.
package struct CallOpening: Sendable, Hashable {
  /// The method as `package.Service/Method`.
  package var method: String
  /// How long the caller waits, in microseconds; 0 for as long as the method allows.
  package var timeoutMicroseconds: UInt64
  /// The access token; empty for none.
  package var authorization: String
  /// Named values.
  package var metadata: Metadata
  /// The caller's name for the call; empty for none.
  package var requestID: String

  package init(
    method: String, timeoutMicroseconds: UInt64 = 0, authorization: String = "",
    metadata: Metadata = Metadata(), requestID: String = ""
  ) {
    self.method = method
    self.timeoutMicroseconds = timeoutMicroseconds
    self.authorization = authorization
    self.metadata = metadata
    self.requestID = requestID
  }
}
