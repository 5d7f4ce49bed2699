import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Well-known types")
struct WellKnownTypesTests {
  @Test(
    "Timestamp is RFC 3339 in JSON",
    arguments: [
      (0, 0, "1970-01-01T00:00:00Z"), (-1, 0, "1969-12-31T23:59:59Z"),
      (-1, 999_000_000, "1969-12-31T23:59:59.999Z"),
      (1_709_164_800, 1_000, "2024-02-29T00:00:00.000001Z"),
      (951_782_400, 1, "2000-02-29T00:00:00.000000001Z"),
      (4_107_542_400, 0, "2100-03-01T00:00:00Z"),
      (-62_135_596_800, 0, "0001-01-01T00:00:00Z"),
      (253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
      (-2_203_891_200, 0, "1900-03-01T00:00:00Z")
    ] as [(Int64, Int32, String)])
  func timestamps(_ seconds: Int64, _ nanos: Int32, _ text: String) throws {
    let time = Timestamp(seconds: seconds, nanos: nanos)
    #expect(try time.jsonString() == "\"\(text)\"")
    #expect(try Timestamp(jsonString: "\"\(text)\"") == time)
    #expect(Timestamp(rfc3339: text) == time)
    #expect(time.rfc3339 == text)
  }

  @Test(
    "Timestamp takes offsets and any number of digits",
    arguments: [
      ("2024-01-01T12:00:00+01:30", 1_704_105_000, 0),
      ("2024-01-01T00:00:00-08:00", 1_704_096_000, 0),
      ("2024-01-01T00:00:00.1Z", 1_704_067_200, 100_000_000),
      ("2024-01-01T00:00:00.12345Z", 1_704_067_200, 123_450_000)
    ] as [(String, Int64, Int32)])
  func offsets(_ text: String, _ seconds: Int64, _ nanos: Int32) {
    #expect(Timestamp(rfc3339: text) == Timestamp(seconds: seconds, nanos: nanos))
  }

  @Test(
    "Timestamp refuses what is no time",
    arguments: [
      "", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2024-01-01t00:00:00Z",
      "2023-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2024-13-01T00:00:00Z",
      "2024-00-01T00:00:00Z",
      "2024-01-32T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
      "2024-01-01T00:00:60Z",
      "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00.1234567890Z", "2024-01-01T00:00:00+25:00",
      "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "10000-01-01T00:00:00Z",
      "2024-01-01T00:00:00Zz", " 2024-01-01T00:00:00Z", "２024-01-01T00:00:00Z"
    ])
  func noTimestamp(_ text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test(
    "Timestamp out of range has no JSON",
    arguments: [
      (253_402_300_800, 0), (-62_135_596_801, 0), (0, -1), (0, 1_000_000_000)
    ] as [(Int64, Int32)])
  func timestampRange(_ seconds: Int64, _ nanos: Int32) {
    let known = Known(timestamp: Timestamp(seconds: seconds, nanos: nanos))
    #expect { try known.jsonString() } throws: { error in
      let error = error as? JSONError
      return error?.code == .unrepresentable && error?.path == "timestamp"
    }
  }

  @Test("Timestamp and text agree on every day of four centuries")
  func everyDay() {
    for day in stride(from: Int64(-200_000), to: 200_000, by: 37) {
      let time = Timestamp(seconds: day * 86_400 + 43_200)
      #expect(time.rfc3339.flatMap(Timestamp.init(rfc3339:)) == time)
    }
  }

  @Test(
    "Duration is seconds in JSON",
    arguments: [
      (0, 0, "0s"), (1, 500_000_000, "1.500s"), (-1, -500_000_000, "-1.500s"),
      (0, -1, "-0.000000001s"),
      (3, 1_000, "3.000001s"), (315_576_000_000, 0, "315576000000s")
    ] as [(Int64, Int32, String)])
  func durations(_ seconds: Int64, _ nanos: Int32, _ text: String) throws {
    let duration = ProtoDuration(seconds: seconds, nanos: nanos)
    #expect(try duration.jsonString() == "\"\(text)\"")
    #expect(try ProtoDuration(jsonString: "\"\(text)\"") == duration)
    #expect(ProtoDuration(Duration(duration)) == duration)
  }

  @Test(
    "Duration refuses what is none",
    arguments: [
      "1", "s", "1.s", ".5s", "+1s", "1 s", "--1s", "315576000001s", "1.0000000001s", "1e3s"
    ])
  func noDuration(_ text: String) {
    #expect(throws: JSONError.self) { try ProtoDuration(jsonString: "\"\(text)\"") }
  }

  @Test(
    "Duration with mixed signs or out of range has no JSON",
    arguments: [
      (1, -1), (-1, 1), (0, 1_000_000_000), (315_576_000_001, 0)
    ] as [(Int64, Int32)])
  func durationRange(_ seconds: Int64, _ nanos: Int32) {
    #expect(throws: JSONError.self) {
      try ProtoDuration(seconds: seconds, nanos: nanos).jsonString()
    }
  }

  @Test(
    "FieldMask refuses paths that would not come back",
    arguments: [
      "", ",", "a,b", "fooBar", "foo__bar", "foo_3", "foo_", "Foo"
    ])
  func maskPaths(_ path: String) {
    #expect(throws: JSONError.self) { try FieldMask(paths: [path]).jsonString() }
  }

  @Test("FieldMask refuses text that is none", arguments: ["a_b", "a,,b", ","])
  func maskText(_ text: String) {
    #expect(throws: JSONError.self) { try FieldMask(jsonString: "\"\(text)\"") }
  }

  @Test(
    "Struct, Value and ListValue are plain JSON",
    arguments: [
      "null", "true", "1.5", #""text""#, "[]", "{}", #"[null,[1,{"a":[false]}]]"#,
      #"{"a":null,"b":{"c":"d"}}"#
    ])
  func values(_ json: String) throws {
    let value = try ProtoValue(jsonString: json)
    #expect(try value.jsonString() == json)
    #expect(try ProtoValue(serializedBytes: value.serializedBytes()) == value)
  }

  @Test("Value tells null from nothing")
  func nullValue() throws {
    let known = try Known(jsonString: #"{"value":null,"nullValue":null,"struct":null}"#)
    #expect(known.value == ProtoValue(kind: .nullValue(.nullValue)))
    #expect(known.struct == nil)
    #expect(throws: JSONError.self) { try ProtoValue().jsonString() }
    #expect(throws: JSONError.self) { try ProtoValue(kind: .numberValue(.nan)).jsonString() }
  }

  @Test("wrappers tell the default value from nothing")
  func wrappers() throws {
    let known = try Known(jsonString: #"{"stringValue":"","boolValue":false,"int64Value":null}"#)
    #expect(known.stringValue == StringValue())
    #expect(known.boolValue == BoolValue())
    #expect(known.int64Value == nil)
  }
}
