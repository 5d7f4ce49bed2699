import ClinicContracts
import FixtureContracts
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Service descriptors")
struct ServiceTests {
  @Test("name every service and method of the clinic once")
  func names() {
    let methods = ClinicContracts.services.flatMap(\.methods)
    #expect(Set(methods.map(\.path)).count == methods.count)
    #expect(methods.contains(PatientService.Methods.getPatient))
    for method in methods {
      #expect(ClinicContracts.method(path: method.path) === method)
      #expect(!method.documentation.isEmpty)
    }
    #expect(ClinicContracts.method(path: "clinic.v1.PatientService/Nothing") == nil)
  }

  @Test("carry the policy of the contract")
  func policy() {
    let method = PatientService.Methods.getPatient
    #expect(method.path == "clinic.v1.PatientService/GetPatient")
    #expect(
      method.policy
        == MethodPolicy(
          permissions: ["patients.read"], audience: .clinic, audit: .read,
          idempotency: .noSideEffects, maxDeadline: .seconds(5)))
    #expect(ObjectIdentifier(method.requestType) == ObjectIdentifier(GetPatientRequest.self))
    #expect(ObjectIdentifier(method.responseType) == ObjectIdentifier(GetPatientResponse.self))
    #expect(PolicyService.Methods.chatWithPlatform.policy.maxDeadline == .milliseconds(2500))
    #expect(PolicyService.Methods.everybody.policy.permissions.isEmpty)
    #expect(
      WebhookService.Methods.createWebhook.policy.permissions == ["webhooks.write", "changes.read"]
    )
    #expect(EchoService.Methods.echo.policy == .unrestricted)
  }

  @Test("tell the four kinds of calls apart")
  func kinds() {
    let kinds = EchoService.descriptor.methods.prefix(4).map(\.kind)
    #expect(kinds == [.unary, .serverStreaming, .clientStreaming, .bidirectional])
    #expect(EchoService.Methods.oldEcho.isDeprecated)
  }

  @Test("list each permission with the methods that ask for it")
  func permissions() throws {
    let names = ClinicContracts.permissions.map(\.name)
    #expect(names == names.sorted())
    #expect(!names.contains("self") && !names.contains(""))
    let asked = Set(
      ClinicContracts.services.flatMap(\.methods).flatMap(\.policy.permissions))
    #expect(Set(names) == asked.subtracting(["self"]))
    let echoes = try #require(FixtureContracts.permissions.first { $0.name == "echoes.write" })
    #expect(echoes.audiences == [.staff, .service])
  }

  @Test("call an id of the clinic's public and a UUID, wherever it stands")
  func ids() {
    var seen = 0
    for message in ClinicContracts.messages {
      for field in message.descriptor.fields
      where field.kind == .string && field.name.contains(#/_ids?$/#) {
        let place = "\(message.descriptor.fullName).\(field.name)"
        // Webhooks send ids: what they send is public. What somebody had logged in with is not.
        let isCredential = ["ChangeEntry.session_id", "ChangeEntry.api_key_id"]
          .contains { place.hasSuffix($0) }
        #expect(field.sensitivity == (isCredential ? .personal : .public), "\(place)")
        #expect(field.rules.contains("format uuid"), "\(place)")
        seen += 1
      }
    }
    #expect(seen >= 200)
  }

  @Test("list all message types by their full names")
  func messages() {
    expect(ClinicContracts.message(named: "clinic.v1.Patient"), is: Patient.self)
    let innermost = FixtureContracts.message(named: "fixture.v1.Outer.Inner.Innermost")
    expect(innermost, is: Outer.Inner.Innermost.self)
    let entry = FixtureContracts.message(named: "fixture.v1.Maps.NumbersEntry")
    #expect(entry.map { ObjectIdentifier($0) } == nil)
    let names = ClinicContracts.messages.map { $0.descriptor.fullName }
    #expect(Set(names).count == names.count)
    #expect(names.contains("clinic.v1.ListPatientsResponse"))
  }

  private func expect(_ type: (any Message.Type)?, is expected: any Message.Type) {
    #expect(type.map { ObjectIdentifier($0) } == ObjectIdentifier(expected))
  }

  @Test("register every method of a handler with the router")
  func registration() {
    var router = Router()
    router.register(Echoes())
    #expect(
      Set(router.methods) == Set(EchoService.descriptor.methods))
  }
}

/// Serves EchoService; only its registration is tested here.
private struct Echoes: EchoService.Handler {
  func echo(_ request: EchoRequest, context: CallContext) async throws -> EchoResponse {
    EchoResponse(text: request.text)
  }

  func expand(
    _ request: EchoRequest, responses: ResponseWriter<EchoResponse>, context: CallContext
  ) async throws {}

  func collect(
    _ requests: RequestStream<EchoRequest>, context: CallContext
  ) async throws -> EchoResponse { EchoResponse() }

  func chat(
    _ requests: RequestStream<EchoRequest>, responses: ResponseWriter<EchoResponse>,
    context: CallContext
  ) async throws {}

  func ping(_ request: ProtoEmpty, context: CallContext) async throws -> ProtoEmpty { request }

  func `import`(_ request: EchoRequest, context: CallContext) async throws -> EchoResponse {
    EchoResponse(text: request.text)
  }

  func oldEcho(_ request: EchoRequest, context: CallContext) async throws -> EchoResponse {
    EchoResponse(text: request.text)
  }
}
