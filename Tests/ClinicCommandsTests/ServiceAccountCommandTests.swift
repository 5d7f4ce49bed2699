@testable import ClinicCommands
import ClinicContracts
import ProtobufRuntime
import Synchronization
import Testing

@Suite("Commands for service accounts and with API keys")
struct ServiceAccountCommandTests {
  @Test("a new key stands on standard output alone, and all else beside it")
  func create() async throws {
    try await TestClinic.with { (_, bench) async throws in
      let outcome = await bench.run(
        "api-key", "create", "laboratory", "--name", "production", "--permission", "patients.read",
        "--expires", "+30d")
      #expect(outcome.status == .success)
      #expect(outcome.output == TestClinic.apiKey + "\n")
      for text in [
        "Account      \(TestClinic.accountID)", "production", "patients.read", "1970-01-31",
        "only now"
      ] {
        #expect(outcome.errors.contains(text), "\(text)")
      }
      #expect(!outcome.errors.contains(TestClinic.apiKey))
      let quiet = await bench.run(
        "-q", "api-key", "create", TestClinic.accountID, "--name", "production")
      #expect(quiet.output == TestClinic.apiKey + "\n" && quiet.errors.isEmpty)
      let json = await bench.run(
        "api-key", "create", TestClinic.accountID, "--name", "p", "-o", "json")
      #expect(json.output.contains(#""key": "crk1_good""#))
    }
  }

  @Test("a key is made with limits, typed as rates and counts")
  func limits() async throws {
    try await TestClinic.with { (_, bench) async throws in
      let outcome = await bench.run(
        "api-key", "create", "Laboratory", "--name", "production", "--calls", "10/200", "--cost",
        "50", "--calls-per-day", "5000")
      #expect(outcome.status == .success)
      for line in [
        "Calls a second  10, 200 at once", "Cost a second   50", "Calls a day     5000"
      ] {
        #expect(outcome.errors.contains(line), "\(outcome.errors)")
      }
      let wrong = await bench.run(
        "api-key", "create", "Laboratory", "--name", "p", "--calls", "1/2/3")
      #expect(wrong.status == .usage && wrong.errors.contains("100/1000"))
    }
  }

