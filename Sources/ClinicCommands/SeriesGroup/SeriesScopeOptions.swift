internal import ArgumentParser
internal import ClinicContracts
internal import ProtobufRuntime

/// The options that say which appointments of a series are meant; all where they say nothing.
struct SeriesScopeOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Only the one that the series has at this time.", valueName: "when"))
  var only: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The one that the series has at this time, and all after it.", valueName: "when"))
  var from: String?

  init() {}

  func validate() throws {
    guard only == nil || from == nil else {
      throw ValidationError("--only and --from exclude each other")
    }
  }

  var scope: SeriesScope { only != nil ? .this : from != nil ? .thisAndFollowing : .all }

  /// The scope in words.
  var words: String {
    switch scope {
    case .this: "one appointment"
    case .thisAndFollowing: "one appointment and all after it"
    default: "all appointments"
    }
  }

  func time(_ schedule: ClinicSchedule) throws -> Timestamp? {
    try (only ?? from).map { try schedule.time($0) }
  }
}
