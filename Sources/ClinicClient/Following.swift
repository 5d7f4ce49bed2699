internal import RPCCore

/// Makes a streaming call again and again, where each goes on where the one before ended.
struct Following {
  /// How a call ended without an error.
  enum Ending {
    /// The reader has enough.
    case finished
    /// The server ended it: there is more.
    case interrupted
  }

  /// What a call achieved.
  final class Progress {
    fileprivate(set) var hasReply = false
    fileprivate(set) var isBodysError = false

    /// Gives the reader a reply. Its errors are not the call's.
    func giving<Result>(_ body: () async throws -> Result) async throws -> Result {
      hasReply = true
      do {
        return try await body()
      } catch {
        isBodysError = true
        throw error
      }
    }
  }

  /// The wait before the second call that came to nothing; it doubles up to ``longestPause``.
  static let pause = Duration.milliseconds(100)
  static let longestPause = Duration.seconds(2)

  /// How long to try when nothing comes of it; for ever where it is nil.
  let patience: Duration?

  /// Makes calls until one is finished or refused for good.
  func run(_ call: (Progress) async throws -> Ending) async throws {
    var pause = Self.pause
    var lastSuccess = Deadline.now
    while true {
      let progress = Progress()
      do {
        if case .finished = try await call(progress) { return }
      } catch let error as RPCError where !progress.isBodysError && Self.isPassing(error) {
        try Task.checkCancellation()
        if let patience, !progress.hasReply, lastSuccess.advanced(by: patience).hasPassed {
          throw error
        }
      }
      if progress.hasReply {
        lastSuccess = .now
        pause = Self.pause
        continue
      }
      // Spread, so that those whom one server lost do not all come back at once.
      try await Task.sleep(for: pause * Double.random(in: 0.5...1))
      pause = min(pause * 2, Self.longestPause)
    }
  }

  /// Whether another call may do better.
  private static func isPassing(_ error: RPCError) -> Bool {
    switch error.code {
    case .unavailable, .deadlineExceeded, .cancelled, .resourceExhausted, .aborted: true
    case .unauthenticated: error.reason == "TOKEN_EXPIRED"
    default: false
    }
  }
}