  @Test("an update of a key names what was given, and an empty limit goes")
  func update() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      let outcome = await bench.run(
        "api-key", "update", TestClinic.keyID, "--name", "second", "--cost", "50/60", "--calls", "",
        "--cost-per-day", "", "--etag", "7")
      #expect(outcome.status == .success, "\(outcome.errors)")
      #expect(outcome.output.contains("50, 60 at once"))
      let request = try #require(clinic.state.withLock { $0.lastKeyUpdate })
      #expect(
        request.updateMask?.paths == [
          "name", "limits.calls", "limits.cost.per_second", "limits.cost.burst",
          "limits.cost_per_day"
        ])
      #expect(
        request.apiKey
          == ApiKey(
            name: "second", limits: UsageLimits(cost: UsageRate(perSecond: 50, burst: 60)),
            etag: "7"))
      let nothing = await bench.run("api-key", "update", TestClinic.keyID)
      #expect(nothing.status == .usage)
    }
  }

  @Test("usage has a line for each key, and columns of its own for its account in CSV")
  func usage() async throws {
    try await TestClinic.with { (_, bench) async throws in
      let table = await bench.run("usage")
      #expect(table.output.contains("Laboratory, production"))
      let csv = await bench.run("usage", "-o", "csv")
      let (id, key) = (TestClinic.accountID, TestClinic.keyID)
      #expect(
        csv.output.split(whereSeparator: \.isNewline) == [
          "date,account,name,key,key_name,calls,cost", "2026-11-30,all,,,,12,34",
          "2026-11-30,\(id),Laboratory,\(key),production,7,20", "2026-11-30,1,Ann,,,5,14"
        ])
    }
  }

  @Test("a key that was shown before is not passed off as made")
  func replayed() async throws {
    try await TestClinic.with { (_, bench) async throws in
      let outcome = await bench.run("api-key", "create", "Laboratory", "--name", "again")
      #expect(outcome.status != .success && outcome.output.isEmpty)
      #expect(outcome.errors.contains("revoke it, and create another"))
    }
  }

  @Test("an account that is not there gets a suggestion, and so does a permission")
  func suggestions() async throws {
    try await TestClinic.with { (_, bench) async throws in
      let account = await bench.run("api-key", "create", "Labratory", "--name", "p")
      #expect(account.status == .usage && account.errors.contains("'Laboratory'"))
      let permission = await bench.run(
        "service-account", "create", "--name", "L", "--permission", "patients.raed")
      #expect(permission.status == .usage && permission.errors.contains("'patients.read'"))
      // For people alone.
      let closed = await bench.run(
        "service-account", "create", "--name", "L", "--permission", "staff.write")
      #expect(closed.status == .usage)
    }
  }

  @Test("a certificate is bound by its thumbprint")
  func certificate() async throws {
    try await TestClinic.with { (_, bench) async throws in
      try await TemporaryFolder.with { folder in
        // Three bytes in the place of a certificate: "abc", whose SHA-256 FIPS 180-2 tells.
        let pem = """
          A comment\r
          -----BEGIN CERTIFICATE-----\r
          YW\r
          Jj\r
          -----END CERTIFICATE-----\r
          -----BEGIN CERTIFICATE-----
          AAAA
          -----END CERTIFICATE-----

          """
        try PrivateFiles.replace(folder + "/lab.pem", with: pem)
        let outcome = await bench.run(
          "service-account", "create", "--name", "L", "--certificate", folder + "/lab.pem")
        #expect(outcome.status == .success)
        #expect(outcome.output.contains("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"))
        try PrivateFiles.replace(folder + "/none.pem", with: "nothing")
        let none = await bench.run(
          "service-account", "create", "--name", "L", "--certificate", folder + "/none.pem")
        #expect(none.status == .usage && none.errors.contains("no certificate"))
      }
    }
  }

  @Test("a profile with a key's file calls without a login, from a file of its owner's alone")
  func keyFile() async throws {
    try await TestClinic.with { (_, bench) async throws in
      try await TemporaryFolder.with { folder in
        let file = folder + "/lab.key"
        try PrivateFiles.replace(file, with: TestClinic.apiKey + "\n")
        let set = await bench.run(
          "profile", "set", "lab", "--server", "127.0.0.1:1", "--api-key-file", file)
        #expect(set.status == .success)
        let whoami = await bench.run("--profile", "lab", "whoami")
        #expect(whoami.status == .success)
        #expect(whoami.output.contains("Name         Laboratory"))
        #expect(whoami.output.contains("API key      production"))
        let list = await bench.run("profile", "list")
        #expect(list.output.contains("API key"))
        let login = await bench.run("--profile", "lab", "login", "--password-stdin")
        #expect(login.status == .usage && login.errors.contains("API key"))

        TemporaryFolder.changeMode(file, 0o644)
        let open = await bench.run("--profile", "lab", "whoami")
        #expect(open.status != .success && open.errors.contains("chmod 600"))
        try PrivateFiles.delete(file)
        let gone = await bench.run("--profile", "lab", "whoami")
        #expect(gone.status != .success && gone.errors.contains("holds no API key"))
      }
    }
  }

  @Test("a key of the environment goes before a session")
  func variable() async throws {
    try await TestClinic.with { (_, bench) async throws in
      var bench = bench
      bench.variables["CLINICCTL_API_KEY"] = TestClinic.apiKey
      #expect(await bench.run("whoami").output.contains("Laboratory"))
      bench.variables["CLINICCTL_API_KEY"] = "crk1_wrong"
      #expect(await bench.run("whoami").status == .unauthenticated)
    }
  }
}
