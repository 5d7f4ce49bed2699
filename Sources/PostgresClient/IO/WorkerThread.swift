import CLibPQ
import Glibc

/// Starts a detached POSIX thread with a name.
///
/// Not Swift's cooperative pool: these threads block in poll and in libpq.
enum WorkerThread {
  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }

  /// Runs `body` on a new thread. Names longer than 15 bytes are cut.
  static func start(name: String, _ body: @escaping @Sendable () -> Void) throws {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    defer { pthread_attr_destroy(&attributes) }
    let context = Unmanaged.passRetained(Body(name: String(name.prefix(15)), run: body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
        clinic_name_thread(body.name)
        body.run()
        return nil
      }, context.toOpaque())
    if status != 0 {
      context.release()
      throw PostgresClientError(
        .invalidConfiguration, "a thread could not be started (errno \(status))")
    }
  }
}
