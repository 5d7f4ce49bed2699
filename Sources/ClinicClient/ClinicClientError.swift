/// Why a client cannot be made of a configuration.
public struct ClinicClientError: Error, Sendable, CustomStringConvertible {
  /// What is wrong, in a sentence.
  public var message: String
  /// What the TLS library or the system said.
  public var cause: (any Error)?

  /// The message and its cause.
  public var description: String {
    cause.map { "\(message): \($0)" } ?? message
  }
}
