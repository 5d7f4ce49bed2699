import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Field masks")
struct FieldMaskTests {
  private let old = Tree(
    value: 1, left: Tree(value: 2, children: [Tree(value: 3)]), children: [Tree(value: 4)],
    named: ["a": Tree()])
  private let new = Tree(
    value: 10, left: Tree(value: 20, left: Tree(value: 30)), right: Tree(value: 40),
    children: [Tree(value: 50), Tree(value: 60)])

  private func merged(_ paths: [String]) throws -> Tree {
    var tree = old
    try tree.merge(new, mask: FieldMask(paths: paths))
    return tree
  }

  @Test("take over only what they name")
  func fields() throws {
    #expect(try merged([]) == old)
    #expect(try merged(["value"]) == old.with { $0.value = 10 })
    #expect(try merged(["left"]) == old.with { $0.left = new.left })
    #expect(try merged(["left.value"]) == old.with { $0.left?.value = 20 })
    #expect(
      try merged(["left.left.value", "right"])
        == old.with {
          $0.left?.left = Tree(value: 30)
          $0.right = Tree(value: 40)
        })
    #expect(try merged(["*"]) == new)
  }

  @Test("replace lists and maps as a whole, and unset what is not set")
  func replacing() throws {
    #expect(try merged(["children"]).children == new.children)
    #expect(try merged(["named"]).named == [:])
    var tree = new
    try tree.merge(old, mask: ["right", "left.left"])
    #expect(tree.right == nil)
    #expect(tree.left == Tree(value: 20))
  }

  @Test("leave a message unset that neither side has")
  func absent() throws {
    var tree = Tree()
    try tree.merge(Tree(), mask: ["left.left.value"])
    #expect(tree == Tree())
  }

  @Test("set, merge and unset members of a oneof")
  func oneofs() throws {
    var choices = Choices(first: .scalars(Scalars(int32Value: 1, boolValue: true)))
    try choices.merge(
      Choices(first: .scalars(Scalars(int32Value: 2))), mask: ["scalars.int32_value"])
    #expect(choices.first == .scalars(Scalars(int32Value: 2, boolValue: true)))
    try choices.merge(Choices(first: .text("t")), mask: ["number"])
    #expect(choices.first == .scalars(Scalars(int32Value: 2, boolValue: true)))
    try choices.merge(Choices(first: .text("t")), mask: ["text"])
    #expect(choices.first == .text("t"))
    try choices.merge(Choices(), mask: ["text"])
    #expect(choices.first == nil)
  }

  @Test(
    "may name what the message has",
    arguments: [
      "value", "left", "left.right.value", "children", "named", "*"
    ])
  func known(_ path: String) {
    #expect(Tree.knows(path: path))
  }

  @Test(
    "may not name anything else",
    arguments: [
      "", ".", "nothing", "left.", ".left", "left.nothing", "value.x", "children.value", "named.a",
      "left..value", "Left", "left.*"
    ])
  func unknown(_ path: String) {
    #expect(!Tree.knows(path: path))
    #expect(throws: FieldMaskError.self) { try merged([path]) }
  }

  @Test("are made of the fields that are set")
  func populated() {
    #expect(new.populatedFields == ["value", "left", "right", "children"])
    #expect(Scalars(stringValue: "x").populatedFields == ["string_value"])
    #expect(OptionalScalars(int32Value: 0).populatedFields == ["int32_value"])
    #expect(Choices(first: .flag(false)).populatedFields == ["flag"])
    #expect(Nothing().populatedFields.isEmpty)
  }
}
