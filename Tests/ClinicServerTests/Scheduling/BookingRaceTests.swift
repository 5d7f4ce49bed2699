import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import Logging
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing
import TestSupport

@Suite("Booking races", .serialized)
struct BookingRaceTests {
  /// How a race ended.
  private struct Outcome {
    var won: [Appointment] = []
    var lost: [RPCError] = []
  }

  /// Has each client book for its own patient, all at once.
  private func race(
    _ clients: [ClinicClient], _ requests: [BookAppointmentRequest]
  ) async -> Outcome {
    await withTaskGroup(of: Result<Appointment, RPCError>.self) { group in
      for (index, request) in requests.enumerated() {
        group.addTask {
          do {
            let reply = try await clients[index % clients.count].appointments.book(request)
            return .success(reply.appointment ?? Appointment())
          } catch let error as RPCError {
            return .failure(error)
          } catch {
            return .failure(RPCError(code: .unknown, message: "\(error)"))
          }
        }
      }
      var outcome = Outcome()
      for await result in group {
        switch result {
        case .success(let appointment): outcome.won.append(appointment)
        case .failure(let error): outcome.lost.append(error)
        }
      }
      return outcome
    }
  }

  private func patients(_ count: Int, _ clinic: TestClinic) async throws -> [Patient] {
    try await withThrowingTaskGroup(of: Patient.self) { group in
      for number in 0..<count {
        group.addTask { try await clinic.patient(family: "Racer \(number)") }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func clients(_ count: Int, _ practice: TestPractice) async throws -> [ClinicClient] {
    var clients: [ClinicClient] = []
    // One after the other: so many logins of one account at once would be refused.
    for _ in 0..<count { clients.append(try await practice.clinic.login()) }
    return clients
  }

  @Test("of 64 clients for one slot have one winner, and 63 who are told what else is free")
  func oneSlot() async throws {
    let practice = try await TestPractice.make()
    let patients = try await patients(64, practice.clinic)
    let clients = try await clients(64, practice)
    let outcome = await race(
      clients,
      patients.map { BookAppointmentRequest(appointment: practice.new($0, at: practice.time(10))) })
    #expect(outcome.won.count == 1)
    #expect(outcome.lost.count == 63)
    for error in outcome.lost {
      #expect(error.code == .failedPrecondition && error.reason == "SLOT_TAKEN", "\(error)")
      #expect(error.conflict?.conflicts.first?.startTime == practice.time(10))
      #expect(error.conflict?.alternatives.count == 5)
      #expect(error.conflict?.alternatives.contains { $0.startTime == practice.time(10) } == false)
    }
    #expect(try await practice.claims() == 3)
    for client in clients { await client.close() }
  }

  @Test("for a room that takes three have three winners")
  func capacity() async throws {
    let practice = try await TestPractice.make(capacity: 3)
    let patients = try await patients(24, practice.clinic)
    let outcome = await race(
      [practice.admin],
      patients.map { BookAppointmentRequest(appointment: practice.new($0, at: practice.time(10))) })
    #expect(outcome.won.count == 3)
    #expect(outcome.lost.allSatisfy { $0.reason == "SLOT_TAKEN" })
  }

  @Test("for overlapping times with several resources end without a deadlock and without overlap")
  func overlapping() async throws {
    let practice = try await TestPractice.make()
    let others = try await [
      practice.clinic.practitioner("Dr Noor Haddad"), practice.clinic.practitioner("Dr Li Wei")
    ]
    let rooms = try await [
      practice.clinic.resource(Resource(kind: .room, name: "Room 2")),
      practice.clinic.resource(Resource(kind: .room, name: "Room 3"))
    ]
    let practitioners = [practice.practitioner] + others
    let patients = try await patients(12, practice.clinic)
    var random = SeededGenerator(seed: 7)
    let requests = (0..<120).map { _ in
      BookAppointmentRequest(
        appointment: practice.new(
          random.pick(patients), at: practice.time(9, 15 * random.next(below: 12)),
          with: [random.pick(practitioners), random.pick([practice.room] + rooms)]))
    }
    let outcome = await race([practice.admin], requests)
    #expect(outcome.lost.allSatisfy { $0.reason == "SLOT_TAKEN" }, "\(outcome.lost.map(\.message))")
    #expect(outcome.won.count >= 6)
    for (index, first) in outcome.won.enumerated() {
      for second in outcome.won[..<index] {
        let overlap =
          max(first.startTime?.seconds ?? 0, second.startTime?.seconds ?? 0)
          < min(first.endTime?.seconds ?? 0, second.endTime?.seconds ?? 0)
        let shared =
          first.patientID == second.patientID
          || !Set(first.resourceIds).isDisjoint(with: second.resourceIds)
        #expect(!(overlap && shared), "\(first.appointmentID) and \(second.appointmentID)")
      }
    }
    #expect(try await practice.claims() == Int64(outcome.won.count * 3))
  }

  @Test("of two requests for one slot that are accepted at once have one winner")
  func accepting() async throws {
    let practice = try await TestPractice.make()
    let patients = try await patients(2, practice.clinic)
    let requested = try await [
      practice.request(patients[0], at: practice.time(10)),
      practice.request(patients[1], at: practice.time(10))
    ]
    #expect(try await practice.claims() == 0)
    let errors = await withTaskGroup(of: RPCError?.self) { group in
      for appointment in requested {
        group.addTask { await failure { try await practice.apply(.accept, to: appointment) } }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(errors.compactMap { $0 }.count == 1)
    #expect(errors.compactMap { $0 }.first?.reason == "SLOT_TAKEN")
    #expect(errors.compactMap { $0 }.first?.conflict?.alternatives.count == 5)
  }

  @Test("of 32 for a hold that has ended have one winner")
  func endedHold() async throws {
    let practice = try await TestPractice.make()
    let patients = try await patients(33, practice.clinic)
    let held = try await practice.hold(patients[32], at: practice.time(10))
    let id = try #require(UUID(uuidString: held.appointmentID))
    _ = try await practice.clinic.server.inspect(
      """
      with a as (update clinic.appointments set hold_expires_at = now() - interval '1 second'
        where id = \(id))
      update clinic.appointment_claims set expires_at = now() - interval '1 second'
      where appointment_id = \(id)
      """)
    let outcome = await race(
      [practice.admin],
      patients.prefix(32).map {
        BookAppointmentRequest(appointment: practice.new($0, at: practice.time(10)))
      })
    #expect(outcome.won.count == 1)
    #expect(outcome.lost.allSatisfy { $0.reason == "SLOT_TAKEN" }, "\(outcome.lost.map(\.message))")
  }

  @Test("on two servers with one database end as on one")
  func twoServers() async throws {
    let practice = try await TestPractice.make()
    let second = try await SecondServer.start(beside: practice.clinic.server)
    let elsewhere = try second.client()
    try await elsewhere.login(
      company: practice.clinic.company.slug, email: practice.clinic.email,
      password: TestClinic.password)
    let patients = try await patients(16, practice.clinic)
    var requests: [BookAppointmentRequest] = []
    for slot in 0..<8 {
      for patient in patients {
        requests.append(
          BookAppointmentRequest(
            appointment: practice.new(patient, at: practice.time(9, 30 * slot))))
      }
    }
    let outcome = await race([practice.admin, elsewhere], requests)
    #expect(outcome.won.count == 8)
    #expect(Set(outcome.won.compactMap(\.startTime)).count == 8)
    #expect(
      outcome.lost.allSatisfy { $0.reason == "SLOT_TAKEN" }, "\(Set(outcome.lost.map(\.message)))")
    // One request id is done once, whichever server it reaches.
    let patient = try await practice.clinic.patient()
    let request = BookAppointmentRequest(
      appointment: practice.new(patient, at: practice.time(15)),
      requestID: UUID().uuidString.lowercased())
    async let here = practice.admin.appointments.book(request)
    async let there = elsewhere.appointments.book(request)
    #expect(try await here == there)
    // What one server did, the other shows.
    let found = try await elsewhere.appointments.get(
      GetAppointmentRequest(appointmentID: try await here.appointment?.appointmentID ?? ""))
    #expect(found.appointment?.startTime == practice.time(15))
    await elsewhere.close()
    await second.stop()
  }
}

/// Another server of the same database, with a data folder of its own.
struct SecondServer {
  private let running: ClinicTestServer.Running
  private let server: Task<Void, any Error>

  static func start(beside first: ClinicTestServer.Running) async throws -> SecondServer {
    var logger = Logger(label: "clinicd 2", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = .error
    let folder = try TemporaryFolder("clinicd2").path
    var configuration = ServerConfiguration()
    configuration.port = 0
    configuration.dataDirectory = folder
    configuration.databaseURL = first.application
    configuration.webhooks = ClinicTestServer.webhooks(first.receivers)
    let (ready, report) = AsyncStream.makeStream(of: String.self)
    let (settings, log) = (configuration, logger)
    // Unstructured: ``stop()`` cancels it and waits.
    let server = Task {
      defer { report.finish() }
      try await ClinicServer.run(settings, logger: log, handlesSignals: false) { address in
        report.yield(address)
      }
    }
    guard let address = await ready.first(where: { _ in true }) else {
      try await server.value
      throw TestSupportError("the second server ended before it was ready")
    }
    return SecondServer(
      running: ClinicTestServer.Running(
        address: address, port: Int(address.split(separator: ":").last ?? "") ?? 0,
        certificateAuthority: folder + "/tls/ca.pem", superuser: first.superuser,
        application: first.application, platformPassword: first.platformPassword,
        receivers: first.receivers),
      server: server)
  }

  func client() throws -> ClinicClient { try running.client(connections: 2) }

  func stop() async {
    server.cancel()
    _ = try? await server.value
  }
}
