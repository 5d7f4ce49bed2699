import ArgumentParser
import ClinicClient
import ClinicContracts

/// What is called in a loop.
enum Workload: String, CaseIterable, ExpressibleByArgument, Sendable {
  case get = "get_patient"
  case list = "list_patients_50"
  case search = "search_patients"
  case create = "create_patient"
  case findSlots = "find_slots"
  case book = "book_appointment"
  case dashboard = "get_dashboard"

  /// Makes one call. `number` chooses among the patients; `times` gives each booking a time of its
  /// own.
  func call(_ client: ClinicClient, number: Int, times: BookingTimes) async throws {
    switch self {
    case .findSlots:
      let reply = try await client.appointments.findSlots(
        FindSlotsRequest(appointmentTypeID: BookingTimes.appointmentTypeID, pageSize: 100))
      guard reply.slots.count == 100 else { throw BenchError("\(reply.slots.count) slots") }
    case .book:
      _ = try await client.appointments.book(
        BookAppointmentRequest(appointment: times.next()))
    case .dashboard:
      let reply = try await client.dashboard.get(GetDashboardRequest())
      guard reply.dashboard?.resources.isEmpty == false else { throw BenchError("no resources") }
    case .get:
      let reply = try await client.patients.get(
        GetPatientRequest(patientID: Self.patientID(number)))
      guard reply.patient != nil else { throw BenchError("no patient in the reply") }
    case .list:
      // A beginning of the family name, so that calls read different pages.
      let letter = Self.letters[number % Self.letters.count]
      let reply = try await client.patients.list(
        ListPatientsRequest(pageSize: 50, filter: PatientFilter(familyNamePrefix: letter)))
      guard !reply.patients.isEmpty else { throw BenchError("an empty page") }
    case .search:
      _ = try await client.patients.search(
        SearchPatientsRequest(query: Self.queries[number % Self.queries.count]))
    case .create:
      _ = try await client.patients.create(
        CreatePatientRequest(
          patient: Patient(
            name: PersonName(given: "Bench", family: "Mark\(number)"),
            birthDate: Date(year: 1980, month: 2, day: 29), sex: .female,
            contactPoints: [ContactPoint(kind: .mobile, value: "07700 900123", use: .home)],
            addresses: [
              Address(
                lines: ["1 Bench Lane"], city: "Leeds", postalCode: "LS1 1AA", countryCode: "GB")
            ])))
    }
  }

  /// The id of a seeded patient: Scripts/bench makes them so.
  static func patientID(_ number: Int) -> String {
    let digits = String(number)
    return "01900000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// What the seeded family names begin with.
  private static let letters = "abcdeghjklmnoprstw".map(String.init)

  private static let queries = [
    "Smith", "Jhon Smtih", "Garcia Maria", "Okafor", "07700 900123", "1984-03-31",
    "Katherine Jones",
    "Mueller", "Novak Peter", "Tanaka"
  ]
}

/// A run that measured something else than it should.
struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
