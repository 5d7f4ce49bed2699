import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import ProtobufRuntime
import RPCCore
import Testing

@Suite("The kinds of record in the change log")
struct RecordTypeTests {
  private static let types = RecordType.allCases.map(\.rawValue)

  /// The words in backticks of a field's comment.
  private static func words(of field: String) throws -> [String] {
    let described = try #require(ChangeEntry.descriptor.fields.first { $0.name == field })
    return described.documentation.matches(of: #/`([a-z_]+)`/#).map { String($0.1) }
  }

  @Test("are listed in the contract, and so are the actions")
  func contract() throws {
    #expect(try Self.words(of: "record_type") == Self.types.sorted())
    let actions = Change.Action.allCases.map(\.rawValue)
    #expect(try Self.words(of: "action") == actions.sorted())
  }

  @Test(
    "are those that filters and webhooks take",
    arguments: [ChangeFilter.descriptor, Webhook.descriptor])
  func pattern(_ message: MessageDescriptor) throws {
    let field = try #require(message.fields.first { $0.name == "record_types" })
    let pattern = "matches " + Self.types.sorted().joined(separator: "|")
    #expect(field.rules.contains(pattern), "\(field.rules)")
  }

  @Test("are refused where there is no such kind, with the field and what is allowed")
  func unknown() async throws {
    let clinic = try await TestClinic.make()
    let inFilter = await failure {
      _ = try await clinic.admin.changes.list(
        ListChangesRequest(filter: ChangeFilter(recordTypes: ["patient", "invoice"])))
    }
    let inWebhook = await failure {
      _ = try await clinic.admin.webhooks.create(
        CreateWebhookRequest(
          webhook: Webhook(url: "https://partner.example/", recordTypes: ["patients"])))
    }
    for (error, field) in [
      (inFilter, "filter.record_types[1]"), (inWebhook, "webhook.record_types[0]")
    ] {
      #expect(error?.code == .invalidArgument)
      #expect(error?.fieldViolations.first?.field == field)
      let allowed = error?.fieldViolations.first?.description_p ?? ""
      #expect(allowed.contains("waitlist_entry") && allowed.contains("api_key"), "\(allowed)")
    }
  }
}
