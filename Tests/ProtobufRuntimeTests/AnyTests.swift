import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Any")
struct AnyTests {
  private let registry = TypeRegistry([Scalars.self, Known.self, Nothing.self])

  private func write(_ message: some Message) throws -> String {
    try message.jsonString(options: JSONEncodingOptions(registry: registry))
  }

  private func read(_ json: String) throws -> ProtoAny {
    try ProtoAny(jsonString: json, options: JSONDecodingOptions(registry: registry))
  }

  @Test("gives back the message that was packed")
  func packing() throws {
    let any = try ProtoAny(packing: Scalars(int32Value: 1))
    #expect(any.typeURL == "type.googleapis.com/fixture.v1.Scalars")
    #expect(any.holds(Scalars.self))
    #expect(try any.unpacked(as: Scalars.self) == Scalars(int32Value: 1))
    #expect(try any.unpacked(as: Nothing.self) == nil)
    #expect(!ProtoAny(typeURL: "fixture.v1.Scalars").holds(Scalars.self))
    #expect(throws: CodecError(.truncated)) {
      try ProtoAny(typeURL: any.typeURL, value: [0x18]).unpacked(as: Scalars.self)
    }
  }

  @Test("is an object with the fields of the message in JSON")
  func fields() throws {
    let any = try ProtoAny(packing: Scalars(int32Value: 1))
    let json = #"{"@type":"type.googleapis.com/fixture.v1.Scalars","int32Value":1}"#
    #expect(try write(any) == json)
    #expect(try read(json) == any)
    let late = #"{"int32Value":1,"@type":"type.googleapis.com/fixture.v1.Scalars"}"#
    #expect(try read(late) == any)
  }

  @Test("holds a well-known type as a value in JSON")
  func value() throws {
    let any = try ProtoAny(packing: ProtoDuration(seconds: 1))
    let json = #"{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1s"}"#
    #expect(try write(any) == json)
    #expect(try read(json) == any)
    let nested = try ProtoAny(packing: any)
    #expect(try read(write(nested)) == nested)
  }

  @Test("may be empty")
  func empty() throws {
    #expect(try write(ProtoAny()) == "{}")
    #expect(try read("{}") == ProtoAny())
  }

  @Test(
    "refuses types that are not known, and members that do not belong",
    arguments: [
      (#"{"@type":"type.googleapis.com/fixture.v1.Tree"}"#, .unknownType),
      (#"{"@type":"fixture.v1.Scalars"}"#, .unknownType),
      (#"{"int32Value":1}"#, .unknownType),
      (#"{"@type":"type.googleapis.com/fixture.v1.Scalars","x":1}"#, .unknownField),
      (#"{"@type":"type.googleapis.com/google.protobuf.Duration","x":"1s"}"#, .unknownField),
      (#"{"@type":"a/fixture.v1.Scalars","@type":"b/fixture.v1.Scalars"}"#, .duplicateField),
      (#"{"@type":1}"#, .wrongType)
    ] as [(String, JSONError.Code)])
  func refuses(_ json: String, _ code: JSONError.Code) {
    #expect { try read(json) } throws: { ($0 as? JSONError)?.code == code }
  }

  @Test("of a type that is not known, or with broken bytes, has no JSON")
  func unwritable() throws {
    let unknown = try ProtoAny(packing: Tree())
    #expect { try write(unknown) } throws: { ($0 as? JSONError)?.code == .unknownType }
    let broken = ProtoAny(typeURL: "type.googleapis.com/fixture.v1.Scalars", value: [0x18])
    #expect { try write(broken) } throws: { ($0 as? JSONError)?.code == .unknownType }
  }
}
