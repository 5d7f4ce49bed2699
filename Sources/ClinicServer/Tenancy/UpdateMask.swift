internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore

/// Which fields of a resource an update may change.
struct UpdateMask: Sendable {
  private let changeable: Set<String>
  private let descriptor: MessageDescriptor
  private let knows: @Sendable (String) -> Bool

  init<Resource: Message>(_ type: Resource.Type, changeable: [String]) {
    self.changeable = Set(changeable)
    descriptor = Resource.descriptor
    knows = { Resource.knows(path: $0) }
  }

  /// The paths that an update changes: those of its mask, or without one every changeable field
  /// that is set. INVALID_ARGUMENT for a path that does not exist or may not change.
  func paths(of mask: FieldMask?, for update: some Message) throws -> [String] {
    guard let mask, !mask.paths.isEmpty else {
      let paths = update.populatedFields.filter(changeable.contains)
      guard !paths.isEmpty else {
        throw Self.violation(
          "update_mask", "REQUIRED", "must name what to change, as no changeable field is set")
      }
      return paths
    }
    var paths: [String] = []
    for (index, path) in mask.paths.enumerated() {
      let root = path.split(separator: ".", maxSplits: 1).first.map(String.init) ?? ""
      guard path != "*" else { return changeable.sorted() }
      guard knows(path), changeable.contains(root) else {
        throw Self.violation(
          "update_mask.paths[\(index)]", "NOT_CHANGEABLE",
          "must be one of, or below one of: \(changeable.sorted().joined(separator: ", "))")
      }
      if !paths.contains(path) { paths.append(path) }
    }
    return paths
  }

  private static func violation(
    _ field: String, _ reason: String, _ description: String
  ) -> RPCError {
    .invalidArgument(field: field, reason: reason, description: description)
  }

  static let patient = UpdateMask(
    Patient.self,
    changeable: [
      "record_number", "name", "other_names", "birth_date", "sex", "gender", "deceased",
      "death_date", "identifiers", "contact_points", "addresses", "related_persons", "tags",
      "language", "needs_interpreter", "consents", "marital_status", "ethnicity"
    ])

  static let staff = UpdateMask(
    Staff.self,
    changeable: ["email", "display_name", "job_title", "phone", "role_ids"])

  static let role = UpdateMask(Role.self, changeable: ["name", "description", "permissions"])

  static let serviceAccount = UpdateMask(
    ServiceAccount.self,
    changeable: ["name", "description", "permissions", "certificate_thumbprints"])

  static let apiKey = UpdateMask(ApiKey.self, changeable: ["name", "limits"])

  static let company = UpdateMask(Company.self, changeable: ["name", "settings"])

  static let companyLimits = UpdateMask(
    CompanyLimits.self, changeable: ["clinic", "account", "weight"])

  static let resource = UpdateMask(
    Resource.self, changeable: ["name", "capacity", "color", "weekly_hours"])

  static let appointmentSeries = UpdateMask(
    AppointmentSeries.self,
    changeable: ["pattern", "resource_ids", "length_minutes", "reason"])

  static let waitlistEntry = UpdateMask(
    WaitlistEntry.self,
    changeable: [
      "resource_ids", "earliest_date", "latest_date", "windows", "priority", "notes",
      "notice_minutes"
    ])

  static let appointmentType = UpdateMask(
    AppointmentType.self,
    changeable: [
      "name", "length_minutes", "buffer_before_minutes", "buffer_after_minutes", "color", "needs"
    ])
}

extension Message {
  /// Takes over the fields that an update changes.
  mutating func merge(_ update: Self, paths: [String]) throws {
    try merge(update, mask: FieldMask(paths: paths))
  }

  /// Checks a merged resource against the contract's rules, under the path that the request has it
  /// at.
  func checkRules(path: String) throws {
    var violations = Violations()
    violations.descend(path) { validate(&$0, partial: false) }
    let all = violations.all
    if !all.isEmpty { throw RPCError.invalidArgument(violations: all) }
  }
}
