import Testing

@testable import ClinicServer

@Suite("Password policy")
struct PasswordPolicyTests {
  @Test(
    "takes long passwords that are not the first to be tried",
    arguments: [
      "violet-otter-mends-9", "Zwölf Boxkämpfer jagen", "пятнадцать ежей", "mZ4#kq9!vW2x",
      "the quick badger leaves", "umbrella tinfoil", "xkfw-93hm-q7vd", "一二三四五六七八九十百千",
      "jazzquartetvexes"
    ])
  func takes(password: String) {
    #expect(PasswordPolicy.violation(of: password, email: "jo@example.org") == nil)
  }

  @Test(
    "refuses common ones, in their disguises",
    arguments: [
      "password1234", "Password2024!", "P@ssw0rd2025", "PASSWORD-PASSWORD", "passwordpassword",
      "123456789012", "098765432109", "111111111111", "abcabcabcabc", "qwertyuiop12",
      "QWERTYUIOPASDF", "qwertzuiop123", "abcdefghijkl", "iloveyou2023", "letmeinletmein",
      "welcome12345", "Welcome2024!!", "administrator1", "liverpool1892", "sunshine2020!",
      "changeme1234", "football12345", "trustno1trustno1", "monkey123456", "1q1q1q1q1q1q",
      "aaaaaaaaaaaaaaaa", "            ", "------------", "correcthorsebatterystaple",
      "Summer2024Summer", "hospital2025", "clinicclinic1", "qazwsxedcrfv", "zxcvbnm12345"
    ])
  func refusesCommon(password: String) {
    #expect(PasswordPolicy.violation(of: password, email: "jo@example.org") == .common)
  }

  @Test(
    "refuses what is made of the e-mail address or of names",
    arguments: [
      "siobhan.obrien@example.org", "Siobhan.OBrien1", "SIOBHAN-OBRIEN", "Riverside Clinic",
      "riversideclinic12", "obrien siobhan", "clinic-riverside-7", "Siobhan@Riverside"
    ])
  func refusesPersonal(password: String) {
    let violation = PasswordPolicy.violation(
      of: password, email: "siobhan.obrien@example.org", names: ["Riverside Clinic", "al"])
    #expect(violation == .personal)
  }

  @Test("takes what holds a name and enough besides")
  func takesNames() {
    for password in ["siobhan mends kettles", "riverside otter 9"] {
      #expect(
        PasswordPolicy.violation(
          of: password, email: "siobhan.obrien@example.org", names: ["Riverside Clinic"]) == nil)
    }
  }

  @Test("counts characters, not bytes, from 12 to 1,024")
  func countsCharacters() {
    #expect(PasswordPolicy.violation(of: "mZ4#kq9!vW2", email: "") == .tooShort)
    #expect(PasswordPolicy.violation(of: "ümlautüberal", email: "") == nil)
    let text = String(repeating: "mZ4#kq9!vW2xL7p)", count: 64)
    #expect(PasswordPolicy.violation(of: text, email: "") == nil)
    #expect(PasswordPolicy.violation(of: text + "y", email: "") == .tooLong)
  }

  @Test("explains each rule")
  func explains() {
    for violation in PasswordViolation.allCases {
      #expect(violation.description.hasPrefix("must "))
      #expect(violation.rawValue.hasPrefix("PASSWORD_TOO_"))
    }
  }

  @Test("makes passwords of 80 bits or more that the policy takes")
  func generates() {
    var seen = Set<String>()
    for _ in 0..<200 {
      let password = GeneratedPassword.make()
      #expect(PasswordPolicy.violation(of: password, email: "jo@example.org") == nil)
      #expect(seen.insert(password).inserted)
      #expect(password.split(separator: "-").map(\.count) == [5, 5, 5, 5])
    }
    // log2(26) > 4.7 bits a character.
    #expect(Set(GeneratedPassword.characters).count == GeneratedPassword.characters.count)
    #expect(GeneratedPassword.characters.count >= 26)
    #expect(GeneratedPassword.groups * GeneratedPassword.groupLength * 47 / 10 >= 80)
  }
}
