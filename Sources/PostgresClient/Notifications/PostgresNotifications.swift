/// Notifications on some channels, over a connection that all readers of a client share.
///
/// The first event is `.gap(.started)`: listening has begun, so state read from now on is not
/// missing anything. After `.gap(.reconnected)` or `.gap(.overflow)` read it again. Reading starts
/// with the iterator and ends with it, with the task or with the client.
public struct PostgresNotifications: AsyncSequence, Sendable {
  let loop: IOLoop
  let channels: Set<String>

  public func makeAsyncIterator() -> Iterator {
    Iterator(subscription: Subscription(loop: loop, channels: channels))
  }

  /// Ends the reading when the last copy of the iterator is gone.
  final class Subscription: Sendable {
    let subscriber: NotificationSubscriber
    private let loop: IOLoop

    init(loop: IOLoop, channels: Set<String>) {
      self.loop = loop
      subscriber = NotificationSubscriber(
        channels: channels, capacity: loop.configuration.notificationBuffer)
      if !loop.post(.subscribe(subscriber)) { subscriber.finish() }
    }

    deinit { _ = loop.post(.unsubscribe(subscriber)) }
  }

  /// Reads one event after the other.
  public struct Iterator: AsyncIteratorProtocol {
    let subscription: Subscription

    public mutating func next() async -> PostgresNotificationEvent? {
      await subscription.subscriber.next()
    }

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async -> PostgresNotificationEvent? {
      await subscription.subscriber.next()
    }
  }
}
