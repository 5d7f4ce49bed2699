import Foundation
import Glibc
import PostgresClient
import TestSupport
import Testing

@Suite("When the server fails", .serialized, .timeLimit(.minutes(3)))
struct FailureTests {
  @Test("a killed server fails what was under way, and the client finds the next one")
  func serverKilled() async throws {
    let cluster = try PostgresCluster()
    let string = cluster.connectionString()
    try await Fixture.withClient(string, configure: Self.quickReconnect) { client in
      try await client.query("select 1")
      let shared = Task { try await client.query("select pg_sleep(66)") }
      let leased = Task {
        try await client.withTransaction { try await $0.query("select pg_sleep(67)") }
      }
      // Another client looks on: this one's only shared connection may be the sleeping one.
      try await Fixture.withClient(string) { watcher in
        try await Fixture.eventually { try await Fixture.running("%pg_sleep(6_)%", watcher) == 2 }
      }
      cluster.kill()
      for task in [shared, leased] {
        let error = await #expect(throws: PostgresClientError.self) { try await task.value }
        #expect(error?.code == .connectionLost && error?.mayHaveExecuted == true)
      }
      // A session that was just beginning may still be granted by what is left of the server.
      try await Fixture.eventually {
        do {
          try await client.query("select 1", deadline: .now + .seconds(20))
          return false
        } catch let error as PostgresClientError {
          return error.code == .connectionFailure && !client.isAvailable
        }
      }
      try cluster.start()
      try await client.waitUntilAvailable(timeout: .seconds(20))
      try await client.withTransaction { _ = try await $0.query("select 1") }
    }
    cluster.stop()
  }

  @Test("a killed backend takes the whole server through recovery, and the client with it")
  func backendKilled() async throws {
    let cluster = try PostgresCluster(settings: ["synchronous_commit": "on"])
    try await Fixture.withClient(cluster.connectionString()) { client in
      try await client.query("create table t (n int)")
      let process = try await client.withConnection { connection in
        let rows = try await connection.query("select pg_backend_pid()")
        return try rows[0].decode(0, as: Int32.self)
      }
      let task = Task {
        try await client.withTransaction { transaction in
          try await transaction.execute("insert into t values (1)")
          try await transaction.query("select pg_sleep(68)")
        }
      }
      try await Fixture.eventually { try await Fixture.running("%pg_sleep(68)%", client) == 1 }
      #expect(Glibc.kill(process, SIGKILL) == 0)
      let error = await #expect(throws: PostgresClientError.self) { try await task.value }
      #expect(error?.code == .connectionLost)
      // A read that is marked as such rides through.
      let rows = try await client.query(
        "select count(*) from t", readOnly: true, deadline: .now + .seconds(20))
      #expect(try rows[0].decode(0, as: Int.self) == 0)
    }
    cluster.stop()
  }

  @Test("a connection that dies in COMMIT leaves the outcome unknown, and says so")
  func commitOutcome() async throws {
    let cluster = try PostgresCluster()
    try await Fixture.withClient(cluster.connectionString()) { client in
      try await client.withConnection { connection in
        try await connection.executeScript(
          """
          create table t (n int);
          create function wait() returns trigger language plpgsql as
            $$ begin perform pg_sleep(69); return null; end $$;
          create constraint trigger slow_commit after insert on t
            deferrable initially deferred for each row execute function wait();
          """)
      }
      let task = Task {
        try await client.withTransaction { transaction in
          try await transaction.execute("insert into t values (1)")
        }
      }
      try await Fixture.eventually {
        try await Fixture.running("commit", client) == 1
      }
      cluster.kill()
      let error = await #expect(throws: PostgresTransactionError.self) { try await task.value }
      #expect(error?.stage == .commit && error?.isOutcomeUnknown == true)
    }
  }

  @Test("a server that ends its sessions in order loses no later call")
  func orderlyRestart() async throws {
    let cluster = try PostgresCluster()
    try await Fixture.withClient(cluster.connectionString(), configure: Self.patient) { client in
      try await client.query("select 1")
      try await client.withConnection { _ = try await $0.query("select 1") }
      cluster.stop()
      try cluster.start()
      let rows = try await client.query("select 2", readOnly: true)
      #expect(rows.count == 1)
      try await client.withConnection { _ = try await $0.query("select 1") }
    }
    cluster.stop()
  }

