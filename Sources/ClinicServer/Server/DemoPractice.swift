internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// The schedule of a demo clinic: who works there, in which rooms, and who comes this week and next.
struct DemoPractice: Sendable {
  fileprivate struct Practitioner: Sendable {
    let name: String
    let job: String
    let color: String
    let hours: [(days: ClosedRange<Int32>, from: Int32, to: Int32)]
    let kinds: [Int]
  }

  /// Minutes since midnight.
  fileprivate static let practitioners = [
    Practitioner(
      name: "Dr Grace Okafor", job: "General practitioner", color: "#3A7CA5",
      hours: [(1...5, 540, 750), (1...4, 810, 1050)], kinds: [0, 0, 0, 1]),
    Practitioner(
      name: "Dr Noor Haddad", job: "General practitioner", color: "#8F5DA2",
      hours: [(1...3, 510, 780), (4...5, 780, 1110)], kinds: [0, 0, 1, 3]),
    Practitioner(
      name: "Elin Hughes", job: "Practice nurse", color: "#4C9F70",
      hours: [(1...5, 540, 780), (1...5, 825, 1020)], kinds: [2]),
    Practitioner(
      name: "Tomasz Nowak", job: "Physiotherapist", color: "#C97C37",
      hours: [(2...5, 600, 780), (2...4, 840, 1080)], kinds: [4])
  ]

  private static let kinds:
    [(name: String, kind: DemoSchedule.Kind, color: String, equipment: Bool)] = [
      ("Consultation", .init(length: 15), "#3A7CA5", false),
      ("Long consultation", .init(length: 30), "#2F6690", false),
      ("Nurse appointment", .init(length: 15), "#4C9F70", false),
      ("Ultrasound scan", .init(length: 30, after: 15), "#8F5DA2", true),
      ("Physiotherapy", .init(length: 45), "#C97C37", false)
    ]

  let seed: UInt64
  /// How many of the practitioners work there.
  let staff: Int
  let settings: CompanySettings
  let now: Int64
  /// The patients who can come.
  let patients: [UUID]

  /// Puts off the inserts of everything.
  func insert(roleID: UUID?, slug: String, passwordHash: String, by mutation: Mutation) throws {
    let clock = try ClinicClock(settings)
    var resources: [Resource] = []
    for (index, practitioner) in Self.practitioners.prefix(staff).enumerated() {
      let staffID = insertStaff(
        practitioner, index, slug: slug, passwordHash: passwordHash, roleID: roleID, by: mutation)
      resources.append(
        try ResourceHandler.insert(
          Resource(
            kind: .practitioner, name: practitioner.name, staffID: staffID.text, capacity: 1,
            color: practitioner.color, weeklyHours: practitioner.weeklyHours), by: mutation))
    }
    let rooms = try (1...staff).map { number in
      try ResourceHandler.insert(
        Resource(kind: .room, name: "Room \(number)", capacity: 1), by: mutation)
    }
    let scanner = try ResourceHandler.insert(
      Resource(kind: .equipment, name: "Ultrasound scanner", capacity: 1), by: mutation)
    let used = Set(Self.practitioners.prefix(staff).flatMap(\.kinds))
    var types: [Int: AppointmentType] = [:]
    for (index, entry) in Self.kinds.enumerated() where used.contains(index) {
      let doers = resources.indices.filter { Self.practitioners[$0].kinds.contains(index) }
      types[index] = try AppointmentTypeHandler.insert(
        AppointmentType(
          name: entry.name, lengthMinutes: Int32(entry.kind.length),
          bufferAfterMinutes: Int32(entry.kind.after), color: entry.color,
          needs: [
            ResourceNeed(kind: .practitioner, resourceIds: doers.map { resources[$0].resourceID }),
            ResourceNeed(kind: .room)
          ]
            + (entry.equipment
              ? [ResourceNeed(kind: .equipment, resourceIds: [scanner.resourceID])] : [])),
        by: mutation)
    }
    try insertAppointments(resources, rooms, scanner, types, clock, by: mutation)
  }

  private func insertStaff(
    _ practitioner: Practitioner, _ index: Int, slug: String, passwordHash: String, roleID: UUID?,
    by mutation: Mutation
  ) -> UUID {
    let staffID = UUIDv7.make()
    let email = "practitioner\(index + 1)@\(slug).example"
    mutation.enqueue(
      StaffStatements.insert(
        mutation.companyID, staffID, email, EmailFolding.fold(email), practitioner.name,
        practitioner.job, "", passwordHash, true))
    if let roleID {
      mutation.enqueue(StaffStatements.addRoles(mutation.companyID, staffID, [roleID]))
    }
    mutation.log(Change(.created, .staff, [staffID]))
    return staffID
  }

