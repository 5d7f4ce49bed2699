internal import NIOCore

/// A value that only its event loop's thread touches.
///
/// Sendable without a lock: each access asserts that it is on the loop.
final class LoopLocal<Value>: @unchecked Sendable {
  private let eventLoop: any EventLoop
  private var storage: Value

  init(_ value: consuming sending Value, on eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
    self.storage = value
  }

  /// The value. On the loop only.
  var value: Value {
    @inline(__always)
    _read {
      eventLoop.assertInEventLoop()
      yield storage
    }
    @inline(__always)
    _modify {
      eventLoop.assertInEventLoop()
      yield &storage
    }
  }
}
