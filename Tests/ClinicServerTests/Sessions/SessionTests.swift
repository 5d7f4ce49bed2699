import ClinicClient
import ClinicContracts
import Foundation
import RPCCore
import Testing

@testable import ClinicServer

@Suite("Sessions")
struct SessionTests {
  @Test("the answer to a wrong clinic, name or password is the same")
  func loginFailure() async throws {
    let clinic = try await TestClinic.make()
    let client = try clinic.server.client()
    var errors: [String] = []
    for (company, email, password) in [
      ("nowhere-\(UUID().uuidString.prefix(6).lowercased())", clinic.email, TestClinic.password),
      (clinic.company.slug, "nobody@clinic.example", TestClinic.password),
      (clinic.company.slug, clinic.email, "walrus ginger teapot")
    ] {
      let error = await failure {
        _ = try await PasswordWork.shared.run { () async throws -> LoginResponse in
          try await client.auth.login(
            LoginRequest(company: company, email: email, password: password))
        }
      }
      #expect(error?.code == .unauthenticated)
      errors.append("\(error?.message ?? "") \(error?.reason ?? "")")
    }
    #expect(Set(errors).count == 1)
  }

  @Test("an account is locked out after repeated failures, whether it exists or not")
  func lockOut() async throws {
    let clinic = try await TestClinic.make()
    let client = try clinic.server.client()
    for email in [clinic.email, "nobody-\(UUID().uuidString)@clinic.example"] {
      var last: RPCError?
      for _ in 0..<7 {
        last = await failure {
          _ = try await client.auth.login(
            LoginRequest(
              company: clinic.company.slug, email: email, password: "walrus ginger teapot"))
        }
        if last?.code == .resourceExhausted { break }
      }
      #expect(last?.code == .resourceExhausted, "\(email)")
      #expect(last?.retryDelay ?? .zero > .zero)
    }
  }

  @Test("a refresh token works once, and its second use ends the session")
  func refresh() async throws {
    let clinic = try await TestClinic.make()
    let client = try clinic.server.client()
    let login = try await client.auth.login(
      LoginRequest(company: clinic.company.slug, email: clinic.email, password: TestClinic.password)
    )
    let old = try #require(login.credentials)
    let fresh = try #require(
      try await client.auth.refreshSession(
        RefreshSessionRequest(refreshToken: old.refreshToken)
      ).credentials)
    #expect(fresh.sessionID == old.sessionID)
    #expect(fresh.refreshToken != old.refreshToken)
    let reuse = await failure {
      _ = try await client.auth.refreshSession(
        RefreshSessionRequest(refreshToken: old.refreshToken))
    }
    #expect(reuse?.code == .unauthenticated)
    let afterwards = await failure {
      _ = try await client.auth.refreshSession(
        RefreshSessionRequest(refreshToken: fresh.refreshToken))
    }
    #expect(afterwards?.code == .unauthenticated)
  }

  @Test("whoever merely knows a session's id cannot end it with a token of their own making")
  func forgedReuse() async throws {
    let clinic = try await TestClinic.make()
    let client = try clinic.server.client()
    let login = try await PasswordWork.shared.run {
      try await client.auth.login(
        LoginRequest(
          company: clinic.company.slug, email: clinic.email, password: TestClinic.password))
    }
    let first = try #require(RefreshToken(text: login.credentials?.refreshToken ?? ""))
    let fresh = try requireValue(
      try await client.auth.refreshSession(
        RefreshSessionRequest(refreshToken: first.text)
      ).credentials)
    let head = try #require(OpaqueToken.decode(String(first.text.dropFirst(5)))).prefix(36)
    for length in [32, 64] {
      let forged = "crt1_" + OpaqueToken.base64URL(head + OpaqueToken.random(bytes: length))
      let refused = await failure {
        _ = try await client.auth.refreshSession(RefreshSessionRequest(refreshToken: forged))
      }
      #expect(refused?.reason == "REFRESH_REFUSED")
    }
    let goesOn = try await client.auth.refreshSession(
      RefreshSessionRequest(refreshToken: fresh.refreshToken))
    #expect(goesOn.credentials != nil)
    // The real one ends it, which the log tells of the account itself.
    _ = await failure {
      _ = try await client.auth.refreshSession(RefreshSessionRequest(refreshToken: first.text))
    }
    let entry = try await clinic.admin.changes.list(
      ListChangesRequest(filter: ChangeFilter(recordID: fresh.sessionID))
    ).changes.first
    #expect(entry?.action == "revoked")
    #expect(entry?.actor?.accountID == login.staff?.staffID)
  }

  @Test("a revocation bites within a second on an open connection")
  func revocation() async throws {
    let clinic = try await TestClinic.make()
    let victim = try await clinic.login()
    let session = try await victim.auth.getCaller(GetCallerRequest()).sessionID
    _ = try await clinic.admin.auth.revokeSession(RevokeSessionRequest(sessionID: session))
    let start = ContinuousClock.now
    var error: RPCError?
    while error == nil, ContinuousClock.now - start < .seconds(3) {
      error = await failure {
        _ = try await victim.auth.getCaller(GetCallerRequest())
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(error?.code == .unauthenticated)
    // The stated second, with room for a busy machine.
    #expect(ContinuousClock.now - start < .seconds(2.5))
  }

  @Test("a change of permissions bites on an open connection")
  func permissions() async throws {
    let clinic = try await TestClinic.make()
    let member = try await clinic.member(permissions: ["patients.read"])
    _ = try await member.patients.list(ListPatientsRequest())
    let caller = try await member.auth.getCaller(GetCallerRequest())
    _ = try await clinic.admin.staff.update(
      UpdateStaffRequest(
        staffID: caller.staff?.staffID ?? "", staff: Staff(),
        updateMask: .init(paths: ["role_ids"])))
    var code: RPCStatusCode?
    for _ in 0..<100 where code == nil {
      code = await failure { _ = try await member.patients.list(ListPatientsRequest()) }?.code
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(code == .permissionDenied)
  }

  @Test("a suspended clinic's sessions end, and come back with new logins when it is resumed")
  func suspension() async throws {
    let clinic = try await TestClinic.make()
    let platform = try await clinic.server.platform()
    _ = try await platform.companies.suspend(
      SuspendCompanyRequest(companyID: clinic.company.companyID, reason: "unpaid"))
    var code: RPCStatusCode?
    for _ in 0..<100 where code == nil {
      code = await failure { _ = try await clinic.admin.auth.getCaller(GetCallerRequest()) }?.code
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(code == .unauthenticated)
    let login = await failure { _ = try await clinic.login() }
    #expect(login?.code == .unauthenticated)
    _ = try await platform.companies.resume(
      ResumeCompanyRequest(companyID: clinic.company.companyID))
    _ = try await clinic.login()
  }

  @Test("somebody who must change the password can do nothing else")
  func firstPassword() async throws {
    let clinic = try await TestClinic.make()
    let created = try await clinic.admin.staff.create(
      CreateStaffRequest(staff: Staff(email: "new@clinic.example", displayName: "New")))
    let client = try clinic.server.client()
    try await client.login(
      company: clinic.company.slug, email: "new@clinic.example", password: created.initialPassword)
    let error = await failure { _ = try await client.patients.list(ListPatientsRequest()) }
    #expect(error?.code == .permissionDenied)
    #expect(error?.reason == "PASSWORD_CHANGE_REQUIRED")
  }
}
