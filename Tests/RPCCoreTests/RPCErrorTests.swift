import ProtobufRuntime
import RPCCore
import Testing

@Suite("RPC errors")
struct RPCErrorTests {
  private struct Unknown: Error {}
  private struct Known: RPCErrorConvertible {
    var rpcError: RPCError { .aborted("raced", reason: "ETAG_MISMATCH") }
  }

  @Test("what callers are told of any error")
  func mapping() {
    #expect(RPCError(mapping: RPCError.notFound("x")).code == .notFound)
    let known = RPCError(mapping: Known())
    #expect(known.code == .aborted)
    #expect(known.reason == "ETAG_MISMATCH")
    #expect(known.cause is Known)
    #expect(RPCError(mapping: CancellationError()).code == .cancelled)
    let unknown = RPCError(mapping: Unknown())
    #expect(unknown.code == .internal)
    #expect(unknown.message == "The server failed")
    #expect(unknown.cause is Unknown)
    #expect(unknown.details == [])
  }

  @Test("codes have gRPC's numbers and names")
  func codes() {
    #expect(RPCStatusCode.allKnown.count == 17)
    for code in RPCStatusCode.allKnown {
      #expect(RPCStatusCode(name: code.name) == code)
      #expect(Code(rawValue: code.rawValue).rawValue == code.rawValue)
    }
    #expect(RPCStatusCode.unauthenticated.rawValue == 16)
    #expect(RPCStatusCode(rawValue: 42).description == "CODE_42")
    #expect(RPCStatusCode(name: "NOPE") == nil)
  }

  @Test("an invalid argument names its fields")
  func invalidArgument() {
    let error = RPCError.invalidArgument(violations: [
      FieldViolation(field: "name", reason: "REQUIRED", description: "must be set"),
      FieldViolation(field: "tags[1]", reason: "TOO_LONG", description: "has at most 9 characters")
    ])
    #expect(error.fieldViolations.map(\.field) == ["name", "tags[1]"])
    #expect(error.fieldViolations.map(\.reason) == ["REQUIRED", "TOO_LONG"])
    #expect(error.message.contains("name, tags[1]"))
  }

  @Test("a made-up request id is a UUID, and another for each call and connection")
  func requestIdentifiers() {
    var seen: Set<String> = []
    for connection in [0, 1, 0x3FFF, 0xFFFF_FFFF_FFFF_FFFF, 0x0123_4567_89AB_CDEF] as [UInt64] {
      for call in [1, 2, 4_294_967_295] as [UInt64] {
        let text = RequestIdentifier.made(connection: connection, call: call).text
        #expect(text.count == 36)
        #expect(Array(text)[14] == "8")
        #expect("89ab".contains(Array(text)[19]))
        seen.insert(text)
      }
    }
    #expect(seen.count == 15)
    #expect(RequestIdentifier.given("x").text == "x")
  }
}
