import ClinicClient
import ClinicContracts
import Foundation
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Companies, staff and roles")
struct AccountTests {
  @Test("the clinic's last administrator stays one")
  func lastAdministrator() async throws {
    let clinic = try await TestClinic.make()
    let caller = try #require(try await clinic.admin.auth.getCaller(GetCallerRequest()).staff)
    for change in [
      { (_: Void) async throws in
        _ = try await clinic.admin.staff.deactivate(
          DeactivateStaffRequest(staffID: caller.staffID))
      },
      { (_: Void) async throws in
        _ = try await clinic.admin.staff.update(
          UpdateStaffRequest(
            staffID: caller.staffID, staff: Staff(), updateMask: .init(paths: ["role_ids"])))
      }
    ] {
      let error = await failure { try await change(()) }
      #expect(error?.code == .failedPrecondition)
    }
  }

  @Test("nobody gives away a permission that they do not have")
  func escalation() async throws {
    let clinic = try await TestClinic.make()
    let member = try await clinic.member(permissions: ["roles.write", "staff.write", "roles.read"])
    let role = await failure {
      _ = try await member.roles.create(
        CreateRoleRequest(role: Role(name: "Mine", permissions: ["patients.delete"])))
    }
    #expect(role?.reason == "PERMISSION_ESCALATION")
    let admin = try #require(
      try await member.roles.list(ListRolesRequest()).roles.first { $0.name == "Admin" })
    let staff = await failure {
      _ = try await member.staff.create(
        CreateStaffRequest(
          staff: Staff(email: "x@y.example", displayName: "X", roleIds: [admin.roleID])))
    }
    #expect(staff?.reason == "PERMISSION_ESCALATION")
  }

  @Test("nobody takes from others what they do not have themselves")
  func disempowering() async throws {
    let clinic = try await TestClinic.make()
    let member = try await clinic.member(permissions: ["staff.read", "staff.write"])
    let boss = try #require(try await clinic.admin.auth.getCaller(GetCallerRequest()).staff).staffID
    func update(_ staff: Staff, _ path: String) async -> RPCError? {
      await failure {
        _ = try await member.staff.update(
          UpdateStaffRequest(staffID: boss, staff: staff, updateMask: .init(paths: [path])))
      }
    }
    #expect(await update(Staff(), "role_ids")?.reason == "PERMISSION_ESCALATION")
    #expect(
      await update(Staff(email: "mine@y.example"), "email")?.reason == "PERMISSION_ESCALATION")
    #expect(await update(Staff(jobTitle: "Manager"), "job_title") == nil)
    let closing = await failure {
      _ = try await member.staff.deactivate(DeactivateStaffRequest(staffID: boss))
    }
    #expect(closing?.reason == "PERMISSION_ESCALATION")
  }

  @Test("nobody takes permissions out of a role that they do not have themselves")
  func disempoweringRoles() async throws {
    let clinic = try await TestClinic.make()
    let member = try await clinic.member(permissions: ["roles.read", "roles.write"])
    let role = try requireValue(
      try await clinic.admin.roles.create(
        CreateRoleRequest(role: Role(name: "Nurses", permissions: ["notes.read"]))
      ).role)
    let emptied = await failure {
      _ = try await member.roles.update(
        UpdateRoleRequest(
          roleID: role.roleID, role: Role(name: "Nobodies"),
          updateMask: .init(paths: ["permissions"])))
    }
    #expect(emptied?.reason == "PERMISSION_ESCALATION")
    let deleted = await failure {
      _ = try await member.roles.delete(DeleteRoleRequest(roleID: role.roleID))
    }
    #expect(deleted?.reason == "PERMISSION_ESCALATION")
  }

  @Test("new settings count at once, for the server that took them and for another one")
  func freshSettings() async throws {
    let clinic = try await TestClinic.make()
    try await ReplicaServer.with { replica in
      let other = try await clinic.login(at: replica)
      func phone(_ client: ClinicClient) async throws -> String? {
        let patient = Patient(
          name: PersonName(family: "F"),
          contactPoints: [ContactPoint(kind: .phone, value: "(212) 555-0123")])
        let reply = try await client.patients.create(CreatePatientRequest(patient: patient))
        return reply.patient?.contactPoints.first?.value
      }
      for (country, expected) in [("US", "+12125550123"), ("GB", "(212) 555-0123")] {
        // Both remember what was before.
        _ = try await phone(clinic.admin)
        _ = try await phone(other)
        _ = try await clinic.admin.companies.updateMy(
          UpdateMyCompanyRequest(
            company: Company(settings: CompanySettings(countryCode: country)),
            updateMask: .init(paths: ["settings.country_code"])))
        #expect(try await phone(clinic.admin) == expected)
        var seen: String?
        for _ in 0..<100 where seen != expected {
          seen = try await phone(other)
          try await Task.sleep(for: .milliseconds(10))
        }
        #expect(seen == expected)
      }
      await other.close()
    }
  }

  @Test("a built-in role cannot be changed, nor a role that somebody has be deleted")
  func roles() async throws {
    let clinic = try await TestClinic.make()
    let roles = try await clinic.admin.roles.list(ListRolesRequest()).roles
    #expect(roles.map(\.name) == ["Admin", "Staff"])
    let builtIn = await failure {
      _ = try await clinic.admin.roles.delete(DeleteRoleRequest(roleID: roles[0].roleID))
    }
    #expect(builtIn?.code == .failedPrecondition)
    _ = try await clinic.member(permissions: ["patients.read"])
    let used = try #require(
      try await clinic.admin.roles.list(ListRolesRequest()).roles.first { !$0.builtIn })
    let inUse = await failure {
      _ = try await clinic.admin.roles.delete(DeleteRoleRequest(roleID: used.roleID))
    }
    #expect(inUse?.code == .failedPrecondition)
    let twice = await failure {
      _ = try await clinic.admin.roles.create(CreateRoleRequest(role: Role(name: "ADMIN")))
    }
    #expect(twice?.reason == "ROLE_NAME_TAKEN")
  }

  @Test("a clinic's settings change by mask; opening hours must not overlap")
  func settings() async throws {
    let clinic = try await TestClinic.make()
    let reply = try await clinic.admin.companies.updateMy(
      UpdateMyCompanyRequest(
        company: Company(settings: CompanySettings(timeZone: "Europe/Lisbon")),
        updateMask: .init(paths: ["settings.time_zone"])))
    #expect(reply.company?.settings?.timeZone == "Europe/Lisbon")
    #expect(reply.company?.settings?.currencyCode == "GBP")
    let monday = { (opens: Int32, closes: Int32) in
      OpeningHours(
        dayOfWeek: .monday, opens: LocalTime(hours: opens), closes: LocalTime(hours: closes))
    }
    let error = await failure {
      _ = try await clinic.admin.companies.updateMy(
        UpdateMyCompanyRequest(
          company: Company(
            settings: CompanySettings(openingHours: [monday(8, 12), monday(11, 17)])),
          updateMask: .init(paths: ["settings.opening_hours"])))
    }
    #expect(error?.fieldViolations.first?.field == "company.settings.opening_hours[1]")
  }

  @Test("a short name is one clinic's")
  func slug() async throws {
    let clinic = try await TestClinic.make()
    let platform = try await clinic.server.platform()
    let error = await failure {
      _ = try await platform.companies.create(
        CreateCompanyRequest(
          company: Company(slug: clinic.company.slug, name: "Again"), adminEmail: "a@b.example",
          adminName: "A"))
    }
    #expect(error?.code == .alreadyExists)
    #expect(error?.reason == "SLUG_TAKEN")
  }
}
