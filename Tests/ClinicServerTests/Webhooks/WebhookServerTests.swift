import ClinicClient
import ClinicContracts
import Foundation
import Logging
import PostgresClient
import ProtobufRuntime
import RPCCore
import Synchronization
import TestSupport
import Testing

@Suite("Webhooks of several servers")
struct WebhookServerTests {
  @Test("are sent each entry once while all is well, whichever server made it")
  func replicas() async throws {
    let benches = try await withThrowingTaskGroup(of: WebhookBench.self) { group in
      for _ in 0..<4 { group.addTask { try await WebhookBench.make() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    try await ReplicaServer.with { replica in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for bench in benches {
          let other = try await bench.clinic.login(at: replica)
          for client in [bench.clinic.admin, other] {
            group.addTask {
              for number in 0..<60 {
                _ = try await client.patients.create(
                  CreatePatientRequest(
                    patient: Patient(name: PersonName(family: "Family \(number)"))))
              }
            }
          }
        }
        try await group.waitForAll()
      }
      for bench in benches {
        let received = try await bench.changes(120).map(\.sequence)
        let logged = try await bench.patientChanges().map(\.sequence)
        #expect(received == logged)
      }
    }
  }

  @Test("are sent again what a killed connection left unknown, with the same id and no gap")
  func killedHalfway() async throws {
    let bench = try await WebhookBench.make { number, _ in
      // Long enough to take the row before the answer is there.
      .status(200, after: number == 0 ? .seconds(2) : .zero)
    }
    let id = try #require(UUID(uuidString: bench.webhook.webhookID))
    var configuration = PostgresConfiguration(connectionString: bench.clinic.server.superuser)
    configuration.sharedConnections = 0
    configuration.leasedConnections = 1
    let client = try PostgresClient(
      configuration: configuration,
      logger: Logger(label: "killer", factory: { _ in SwiftLogNoOpLogHandler() }))
    try client.start()
    try await bench.clinic.patient(family: "First")
    _ = try await eventually { bench.receiver.requests.isEmpty ? nil : true }
    // The answer is on its way. Whoever is to note it waits for the row, and is killed.
    try await client.withTransaction { transaction in
      let own = try await transaction.query("select pg_backend_pid()")
      let pid = try own[0].decode(0, as: Int32.self)
      _ = try await transaction.query(
        "select id from clinic.webhooks where id = \(id) for update")
      _ = try await eventually { () -> Bool? in
        let killed = try await bench.clinic.server.inspect(
          """
          select pg_terminate_backend(a.pid) from pg_stat_activity a
          where \(pid) = any(pg_blocking_pids(a.pid)) and a.query like '%webhooks%'
          """)
        return killed.count > 0 ? true : nil
      }
    }
    await client.shutdown()
    try await bench.clinic.patient(family: "Second")
    let received = try await bench.changes(2)
    let requests = bench.receiver.requests
    #expect(requests.count >= 3)
    #expect(requests[0]["webhook-id"] == requests[1]["webhook-id"])
    #expect(requests[0].body == requests[1].body)
    var known: [Int64] = []
    for sequence in received.map(\.sequence) where !known.contains(sequence) {
      known.append(sequence)
    }
    let logged = try await bench.patientChanges().map(\.sequence)
    #expect(known == logged)
  }

  @Test("do not wait for one that is slow, in the same clinic or another")
  func slow() async throws {
    let slow = try await WebhookBench.make { _, _ in .silence }
    let quick = try await WebhookBench.make(in: slow.clinic)
    let other = try await WebhookBench.make()
    let start = ContinuousClock.now
    try await slow.clinic.patient(family: "One")
    try await other.clinic.patient(family: "Two")
    _ = try await quick.changes(1)
    _ = try await other.changes(1)
    // Its attempts were not over meanwhile.
    let attempts = try await slow.deliveries().first?.attemptCount ?? 0
    #expect(attempts == 0 || ContinuousClock.now - start > .seconds(3))
    let delivery = try await eventually {
      try await slow.deliveries().first { $0.attemptCount > 0 }
    }
    #expect(delivery.attempts[0].failure == .timeout)
    #expect(delivery.attempts[0].statusCode == 0)
  }

  @Test("go on when nobody told of a change: at their next look")
  func untold() async throws {
    let bench = try await WebhookBench.make()
    try await bench.clinic.patient(family: "First")
    _ = try await bench.changes(1)
    let company = try #require(UUID(uuidString: bench.clinic.company.companyID))
    _ = try await eventually { () -> Bool? in
      let waiting = try await bench.clinic.server.inspect(
        """
        select count(*) from clinic.timers where company_id = \(company)
          and kind = 'webhook_watch' and fires_at > now() + interval '1 minute'
        """)
      return try waiting[0].decode(0, as: Int64.self) == 1 ? true : nil
    }
    // As a server would that dies after its commit.
    _ = try await bench.clinic.server.inspect(
      """
      with entered as (select clinic.enter(\(company)))
      select clinic.append_changes(\(company), null, null, 'test', 'patient',
        array[gen_random_uuid()], 'created', '{}', '', '') from entered
      """)
    _ = try await bench.clinic.server.inspect(
      """
      update clinic.timers set fires_at = now()
      where company_id = \(company) and kind = 'webhook_watch'
      """)
    #expect(try await bench.changes(2).count == 2)
  }
}
