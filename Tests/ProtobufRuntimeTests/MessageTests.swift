import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Messages")
struct MessageTests {
  @Test("are described by their fields that are set")
  func description() {
    #expect(Nothing().description == "Nothing()")
    #expect(
      Scalars(int32Value: 1, boolValue: true, stringValue: "s", bytesValue: [1, 2]).description
        == #"Scalars(int32_value: 1, bool_value: true, string_value: "s", bytes_value: 2 bytes)"#)
    #expect(
      Outer(inner: Outer.Inner(list: [Outer.Inner.Innermost(value: 1)])).description
        == "Outer(inner: Outer.Inner(list: [Outer.Inner.Innermost(value: 1)]))")
    #expect(
      Maps(byInt32: [2: "b", 1: "a"]).description == #"Maps(by_int32: [1: "a", 2: "b"])"#)
  }

  @Test("are described without what the contract does not call public")
  func redaction() {
    let rules = TextRules(
      length: "abc", email: "someone@example.org", line: "a diagnosis", pattern: "AB-1")
    let description = rules.description
    for value in ["abc", "someone", "diagnosis", "AB-1"] {
      #expect(!description.contains(value))
      #expect(!String(reflecting: rules).contains(value))
      #expect(!"\([rules])".contains(value))
    }
    #expect(description.contains("email: <personal>"))
    #expect(description.contains("line: <clinical>"))
    #expect(description.contains("pattern: <secret>"))
  }

  @Test("are described in a bounded line")
  func longDescription() {
    let long = RepeatedScalars(
      int32Values: Array(0..<1_000), stringValues: [String(repeating: "x", count: 5_000)])
    #expect(long.description.count < 300)
    #expect(long.description.contains("… 992 more"))
  }

  @Test("are values")
  func values() {
    var tree = Tree(left: Tree(value: 1))
    let copy = tree
    tree.left?.value = 2
    tree.right = copy
    #expect(copy == Tree(left: Tree(value: 1)))
    #expect(tree == Tree(left: Tree(value: 2), right: Tree(left: Tree(value: 1))))
    #expect(Set([tree, copy, tree]).count == 2)
  }

  @Test("can be built by a closure")
  func building() {
    #expect(Scalars.with { $0.int32Value = 1 } == Scalars(int32Value: 1))
    #expect(Scalars(int32Value: 1).with { $0.int32Value = 0 } == Scalars())
  }

  @Test("describe their contract")
  func descriptors() throws {
    let descriptor = Maps.descriptor
    #expect(descriptor.fullName == "fixture.v1.Maps")
    #expect(descriptor.name == "Maps")
    #expect(Outer.Inner.Innermost.descriptor.name == "Outer.Inner.Innermost")
    #expect(descriptor.documentation == "A map with each type of key, and with each type of value.")
    let messages = try #require(descriptor.field(named: "messages"))
    #expect(messages.number == 18)
    #expect(messages.cardinality == .map)
    #expect(messages.kind == .message)
    #expect(messages.mapKey == .string)
    #expect(messages.typeName == "fixture.v1.Scalars")
    #expect(descriptor.field(number: 1)?.jsonName == "byInt32")
    #expect(descriptor.field(named: "byInt32")?.name == "by_int32")
    #expect(descriptor.field(named: "nothing") == nil)
    let number = try #require(Choices.descriptor.field(named: "number"))
    #expect(number.oneof == "first")
    #expect(number.cardinality == .optional)
    #expect(Deprecated.descriptor.isDeprecated)
    #expect(PartlyDeprecated.descriptor.field(named: "old")?.isDeprecated == true)
    #expect(Color.descriptor.values.count == 7)
    #expect(Color.descriptor.value(number: 1)?.name == "COLOR_RED")
    #expect(Color.descriptor.number(name: "COLOR_CRIMSON") == 1)
    #expect(Color.red.protoName == "COLOR_RED")
  }

  @Test("are found in a registry by name and URL")
  func registry() {
    let registry = TypeRegistry([Scalars.self])
    #expect(registry.type(named: "fixture.v1.Scalars") == Scalars.self)
    #expect(registry.type(url: "example.org/x/fixture.v1.Scalars") == Scalars.self)
    #expect(registry.type(url: "fixture.v1.Scalars") == nil)
    #expect(registry.type(named: "google.protobuf.Any") == ProtoAny.self)
    #expect(registry.adding([Tree.self]).type(named: "fixture.v1.Tree") == Tree.self)
    #expect(TypeRegistry.wellKnown.type(named: "fixture.v1.Scalars") == nil)
  }
}