  private func insertAppointments(
    _ practitioners: [Resource], _ rooms: [Resource], _ scanner: Resource,
    _ types: [Int: AppointmentType], _ clock: ClinicClock, by mutation: Mutation
  ) throws {
    let today = clock.resolver.local(at: now).day
    let monday = today - LocalMoment.dayOfWeek(of: today) + 1
    let calendar = LocalCalendar(clock.resolver, days: monday...monday + 11)
    var schedule = DemoSchedule(seed: seed, now: now, patients: patients.count)
    var ids: [UUID] = []
    for (index, practitioner) in practitioners.enumerated() {
      let kinds = Self.practitioners[index].kinds.map { (index: $0, kind: Self.kinds[$0].kind) }
      let entries = schedule.entries(
        practitioner: index, open: clock.spans(of: practitioner, deviations: [], in: calendar),
        kinds: kinds, in: calendar)
      for entry in entries {
        guard let type = types[entry.kind] else { continue }
        let resources =
          [practitioner, rooms[index]] + (Self.kinds[entry.kind].equipment ? [scanner] : [])
        ids.append(try insert(entry, type, resources, by: mutation))
      }
    }
    mutation.log(Change(.imported, .appointment, ids))
  }

  private func insert(
    _ entry: DemoSchedule.Entry, _ type: AppointmentType, _ resources: [Resource],
    by mutation: Mutation
  ) throws -> UUID {
    let id = UUIDv7.make()
    let company = mutation.companyID
    let (starts, ends) = (
      PostgresTimestamp(instant: entry.span.start), PostgresTimestamp(instant: entry.span.end)
    )
    let (noTime, noID): (PostgresTimestamp?, UUID?) = (nil, nil)
    let status = entry.progress.status
    mutation.enqueue(
      AppointmentStatements.insert(
        company, id, patients[entry.patient],
        try UUID(contract: type.appointmentTypeID, field: "appointment_type_id"),
        starts, ends, type.bufferBeforeMinutes, type.bufferAfterMinutes,
        Int16(truncatingIfNeeded: status.rawValue), entry.reason, noTime, "", noID, noID, noTime))
    mutation.enqueue(
      AppointmentStatements.insertResources(
        company, id, starts,
        try resources.map { try UUID(contract: $0.resourceID, field: "resource_id") }))
    if status.takesUpTime { mutation.enqueue(AppointmentStatements.claim(company, id, false)) }
    // People come a few minutes early, and are seen a few minutes late.
    func time(_ isPast: Bool, _ seconds: Int64) -> PostgresTimestamp? {
      isPast ? PostgresTimestamp(instant: min(entry.span.start + seconds, now)) : nil
    }
    let step = entry.progress.step
    mutation.enqueue(
      AppointmentStatements.backdate(
        company, id, time(step >= 1, -86_400), time(step >= 2, -600), time(step >= 3, -420),
        time(step >= 4, 120), time(step >= 5, entry.span.length - 60),
        time(status == .cancelled, -172_800)))
    return id
  }
}

extension DemoPractice.Practitioner {
  fileprivate var weeklyHours: [WeeklyHours] {
    hours.flatMap { days, from, to in
      days.map {
        WeeklyHours(
          dayOfWeek: DayOfWeek(rawValue: $0), starts: LocalTime(minuteOfDay: from),
          ends: LocalTime(minuteOfDay: to))
      }
    }
  }
}

extension DemoSchedule.Progress {
  fileprivate var status: AppointmentStatus {
    switch self {
    case .booked: .booked
    case .confirmed: .confirmed
    case .arrived: .arrived
    case .checkedIn: .checkedIn
    case .inConsultation: .inConsultation
    case .completed: .completed
    case .cancelled: .cancelled
    case .noShow: .noShow
    }
  }

  /// How many of confirming, arriving, checking in, being seen and being done are over.
  fileprivate var step: Int {
    switch self {
    case .booked, .cancelled: 0
    case .confirmed, .noShow: 1
    case .arrived: 2
    case .checkedIn: 3
    case .inConsultation: 4
    case .completed: 5
    }
  }
}
