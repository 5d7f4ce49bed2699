import Foundation
import Testing

@Suite("Generated services")
struct ServicesTests {
  @Test(
    "name client methods without the resource",
    arguments: [
      ("PatientService", "GetPatient", "get"), ("PatientService", "ListPatients", "list"),
      ("CompanyService", "ListCompanies", "list"), ("CompanyService", "GetMyCompany", "getMy"),
      ("StaffService", "ResetStaffPassword", "resetPassword"),
      ("AuthService", "ListStaffSessions", "listStaffSessions"),
      ("RoleService", "ListPermissions", "listPermissions"),
      ("PatientService", "ImportPatients", "`import`"),
      ("WaitingListService", "GetWaitingList", "get"), ("EchoService", "Echo", "echo"),
      ("ThingService", "Init", "init_")
    ])
  func clientNames(service: String, method: String, expected: String) throws {
    let output = try compile("service \(service) { rpc \(method)(M) returns (M); }")
    #expect(output.contains("public func \(expected)(\n"), "\(output)")
  }

  @Test("keep both names whole where the short ones would be the same")
  func clashes() throws {
    let output = try compile(
      "service CatService { rpc Get(M) returns (M); rpc GetCat(M) returns (M); }")
    #expect(output.contains("public func get(\n"))
    #expect(output.contains("public func getCat(\n"))
  }

  @Test("give a method without a policy the unrestricted one and a plain context")
  func unrestricted() throws {
    let output = try compile("service S { rpc Call(M) returns (M); }")
    #expect(output.contains("policy: .unrestricted"))
    #expect(output.contains("context: CallContext"))
  }

  @Test(
    "give each audience its context",
    arguments: [
      ("PUBLIC", ".everybody", "CallContext"), ("STAFF", ".staff", "TenantContext"),
      ("PATIENT", ".patient", "TenantContext"), ("SERVICE", ".service", "TenantContext"),
      ("PLATFORM", ".platform", "TenantContext"), ("CLINIC", ".clinic", "TenantContext"),
      ("UNSPECIFIED", ".platform", "TenantContext")
    ])
  func audiences(audience: String, name: String, context: String) throws {
    let output = try compile(
      """
      service S { rpc Call(M) returns (M) { option (clinic.options.v1.method) = {
        audience: AUDIENCE_\(audience) permission: "things.read" audit: AUDIT_KIND_READ
        idempotency: IDEMPOTENCY_REQUEST_ID max_deadline_ms: 2500 }; } }
      """)
    #expect(output.contains("audience: \(name),"))
    #expect(output.contains("context: \(context)\n"))
    #expect(output.contains("permissions: [\"things.read\"],"))
    #expect(output.contains("audit: .read,"))
    #expect(output.contains("idempotency: .requestID,"))
    #expect(output.contains("maxDeadline: .milliseconds(2500)"))
  }

  @Test("ask for every permission that the contract names")
  func permissions() throws {
    let output = try compile(
      """
      service S { rpc Call(M) returns (M) { option (clinic.options.v1.method) = {
        audience: AUDIENCE_STAFF permission: ["things.read", "people.read"]
        audit: AUDIT_KIND_READ idempotency: IDEMPOTENCY_NO_SIDE_EFFECTS max_deadline_ms: 1 }; } }
      """)
    #expect(output.contains("permissions: [\"things.read\", \"people.read\"],"))
  }

  @Test(
    "state what a call and its messages weigh",
    arguments: [
      ("", "cost: 1)"), ("cost: 0", "cost: 1)"), ("cost: 5", "cost: 5)"),
      ("cost: 5 message_cost: 2", "cost: 5,messageCost: 2)")
    ])
  func costs(options: String, expected: String) throws {
    let output = try compile(
      """
      service S { rpc Call(stream M) returns (M) { option (clinic.options.v1.method) = {
        audience: AUDIENCE_STAFF permission: "things.read" audit: AUDIT_KIND_READ
        idempotency: IDEMPOTENCY_NONE max_deadline_ms: 1000 \(options) }; } }
      """)
    #expect(output.filter { !$0.isNewline }.replacing("  ", with: "").contains(expected))
  }

  @Test("mark only the client's method of a deprecated method")
  func deprecation() throws {
    let output = try compile(
      "service S { rpc Old(M) returns (M) { option deprecated = true; } }")
    #expect(output.contains("isDeprecated: true"))
    #expect(output.contains("  @available(*, deprecated)\n  public func old("))
    #expect(output.components(separatedBy: "@available").count == 2)
  }

  private func compile(_ service: String) throws -> String {
    let set = try Protoc.describe(
      """
      syntax = "proto3";
      package test.v1;
      import "clinic/options/v1/options.proto";
      option swift_prefix = "";
      message M {}
      \(service)
      """)
    let output = try Protoc.compile(
      set, files: ["test/v1/test.proto"], parameter: "Module=M,Registry=none")
    return try #require(output["test.service.swift"])
  }
}
