internal import ArgumentParser

/// `clinicctl series …`
struct SeriesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "series", abstract: "Books, changes and cancels series of appointments.",
    subcommands: [
      SeriesListCommand.self, SeriesGetCommand.self, SeriesBookCommand.self,
      SeriesUpdateCommand.self, SeriesCancelCommand.self
    ])
}
