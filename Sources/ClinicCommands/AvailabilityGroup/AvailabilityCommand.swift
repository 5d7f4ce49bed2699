internal import ArgumentParser

/// `clinicctl availability …`
struct AvailabilityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "availability", abstract: "Keeps leave, closures and extra hours.",
    discussion: "Weekly hours belong to the resource: clinicctl resource update ID --hours …",
    subcommands: [
      AvailabilityShowCommand.self, AvailabilityListCommand.self, AvailabilityAddCommand.self,
      AvailabilityDeleteCommand.self
    ])
}
