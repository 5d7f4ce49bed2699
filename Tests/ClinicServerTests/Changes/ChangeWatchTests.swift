import ClinicClient
import ClinicContracts
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Synchronization
import TestSupport
import Testing

@testable import ClinicServer

@Suite("Watching the change log")
struct ChangeWatchTests {
  /// Where the log of a clinic ends.
  private func end(_ clinic: TestClinic) async throws -> Int64 {
    try await clinic.admin.changes.list(ListChangesRequest(pageSize: 1)).changes.first?.sequence
      ?? 0
  }

  @Test("gives what is there already, then what happens, each entry once and in order")
  func catchUp() async throws {
    let clinic = try await TestClinic.make()
    for number in 0..<5 { try await clinic.patient(family: "Before\(number)") }
    let known = try await end(clinic)
    var sequences: [Int64] = []
    var isFirst = true
    try await clinic.admin.changes.watch(WatchChangesRequest(afterSequence: 0)) { replies in
      for try await reply in replies {
        if isFirst {
          isFirst = false
          #expect(reply.afterSequence == 0 && reply.sequence == 0)
        }
        sequences += reply.changes.map(\.sequence)
        if reply.sequence == known { try await clinic.patient(family: "After") }
        if reply.sequence == known + 1 {
          #expect(reply.changes.last?.recordType == "patient")
          #expect(reply.changes.last?.action == "created")
          #expect(reply.changes.last?.actor?.displayName.isEmpty == false)
          return
        }
      }
    }
    #expect(sequences == Array(1...(known + 1)))
  }

