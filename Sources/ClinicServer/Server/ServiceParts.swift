internal import ServiceLifecycle

/// A part of the server that runs until it is told to stop, as a service.
struct BackgroundPart: Service {
  let name: String
  let work: @Sendable () async throws -> Void

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      do {
        try await work()
      } catch is CancellationError {
        // Told to stop.
      }
    }
  }
}
