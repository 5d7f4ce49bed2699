internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore

/// What a clinic's words stand for: its clock, and the names of its resources, types and patients.
struct ClinicSchedule: Sendable {
  let moments: MomentText
  let client: ClinicClient
  let options: CallOptions

  /// Asks the clinic for its time zone, which everybody may know.
  init(_ client: ClinicClient, _ context: CommandContext) async throws {
    self.client = client
    options = context.callOptions
    let company = try await client.auth.getCaller(GetCallerRequest(), options: options).company
    let name = company?.settings?.timeZone ?? ""
    guard let zone = ClinicZone(name) else {
      throw CommandFailure("the clinic's time zone '\(name)' is unknown to this computer")
    }
    moments = MomentText(zone: zone, now: context.environment.now())
  }

  /// A timestamp of what somebody typed.
  func time(_ text: String) throws -> Timestamp {
    Timestamp(seconds: try moments.instant(text), nanos: 0)
  }

  /// The moment of an option; nil where it is not given. A day alone stands for its first minute, or
  /// its last.
  func moment(_ text: String?, dayEnds: Bool = false) throws -> Timestamp? {
    try text.map { Timestamp(seconds: try moments.moment($0, dayEnds: dayEnds), nanos: 0) }
  }

  /// A day of what somebody typed, as the contract has it.
  func date(_ text: String) throws -> Date { Date(day: try moments.day(text)) }

  /// Every resource, retired ones too.
  func resources() async throws -> [Resource] {
    var (resources, token): ([Resource], String) = ([], "")
    repeat {
      let reply = try await client.resources.list(
        ListResourcesRequest(pageSize: 1000, pageToken: token, includeRetired: true),
        options: options)
      resources += reply.resources
      token = reply.nextPageToken
    } while !token.isEmpty
    return resources
  }

  /// The names of the resources by their ids.
  func resourceNames() async throws -> [String: String] {
    Dictionary(try await resources().map { ($0.resourceID, $0.name) }) { first, _ in first }
  }

  /// The ids of resources that are named by id or name.
  func resourceIDs(_ wanted: [String]) async throws -> [String] {
    if wanted.isEmpty { return [] }
    let known = try await resources().map { (id: $0.resourceID, name: $0.name) }
    return try wanted.map { try Self.pick($0, among: known, what: "resource") }
  }

  /// The id of a type that is named by id or name.
  func appointmentTypeID(_ wanted: String) async throws -> String {
    var (known, token): ([(id: String, name: String)], String) = ([], "")
    repeat {
      let reply = try await client.appointmentTypes.list(
        ListAppointmentTypesRequest(pageSize: 1000, pageToken: token, includeRetired: true),
        options: options)
      known += reply.appointmentTypes.map { (id: $0.appointmentTypeID, name: $0.name) }
      token = reply.nextPageToken
    } while !token.isEmpty
    return try Self.pick(wanted, among: known, what: "kind of appointment")
  }

  /// The id of a patient: as it is, or of the one whom a search finds.
  func patientID(_ wanted: String) async throws -> String {
    if Self.isIdentifier(wanted) { return wanted }
    let matches = try await client.patients.search(
      SearchPatientsRequest(query: wanted, pageSize: 5), options: options
    ).matches
    if let only = matches.first, matches.count == 1 { return only.patient?.patientID ?? "" }
    let exact = matches.compactMap(\.patient).filter {
      Self.name($0).lowercased() == wanted.lowercased()
    }
    if let only = exact.first, exact.count == 1 { return only.patientID }
    throw CommandFailure(
      matches.isEmpty ? "nobody fits '\(wanted)'" : "several patients fit '\(wanted)'",
      status: .notFound,
      details: matches.compactMap { match in
        match.patient.map { "\($0.patientID)  \(Self.name($0))" }
      }, hint: "pass the id of the one you mean")
  }

  private static func name(_ patient: Patient) -> String {
    guard let name = patient.name else { return "" }
    return name.text.isEmpty
      ? [name.given, name.family].filter { !$0.isEmpty }.joined(separator: " ") : name.text
  }

  /// The one that a word means: its id, its name, or the only name that holds the word.
  private static func pick(
    _ wanted: String, among known: [(id: String, name: String)], what: String
  ) throws -> String {
    let word = wanted.lowercased()
    if isIdentifier(wanted) { return wanted }
    if let exact = known.first(where: { $0.name.lowercased() == word }) { return exact.id }
    let partial = known.filter { $0.name.lowercased().contains(word) }
    if let only = partial.first, partial.count == 1 { return only.id }
    throw CommandFailure.usage(
      partial.isEmpty ? "the clinic has no \(what) '\(wanted)'" : "'\(wanted)' could be several",
      hint: partial.isEmpty
        ? Suggestions.nearest(to: wanted, among: known.map(\.name)).map { "did you mean '\($0)'?" }
        : partial.map { "'\($0.name)'" }.joined(separator: ", "))
  }

  private static func isIdentifier(_ text: String) -> Bool {
    text.utf8.count == 36 && text.split(separator: "-").count == 5
  }
}

extension Date {
  /// The date of a day since 1970.
  init(day: Int) {
    let date = DayNumber.date(day)
    self.init(year: Int32(date.year), month: Int32(date.month), day: Int32(date.day))
  }

  /// The day since 1970.
  var dayNumber: Int {
    DayNumber.of(year: Int(year), month: Int(month), day: Int(day)) ?? 0
  }
}
