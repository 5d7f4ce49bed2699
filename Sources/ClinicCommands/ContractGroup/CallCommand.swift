internal import ArgumentParser
internal import ClinicClient
internal import ProtobufRuntime
internal import RPCCore

/// `clinicctl call METHOD JSON`
struct CallCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Calls any method of the contracts with JSON.",
    discussion: """
      clinicctl call clinic.v1.PatientService/GetPatient '{"patientId": "…"}'

      The request is proto3 JSON: as an argument, from a file (@FILE) or from standard input (-). \
      A method that takes a stream reads one message on a line, one that sends a stream writes \
      one on a line; with -o csv a row of the reply's fields, with -o table a record for each.
      """)

  static let defaultFormat = OutputFormat.json

  @OptionGroup var globals: GlobalOptions

  @Argument(
    help: "The method; its name alone where that is enough, as GetPatient.",
    completion: .custom { _, _, _ in ContractCatalogue.shared.methods.map(\.path) })
  var method: String

  @Argument(help: "The request: JSON, @FILE or -. Default: {}.")
  var request: String?

  @Option(
    name: .long,
    help: ArgumentHelp("A value to send beside the request. Repeatable.", valueName: "name=value"))
  var metadata: [String] = []

  @Option(name: .long, help: ArgumentHelp("A UUID that names the call.", valueName: "uuid"))
  var requestID: String?

  func validate() throws {
    for entry in metadata where !entry.contains("=") {
      throw ValidationError("--metadata takes a name and a value: --metadata trace=7")
    }
  }

  func run(_ context: CommandContext) async throws {
    let method = try ContractCatalogue.shared.method(method)
    var options = context.callOptions
    options.requestID = requestID
    for entry in metadata {
      let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard options.metadata.add(String(parts[1]), for: String(parts[0])) else {
        throw CommandFailure.usage("'\(entry)' is not metadata: names are lower-case, values ASCII")
      }
    }
    let source = try RequestSource(
      argument: request ?? (method.kind.streamsRequests ? "-" : "{}"),
      isStream: method.kind.streamsRequests, context: context)
    let call = DescriptorCall(method: method, options: options, source: source, context: context)
    try await context.withClient { client in
      try await call.run(client.channel, method.requestType, method.responseType)
    }
  }
}
