internal import ArgumentParser

/// `clinicctl describe NAME`
struct DescribeCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Shows the contracts: services, methods, messages and enums.",
    discussion: """
      clinicctl describe                                          all services and methods
      clinicctl describe PatientService                           a service
      clinicctl describe clinic.v1.PatientService/UpdatePatient   a method with its policy
      clinicctl describe Patient                                  a message with its fields
      """)

  @OptionGroup var globals: GlobalOptions

  @Argument(
    help: "A service, method, message or enum; the package may be left out.",
    completion: .custom { _, _, _ in ContractCatalogue.shared.names })
  var name: String?

  func run(_ context: CommandContext) async throws {
    let subject = try name.map(ContractCatalogue.shared.subject) ?? .everything
    let json = subject.json
    switch context.printer.format {
    case .table:
      let text = ContractText(
        isColored: context.printer.isColored, width: context.environment.output.columns ?? 100)
      try context.environment.output.write(text.document(subject))
    case .csv:
      try context.printer.printList(
        ["rows": .array(subject.rows)], "rows", columns: [],
        csv: CSVWriter.columns(of: subject.rows))
    case .json, .yaml:
      try context.printer.print(json)
    }
  }
}
