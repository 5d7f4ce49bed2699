import ClinicClient
import ClinicContracts
import Foundation
import ProtobufRuntime
import RPCCore
import Synchronization
import TestSupport
import Testing

@Suite("Booking through crashes")
struct BookingCrashTests {
  /// A room and a time, and the one request that books it.
  private struct Wish: Sendable {
    let request: BookAppointmentRequest
    var place: String {
      Self.place(request.appointment?.resourceIds, request.appointment?.startTime)
    }

    static func place(_ rooms: [String]?, _ time: Timestamp?) -> String {
      "\(rooms ?? []) \(time?.seconds ?? 0)"
    }
  }

  /// What was answered, by place.
  private final class Answers: Sendable {
    private let appointments = Mutex<[String: Appointment]>([:])

    var count: Int { appointments.withLock { $0.count } }

    subscript(place: String) -> Appointment? { appointments.withLock { $0[place] } }

    func add(_ appointment: Appointment, at place: String) {
      appointments.withLock { $0[place] = appointment }
    }
  }

  /// Who is killed, in turn.
  private enum Victim: CaseIterable {
    case server
    /// A process of the database that serves the server: PostgreSQL ends all others, and recovers.
    case backend
    /// PostgreSQL itself: the server starts it again.
    case postmaster
    case serverAgain
  }

  private static let rooms = 10
  private static let slots = 100

  @Test("a thousand bookings through kill -9 of server and database: each is there, and once")
  func thousandBookings() async throws {
    let programs = try Programs()
    let address = "127.0.0.1:\(try FreePort.find())"
    var server = try await programs.serve(on: address)
    let login = try #require(try programs.logins().first { $0.profile == "demo" })
    let client = try client(programs, address)
    try await client.login(company: login.company, email: login.email, password: login.password)
    let (wishes, type) = try await wishes(client)

    let acknowledged = Answers()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for share in 0..<16 {
        group.addTask {
          for wish in stride(from: share, to: wishes.count, by: 16).map({ wishes[$0] }) {
            acknowledged.add(try await Self.book(wish.request, client), at: wish.place)
          }
        }
      }
      // Each after a fifth of the bookings.
      for (index, victim) in Victim.allCases.enumerated() {
        while acknowledged.count < wishes.count * (index + 1) / 5 {
          try await Task.sleep(for: .milliseconds(5))
        }
        let database = programs.data + "/postgres"
        switch victim {
        case .server, .serverAgain:
          #expect(try await server.end(SIGKILL) == -SIGKILL)
          server = try await programs.serve(on: address)
        case .backend: try killBackend(database)
        case .postmaster: try await killPostmaster(database)
        }
      }
      try await group.waitForAll()
    }
    #expect(acknowledged.count == wishes.count)

    // Every acknowledged booking is there as it was acknowledged, whole, and nothing else is.
    var (found, token): ([Appointment], String) = ([], "")
    repeat {
      let page = try await client.appointments.list(
        ListAppointmentsRequest(
          pageSize: 500, pageToken: token,
          filter: AppointmentFilter(appointmentTypeID: type.appointmentTypeID)))
      found += page.appointments
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(found.count == wishes.count)
    for appointment in found {
      let place = Wish.place(appointment.resourceIds, appointment.startTime)
      #expect(acknowledged[place] == appointment, "\(place)")
    }
    // And takes up its time: nothing is free where everything is booked.
    let first = try #require(wishes.first?.request.appointment?.startTime)
    let free = try await client.appointments.findSlots(
      FindSlotsRequest(
        appointmentTypeID: type.appointmentTypeID, fromTime: first,
        untilTime: Timestamp(seconds: first.seconds + Int64(Self.slots) * 900)))
    #expect(free.slots.isEmpty)
    // A retry of what was done long ago still gets its reply.
    for wish in wishes.prefix(20) {
      let reply = try await client.appointments.book(wish.request)
      #expect(reply.appointment == acknowledged[wish.place])
    }
    await client.close()
    #expect(try await server.end(SIGTERM) == 0)
  }

