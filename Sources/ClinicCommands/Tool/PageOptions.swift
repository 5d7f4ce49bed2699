internal import ArgumentParser

/// The options of commands that list.
struct PageOptions: ParsableArguments {
  @Flag(name: .long, help: "Show all pages.")
  var all = false

  @Option(
    name: .long, help: ArgumentHelp("How many to show at once, 1 to 1000.", valueName: "count"))
  var pageSize: Int32?

  @Option(
    name: .long,
    help: ArgumentHelp("Where to go on: the nextPageToken of the page before.", valueName: "token"))
  var pageToken: String?

  init() {}

  func validate() throws {
    if let pageSize, !(1...1000).contains(pageSize) {
      throw ValidationError("--page-size takes a number from 1 to 1000")
    }
  }

  /// The size to ask for: large pages where all are wanted.
  var size: Int32 { pageSize ?? (all ? 500 : 0) }
}
