internal import ArgumentParser
internal import ClinicContracts
internal import ProtobufRuntime

/// The options that choose patients.
struct PatientFilterOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Only active or archived ones.", valueName: "state"))
  var state: String?

  @Flag(name: .long, help: "Archived ones too.")
  var includeArchived = false

  @Option(
    name: .customLong("tag"),
    help: ArgumentHelp("Only those with this tag. Repeat it for several tags.", valueName: "tag"))
  var tags: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("Only those born on or after a date.", valueName: "date"))
  var bornFrom: String?

  @Option(
    name: .long, help: ArgumentHelp("Only those born on or before a date.", valueName: "date"))
  var bornTo: String?

  @Option(name: .long, help: ArgumentHelp("Only those of this sex.", valueName: "sex"))
  var sex: String?

  @Option(
    name: .long, help: ArgumentHelp("Only those who have died, or have not.", valueName: "yes|no"))
  var deceased: String?

  @Option(
    name: .customLong("family"),
    help: ArgumentHelp("Only those whose family name begins so.", valueName: "prefix"))
  var familyPrefix: String?

  init() {}

  func validate() throws {
    if state != nil, includeArchived {
      throw ValidationError("--state and --include-archived exclude each other")
    }
  }

  /// The filter; nil where no option is given.
  func filter() throws -> PatientFilter? {
    var draft = MessageDraft(schema: MessageSchema(PatientFilter.descriptor))
    try draft.set("state", state)
    if includeArchived { try draft.set("include_archived", "true") }
    if !tags.isEmpty { draft.merge(["tags": .array(tags.map { .string($0) })]) }
    try draft.set("born_from", bornFrom)
    try draft.set("born_to", bornTo)
    try draft.set("sex", sex)
    try draft.set("deceased", deceased)
    try draft.set("family_name_prefix", familyPrefix)
    let json = draft.finished
    return json.members.isEmpty ? nil : try PatientFilter(jsonValue: json)
  }
}