  @Test("shows what is public to whom may not audit, and all of it to whom may")
  func readers() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient()
    let requestID = UUID().uuidString.lowercased()
    _ = try await clinic.admin.patients.archive(
      ArchivePatientRequest(
        patientID: patient.patientID, reason: "Moved away", requestID: requestID))
    let filter = ChangeFilter(recordID: patient.patientID, action: "archived")
    for (permissions, seesAll) in [
      (["changes.read"], false), (["changes.read", "changes.audit"], true)
    ] {
      let member = try await clinic.member(permissions: permissions)
      let listed = try #require(
        try await member.changes.list(ListChangesRequest(filter: filter)).changes.first)
      let watched = try await member.changes.watch(
        WatchChangesRequest(afterSequence: 0, filter: filter)
      ) { replies -> ChangeEntry? in
        for try await reply in replies {
          if let change = reply.changes.first { return change }
        }
        return nil
      }
      #expect(listed == watched)
      #expect(listed.recordID == patient.patientID && listed.requestID == requestID)
      #expect(listed.actor?.accountID.isEmpty == false)
      #expect(listed.reason == (seesAll ? "Moved away" : ""))
      #expect(listed.hash.isEmpty != seesAll && listed.previousHash.isEmpty != seesAll)
      #expect(listed.sessionID.isEmpty != seesAll)
      #expect(listed.actor?.displayName.isEmpty != seesAll)
    }
  }

  @Test("of one kind of thing leaves the others out")
  func filter() async throws {
    let clinic = try await TestClinic.make()
    try await clinic.admin.changes.watch(
      WatchChangesRequest(filter: ChangeFilter(recordTypes: ["role"]))
    ) { replies in
      var iterator = replies.makeAsyncIterator()
      _ = try await iterator.next()
      try await clinic.patient()
      _ = try await clinic.admin.roles.create(
        CreateRoleRequest(role: Role(name: "Watcher", permissions: ["changes.read"])))
      let reply = try #require(try await iterator.next())
      #expect(reply.changes.map(\.recordType) == ["role"])
      #expect(reply.sequence - reply.afterSequence == 2)
    }
  }

  @Test("behind the end of the log is refused")
  func ahead() async throws {
    let clinic = try await TestClinic.make()
    let end = try await end(clinic)
    let error = await failure {
      try await clinic.admin.changes.watch(WatchChangesRequest(afterSequence: end + 1)) { replies in
        for try await _ in replies {}
      }
    }
    #expect(error?.code == .outOfRange)
    #expect(error?.reason == "SEQUENCE_AHEAD")
    #expect(error?.facts["head_sequence"] == "\(end)")
  }

  @Test("goes on without a gap or a duplicate when the connection is cut again and again")
  func cuts() async throws {
    let clinic = try await TestClinic.make()
    let proxy = try CuttingProxy(to: clinic.server.port)
    defer { proxy.stop() }
    let watcher = try await clinic.login(at: clinic.server, port: proxy.port)
    let start = try await end(clinic)
    let changes = 200
    let sequences = try await withThrowingTaskGroup(of: [Int64].self) { group in
      group.addTask {
        var sequences: [Int64] = []
        try await watcher.followChanges(
          WatchChangesRequest(afterSequence: start), patience: .seconds(60)
        ) { reply in
          sequences += reply.changes.map(\.sequence)
          return sequences.count < changes
        }
        return sequences
      }
      group.addTask {
        for number in 0..<changes {
          try await clinic.patient(family: "F\(number)")
          if number % 8 == 7 { proxy.cut() }
        }
        return []
      }
      var all: [Int64] = []
      for try await part in group { all += part }
      return all
    }
    #expect(sequences == Array((start + 1)...(start + Int64(changes))))
    await watcher.close()
  }

  @Test("on one server shows what another one changes, even when its ear is cut off")
  func replicas() async throws {
    let clinic = try await TestClinic.make()
    let start = try await end(clinic)
    try await ReplicaServer.with { replica in
      let watcher = try await clinic.login(at: replica)
      // The login is an entry too.
      let changes = 150
      let last = start + Int64(changes) + 1
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          var sequences: [Int64] = []
          try await watcher.followChanges(
            WatchChangesRequest(afterSequence: start), patience: .seconds(60)
          ) { reply in
            sequences += reply.changes.map(\.sequence)
            return reply.sequence < last
          }
          #expect(sequences == Array((start + 1)...last))
        }
        group.addTask {
          for number in 0..<changes {
            try await clinic.patient(family: "R\(number)")
            guard number % 50 == 25 else { continue }
            let ended = try await clinic.server.inspect(
              """
              select count(pg_terminate_backend(pid)) from pg_stat_activity
              where datname = current_database() and query like 'listen%'
                or datname = current_database() and query like 'LISTEN%'
              """)
            #expect(try ended[0].decode(0, as: Int64.self) >= 1)
          }
        }
        try await group.waitForAll()
      }
      await watcher.close()
    }
  }

  @Test("finds what nobody announced, as when a server is killed behind a commit")
  func heartbeat() async throws {
    let clinic = try await TestClinic.make()
    let company = try #require(UUID(uuidString: clinic.company.companyID))
    try await clinic.admin.changes.watch(WatchChangesRequest()) { replies in
      var iterator = replies.makeAsyncIterator()
      let opening = try #require(try await iterator.next())
      _ = try await clinic.server.inspect(
        """
        select clinic.append_changes(\(company), null, null, 'silent', 'patient',
          array[gen_random_uuid()], 'updated', '{}', '', '')
        """)
      let reply = try #require(try await iterator.next())
      #expect(reply.changes.map(\.sequence) == [opening.sequence + 1])
      #expect(reply.changes.first?.method == "silent")
    }
  }

  @Test("by one who does not read holds up nobody, and loses nothing")
  func slowWatcher() async throws {
    let clinic = try await TestClinic.make()
    let slow = try await clinic.login()
    let quick = try await clinic.login()
    let start = try await end(clinic)
    let rows = 3_000
    try await slow.changes.watch(WatchChangesRequest(afterSequence: start)) { replies in
      var iterator = replies.makeAsyncIterator()
      _ = try await iterator.next()
      try await quick.changes.watch(WatchChangesRequest(afterSequence: start)) { others in
        var seen = 0
        var isFirst = true
        for try await reply in others {
          if isFirst {
            isFirst = false
            try await Self.importPatients(rows, of: clinic)
          }
          seen += reply.changes.count
          if seen == rows { break }
        }
        #expect(seen == rows)
      }
      var sequences: [Int64] = []
      while sequences.count < rows, let reply = try await iterator.next() {
        sequences += reply.changes.map(\.sequence)
      }
      #expect(sequences == Array((start + 1)...(start + Int64(rows))))
    }
    await slow.close()
    await quick.close()
  }

  private static func importPatients(_ count: Int, of clinic: TestClinic) async throws {
    let reply = try await clinic.admin.patients.import { writer in
      try await writer.write(ImportPatientsRequest(part: .options(ImportOptions())))
      for number in 0..<count {
        let patient = Patient(name: PersonName(given: "Row", family: "Import\(number)"))
        try await writer.write(
          ImportPatientsRequest(part: .row(ImportRow(line: Int64(number + 1), patient: patient)))
        )
      }
    }
    #expect(reply.createdCount == Int64(count))
  }

  @Test("ends when the permission for it is taken away")
  func permission() async throws {
    let clinic = try await TestClinic.make()
    let member = try await clinic.member(permissions: ["changes.read"])
    let caller = try await member.auth.getCaller(GetCallerRequest())
    let error = await failure {
      try await member.changes.watch(WatchChangesRequest()) { replies in
        var iterator = replies.makeAsyncIterator()
        _ = try await iterator.next()
        _ = try await clinic.admin.staff.update(
          UpdateStaffRequest(
            staffID: caller.staff?.staffID ?? "", staff: Staff(),
            updateMask: .init(paths: ["role_ids"])))
        while try await iterator.next() != nil {}
      }
    }
    #expect(error?.code == .permissionDenied)
    #expect(error?.reason == "PERMISSION_MISSING")
  }

  @Test("ends when the session does")
  func session() async throws {
    let clinic = try await TestClinic.make()
    let watcher = try await clinic.login()
    let session = try await watcher.auth.getCaller(GetCallerRequest()).sessionID
    let error = await failure {
      try await watcher.changes.watch(WatchChangesRequest()) { replies in
        var iterator = replies.makeAsyncIterator()
        _ = try await iterator.next()
        _ = try await clinic.admin.auth.revokeSession(RevokeSessionRequest(sessionID: session))
        while try await iterator.next() != nil {}
      }
    }
    #expect(error?.code == .unauthenticated)
  }

  @Test("shows nothing of another clinic")
  func otherClinics() async throws {
    let first = try await TestClinic.make()
    let second = try await TestClinic.make()
    try await first.admin.changes.watch(WatchChangesRequest()) { replies in
      var iterator = replies.makeAsyncIterator()
      let opening = try #require(try await iterator.next())
      for number in 0..<20 { try await second.patient(family: "Foreign\(number)") }
      let own = try await first.patient(family: "Own")
      let reply = try #require(try await iterator.next())
      #expect(reply.afterSequence == opening.sequence)
      #expect(reply.changes.map(\.recordID) == [own.patientID])
    }
  }
}

@Suite("The shared end of a change log")
struct ChangeFeedTests {
  private func entries(_ sequences: ClosedRange<Int64>) -> [ChangeEntry] {
    sequences.map { ChangeEntry(sequence: $0) }
  }

  private func sequences(_ feed: ChangeFeed, after place: Int64) -> [Int64]? {
    guard case .entries(let entries) = feed.entries(after: place) else { return nil }
    return entries.map(\.sequence)
  }

  @Test("gives what follows a place, whichever of two readings answers first")
  func crossedReadings() {
    var feed = ChangeFeed()
    feed.begin(at: 149)
    feed.append(entries(150...150), isWhole: true)
    // A reading of those who watched before asked for the end, too, and is answered late.
    feed.begin(at: 151)
    #expect(sequences(feed, after: 149) == [150])
    #expect(sequences(feed, after: 150) == nil)
    feed.append(entries(151...153), isWhole: true)
    // So did one for entries that are known by now.
    feed.append(entries(152...155), isWhole: true)
    feed.append(entries(150...151), isWhole: true)
    #expect(sequences(feed, after: 150) == [151, 152, 153, 154, 155])
    #expect(sequences(feed, after: 155) == nil)
  }
}
