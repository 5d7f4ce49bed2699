import Foundation
import PostgresClient
import Testing

@Suite("Batches that calls of one tenant share")
struct SharedBatchTests {
  private static let enter = SQLStatement("shared.enter", "select clinic.enter($1)")
  private static let echo = SQLStatement(
    "shared.echo",
    "select $1::int8, (select count(*) from clinic.t), (select min(company_id::text) from clinic.t)"
  )
  private static let divide = SQLStatement("shared.divide", "select 100 / $1::int8")
  private static let sleep = SQLStatement("shared.sleep", "select pg_sleep($1::float8)::text")

  @Test("give each call its own rows of its own tenant, in fewer transactions than calls")
  func ownRows() async throws {
    try await Fixture.withClient(
      try await TenantDatabase.make(), configure: { $0.sharedConnections = 2 }
    ) { client in
      try await client.waitUntilAvailable()
      let before = client.metrics.sharedBatches
      try await withThrowingTaskGroup(of: Void.self) { group in
        for n in 0..<600 {
          group.addTask {
            let company = TenantDatabase.companies[n % 2]
            let rows = try await client.query(
              Self.echo(n), after: Self.enter(company), readOnly: true)
            let (echoed, count, seen) = try rows[0].decode(Int.self, Int.self, String.self)
            #expect(echoed == n && count == 10 + n % 2)
            #expect(seen == company.uuidString.lowercased())
          }
        }
        try await group.waitForAll()
      }
      #expect(client.metrics.sharedBatches - before < 600)
      // Nobody stays entered.
      let rows = try await client.query("select count(*) from clinic.t")
      #expect(try rows[0].decode(0, as: Int.self) == 0)
    }
  }

  @Test("fail only for the call whose statement fails")
  func ownErrors() async throws {
    try await Fixture.withClient(
      try await TenantDatabase.make(), configure: { $0.sharedConnections = 1 }
    ) { client in
      try await client.waitUntilAvailable()
      let company = TenantDatabase.companies[0]
      try await withThrowingTaskGroup(of: Void.self) { group in
        for n in 0..<200 {
          group.addTask {
            let query = Self.divide(n % 10)
            do {
              let rows = try await client.query(query, after: Self.enter(company), readOnly: true)
              #expect(n % 10 != 0)
              #expect(try rows[0].decode(0, as: Int.self) == 100 / (n % 10))
            } catch let error as PostgresError {
              #expect(n % 10 == 0 && error.sqlState.rawValue == "22012")
              #expect(error.statement == "shared.divide" && error.statementIndex == 1)
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("end for a cancelled call alone, whose statement is stopped on the server")
  func cancelledCall() async throws {
    try await Fixture.withClient(
      try await TenantDatabase.make(), configure: { $0.sharedConnections = 1 }
    ) { client in
      try await client.waitUntilAvailable()
      let company = TenantDatabase.companies[1]
      // While this runs, the others gather behind it: long enough to be seen on a busy machine.
      let first = Task {
        try await client.query(Self.sleep(5.0), after: Self.enter(company), readOnly: true)
      }
      try await Fixture.eventually { client.metrics.sharedInFlight == 1 }
      let slow = Task {
        try await client.query(Self.sleep(64.0), after: Self.enter(company), readOnly: true)
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for n in 0..<20 {
          group.addTask {
            let rows = try await client.query(
              Self.echo(n), after: Self.enter(company), readOnly: true)
            #expect(try rows[0].decode(0, as: Int.self) == n)
          }
        }
        _ = try await first.value
        try await Task.sleep(for: .milliseconds(50))
        slow.cancel()
        try await group.waitForAll()
      }
      await #expect(throws: CancellationError.self) { try await slow.value }
      #expect(client.metrics.connectionsLost == 0)
    }
  }

  @Test("survive their connection: every call runs again, alone")
  func lostConnection() async throws {
    let database = try await TenantDatabase.make()
    try await Fixture.withClient(database, configure: { $0.sharedConnections = 1 }) { client in
      try await client.waitUntilAvailable()
      let company = TenantDatabase.companies[0]
      let first = Task {
        // Long enough to be found on a busy machine.
        try await client.query(Self.sleep(10.0), after: Self.enter(company), readOnly: true)
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for n in 0..<40 {
          group.addTask {
            let rows = try await client.query(
              Self.echo(n), after: Self.enter(company), readOnly: true)
            #expect(try rows[0].decode(0, as: Int.self) == n)
          }
        }
        // Behind the slow one, or waiting for its connection.
        try await Fixture.eventually {
          client.metrics.sharedInFlight >= 1
            && client.metrics.sharedInFlight + client.metrics.sharedQueued >= 2
        }
        try await Fixture.withClient(database) { killer in
          try await Fixture.eventually {
            let rows = try await killer.query(
              """
              select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity \
              where datname = current_database() and state = 'active' \
              and query like '%pg_sleep%' and pid <> pg_backend_pid()
              """)
            return try rows[0].decode(0, as: Int.self) > 0
          }
        }
        try await group.waitForAll()
      }
      _ = try await first.value
      #expect(client.metrics.connectionsLost >= 1)
    }
  }
}
