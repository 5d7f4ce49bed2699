import PostgresClient
import Testing

@Suite("Notifications")
struct NotificationTests {
  @Test("begin with a gap, then arrive in order on the wanted channels only")
  func order() async throws {
    try await Fixture.withClient { client in
      var events = client.notifications(["Odd \"name\"", "b"]).makeAsyncIterator()
      #expect(await events.next() == .gap(.started))
      for n in 0..<50 {
        try await client.pipeline([
          "select pg_notify('Odd \"name\"', \("\(n)"))", "select pg_notify('other', 'x')"
        ])
      }
      for n in 0..<50 {
        guard case .notification(let notification) = await events.next() else {
          Issue.record("no notification")
          return
        }
        #expect(notification.channel == "Odd \"name\"" && notification.payload == "\(n)")
        #expect(notification.processID > 0)
      }
    }
  }

  @Test("a reader that comes later starts with its own gap, one that leaves gets nothing more")
  func readers() async throws {
    try await Fixture.withClient { client in
      var first = client.notifications(["a"]).makeAsyncIterator()
      #expect(await first.next() == .gap(.started))
      do {
        var second = client.notifications(["a", "b"]).makeAsyncIterator()
        #expect(await second.next() == .gap(.started))
        try await client.query("select pg_notify('b', 'two')")
        guard case .notification(let notification) = await second.next() else {
          Issue.record("no notification")
          return
        }
        #expect(notification.payload == "two")
      }
      try await client.pipeline(["select pg_notify('b', 'lost')", "select pg_notify('a', 'one')"])
      guard case .notification(let notification) = await first.next() else {
        Issue.record("no notification")
        return
      }
      #expect(notification.payload == "one")
    }
  }

  @Test("a lost connection is made again and reported as a gap")
  func reconnect() async throws {
    try await Fixture.withClient { client in
      var events = client.notifications(["a"]).makeAsyncIterator()
      #expect(await events.next() == .gap(.started))
      try await client.query(
        """
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'listen%'
        """)
      #expect(await events.next() == .gap(.reconnected))
      try await client.query("select pg_notify('a', 'after')")
      guard case .notification(let notification) = await events.next() else {
        Issue.record("no notification")
        return
      }
      #expect(notification.payload == "after")
    }
  }

  @Test("a reader that is too slow gets one gap instead of what it missed")
  func overflow() async throws {
    try await Fixture.withClient(configure: { $0.notificationBuffer = 10 }) { client in
      var events = client.notifications(["a", "done"]).makeAsyncIterator()
      var watcher = client.notifications(["done"]).makeAsyncIterator()
      #expect(await events.next() == .gap(.started))
      #expect(await watcher.next() == .gap(.started))
      for _ in 0..<25 { try await client.query("select pg_notify('a', '')") }
      try await client.query("select pg_notify('done', '')")
      _ = await watcher.next()
      #expect(await events.next() == .gap(.overflow))
    }
  }

  @Test("reading ends with the task and with the client")
  func ends() async throws {
    let events = try await Fixture.withClient { client in
      let task = Task {
        var events = client.notifications(["a"]).makeAsyncIterator()
        while await events.next() != nil {}
      }
      try await Fixture.eventually { client.metrics.connects >= 2 }
      task.cancel()
      await task.value
      return client.notifications(["a"])
    }
    for await _ in events { Issue.record("an event after the shutdown") }
  }
}
