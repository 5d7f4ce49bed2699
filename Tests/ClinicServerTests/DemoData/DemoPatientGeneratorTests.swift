import Testing

@testable import ClinicServer

@Suite("Demo patients")
struct DemoPatientGeneratorTests {
  private func patients(_ count: Int, seed: UInt64 = 7) throws -> [DemoPatient] {
    let today = try #require(PartialDate(year: 2026, month: 11, day: 23))
    var generator = DemoPatientGenerator(seed: seed, today: today)
    return (0..<count).map { _ in generator.next() }
  }

  @Test("are the same for the same seed, and others for another")
  func isDeterministic() throws {
    let first = try patients(300)
    #expect(try patients(300) == first)
    #expect(try patients(300, seed: 8) != first)
    // Pinned, so that a change of the generator is noticed.
    var generator = SeededGenerator(seed: 42)
    #expect(generator.next() == 0xBDD7_3226_2FEB_6E95)
  }

  @Test("keep to the rules of real records")
  func keepsToRules() throws {
    let all = try patients(5000)
    let today = try #require(PartialDate(year: 2026, month: 11, day: 23)).earliestDay
    for patient in all {
      #expect(!patient.name.given.isEmpty && !patient.name.family.isEmpty)
      if let birth = patient.birthDate {
        #expect(birth.earliestDay <= today)
        if let death = patient.deathDate { #expect(!death.isCertainlyBefore(birth)) }
      }
      if let death = patient.deathDate {
        #expect(patient.isDeceased && death.earliestDay <= today)
      }
      if !patient.nhsNumber.isEmpty { #expect(NHSNumber.isForTests(patient.nhsNumber)) }
      for phone in patient.phones.map(\.number) + patient.relatives.map(\.phone) {
        #expect(PhoneNumber.normalized(phone, country: "GB") == phone)
      }
      if !patient.email.isEmpty {
        #expect(patient.email.wholeMatch(of: /[a-z0-9.]+@example\.(com|org|net)/) != nil)
      }
      #expect(!patient.address.lines.isEmpty)
      #expect(Set(patient.tags).count == patient.tags.count)
      #expect(Set(patient.consents.map(\.kind)).count == patient.consents.count)
    }
    let numbers = all.map(\.nhsNumber).filter { !$0.isEmpty }
    #expect(Set(numbers).count == numbers.count)
    let emails = all.map(\.email).filter { !$0.isEmpty }
    #expect(Set(emails).count == emails.count)
  }

  @Test("have what real records have")
  func isVaried() throws {
    let all = try patients(5000)
    #expect(all.contains { $0.birthDate == nil })
    #expect(all.contains { $0.birthDate.map { !$0.isComplete } ?? false })
    #expect(all.contains { $0.isDeceased && $0.deathDate == nil })
    #expect(all.contains { $0.birthName != nil })
    #expect(all.contains { !$0.name.text.isEmpty })
    #expect(all.contains { $0.isArchived })
    #expect(all.contains { $0.phones.isEmpty })
    #expect(all.contains { $0.needsInterpreter })
    #expect(Set(all.map(\.sex)).count == 4)
    let accented = all.filter { !"\($0.name.given)\($0.name.family)".utf8.allSatisfy { $0 < 0x80 } }
    #expect((300...2500).contains(accented.count))
    let families = Set(all.map(\.name.family))
    #expect(families.count > 150)
  }

  @Test("number enough for a million, with NHS numbers while the test range lasts")
  func lastsLong() throws {
    let all = try patients(50_000)
    let numbers = all.map(\.nhsNumber).filter { !$0.isEmpty }
    #expect(Set(numbers).count == numbers.count)
    #expect(numbers.count > 45_000)
  }

  @Test("can be written in Synthea's columns")
  func syntheaRows() throws {
    let columns = DemoPatient.syntheaHeader.split(separator: ",").map(String.init)
    #expect(columns.count == 25)
    #expect(columns[8] == "LAST" && columns[24] == "HEALTHCARE_COVERAGE")
    for patient in try patients(200) {
      let row = patient.syntheaRow(id: "x")
      if !row.contains("\"") {
        let fields = row.split(separator: ",", omittingEmptySubsequences: false)
        #expect(fields.count == 25)
        #expect(fields[8] == patient.name.family)
      }
    }
    var odd = try #require(try patients(1).first)
    odd.name.family = "O\"Dd, Jr"
    #expect(odd.syntheaRow(id: "x").contains("\"O\"\"Dd, Jr\""))
  }

  @Test("come from tables that were read whole")
  func tables() {
    #expect(DemoNames.all.count == 22)
    #expect(DemoPlaces.all.count == 18)
    #expect(DemoPlaces.streets.count == 30)
    for origin in DemoNames.all {
      #expect(origin.share > 0 && origin.country.count == 2)
      #expect(origin.female.count > 2 && origin.male.count > 2 && origin.family.count > 2)
    }
  }
}
