/// Counts the messages of a stream against the limits of its caller, and has the work between two
/// messages wait for its turn.
package protocol MessageMeter: AnyObject, Sendable {
  /// Counts one message, waiting for as long as the caller's rate asks for. Throws
  /// ``RPCStatusCode/resourceExhausted`` where the stream must end instead.
  func count() async throws

  /// The stream has work to do. Returns when it is its turn.
  func takeTurn() async throws

  /// The stream has nothing to do before its other side has, or it has ended.
  func giveTurnBack()
}
