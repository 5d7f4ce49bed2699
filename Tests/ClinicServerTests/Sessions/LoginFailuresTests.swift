import Foundation
import Logging
import RPCCore
import Testing

@testable import ClinicServer

@Suite("Failed logins")
struct LoginFailuresTests {
  @Test("from one address shut out the clinic that they name there, and no other clinic")
  func places() async throws {
    let server = try await ClinicTestServer.shared.running()
    let logger = Logger(label: "failures", factory: { _ in SwiftLogNoOpLogHandler() })
    try await DatabaseSetup.withClient(server.application, logger: logger) { client in
      let failures = LoginFailures(
        database: Database(client: client, logger: logger), secret: [UInt8](repeating: 7, count: 32)
      )
      let run = UUID().uuidString
      func attempt(_ company: String, _ email: String, right: Bool) async -> RPCError? {
        await failure {
          let found = try await failures.attempt(
            company: "\(company) \(run)", email: email, address: "203.0.113.1 \(run)",
            deadline: .after(.seconds(10))
          ) { right ? true : nil }
          if found == nil { throw RPCError.unauthenticated("wrong", reason: "WRONG") }
        }
      }
      for number in 0...LoginThrottle.Kind.place.freeFailures {
        #expect(await attempt("one", "\(number)", right: false)?.reason == "WRONG")
      }
      let shut = await attempt("one", "anybody", right: true)
      #expect(shut?.reason == "TOO_MANY_ATTEMPTS" && shut?.retryDelay ?? .zero > .zero)
      #expect(await attempt("two", "anybody", right: true) == nil)
    }
  }

  @Test("are counted for networks: a whole address of IPv4, the first half of one of IPv6")
  func networks() {
    #expect(AddressMeters.network("192.0.2.7") == "192.0.2.7")
    #expect(AddressMeters.network("::ffff:192.0.2.7") == "192.0.2.7")
    #expect(AddressMeters.network("2001:db8::1") == AddressMeters.network("2001:db8:0:0:a:b:c:d"))
    #expect(AddressMeters.network("2001:db8::1") == AddressMeters.network("2001:db8::9:1:2:3"))
    #expect(AddressMeters.network("2001:db8::1") != AddressMeters.network("2001:db8:0:1::1"))
    #expect(AddressMeters.network("local") == "local")
  }
}
