internal import ArgumentParser
internal import ClinicContracts

/// The options for the values of a kind of appointment.
struct AppointmentTypeFieldOptions: ParsableArguments {
  @Option(name: .long, help: "The name, as 'Consultation'.") var name: String?
  @Option(name: .customLong("minutes"), help: "How long the patient is seen.") var length: String?
  @Option(name: .long, help: ArgumentHelp("Minutes kept free before it.", valueName: "minutes"))
  var before: String?
  @Option(name: .long, help: ArgumentHelp("Minutes kept free after it.", valueName: "minutes"))
  var after: String?
  @Option(
    name: .customLong("colour"),
    help: ArgumentHelp("In calendars, as '#3A7CA5'.", valueName: "colour"))
  var color: String?
  @Option(
    name: .customLong("needs"),
    help: ArgumentHelp(
      "A kind of resource, or the names of some of one kind, as 'Room 1,Room 2'. Repeat it; all "
        + "others go.", valueName: "kind-or-names"))
  var needs: [String] = []

  init() {}

  /// Fields that the server gives.
  static let serverFields: Set<String> = [
    "appointment_type_id", "state", "create_time", "update_time", "etag"
  ]

  /// Adds the values of the options.
  func apply(to draft: inout MessageDraft, needs: [JSONValue]) throws {
    for (path, text) in [
      ("name", name), ("length_minutes", length), ("buffer_before_minutes", before),
      ("buffer_after_minutes", after), ("color", color)
    ] { try draft.set(path, text) }
    if !needs.isEmpty { draft.set(list: "needs", to: needs) }
  }

  /// What the options say is needed.
  func needs(_ schedule: ClinicSchedule) async throws -> [JSONValue] {
    var values: [JSONValue] = []
    for need in needs {
      if let kind = ResourceKindOption(rawValue: need) {
        values.append(try ResourceNeed(kind: kind.kind).jsonValue())
        continue
      }
      let names = need.split(separator: ",").map { $0.trimmed }
      let ids = try await schedule.resourceIDs(names)
      let kind = try await schedule.resources().first { ids.contains($0.resourceID) }?.kind
      values.append(
        try ResourceNeed(kind: kind ?? .unspecified, resourceIds: ids).jsonValue())
    }
    return values
  }
}

extension Substring {
  /// The text without blanks at its ends.
  fileprivate var trimmed: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
