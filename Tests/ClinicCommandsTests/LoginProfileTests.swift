@testable import ClinicCommands
import Testing

@Suite("The profile of a login")
struct LoginProfileTests {
  static func login(_ bench: CommandBench, _ words: String...) async -> Outcome {
    var bench = bench
    bench.input = "correct horse\n"
    return await bench.run(["login", "--password-stdin"] + words)
  }

  static func store(_ bench: CommandBench) -> ProfileStore {
    ProfileStore(home: bench.variables["CLINICCTL_HOME"] ?? "")
  }

  @Test("another clinic gets a profile of its own, and the one in use stays")
  func otherClinic() async throws {
    try await TestClinic.with { (_, bench) async throws in
      let store = Self.store(bench)
      let before = try #require(try store.profile("demo"))
      let outcome = await Self.login(bench, "--company", "demo2", "--email", "b@c.example")
      #expect(outcome.status == .success, "\(outcome.errors)")
      #expect(outcome.errors.contains("(profile 'demo2')"))
      #expect(outcome.errors.contains("clinicctl profile use demo2"))
      #expect(try store.profile("demo") == before)
      #expect(store.current() == "demo")
      let made = try #require(try store.profile("demo2"))
      #expect(made.servers == before.servers)
      #expect(made.company == "demo2")
      #expect(made.email == "b@c.example")
      // The same words again find the same profile.
      #expect(await Self.login(bench, "--company", "demo2").status == .success)
      #expect(store.names() == ["demo", "demo2"])
    }
  }

  @Test("the same clinic's name on another server does not take the profile over")
  func otherServer() async throws {
    try await TestClinic.with { (_, bench) async throws in
      let store = Self.store(bench)
      let before = try #require(try store.profile("demo"))
      let outcome = await Self.login(bench, "--server", "clinic.example:1")
      #expect(outcome.status == .success, "\(outcome.errors)")
      #expect(try store.profile("demo") == before)
      let made = try #require(try store.profile("demo-clinic.example"))
      #expect(made.servers == ["clinic.example:1"])
      #expect(made.email == before.email)
      // A third one has no name left to take.
      #expect(await Self.login(bench, "--server", "clinic.example:2").status == .usage)
    }
  }

  @Test("what leads to the same place, or names its profile, goes on there")
  func sameOrNamed() async throws {
    try await TestClinic.with { (_, bench) async throws in
      let store = Self.store(bench)
      #expect(await Self.login(bench, "--company", "demo").status == .success)
      #expect(store.names() == ["demo"])
      let named = await Self.login(
        bench, "--profile", "demo", "--company", "demo2", "--email", "b@c.example")
      #expect(named.status == .success)
      #expect(!named.errors.contains("stays as it is"))
      #expect(try store.profile("demo")?.company == "demo2")
    }
  }

  @Test("a login that fails leaves no new profile")
  func failed() async throws {
    try await TestClinic.with { (_, bench) async throws in
      var bench = bench
      bench.input = "wrong\n"
      let outcome = await bench.run(
        "login", "--password-stdin", "--company", "demo2", "--email", "b@c.example")
      #expect(outcome.status == .unauthenticated)
      #expect(Self.store(bench).names() == ["demo"])
    }
  }
}
