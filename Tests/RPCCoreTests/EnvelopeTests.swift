import ProtobufRuntime
import RPCCore
import Testing

@Suite("Call envelope")
struct EnvelopeTests {
  @Test("a call header survives the wire")
  func opening() throws {
    var metadata = Metadata()
    metadata.add("value", for: "name")
    metadata.add("other", for: "name")
    let opening = CallOpening(
      method: "a.B/C", timeoutMicroseconds: 7, authorization: "token", metadata: metadata,
      requestID: "0190a7b2-1111-7000-8000-00000000000a")
    #expect(
      try CallOpening(serializedBytes: opening.serializedBytes(), metadataLimit: 2) == opening)
    #expect(throws: RPCError.self) {
      try CallOpening(serializedBytes: opening.serializedBytes(), metadataLimit: 1)
    }
  }

  @Test(
    "metadata that breaks the rules is refused",
    arguments: [("Upper", "x"), ("", "x"), ("sp ace", "x"), ("name", "line\n"), ("name", "ü")])
  func metadata(name: String, value: String) throws {
    let header = CallHeader(
      method: "a.B/C", metadata: [MetadataEntry(name: name, value: Array(value.utf8))])
    let bytes = try header.serializedBytes()
    #expect {
      try CallOpening(serializedBytes: bytes, metadataLimit: 9)
    } throws: { error in
      (error as? RPCError)?.code == .invalidArgument
    }
  }

  @Test("bytes travel under a name that ends in -bin")
  func binaryMetadata() throws {
    let header = CallHeader(
      method: "a.B/C", metadata: [MetadataEntry(name: "trace-bin", value: [0, 255])])
    let opening = try CallOpening(serializedBytes: header.serializedBytes(), metadataLimit: 9)
    #expect(opening.metadata.entries.map(\.value) == [[0, 255]])
  }

  @Test(
    "an error survives the wire with its details, and without its cause",
    arguments: [
      RPCError.notFound("no", reason: "GONE"),
      .invalidArgument(field: "a.b[1]", reason: "REQUIRED", description: "must be set"),
      .resourceExhausted("slow down", reason: "THROTTLED", retryAfter: .milliseconds(1_500)),
      .failedPrecondition("closed", type: "STATE", subject: "company"),
      .internal(cause: CancellationError()),
      RPCError(
        code: RPCStatusCode(rawValue: 99), message: "new",
        details: [.other(typeURL: "type.example/x.Y", value: [1, 2])])
    ])
  func ending(error: RPCError) throws {
    var sent = error
    sent.requestID = "id"
    let bytes = CallEnding(error: sent).serializedBytes()
    let received = try #require(try CallEnding(serializedBytes: bytes).error)
    #expect(received.code == error.code)
    #expect(received.message == error.message)
    #expect(received.details == error.details)
    #expect(received.requestID == "id")
    #expect(received.cause == nil)
    #expect(received.retryDelay == error.retryDelay)
  }

  @Test("a call that went well ends with no bytes at all")
  func success() throws {
    #expect(CallEnding(error: nil).serializedBytes() == [])
    #expect(try CallEnding(serializedBytes: []).error == nil)
  }

  @Test("a farewell survives the wire")
  func farewell() throws {
    let farewell = Farewell(lastCallID: .max, code: .resourceExhausted, message: "too large")
    #expect(try Farewell(serializedBytes: farewell.serializedBytes()) == farewell)
  }
}
