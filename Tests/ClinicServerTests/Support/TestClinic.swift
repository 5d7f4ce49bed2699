import ClinicClient
import ClinicContracts
import Foundation
import RPCCore
import Synchronization

/// A clinic of a test's own, with its administrator logged in.
struct TestClinic: Sendable {
  let server: ClinicTestServer.Running
  let company: Company
  let admin: ClinicClient
  let email: String

  static let password = "lantern meadow 7 tulip"

  static func make(settings: CompanySettings? = nil) async throws -> TestClinic {
    try await PasswordWork.shared.run { try await makeNow(settings: settings) }
  }

  private static func makeNow(settings: CompanySettings?) async throws -> TestClinic {
    let server = try await ClinicTestServer.shared.running()
    let platform = try await PlatformLogin.shared.client(on: server)
    let slug = "c" + UUID().uuidString.lowercased().filter { $0 != "-" }.prefix(20)
    let email = "admin@\(slug).example"
    let created = try await platform.companies.create(
      CreateCompanyRequest(
        company: Company(slug: slug, name: "Clinic \(slug)", settings: settings),
        adminEmail: email, adminName: "Ada Admin", adminPassword: "orchard quilt 8371 kelp"))
    let company = try requireValue(created.company)
    let admin = try server.client(connections: 2)
    try await admin.login(company: slug, email: email, password: "orchard quilt 8371 kelp")
    _ = try await admin.auth.changePassword(
      ChangePasswordRequest(currentPassword: "orchard quilt 8371 kelp", newPassword: password))
    return TestClinic(server: server, company: company, admin: admin, email: email)
  }

  /// A client of the administrator's with a session of its own.
  func login() async throws -> ClinicClient {
    let client = try server.client()
    try await PasswordWork.shared.run {
      try await client.login(company: company.slug, email: email, password: Self.password)
    }
    return client
  }

  /// A member of staff with exactly these permissions, logged in.
  func member(permissions: [String]) async throws -> ClinicClient {
    try await memberLogin(permissions: permissions).client
  }

  /// A member of staff with exactly these permissions, logged in, and the login name.
  func memberLogin(
    permissions: [String]
  ) async throws -> (client: ClinicClient, email: String) {
    let name = "Role \(UUID().uuidString.prefix(8))"
    let role = try await admin.roles.create(
      CreateRoleRequest(role: Role(name: name, permissions: permissions))
    ).role
    let email = "m\(UUID().uuidString.prefix(8).lowercased())@clinic.example"
    let client = try server.client()
    try await PasswordWork.shared.run {
      let created = try await admin.staff.create(
        CreateStaffRequest(
          staff: Staff(email: email, displayName: "Sam Staff", roleIds: [role?.roleID ?? ""])))
      try await client.login(
        company: company.slug, email: email, password: created.initialPassword)
      _ = try await client.auth.changePassword(
        ChangePasswordRequest(
          currentPassword: created.initialPassword, newPassword: Self.password))
    }
    return (client, email)
  }

  /// A patient of the clinic.
  @discardableResult
  func patient(
    given: String = "Maria", family: String = "García", _ change: (inout Patient) -> Void = { _ in }
  ) async throws -> Patient {
    var patient = Patient(name: PersonName(given: given, family: family))
    change(&patient)
    let reply = try await admin.patients.create(CreatePatientRequest(patient: patient))
    return try requireValue(reply.patient)
  }
}

/// Lets a few tests at a time do what costs hashes of passwords: the server refuses more of them
/// than it can do in time.
actor PasswordWork {
  static let shared = PasswordWork()

  private var free = 4
  private var waiting: [CheckedContinuation<Void, Never>] = []

  @discardableResult
  nonisolated func run<Result: Sendable>(
    _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    await enter()
    do {
      let result = try await body()
      await leave()
      return result
    } catch {
      await leave()
      throw error
    }
  }

  private func enter() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  private func leave() {
    if waiting.isEmpty {
      free += 1
    } else {
      waiting.removeFirst().resume()
    }
  }
}

/// The platform administrator's client, logged in once for the process.
private actor PlatformLogin {
  static let shared = PlatformLogin()
  private var login: Task<ClinicClient, any Error>?

  func client(on server: ClinicTestServer.Running) async throws -> ClinicClient {
    if let login { return try await login.value }
    // Shared by all tests that wait for it; ends by itself.
    let task = Task { try await server.platform() }
    login = task
    return try await task.value
  }
}

/// The value, or an error where there is none.
func requireValue<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw MissingValue() }
  return value
}

struct MissingValue: Error {}

/// The error that a call ends with; nil where it succeeds.
func failure(_ call: () async throws -> Void) async -> RPCError? {
  do {
    try await call()
    return nil
  } catch let error as RPCError {
    return error
  } catch {
    return RPCError(code: .unknown, message: "\(error)")
  }
}
