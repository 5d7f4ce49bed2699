internal import Synchronization

/// The server context in force, which can be replaced while connections are served.
///
/// Every new connection takes ``current``; open ones keep the context they began with.
public final class TLSServerContextProvider: Sendable {
  private let configuration: TLSServerConfiguration
  private let context: Mutex<TLSServerContext>

  /// Loads the first context.
  ///
  /// - Throws: ``TLSError`` naming the file that cannot be used.
  public init(_ configuration: TLSServerConfiguration) throws(TLSError) {
    self.configuration = configuration
    self.context = Mutex(try TLSServerContext(configuration))
  }

  /// The context for the next connection.
  public var current: TLSServerContext {
    self.context.withLock { $0 }
  }

  /// Reads the files again and swaps the context; clinicd calls this on SIGHUP.
  ///
  /// - Throws: ``TLSError`` naming the file that cannot be used; the old context then stays in
  ///   force.
  public func reload() throws(TLSError) {
    let fresh = try TLSServerContext(self.configuration)
    self.context.withLock { $0 = fresh }
  }
}
