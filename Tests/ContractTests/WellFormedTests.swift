import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("What no value may be")
struct WellFormedTests {
  private static let second = Timestamp(seconds: 1)

  @Test(
    "is refused in every place of a message, without an option of its field",
    arguments: [
      ("timestamp", Known(timestamp: Timestamp(seconds: .max))),
      ("timestamp", Known(timestamp: Timestamp(seconds: .min))),
      ("timestamp", Known(timestamp: Timestamp(seconds: 253_402_300_800))),
      ("timestamp", Known(timestamp: Timestamp(seconds: -62_135_596_801))),
      ("timestamp", Known(timestamp: Timestamp(nanos: -1))),
      ("timestamp", Known(timestamp: Timestamp(nanos: 1_000_000_000))),
      ("duration", Known(duration: ProtoDuration(seconds: 315_576_000_001))),
      ("duration", Known(duration: ProtoDuration(seconds: .min))),
      ("duration", Known(duration: ProtoDuration(nanos: .min))),
      ("duration", Known(duration: ProtoDuration(seconds: 1, nanos: -1))),
      ("duration", Known(duration: ProtoDuration(seconds: -1, nanos: 1))),
      ("timestamps[1]", Known(timestamps: [second, Timestamp(seconds: .max), second])),
      ("at", Known.with { $0.when = .at(Timestamp(seconds: .max)) }),
      ("string_value.value", Known(stringValue: StringValue(value: "a\0"))),
      ("field_mask.paths[0]", Known(fieldMask: FieldMask(paths: ["\0"]))),
      (
        "values[k].string_value",
        Known(values: ["k": ProtoValue(kind: .stringValue("\0b"))])
      ),
      ("values", Known(values: ["\0": ProtoValue(kind: .boolValue(true))])),
      ("any.type_url", Known(any: ProtoAny(typeURL: "\0")))
    ])
  func refused(field: String, message: Known) throws {
    #expect(message.validationErrors().map(\.field) == [field])
    // What crosses the wire is what was said.
    #expect(try Known(serializedBytes: message.serializedBytes()) == message)
  }

  @Test(
    "and what is just inside of it is taken",
    arguments: [
      Known(timestamp: Timestamp(seconds: 253_402_300_799, nanos: 999_999_999)),
      Known(timestamp: Timestamp(seconds: -62_135_596_800)),
      Known(duration: ProtoDuration(seconds: -315_576_000_000, nanos: -999_999_999)),
      Known(duration: ProtoDuration(nanos: -1)),
      Known(stringValue: StringValue(value: "\u{1}")),
      Known(bytesValue: BytesValue(value: [0]))
    ])
  func taken(message: Known) {
    #expect(message.validationErrors() == [])
  }

  @Test("is reported alone: rules are for values that are")
  func alone() {
    let message = TextRules.with { $0.uuid = "\0" }
    #expect(message.validationErrors().map(\.reason) == ["FORMAT_TEXT"])
    #expect(TextRules().validationErrors().map(\.field) != [])
  }

  @Test("is reported no more often than violations are kept")
  func many() {
    let message = Known(timestamps: Array(repeating: Timestamp(seconds: .max), count: 1_000))
    #expect(message.validationErrors().count == Violations.limit)
  }
}
