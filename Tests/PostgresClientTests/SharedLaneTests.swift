import FoundationEssentials
import PostgresClient
import Testing

@Suite("Shared lane")
struct SharedLaneTests {
  @Test("a failing batch does not touch its neighbours on the same connection")
  func errorIsolation() async throws {
    try await Fixture.withClient(configure: { $0.sharedConnections = 1 }) { client in
      try await client.query("create table t (n int primary key)")
      let outcomes = try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
        for n in 0..<300 {
          group.addTask {
            do {
              let rows = try await client.pipeline([
                "insert into t values (\(Int32(n)))",
                n % 3 == 0 ? "select 1 / 0" : "select \(n)",
                "select 'last'"
              ])
              let echoed = try rows[1][0].decode(0, as: Int.self)
              return (n, echoed == n && rows.count == 3)
            } catch let error as PostgresError {
              return (n, error.sqlState.rawValue == "22012" && error.statementIndex == 1)
            }
          }
        }
        return try await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
      }
      #expect(outcomes.count == 300 && outcomes.values.allSatisfy { $0 })
      let kept = try await client.query("select count(*), count(*) filter (where n % 3 = 0) from t")
      let (all, failed) = try kept[0].decode(Int.self, Int.self)
      #expect(all == 200 && failed == 0)
    }
  }

  @Test("the entered tenant does not leak into the next batch, nor after an error")
  func tenantDoesNotLeak() async throws {
    let database = try await TenantDatabase.make()
    let enter = SQLStatement("test.enter", "select clinic.enter($1)")
    let count = SQLStatement("test.count", "select count(*), min(company_id::text) from clinic.t")
    try await Fixture.withClient(database, configure: { $0.sharedConnections = 1 }) { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for n in 0..<400 {
          group.addTask {
            switch n % 4 {
            case 0, 1:
              let company = TenantDatabase.companies[n % 2]
              let rows = try await client.query(count(), after: enter(company))
              let (rowCount, seen) = try rows[0].decode(Int.self, String?.self)
              #expect(rowCount == 10 + n % 2 && seen == company.uuidString.lowercased())
            case 2:
              let rows = try await client.query(count())
              #expect(try rows[0].decode(0, as: Int.self) == 0)
            default:
              let company = TenantDatabase.companies[0]
              await #expect(throws: PostgresError.self) {
                try await client.query("select 1 / 0", after: enter(company))
              }
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("a full queue refuses at once")
  func overload() async throws {
    let configure: (inout PostgresConfiguration) -> Void = {
      $0.sharedConnections = 1
      $0.sharedQueueLimit = 8
    }
    try await Fixture.withClient(configure: configure) { client in
      try await client.waitUntilAvailable()
      let outcomes = await withTaskGroup(of: PostgresClientError.Code?.self) { group in
        for _ in 0..<40 {
          group.addTask {
            do {
              try await client.query("select pg_sleep(0.02)")
              return nil
            } catch {
              return (error as? PostgresClientError)?.code
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.contains { $0 == .overloaded })
      #expect(outcomes.filter { $0 == nil }.count >= 8)
      #expect(outcomes.allSatisfy { $0 == nil || $0 == .overloaded })
      // The places are free again.
      try await client.query("select 1")
    }
  }

  @Test("a deadline answers the caller and ends the statement on the server")
  func deadline() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database) { watcher in
      try await Fixture.withClient(database, configure: { $0.sharedConnections = 1 }) { client in
        try await client.waitUntilAvailable()
        let error = await #expect(throws: PostgresClientError.self) {
          try await client.query(
            "select pg_sleep(61), 'deadline'", deadline: .now + .milliseconds(100))
        }
        #expect(error?.code == .deadlineExceeded && error?.mayHaveExecuted == true)
        try await Fixture.eventually {
          try await Fixture.running("%pg_sleep(61)%", watcher) == 0
        }
        // The same connection goes on.
        #expect(try await client.query("select 1").count == 1)
        #expect(client.metrics.connectionsLost == 0)
      }
    }
  }

  @Test("neighbours behind a cancelled statement still get their results")
  func cancelledNeighbour() async throws {
    try await Fixture.withClient(configure: { $0.sharedConnections = 1 }) { client in
      try await client.waitUntilAvailable()
      try await client.query("create table t (n int)")
      let slow = Task { try await client.query("select pg_sleep(62)") }
      try await Fixture.eventually { client.metrics.sharedInFlight == 1 }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for n in 0..<20 {
          group.addTask { try await client.query("insert into t values (\(Int32(n)))") }
        }
        try await Fixture.eventually {
          let metrics = client.metrics
          return metrics.sharedInFlight >= 1
            && metrics.sharedInFlight + metrics.sharedQueued == 21
        }
        slow.cancel()
        try await group.waitForAll()
      }
      await #expect(throws: CancellationError.self) { try await slow.value }
      let rows = try await client.query("select count(*) from t")
      #expect(try rows[0].decode(0, as: Int.self) == 20)
      #expect(client.metrics.connectionsLost == 0)
    }
  }

  @Test("batches that come while a statement is slow wait for another connection")
  func slowNeighbour() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database, configure: { $0.sharedConnections = 2 }) { client in
      try await Fixture.eventually { client.metrics.sharedReady == 2 }
      let slow = Task { try await client.query("select pg_sleep(70)") }
      try await Fixture.eventually { client.metrics.sharedInFlight == 1 }
      try await Task.sleep(for: .milliseconds(100))
      for n in 0..<200 {
        let rows = try await client.query("select \(n)", deadline: .now + .seconds(10))
        #expect(try rows[0].decode(0, as: Int.self) == n)
      }
      slow.cancel()
      await #expect(throws: CancellationError.self) { try await slow.value }
    }
  }

  @Test("a task that is cancelled already sends nothing")
  func cancelledBefore() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database) { client in
      try await client.waitUntilAvailable()
      for _ in 0..<100 {
        let task = Task { try await client.query("select pg_sleep(63)") }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
      }
    }
  }

  @Test("rows of eight megabytes and batches of hundreds of statements pass")
  func largeTraffic() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database) { client in
      let text = String(repeating: "Zoë", count: 2_000_000)
      let rows = try await client.query("select \(text), length(\(text))")
      #expect(try rows[0].decode(0, as: String.self) == text)
      let batch = (0..<700).map { "select \($0), \(text.prefix(1_000).description)" as SQLQuery }
      let results = try await client.pipeline(batch)
      let echoed = try results.map { rows throws in try rows[0].decode(0, as: Int.self) }
      #expect(echoed == Array(0..<700))
    }
  }

  @Test("65,535 parameters pass, one more is refused without harm")
  func parameterLimit() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database) { client in
      func query(_ count: Int) -> SQLQuery {
        let values = (0..<count).map { "(\(Int32($0)))" as SQLQuery }
        return "select count(*) from (values \(SQLQuery.joined(values, separator: ", "))) v"
      }
      let rows = try await client.query(query(65_535))
      #expect(try rows[0].decode(0, as: Int.self) == 65_535)
      let error = await #expect(throws: PostgresClientError.self) {
        try await client.query(query(65_536))
      }
      #expect(error?.code == .tooManyParameters)
      #expect(client.metrics.connectionsLost == 0)
    }
  }

  @Test("COPY, which a pipeline cannot carry, is an error and not a hang")
  func copyIsRefused() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database) { client in
      let error = await #expect(throws: PostgresError.self) {
        try await client.query("copy (select 1) to stdout")
      }
      #expect(error?.sqlState == .featureNotSupported)
      let rows = try await client.query("select 1")
      #expect(rows.count == 1)
    }
  }
}
