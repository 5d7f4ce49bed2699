import ClinicClient
import ClinicContracts
import Foundation
import RPCCore
import Testing

@Suite("Passwords made of names")
struct PersonalPasswordTests {
  /// Passwords that hold the name of the person or the clinic and little else.
  private static func personal(_ clinic: TestClinic, name: String) -> [String] {
    ["\(name) 1", "\(clinic.company.name)", "\(clinic.company.slug)7"]
  }

  private func expectRefused(
    _ field: String, _ call: () async throws -> Void
  ) async {
    let error = await failure(call)
    #expect(error?.code == .invalidArgument)
    #expect(error?.fieldViolations.first?.field == field)
    #expect(error?.fieldViolations.first?.reason == "PASSWORD_TOO_PERSONAL")
  }

  @Test("are refused for a new account, at a reset and at a change")
  func staff() async throws {
    let clinic = try await TestClinic.make()
    let person = Staff(email: "g@clinic.example", displayName: "Grace Okafor")
    let made = try #require(
      try await clinic.admin.staff.create(CreateStaffRequest(staff: person)).staff)
    for password in Self.personal(clinic, name: "Grace Okafor") {
      await expectRefused("password") {
        _ = try await clinic.admin.staff.create(
          CreateStaffRequest(
            staff: Staff(email: "h@clinic.example", displayName: "Grace Okafor"),
            password: password))
      }
      await expectRefused("password") {
        _ = try await clinic.admin.staff.resetPassword(
          ResetStaffPasswordRequest(staffID: made.staffID, password: password))
      }
    }
    for password in Self.personal(clinic, name: "Ada Admin Ada") {
      await expectRefused("new_password") {
        _ = try await clinic.admin.auth.changePassword(
          ChangePasswordRequest(currentPassword: TestClinic.password, newPassword: password))
      }
    }
  }

  @Test("are refused for the administrator of a new clinic")
  func company() async throws {
    let platform = try await ClinicTestServer.shared.running().platform()
    for password in ["Harbour View Practice", "harbour-view-9", "Omar El Amrani 2"] {
      await expectRefused("admin_password") {
        _ = try await platform.companies.create(
          CreateCompanyRequest(
            company: Company(slug: "harbour-view", name: "Harbour View Practice"),
            adminEmail: "o@hv.example", adminName: "Omar El-Amrani", adminPassword: password,
            validateOnly: true))
      }
    }
  }
}
