import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Proto3 JSON")
struct JSONTests {
  @Test("reads what it wrote", arguments: Sample.all)
  func roundTrip(_ sample: Sample) throws {
    func check<M: Message>(_ message: M) throws {
      #expect(try M(jsonString: message.jsonString()) == message)
      for options in [
        JSONEncodingOptions(includesDefaults: true), JSONEncodingOptions(usesProtoNames: true),
        JSONEncodingOptions(writesEnumsAsNumbers: true), JSONEncodingOptions(isPretty: true)
      ] {
        #expect(try M(jsonString: message.jsonString(options: options)) == message)
      }
    }
    try check(sample.message)
  }

  struct Written: Sendable {
    let message: any Message
    let json: String
  }

  @Test(
    "writes each type in its form",
    arguments: [
      Written(message: Nothing(), json: "{}"),
      Written(message: Scalars(), json: "{}"),
      Written(
        message: Scalars(int32Value: -1, int64Value: -2, uint32Value: 3, uint64Value: .max),
        json:
          #"{"int32Value":-1,"int64Value":"-2","uint32Value":3,"uint64Value":"18446744073709551615"}"#
      ),
      Written(
        message: Scalars(doubleValue: 1, floatValue: 0.1),
        json: #"{"doubleValue":1,"floatValue":0.1}"#),
      Written(message: Scalars(doubleValue: 1e300), json: #"{"doubleValue":1e+300}"#),
      Written(message: Scalars(doubleValue: .nan), json: #"{"doubleValue":"NaN"}"#),
      Written(
        message: Scalars(doubleValue: .infinity, floatValue: -.infinity),
        json: #"{"doubleValue":"Infinity","floatValue":"-Infinity"}"#),
      Written(message: Scalars(doubleValue: -0.0), json: #"{"doubleValue":-0}"#),
      Written(
        message: Scalars(boolValue: true, bytesValue: [0xfb, 0xff, 0xfe, 1]),
        json: #"{"boolValue":true,"bytesValue":"+//+AQ=="}"#),
      Written(
        message: Scalars(stringValue: "\"\\/\u{8}\u{c}\n\r\t\u{1}\u{7f} é😀"),
        json: #"{"stringValue":"\"\\/\b\f\n\r\t\u0001\u007f é😀"}"#),
      Written(message: Scalars(colorValue: .red), json: #"{"colorValue":"COLOR_RED"}"#),
      Written(message: Scalars(colorValue: .unrecognized(9)), json: #"{"colorValue":9}"#),
      Written(
        message: OptionalScalars(int32Value: 0, stringValue: "", scalars: Scalars()),
        json: #"{"int32Value":0,"stringValue":"","scalars":{}}"#),
      Written(
        message: RepeatedScalars(int64Values: [1], boolValues: [true, false]),
        json: #"{"int64Values":["1"],"boolValues":[true,false]}"#),
      Written(
        message: Maps(byInt32: [2: "b", -1: "a"], byBool: [true: "t", false: "f"]),
        json: #"{"byInt32":{"-1":"a","2":"b"},"byBool":{"false":"f","true":"t"}}"#),
      Written(message: Choices(first: .flag(false)), json: #"{"flag":false}"#),
      Written(message: Keywords.with { $0.renamed = "r" }, json: #"{"@other":"r"}"#),
      Written(
        message: Known(fieldMask: ["birth_date", "name.given"]),
        json: #"{"fieldMask":"birthDate,name.given"}"#),
      Written(message: Known(doubleValue: DoubleValue()), json: #"{"doubleValue":0}"#),
      Written(message: Known(int64Value: Int64Value(value: 5)), json: #"{"int64Value":"5"}"#),
      Written(message: Known(empty: ProtoEmpty()), json: #"{"empty":{}}"#)
    ])
  func writes(_ example: Written) throws {
    #expect(try example.message.jsonString() == example.json)
  }

  @Test("writes defaults, the contract's names, numbers of enums and lines when asked")
  func options() throws {
    let message = Outer(inner: Outer.Inner(), level: .low)
    #expect(
      try message.jsonString(options: .init(includesDefaults: true))
        == #"{"inner":{"list":[]},"level":"LEVEL_LOW"}"#)
    #expect(
      try message.jsonString(options: .init(writesEnumsAsNumbers: true))
        == #"{"inner":{},"level":1}"#)
    #expect(
      try Scalars(int32Value: 1).jsonString(options: .init(usesProtoNames: true))
        == #"{"int32_value":1}"#)
    #expect(
      try RepeatedScalars(int32Values: [1, 2]).jsonString(options: .init(isPretty: true))
        == "{\n  \"int32Values\": [\n    1,\n    2\n  ]\n}")
    #expect(try Nothing().jsonString(options: .init(isPretty: true)) == "{}")
  }

  @Test(
    "reads other ways of writing the same",
    arguments: [
      (#" { "int32_value" : 5 } "#, Scalars(int32Value: 5)),
      (#"{"int32Value":"5"}"#, Scalars(int32Value: 5)),
      (#"{"int32Value":5.0}"#, Scalars(int32Value: 5)),
      (#"{"int32Value":0.05e2}"#, Scalars(int32Value: 5)),
      (#"{"int32Value":50e-1}"#, Scalars(int32Value: 5)),
      (#"{"int64Value":-9223372036854775808}"#, Scalars(int64Value: .min)),
      (#"{"int64Value":"9.223372036854775807e18"}"#, Scalars(int64Value: .max)),
      (#"{"uint64Value":18446744073709551615}"#, Scalars(uint64Value: .max)),
      (#"{"doubleValue":"1.5"}"#, Scalars(doubleValue: 1.5)),
      (#"{"doubleValue":"-Infinity"}"#, Scalars(doubleValue: -.infinity)),
      (#"{"int32Value":null,"stringValue":null,"colorValue":null}"#, Scalars()),
      (#"{"colorValue":"COLOR_CRIMSON"}"#, Scalars(colorValue: .red)),
      (#"{"colorValue":2}"#, Scalars(colorValue: .green)),
      (#"{"bytesValue":"-_8"}"#, Scalars(bytesValue: [0xfb, 0xff])),
      (#"{"bytesValue":"+/8="}"#, Scalars(bytesValue: [0xfb, 0xff])),
      (#"{"stringValue":"\u00e9\ud83d\ude00\/"}"#, Scalars(stringValue: "é😀/")),
      (#"{"stringValue":"a\u0000b"}"#, Scalars(stringValue: "a\0b"))
    ])
  func reads(_ json: String, _ expected: Scalars) throws {
    #expect(try Scalars(jsonString: json) == expected)
  }

  @Test(
    "refuses what is not the type's form, and says where",
    arguments: [
      ("", .malformed, ""), ("{", .malformed, ""), ("{}}", .malformed, ""), ("[]", .wrongType, ""),
      ("null", .wrongType, ""), (#"{"a"}"#, .malformed, ""), (#"{"a":1,}"#, .unknownField, "a"),
      (#"{"int32Value":1,}"#, .malformed, ""), (#"{'int32Value':1}"#, .malformed, ""),
      (#"{"int32Value":01}"#, .malformed, "int32Value"),
      (#"{"int32Value":+1}"#, .malformed, "int32Value"),
      (#"{"int32Value":1.}"#, .malformed, "int32Value"),
      (#"{"int32Value":true}"#, .wrongType, "int32Value"),
      (#"{"int32Value":" 1"}"#, .wrongType, "int32Value"),
      (#"{"int32Value":""}"#, .wrongType, "int32Value"),
      (#"{"int32Value":0.5}"#, .outOfRange, "int32Value"),
      (#"{"int32Value":2147483648}"#, .outOfRange, "int32Value"),
      (#"{"int64Value":-9223372036854775809}"#, .outOfRange, "int64Value"),
      (#"{"uint32Value":-1}"#, .outOfRange, "uint32Value"),
      (#"{"uint64Value":1e99999999999999999999}"#, .outOfRange, "uint64Value"),
      (#"{"floatValue":1e39}"#, .outOfRange, "floatValue"),
      (#"{"doubleValue":1e309}"#, .outOfRange, "doubleValue"),
      (#"{"doubleValue":NaN}"#, .malformed, "doubleValue"),
      (#"{"boolValue":"true"}"#, .wrongType, "boolValue"),
      (#"{"boolValue":1}"#, .wrongType, "boolValue"),
      (#"{"stringValue":1}"#, .wrongType, "stringValue"),
      (#"{"stringValue":"\ud800"}"#, .malformed, "stringValue"),
      (#"{"stringValue":"\udc00\ud800"}"#, .malformed, "stringValue"),
      (#"{"stringValue":"\x"}"#, .malformed, "stringValue"),
      ("{\"stringValue\":\"a\nb\"}", .malformed, "stringValue"),
      (#"{"bytesValue":"a"}"#, .invalidFormat, "bytesValue"),
      (#"{"bytesValue":"a*=="}"#, .invalidFormat, "bytesValue"),
      (#"{"colorValue":"MAUVE"}"#, .unknownEnumValue, "colorValue"),
      (#"{"int32Value":1,"int32Value":2}"#, .duplicateField, "int32Value"),
      (#"{"int32Value":1,"int32_value":2}"#, .duplicateField, "int32_value")
    ] as [(String, JSONError.Code, String)])
  func refuses(_ json: String, _ code: JSONError.Code, _ path: String) {
    #expect { try Scalars(jsonString: json) } throws: { error in
      let error = error as? JSONError
      return error?.code == code && error?.path == path
    }
  }

  @Test("names the place of a mistake in lists, maps and messages")
  func paths() {
    func path<M: Message>(_ json: String, as type: M.Type) -> String? {
      do {
        _ = try M(jsonString: json)
        return nil
      } catch {
        return error.path
      }
    }
    #expect(
      path(#"{"scalars":[{},{"int32Value":"x"}]}"#, as: RepeatedScalars.self)
        == "scalars[1].int32Value")
    #expect(path(#"{"left":{"right":{"value":[]}}}"#, as: Tree.self) == "left.right.value")
    #expect(path(#"{"int32Values":[1,null]}"#, as: RepeatedScalars.self) == "int32Values[1]")
    #expect(path(#"{"byInt32":{"x":"a"}}"#, as: Maps.self) == "byInt32")
    #expect(path(#"{"byBool":{"True":"a"}}"#, as: Maps.self) == "byBool")
  }

  @Test("refuses two members of a oneof, and takes a null beside one")
  func oneofs() throws {
    #expect { try Choices(jsonString: #"{"number":1,"text":"a"}"#) } throws: { error in
      (error as? JSONError)?.code == .duplicateField
    }
    #expect(try Choices(jsonString: #"{"number":null,"text":"a"}"#).first == .text("a"))
    #expect(try Choices(jsonString: #"{"text":"a","number":null}"#).first == .text("a"))
  }

  @Test("skips unknown fields and enum values when asked")
  func ignoring() throws {
    let options = JSONDecodingOptions(ignoresUnknownFields: true)
    let json = #"{"x":{"y":[1,"a",null,{}]},"int32Value":1,"colorValue":"MAUVE","z":-1.5e3}"#
    #expect(try Scalars(jsonString: json, options: options) == Scalars(int32Value: 1))
    #expect(
      try RepeatedScalars(jsonString: #"{"colorValues":["COLOR_RED","MAUVE"]}"#, options: options)
        == RepeatedScalars(colorValues: [.red]))
    #expect(
      try Maps(jsonString: #"{"colors":{"a":"MAUVE","b":"COLOR_RED"}}"#, options: options)
        == Maps(colors: ["b": .red]))
    #expect(throws: JSONError.self) {
      try Scalars(jsonString: #"{"x":tru}"#, options: options)
    }
  }

  @Test("never holds a value in an error's text")
  func errorsAreSilent() {
    #expect {
      try Scalars(jsonString: #"{"stringValue":{"secret":"hunter2"}}"#)
    } throws: { error in
      !"\(error)".contains("hunter2") && "\(error)".contains("stringValue")
    }
  }
}