  /// Books until it is answered, always under the same request id.
  private static func book(
    _ request: BookAppointmentRequest, _ client: ClinicClient
  ) async throws -> Appointment {
    var attempts = 0
    while true {
      do {
        return try await client.appointments.book(request).appointment ?? Appointment()
      } catch let error as RPCError
        where [.unavailable, .deadlineExceeded, .aborted, .resourceExhausted].contains(error.code)
        && attempts < 600
      {
        attempts += 1
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  private func client(_ programs: Programs, _ address: String) throws -> ClinicClient {
    let parts = address.split(separator: ":")
    return try ClinicClient(
      configuration: ClinicClientConfiguration(
        servers: [ServerAddress(host: String(parts[0]), port: Int(parts[1]) ?? 0)],
        certificateAuthority: .file(programs.data + "/tls/ca.pem"), connections: 4))
  }

  /// Rooms, a patient for each, and a request for each quarter of an hour of each room.
  private func wishes(_ client: ClinicClient) async throws -> ([Wish], AppointmentType) {
    var places: [(room: String, patient: String)] = []
    for number in 0..<Self.rooms {
      let room = try await client.resources.create(
        CreateResourceRequest(resource: Resource(kind: .room, name: "Crash room \(number)")))
      let patient = try await client.patients.create(
        CreatePatientRequest(patient: Patient(name: PersonName(family: "Survivor \(number)"))))
      places.append((room.resource?.resourceID ?? "", patient.patient?.patientID ?? ""))
    }
    let created = try await client.appointmentTypes.create(
      CreateAppointmentTypeRequest(
        appointmentType: AppointmentType(
          name: "Crash", lengthMinutes: 15,
          needs: [ResourceNeed(kind: .room, resourceIds: places.map(\.room))])))
    let type = try #require(created.appointmentType)
    let start = (Int64(Foundation.Date().timeIntervalSince1970) / 86_400 + 30) * 86_400
    let wishes = (0..<Self.slots).flatMap { slot in
      places.map { place in
        Wish(
          request: BookAppointmentRequest(
            appointment: NewAppointment(
              patientID: place.patient, appointmentTypeID: type.appointmentTypeID,
              startTime: Timestamp(seconds: start + Int64(slot) * 900), resourceIds: [place.room]),
            requestID: UUID().uuidString.lowercased()))
      }
    }
    return (wishes, type)
  }

  /// PostgreSQL's first process; nil while there is none.
  private func postmaster(of folder: String) -> Int32? {
    let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    let file = try? String(contentsOfFile: real + "/postmaster.pid", encoding: .utf8)
    return file?.split(separator: "\n").first.flatMap { Int32($0) }
  }

  /// Kills PostgreSQL, whose other processes end when they notice, and waits for the next one.
  private func killPostmaster(_ folder: String) async throws {
    let first = try #require(postmaster(of: folder))
    #expect(kill(first, SIGKILL) == 0)
    for _ in 0..<1_200 {
      if let next = postmaster(of: folder), next != first, kill(next, 0) == 0 { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("the server did not start PostgreSQL again")
  }

  /// Kills one of the database's own processes at its work. PostgreSQL then ends all others and
  /// recovers from its log.
  private func killBackend(_ folder: String) throws {
    let first = try #require(postmaster(of: folder))
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
      guard let process = Int32(name),
        let status = try? String(contentsOfFile: "/proc/\(name)/status", encoding: .utf8),
        status.contains("PPid:\t\(first)\n"),
        let command = try? String(contentsOfFile: "/proc/\(name)/cmdline", encoding: .utf8),
        command.contains("clinic_app")
      else { continue }
      #expect(kill(process, SIGKILL) == 0)
      return
    }
    throw TestSupportError("no process of the database serves the server")
  }
}
