/// An error of the client itself: a statement did not run, or its outcome did not arrive.
public struct PostgresClientError: Error, Sendable {
  /// What went wrong.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// Private, so that a further case breaks nobody's switch.
    private enum Wrapped: String {
      case connectionFailure, connectionLost, overloaded, deadlineExceeded, poolTimeout
      case shutDown, leaseEnded, invalidConfiguration, tooManyParameters, transactionFinished
    }

    private let wrapped: Wrapped

    private init(_ wrapped: Wrapped) { self.wrapped = wrapped }

    /// No connection could be made; nothing was sent.
    public static let connectionFailure = Code(.connectionFailure)
    /// The connection died; see ``PostgresClientError/mayHaveExecuted``.
    public static let connectionLost = Code(.connectionLost)
    /// A bounded queue is full; nothing was sent.
    public static let overloaded = Code(.overloaded)
    /// The deadline passed; see ``PostgresClientError/mayHaveExecuted``.
    public static let deadlineExceeded = Code(.deadlineExceeded)
    /// No leased connection became free in time; nothing was sent.
    public static let poolTimeout = Code(.poolTimeout)
    /// The client was shut down, or never started.
    public static let shutDown = Code(.shutDown)
    /// A connection or transaction was used after its closure returned.
    public static let leaseEnded = Code(.leaseEnded)
    /// The connection string or a setting is wrong.
    public static let invalidConfiguration = Code(.invalidConfiguration)
    /// More parameters than the protocol can carry (65,535).
    public static let tooManyParameters = Code(.tooManyParameters)
    /// A transaction was used after its commit.
    public static let transactionFinished = Code(.transactionFinished)

    public var description: String { wrapped.rawValue }
  }

  /// What went wrong.
  public var code: Code
  /// What is known, without values of rows.
  public var message: String
  /// Whether the statements were handed to a server that may have committed them.
  public var mayHaveExecuted: Bool
  /// What the server said, if it said something.
  public var cause: PostgresError?

  /// An error; by default of something that was never sent.
  public init(
    _ code: Code, _ message: String, mayHaveExecuted: Bool = false, cause: PostgresError? = nil
  ) {
    self.code = code
    self.message = message
    self.mayHaveExecuted = mayHaveExecuted
    self.cause = cause
  }
}

extension PostgresClientError: CustomStringConvertible {
  public var description: String {
    "PostgresClientError \(code): \(message)" + (mayHaveExecuted ? " (may have executed)" : "")
      + (cause.map { " [\($0)]" } ?? "")
  }
}
