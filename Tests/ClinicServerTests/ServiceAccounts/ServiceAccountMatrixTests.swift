import ClinicClient
import ClinicContracts
import Foundation
import RPCCore
import Testing

/// Every method of the contract, called by service accounts. Generated from the descriptors.
@Suite("Every method for a service account")
struct ServiceAccountMatrixTests {
  private static let methods = MethodMatrixTests.methods

  @Test("is refused without its permission, and for the wrong audience whatever the permissions")
  func closed() async throws {
    let clinic = try await TestClinic.make()
    let powerless = try await clinic.service(permissions: [])
    let powerful = try await clinic.service(permissions: try await Self.grantable(clinic))
    let ids = MethodMatrixTests.unknownIDs()
    var refused = 0
    for method in Self.methods where method.policy.audience != .everybody {
      if method.policy.audience == .clinic {
        guard !method.policy.isForOneself else { continue }
        let error = await failure {
          try await MethodMatrixTests.call(method, ids: ids, on: powerless.client)
        }
        #expect(error?.code == .permissionDenied, "\(method.path): \(String(describing: error))")
        #expect(error?.reason == "PERMISSION_MISSING", "\(method.path)")
      } else {
        let error = await failure {
          try await MethodMatrixTests.call(method, ids: ids, on: powerful.client)
        }
        #expect(error?.code == .permissionDenied, "\(method.path): \(String(describing: error))")
        #expect(error?.reason == "WRONG_AUDIENCE", "\(method.path)")
        refused += 1
      }
    }
    #expect(refused >= 30)
  }

  @Test("opens with just its permissions, where its audience is the clinic")
  func open() async throws {
    let clinic = try await TestClinic.make()
    let ids = MethodMatrixTests.unknownIDs()
    var opened = 0
    let open = Self.methods.filter { $0.policy.audience == .clinic && !$0.policy.isForOneself }
    let grantable = Set(try await Self.grantable(clinic))
    for (names, methods) in Dictionary(grouping: open, by: \.policy.permissions) {
      #expect(grantable.isSuperset(of: names))
      let service = try await clinic.service(permissions: names)
      for method in methods {
        let error = await failure {
          try await MethodMatrixTests.call(
            method, ids: ids, on: service.client, watching: .milliseconds(500))
        }
        #expect(error?.code != .unauthenticated, "\(method.path): \(String(describing: error))")
        #expect(error?.code != .permissionDenied, "\(method.path): \(String(describing: error))")
        #expect(error?.code != .internal, "\(method.path): \(String(describing: error))")
        opened += 1
      }
    }
    #expect(opened >= 75)
  }

  @Test("is refused without any one of its permissions")
  func partly() async throws {
    let clinic = try await TestClinic.make()
    let ids = MethodMatrixTests.unknownIDs()
    var refused = 0
    for method in Self.methods
    where method.policy.audience == .clinic && method.policy.permissions.count > 1 {
      for missing in method.policy.permissions {
        let service = try await clinic.service(
          permissions: method.policy.permissions.filter { $0 != missing })
        let error = await failure {
          try await MethodMatrixTests.call(method, ids: ids, on: service.client)
        }
        #expect(error?.reason == "PERMISSION_MISSING", "\(method.path) without \(missing)")
        #expect(error?.facts["permission"] == missing, "\(method.path)")
        refused += 1
      }
    }
    #expect(refused >= 2)
  }

  @Test("that keeps accounts, keys, roles, sessions and passwords is for people")
  func people() {
    let permissions: Set = [
      "service_accounts.read", "service_accounts.write", "roles.write", "staff.write",
      "staff.reset_password", "sessions.read", "sessions.revoke"
    ]
    let closed = Self.methods.filter { !permissions.isDisjoint(with: $0.policy.permissions) }
    #expect(Set(closed.flatMap(\.policy.permissions)) == permissions)
    for method in closed { #expect(method.policy.audience == .staff, "\(method.path)") }
    let own = Self.methods.filter(\.policy.isForOneself)
    #expect(own.filter { $0.policy.audience == .clinic }.map(\.name) == ["GetCaller"])
  }

  /// The permissions that a service account can have, as the server tells them.
  private static func grantable(_ clinic: TestClinic) async throws -> [String] {
    let all = try await clinic.admin.roles.listPermissions(ListPermissionsRequest()).permissions
    return all.filter(\.serviceAccounts).map(\.name)
  }
}
