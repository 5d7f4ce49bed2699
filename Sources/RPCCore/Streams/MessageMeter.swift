/// Counts the messages of a stream against the limits of its caller.
package protocol MessageMeter: AnyObject, Sendable {
  /// Counts one message, waiting for as long as the caller's rate asks for. Throws
  /// ``RPCStatusCode/resourceExhausted`` where the stream must end instead.
  func count() async throws
}
