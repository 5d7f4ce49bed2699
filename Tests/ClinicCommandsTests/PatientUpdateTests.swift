@testable import ClinicCommands
import ClinicContracts
import ProtobufRuntime
import Synchronization
import Testing

@Suite("Updates of a patient from a command line")
struct PatientUpdateTests {
  static let id = "01900000-0000-7000-8000-000000000001"
  static let stored = Patient(
    patientID: id, name: PersonName(given: "Ann", family: "Roe"),
    identifiers: [
      Identifier(type: .passport, value: "P1", countryCode: "GB"),
      Identifier(type: .other, value: "1", issuer: "lab"),
      Identifier(type: .other, value: "2", issuer: "ward")
    ],
    contactPoints: [
      ContactPoint(kind: .email, value: "a@b.example", use: .work),
      ContactPoint(kind: .phone, value: "1"), ContactPoint(kind: .mobile, value: "2"),
      ContactPoint(kind: .phone, value: "3")
    ],
    addresses: [
      Address(lines: ["1 High Street"], city: "York", postalCode: "YO1", countryCode: "GB"),
      Address(city: "Paris", countryCode: "FR")
    ],
    tags: ["vip"], etag: "9")

  static func update(_ words: String...) throws -> Patient {
    try #require(try RequestParsingTests.update(words, stored: stored).patient)
  }

  @Test("a telephone number replaces those of its kind, where they stood")
  func contacts() throws {
    let numbers = try Self.update("--phone", "7", "--phone", "8").contactPoints
    #expect(numbers.map(\.value) == ["a@b.example", "7", "8", "2"])
    #expect(numbers[0].use == .work)
    #expect(try Self.update("--phone", "").contactPoints.map(\.value) == ["a@b.example", "2"])
  }

  @Test("a part of the address changes it alone")
  func addresses() throws {
    let addresses = try Self.update("--city", "Leeds").addresses
    var expected = Self.stored.addresses
    expected[0].city = "Leeds"
    #expect(addresses == expected)
    let lines = try Self.update("--address", "a", "--address", "b", "--postal-code", "").addresses
    #expect(lines[0] == Address(lines: ["a", "b"], city: "York", countryCode: "GB"))
    #expect(lines[1] == Self.stored.addresses[1])
  }

  @Test("an identifier replaces those of its type, one of another system that system's")
  func identifiers() throws {
    let changed = try Self.update(
      "--nhs-number", "9434765919", "--identifier", "other:5:ward", "--identifier", "passport:")
    #expect(
      changed.identifiers == [
        Identifier(type: .other, value: "1", issuer: "lab"),
        Identifier(type: .other, value: "5", issuer: "ward"),
        Identifier(type: .nhsNumber, value: "9434765919")
      ])
  }

  @Test("--set changes one element of a list, and an empty value takes it away")
  func elements() throws {
    let changed = try Self.update("--set", "addresses[1].city=Lyon").addresses
    #expect(changed[0] == Self.stored.addresses[0])
    #expect(changed[1] == Address(city: "Lyon", countryCode: "FR"))
    let shorter = try Self.update("--set", "contact_points[1]=").contactPoints
    #expect(shorter.map(\.value) == ["a@b.example", "2", "3"])
  }

  @Test("what was read carries its etag, and a given one wins")
  func etags() throws {
    #expect(try Self.update("--city", "Leeds").etag == "9")
    #expect(try Self.update("--city", "Leeds", "--etag", "5").etag == "5")
    #expect(try RequestParsingTests.update(["--city", "Leeds"]).patient?.etag == "")
  }

  @Test("the command reads the record where a list is to be kept, and sends it whole")
  func run() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      clinic.state.withLock { $0.patients = [Self.stored] }
      let outcome = await bench.run(
        "patient", "update", Self.id, "--city", "Leeds", "--phone", "7", "--gender", "woman")
      #expect(outcome.status == .success, "\(outcome.errors)")
      let sent = try #require(clinic.state.withLock { $0.lastUpdate })
      #expect(sent.updateMask?.paths == ["gender", "contact_points", "addresses"])
      #expect(sent.patient?.etag == "9")
      #expect(sent.patient?.contactPoints.map(\.value) == ["a@b.example", "7", "2"])
      #expect(sent.patient?.addresses.count == 2)
      #expect(sent.patient?.addresses.first?.lines == ["1 High Street"])
      // What changes no list needs no record, and takes any version.
      let missing = "01900000-0000-7000-8000-000000000002"
      #expect(await bench.run("patient", "update", missing, "--gender", "x").status == .success)
      #expect(clinic.state.withLock { $0.lastUpdate?.patient?.etag } == "")
      #expect(await bench.run("patient", "update", missing, "--city", "x").status == .notFound)
    }
  }
  @Test("a repetition that reads the record needs the version that the first try knew")
  func repetition() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      clinic.state.withLock { $0.patients = [Self.stored] }
      let words = ["patient", "update", Self.id, "--request-id", Self.id, "--city", "Leeds"]
      let refused = await bench.run(words)
      #expect(refused.status == .usage)
      #expect(refused.errors.contains("--etag"))
      #expect(clinic.state.withLock { $0.lastUpdate } == nil)
      #expect(await bench.run(words + ["--etag", "9"]).status == .success)
      #expect(clinic.state.withLock { $0.lastUpdate?.patient?.etag } == "9")
    }
  }
}
