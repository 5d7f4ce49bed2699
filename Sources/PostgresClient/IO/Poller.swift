import CLibPQ
import Glibc

/// Thin wrapper over epoll and an eventfd that wakes it.
///
/// The eventfd is edge-triggered, so that a wake-up costs one write and no read.
struct Poller: ~Copyable, Sendable {
  /// What a descriptor is ready for.
  struct Event {
    var token: UInt64
    var isReadable: Bool
    var isWritable: Bool
  }

  /// Wakes a poller from any thread.
  struct Waker: Sendable {
    let descriptor: Int32

    func wake() {
      var one: UInt64 = 1
      // EAGAIN means that the counter is full: a wake-up is pending anyway.
      _ = write(descriptor, &one, 8)
    }
  }

  private static let wakeToken = UInt64.max
  private let epoll: Int32
  let waker: Waker

  init() throws {
    epoll = clinic_epoll_create()
    let event = clinic_eventfd()
    waker = Waker(descriptor: event)
    guard epoll >= 0, event >= 0 else {
      throw PostgresClientError(.invalidConfiguration, "out of file descriptors (errno \(errno))")
    }
    var interest = epoll_event()
    interest.events = EPOLLIN.rawValue | EPOLLET.rawValue
    interest.data.u64 = Self.wakeToken
    epoll_ctl(epoll, EPOLL_CTL_ADD, event, &interest)
  }

  deinit {
    close(epoll)
    close(waker.descriptor)
  }

  func add(_ descriptor: Int32, token: UInt64, wantsWrite: Bool) {
    control(EPOLL_CTL_ADD, descriptor, token: token, wantsWrite: wantsWrite)
  }

  func modify(_ descriptor: Int32, token: UInt64, wantsWrite: Bool) {
    control(EPOLL_CTL_MOD, descriptor, token: token, wantsWrite: wantsWrite)
  }

  func remove(_ descriptor: Int32) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
  }

  /// Waits for events; wake-ups are not reported.
  func wait(milliseconds: Int32, into events: inout [Event]) {
    events.removeAll(keepingCapacity: true)
    withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 64) { buffer in
      let count = epoll_wait(epoll, buffer.baseAddress, 64, milliseconds)
      guard count > 0 else { return }
      for index in 0..<Int(count) where buffer[index].data.u64 != Self.wakeToken {
        let flags = buffer[index].events
        let failed = flags & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
        events.append(
          Event(
            token: buffer[index].data.u64,
            isReadable: failed || flags & EPOLLIN.rawValue != 0,
            isWritable: flags & EPOLLOUT.rawValue != 0))
      }
    }
  }

  private func control(
    _ operation: Int32, _ descriptor: Int32, token: UInt64, wantsWrite: Bool
  ) {
    var interest = epoll_event()
    interest.events = EPOLLIN.rawValue | (wantsWrite ? EPOLLOUT.rawValue : 0)
    interest.data.u64 = token
    epoll_ctl(epoll, operation, descriptor, &interest)
  }
}
