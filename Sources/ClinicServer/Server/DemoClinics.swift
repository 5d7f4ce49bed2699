internal import ClinicContracts
internal import Foundation
internal import Logging
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore

/// Two clinics with invented patients, and logins for them and the platform, for trying out.
enum DemoClinics {
  /// How to log in, as it stands in `demo-logins.json` for the run script.
  private struct Login: Codable {
    var profile: String
    var company: String
    var email: String
    var password: String
  }

  private struct Clinic {
    let slug: String
    let name: String
    let seed: UInt64
    let patients: Int
    let practitioners: Int
  }

  private static let clinics = [
    Clinic(
      slug: "demo", name: "Marlowe Street Practice", seed: 1, patients: 250, practitioners: 4),
    Clinic(slug: "demo2", name: "Harbour Clinic", seed: 2, patients: 80, practitioners: 2)
  ]

  /// Makes what is missing. The logins are written before the accounts that they open, so that a
  /// kill in between loses nothing.
  static func ensure(
    configuration: ServerConfiguration, parts: ServerParts, logger: Logger
  ) async throws {
    let file = configuration.dataDirectory + "/demo-logins.json"
    var logins = read(file)
    for clinic in clinics where logins[clinic.slug] == nil {
      logins[clinic.slug] = Login(
        profile: clinic.slug, company: clinic.slug, email: "admin@\(clinic.slug).example",
        password: GeneratedPassword.make())
    }
    if logins["platform"] == nil {
      logins["platform"] = Login(
        profile: "platform", company: Platform.slug, email: "operator@platform.example",
        password: GeneratedPassword.make())
    }
    try write(logins.values.sorted { $0.profile < $1.profile }, to: file)
    let deadline = Deadline.after(.seconds(300))
    for clinic in clinics {
      guard let login = logins[clinic.slug] else { continue }
      let known = try await parts.database.client.query(
        SessionStatements.companyBySlug(clinic.slug), deadline: deadline.postgres)
      if try known.count == 1 && known[0].decode(0, as: UUID?.self) != nil { continue }
      try await make(clinic, login: login, parts: parts)
      logger.notice(
        "made a demo clinic",
        metadata: ["company": "\(clinic.slug)", "patients": "\(clinic.patients)"])
    }
    if let login = logins["platform"] { try await makeOperator(login, parts: parts) }
  }

  private static func make(_ clinic: Clinic, login: Login, parts: ServerParts) async throws {
    let hash = try await parts.passwords.hash(login.password)
    // Nobody knows it: whoever wants to log in as a practitioner resets it.
    let nobody = try await parts.passwords.hash(GeneratedPassword.make())
    let settings = CompanySettings().withDefaults
    let rules = PatientRules(settings: settings)
    let days = Int(Foundation.Date().timeIntervalSince1970 / 86_400)
    guard let today = PartialDate(daysSince1970: days) else { return }
    try await SystemActor.change(in: UUIDv7.make(), of: parts.database) { mutation in
      let roles = try NewCompany(slug: clinic.slug, name: clinic.name, settings: settings)
        .insert(by: mutation)
      let administrator = Administrator(
        email: login.email, displayName: "Alex Demo", passwordHash: hash,
        mustChangePassword: false
      ).insert(roleID: roles[.admin], by: mutation)
      let handler = PatientHandler(database: parts.database, pageTokens: PageTokens(key: []))
      var generator = DemoPatientGenerator(seed: clinic.seed, today: today)
      var patients: [Patient] = []
      for _ in 0..<clinic.patients {
        patients.append(try rules.admit(Patient(generator.next()), path: "patient"))
      }
      let numbers = try await handler.takeRecordNumbers(patients.count, by: mutation)
      for (index, number) in numbers.enumerated() {
        patients[index].recordNumber = number
        patients[index].setOutputs(id: UUIDv7.make(), at: mutation.now)
      }
      try handler.enqueueInsert(patients, by: mutation)
      mutation.log(Change(.imported, .patient, try patients.map { try $0.uuid }))
      try DemoPractice(
        seed: clinic.seed, staff: clinic.practitioners, settings: settings,
        now: mutation.now.unixSeconds,
        patients: patients.filter { !$0.deceased }.map { try $0.uuid }
      ).insert(roleID: roles[.staff], slug: clinic.slug, passwordHash: nobody, by: mutation)
      try DemoDuties(
        patients: patients.filter { !$0.deceased }.map { try $0.uuid }, author: administrator,
        roleID: roles[.staff]
      ).insert(by: mutation)
    }
  }

  private static func makeOperator(_ login: Login, parts: ServerParts) async throws {
    let deadline = Deadline.after(.seconds(60))
    let known = try await parts.database.read(
      StaffStatements.byEmail(Platform.companyID, login.email), in: Platform.companyID,
      deadline: deadline)
    guard known.count == 0 else { return }
    let hash = try await parts.passwords.hash(login.password)
    try await SystemActor.change(in: Platform.companyID, of: parts.database) { mutation in
      _ = try await Administrator(
        email: login.email, displayName: "Platform Operator", passwordHash: hash,
        mustChangePassword: false
      ).insert(by: mutation)
    }
  }

  private static func read(_ file: String) -> [String: Login] {
    guard let data = FileManager.default.contents(atPath: file),
      let logins = try? JSONDecoder().decode([Login].self, from: data)
    else { return [:] }
    return Dictionary(logins.map { ($0.profile, $0) }, uniquingKeysWith: { $1 })
  }

  private static func write(_ logins: [Login], to file: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(logins)
    let isWritten = FileManager.default.createFile(
      atPath: file, contents: data, attributes: [.posixPermissions: 0o600])
    guard isWritten else {
      throw ServerStartupError(.dataDirectoryUnusable, "\(file) cannot be written.")
    }
  }
}
