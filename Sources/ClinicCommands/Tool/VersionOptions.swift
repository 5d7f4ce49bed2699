internal import ArgumentParser

/// The option of commands that change what somebody else may change too.
struct VersionOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The version you know; refused where it is not the current one.", valueName: "version"))
  var etag: String?

  init() {}
}
