import ProtobufRuntime
import Testing

@Suite("Violations")
struct ViolationsTests {
  @Test("put paths together from the inside out")
  func paths() {
    var violations = Violations()
    violations.descend("patient") { violations in
      violations.add("", reason: "STATE", description: "must be active")
      violations.descend("identifiers", index: 2) { violations in
        violations.add("value", reason: "REQUIRED", description: "must be set")
        violations.add("[0]", reason: "REQUIRED", description: "must be set")
      }
    }
    violations.add("etag", reason: "REQUIRED", description: "must be set")
    #expect(
      violations.all.map(\.field) == [
        "patient", "patient.identifiers[2].value", "patient.identifiers[2][0]", "etag"
      ])
  }

  @Test("pass the error of a closure on, and keep what it reported")
  func errors() {
    struct Stop: Error {}
    var violations = Violations()
    #expect(throws: Stop.self) {
      try violations.descend("a") { violations in
        violations.add("b", reason: "REQUIRED", description: "must be set")
        throw Stop()
      }
    }
    #expect(violations.all.count == 1)
  }
}
