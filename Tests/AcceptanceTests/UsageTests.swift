import Foundation
import Testing

@Suite("Usage", .timeLimit(.minutes(5)))
struct UsageTests {
  /// What the demo clinic used today, as its administrator is told.
  private func usage(_ programs: Programs) async throws -> (calls: Int, cost: Int) {
    let ending = try await programs.ctl("demo", "usage", "--days", "1", "-o", "json")
    #expect(ending.status == 0, "\(ending.output)")
    let object = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
    let days = try #require((object as? [String: Any])?["days"] as? [[String: Any]])
    let day = try #require(days.first)
    let calls = try #require((day["calls"] as? String).flatMap(Int.init))
    return (calls, try #require((day["cost"] as? String).flatMap(Int.init)))
  }

  @Test("outlives a server that is killed, but for the last seconds")
  func killed() async throws {
    let programs = try Programs()
    let server = try await programs.serve()
    try await programs.login(on: server)
    let before = try await usage(programs)
    for _ in 0..<5 {
      let ending = try await programs.ctl("demo", "whoami")
      #expect(ending.status == 0, "\(ending.output)")
    }
    // Longer than the interval in which servers count.
    try await Task.sleep(for: .seconds(4))
    #expect(try await server.end(SIGKILL) == -SIGKILL)

    let next = try await programs.serve(on: server.address)
    let after = try await usage(programs)
    // Five calls that nobody asked for, and the one that asks.
    #expect(after.calls >= before.calls + 6)
    #expect(after.cost >= before.cost + 5)
    #expect(try await next.end(SIGTERM) == 0)
  }
}
