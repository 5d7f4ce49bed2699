import FixtureContracts
import ProtobufRuntime
import Testing

/// A message of the fixtures beside the same message in protobuf's text format.
struct Sample: Sendable, CustomTestStringConvertible {
  let type: any Message.Type
  let message: any Message
  let file: String
  let text: String

  init<M: Message>(_ message: M, in file: String, _ text: String) {
    type = M.self
    self.message = message
    self.file = file
    self.text = text
  }

  var name: String { String(type.descriptor.fullName.dropFirst("fixture.v1.".count)) }
  var testDescription: String { "\(name): \(text.prefix(60))" }

  static let all: [Sample] =
    [
      Sample(Nothing(), in: "shapes", ""),
      Sample(Scalars(), in: "scalars", ""),
      Sample(
        Scalars(
          doubleValue: 0.5, floatValue: -2.25, int32Value: -1, int64Value: .min, uint32Value: .max,
          uint64Value: .max, sint32Value: .min, sint64Value: .min, fixed32Value: 7, fixed64Value: 8,
          sfixed32Value: -9, sfixed64Value: -10, boolValue: true, stringValue: "Zoë 漢字 \u{1F600}",
          bytesValue: [0, 1, 255], colorValue: .green, lastValue: 1),
        in: "scalars",
        """
        double_value: 0.5 float_value: -2.25 int32_value: -1 int64_value: -9223372036854775808
        uint32_value: 4294967295 uint64_value: 18446744073709551615 sint32_value: -2147483648
        sint64_value: -9223372036854775808 fixed32_value: 7 fixed64_value: 8 sfixed32_value: -9
        sfixed64_value: -10 bool_value: true string_value: "Zoë 漢字 \u{1F600}"
        bytes_value: "\\000\\001\\377" color_value: COLOR_GREEN last_value: 1
        """),
      Sample(
        Scalars(stringValue: "a\0b", colorValue: .infrared), in: "scalars",
        #"string_value: "a\000b" color_value: COLOR_INFRARED"#),
      Sample(
        Scalars(doubleValue: -.infinity, floatValue: .infinity, colorValue: .least), in: "scalars",
        "double_value: -inf float_value: inf color_value: COLOR_LEAST"),
      Sample(OptionalScalars(), in: "scalars", ""),
      Sample(
        OptionalScalars(
          doubleValue: 0, floatValue: 0, int32Value: 0, int64Value: 0, uint32Value: 0,
          uint64Value: 0, sint32Value: 0, sint64Value: 0, fixed32Value: 0, fixed64Value: 0,
          sfixed32Value: 0, sfixed64Value: 0, boolValue: false, stringValue: "", bytesValue: [],
          colorValue: .unspecified, scalars: Scalars()),
        in: "scalars",
        """
        double_value: 0 float_value: 0 int32_value: 0 int64_value: 0 uint32_value: 0
        uint64_value: 0 sint32_value: 0 sint64_value: 0 fixed32_value: 0 fixed64_value: 0
        sfixed32_value: 0 sfixed64_value: 0 bool_value: false string_value: "" bytes_value: ""
        color_value: COLOR_UNSPECIFIED scalars {}
        """),
      Sample(
        RepeatedScalars(
          doubleValues: [1, -0.0], floatValues: [0.5], int32Values: [1, -1, 0], int64Values: [.max],
          uint32Values: [0, .max], uint64Values: [.max], sint32Values: [-1, 1],
          sint64Values: [.min], fixed32Values: [1, 2, 3], fixed64Values: [4], sfixed32Values: [-5],
          sfixed64Values: [-6], boolValues: [true, false, true], stringValues: ["", "a"],
          bytesValues: [[], [9]], colorValues: [.red, .least, .greatest],
          scalars: [Scalars(), Scalars(int32Value: 3)]),
        in: "scalars",
        """
        double_values: [1, -0.0] float_values: 0.5 int32_values: [1, -1, 0]
        int64_values: 9223372036854775807 uint32_values: [0, 4294967295]
        uint64_values: 18446744073709551615 sint32_values: [-1, 1]
        sint64_values: -9223372036854775808 fixed32_values: [1, 2, 3] fixed64_values: 4
        sfixed32_values: -5 sfixed64_values: -6 bool_values: [true, false, true]
        string_values: ["", "a"] bytes_values: ["", "\\011"]
        color_values: [COLOR_RED, COLOR_LEAST, COLOR_GREATEST] scalars {} scalars { int32_value: 3 }
        """),
      Sample(
        UnpackedScalars(
          doubleValues: [1], int32Values: [1, -1, 300], boolValues: [true, false],
          colorValues: [.red, .green]),
        in: "scalars",
        """
        double_values: 1 int32_values: [1, -1, 300] bool_values: [true, false]
        color_values: [COLOR_RED, COLOR_GREEN]
        """)
    ] + shapes + known

  private static let shapes: [Sample] = [
    Sample(Choices(first: .number(0)), in: "shapes", "number: 0"),
    Sample(
      Choices(first: .text(""), between: "b", second: .only("")), in: "shapes",
      #"text: "" between: "b" only: """#),
    Sample(Choices(first: .data([1, 2])), in: "shapes", #"data: "\001\002""#),
    Sample(Choices(first: .color(.infrared)), in: "shapes", "color: COLOR_INFRARED"),
    Sample(Choices(first: .scalars(Scalars())), in: "shapes", "scalars {}"),
    Sample(
      Choices(first: .inner(Choices(first: .inner(Choices(first: .ratio(0.25)))))), in: "shapes",
      "inner { inner { ratio: 0.25 } }"),
    Sample(
      Maps(
        byInt32: [-1: "a", 2: "b"], byUint64: [.max: "m"], bySint64: [.min: "z"],
        byFixed32: [5: "f"], byBool: [true: "t"], byString: ["k": "", "é": "v"],
        ratios: ["half": 0.5], data: ["d": [0]], colors: ["c": .red],
        messages: ["s": Scalars(int32Value: 1), "empty": Scalars()],
        maps: ["m": Maps(numbers: ["n": 1])]),
      in: "shapes",
      """
      by_int32 { key: -1 value: "a" } by_int32 { key: 2 value: "b" }
      by_uint64 { key: 18446744073709551615 value: "m" }
      by_sint64 { key: -9223372036854775808 value: "z" } by_fixed32 { key: 5 value: "f" }
      by_bool { key: true value: "t" } by_string { key: "k" value: "" }
      by_string { key: "é" value: "v" } ratios { key: "half" value: 0.5 }
      data { key: "d" value: "\\000" } colors { key: "c" value: COLOR_RED }
      messages { key: "empty" value {} } messages { key: "s" value { int32_value: 1 } }
      maps { key: "m" value { numbers { key: "n" value: 1 } } }
      """),
    Sample(
      Outer(
        inner: Outer.Inner(
          innermost: Outer.Inner.Innermost(value: 1, level: .high),
          list: [Outer.Inner.Innermost(), Outer.Inner.Innermost(value: 2)]),
        level: .low),
      in: "shapes",
      """
      inner { innermost { value: 1 level: LEVEL_HIGH } list {} list { value: 2 } } level: LEVEL_LOW
      """),
    Sample(
      Tree(
        value: 1, left: Tree(value: 2), right: Tree(right: Tree(value: 3)),
        children: [Tree(value: 4)], named: ["n": Tree(value: 5)]),
      in: "shapes",
      """
      value: 1 left { value: 2 } right { right { value: 3 } } children { value: 4 }
      named { key: "n" value { value: 5 } }
      """),
    Sample(
      Ping(depth: 2, pong: Pong(depth: 1, ping: Ping())), in: "shapes",
      "depth: 2 pong { depth: 1 ping {} }")
  ]

  private static let known: [Sample] = [
    Sample(
      Known(
        duration: ProtoDuration(seconds: -1, nanos: -5), empty: ProtoEmpty(),
        fieldMask: ["a.b", "c"],
        struct: ProtoStruct(fields: ["k": ProtoValue(kind: .numberValue(1.5))]),
        value: ProtoValue(kind: .nullValue(.nullValue)),
        listValue: ProtoListValue(values: [ProtoValue(kind: .boolValue(false))]),
        timestamp: Timestamp(seconds: 1, nanos: 2), doubleValue: DoubleValue(),
        int64Value: Int64Value(value: -1), stringValue: StringValue(value: "s"),
        timestamps: [Timestamp()], when: .after(ProtoDuration(seconds: 3))),
      in: "known",
      """
      duration { seconds: -1 nanos: -5 } empty {} field_mask { paths: ["a.b", "c"] }
      struct { fields { key: "k" value { number_value: 1.5 } } } value { null_value: NULL_VALUE }
      list_value { values { bool_value: false } } timestamp { seconds: 1 nanos: 2 }
      double_value {} int64_value { value: -1 } string_value { value: "s" } timestamps {}
      after { seconds: 3 }
      """)
  ]
}