  @Test("an unreachable server is a typed error, for both lanes")
  func unreachable() async throws {
    let folder = try TemporaryFolder()
    let configure: (inout PostgresConfiguration) -> Void = {
      $0.outagePatience = .milliseconds(200)
      $0.leaseTimeout = .milliseconds(400)
    }
    try await Fixture.withClient("host=\(folder.path) dbname=x", configure: configure) { client in
      let shared = await #expect(throws: PostgresClientError.self) {
        try await client.query("select 1")
      }
      #expect(shared?.code == .connectionFailure)
      let leased = await #expect(throws: PostgresClientError.self) {
        try await client.withConnection { _ in }
      }
      #expect(leased?.code == .connectionFailure)
      let started = ContinuousClock.now
      await #expect(throws: PostgresClientError.self) { try await client.query("select 1") }
      // Once the outage is known, nobody waits for it.
      #expect(ContinuousClock.now - started < .milliseconds(150))
      #expect(!client.isAvailable)
    }
  }

  @Test("the second host of a connection string is used when the first is down")
  func multipleHosts() async throws {
    let cluster = try PostgresCluster()
    let folder = try TemporaryFolder()
    let parts = cluster.connectionString().split(separator: " ")
    let host = parts[0].dropFirst("host=".count)
    let string =
      "host=\(folder.path),\(host) user=postgres dbname=postgres target_session_attrs=read-write"
    try await Fixture.withClient(string) { client in
      let rows = try await client.query("select 1")
      #expect(rows.count == 1)
    }
    cluster.stop()
  }

  @Test("a host that accepts and stays silent is given up for the next one")
  func silentHost() async throws {
    let cluster = try PostgresCluster()
    let silent = try SilentHost()
    let host = cluster.connectionString().split(separator: " ")[0].dropFirst("host=".count)
    let string = "host=127.0.0.1,\(host) port=\(silent.port),5432 user=postgres dbname=postgres"
    let configure: (inout PostgresConfiguration) -> Void = {
      $0.connectTimeout = .milliseconds(300)
      $0.outagePatience = .seconds(20)
    }
    try await Fixture.withClient(string, configure: configure) { client in
      let rows = try await client.query("select 1")
      #expect(rows.count == 1)
    }
    cluster.stop()
  }

  @Test("over TLS, rows of all sizes and calls that run again arrive")
  func encrypted() async throws {
    let cluster = try PostgresCluster(usesTLS: true)
    try await Fixture.withClient(cluster.connectionString()) { client in
      let rows = try await client.query(
        "select ssl from pg_stat_ssl where pid = pg_backend_pid()")
      #expect(try rows[0].decode(0, as: Bool.self))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for n in 0..<200 {
          group.addTask {
            let size = n * 977
            let rows = try await client.query("select repeat('z', \(Int32(size)))")
            #expect(rows[0].withBytes(0) { $0?.count } == size)
          }
        }
        try await group.waitForAll()
      }
      try await client.query("create table t (n int)")
      for width in 1...10 {
        let rows = try await client.query(PreparedStatementTests.select(Int32(1)))
        #expect(rows.columnCount == width)
        try await client.query("alter table t add column \(raw: "c\(width)") int")
      }
    }
    cluster.stop()
  }

  @Test("a bad connection string and settings out of range are refused at once")
  func configuration() {
    #expect(throws: PostgresClientError.self) { try Self.make("postgresql://[bad") }
    #expect(throws: PostgresClientError.self) { try Self.make("nonsense") }
    #expect(throws: PostgresClientError.self) {
      try Self.make("dbname=x") { $0.sharedConnections = 65 }
    }
    #expect(throws: PostgresClientError.self) {
      try Self.make("dbname=x") { $0.sharedQueueLimit = 0 }
    }
  }

  @Test("a client that was shut down or never started refuses")
  func lifecycle() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    let client = try Self.make(database)
    try client.start()
    try await client.query("select 1")
    async let slow = client.query("select pg_sleep(0.3), 7::int8 as n")
    try await Fixture.eventually { client.metrics.sharedInFlight == 1 }
    await client.shutdown()
    // What was under way was waited for.
    #expect(try await slow[0].decode("n", as: Int.self) == 7)
    let error = await #expect(throws: PostgresClientError.self) {
      try await client.query("select 1")
    }
    #expect(error?.code == .shutDown)
    await client.shutdown()
  }

  @discardableResult
  private static func make(
    _ connectionString: String, _ configure: (inout PostgresConfiguration) -> Void = { _ in }
  ) throws -> PostgresClient {
    var configuration = PostgresConfiguration(connectionString: connectionString)
    configure(&configuration)
    return try PostgresClient(configuration: configuration, logger: Fixture.quiet)
  }

  private static func quickReconnect(_ configuration: inout PostgresConfiguration) {
    configuration.outagePatience = .milliseconds(500)
    configuration.reconnectDelay = .milliseconds(20)...(.milliseconds(200))
  }

  private static func patient(_ configuration: inout PostgresConfiguration) {
    configuration.outagePatience = .seconds(20)
    configuration.reconnectDelay = .milliseconds(20)...(.milliseconds(200))
  }
}
