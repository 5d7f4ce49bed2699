@testable import ClinicCommands
import Testing

@Suite("Terminal")
struct TerminalTests {
  @Test(
    "a secret is edited like any line",
    arguments: [
      ("secret\n", "secret"), ("secreX\u{7F}t\r", "secret"), ("wrong\u{15}secret\n", "secret"),
      ("é\u{7F}e\n", "e"), ("山\u{8}\n", ""), ("\u{7F}a\n", "a"), ("end", "end"), ("a\u{4}b", "a")
    ])
  func secrets(_ keys: String, _ secret: String) throws {
    #expect(try SecretPrompt.readSecret(from: TestInput(keys)) == secret)
  }

  @Test("an interrupt ends the question")
  func interrupt() {
    let error = #expect(throws: CommandFailure.self) {
      try SecretPrompt.readSecret(from: TestInput("abc\u{3}"))
    }
    #expect(error?.status == .interrupted)
  }

  @Test(
    "lines are read whole, whatever ends them",
    arguments: [
      ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\r\nb", ["a", "b"]), ("\n\n", ["", ""]),
      ("é\n山\n", ["é", "山"])
    ] as [(String, [String])])
  func lines(_ text: String, _ expected: [String]) throws {
    let reader = LineReader(input: TestInput(text))
    var lines: [String] = []
    while let line = try reader.next() { lines.append(line) }
    #expect(lines == expected)
  }

  @Test("long input is read line by line")
  func longInput() throws {
    let line = String(repeating: "x", count: 100_000)
    let reader = LineReader(
      input: TestInput(Array(repeating: line, count: 5).joined(separator: "\n")))
    var count = 0
    while let next = try reader.next() {
      #expect(next == line)
      count += 1
    }
    #expect(count == 5)
  }

  @Test("a bar fits its terminal", arguments: [20, 40, 60, 80, 200])
  func bar(_ columns: Int) {
    let bar = ProgressBar("Importing", total: 200, sink: TestOutput(), isQuiet: false)
    for done in [0, 1, 100, 199, 200, 300] as [Int64] {
      let line = bar.line(done: done, note: "\(done) rows", columns: columns)
      #expect(DisplayWidth.of(line) < columns)
    }
  }

  @Test("a bar shows its share")
  func share() {
    let bar = ProgressBar("Importing", total: 200, sink: TestOutput(), isQuiet: false)
    #expect(
      bar.line(done: 50, note: "7 rows", columns: 46)
        == "Importing  █████░░░░░░░░░░░░░░░   25%  7 rows")
    let unknown = ProgressBar("Exporting", total: nil, sink: TestOutput(), isQuiet: false)
    #expect(unknown.line(done: 5, note: "5 patients", columns: 80) == "Exporting  5 patients")
  }

  @Test("a bar is drawn only on a terminal, and taken away at the end")
  func drawing() throws {
    for (isTerminal, isQuiet) in [(false, false), (true, true)] {
      let output = TestOutput(isTerminal: isTerminal, columns: 80)
      var bar = ProgressBar("Importing", total: 2, sink: output, isQuiet: isQuiet)
      try bar.update(done: 1, note: "1")
      try bar.finish()
      #expect(output.text == "")
    }
    let output = TestOutput(isTerminal: true, columns: 80)
    var bar = ProgressBar("Importing", total: 2, sink: output, isQuiet: false)
    try bar.update(done: 1, note: "1")
    try bar.update(done: 2, note: "2")
    try bar.finish()
    #expect(output.text.hasPrefix("\rImporting"))
    #expect(output.text.hasSuffix("\r\u{1B}[K"))
    // The second update came too soon to be drawn.
    #expect(output.text.split(separator: "\r").count == 2)
  }
}

@Suite("Profile commands")
struct ProfileCommandTests {
  @Test("make, list, choose and remove profiles")
  func lifecycle() async throws {
    try await TemporaryFolder.with { (folder) async throws in
      let bench = CommandBench(home: folder + "/home")
      let set = await bench.run(
        "profile", "set", "demo", "--server", "localhost:7443", "--company", "demo", "--email",
        "a@b.example", "--ca-file", "/ca.pem")
      #expect(set.status == .success)
      #expect(set.output == "")
      _ = await bench.run("profile", "set", "other", "--server", "[::1]:1", "--server", "b:2", "-q")
      #expect(
        await bench.run("profile", "list").output == """
             NAME   SERVER          CLINIC  ACCOUNT      LOGGED IN
          *  demo   localhost:7443  demo    a@b.example  no
             other  [::1]:1, b:2                         no

          """)
      #expect(await bench.run("profile", "use", "other").status == .success)
      let json = await bench.run("profile", "list", "-o", "json")
      #expect(
        try JSONValue(parsing: json.output)["profiles"]?.elements.map { $0["current"] }
          == [.bool(false), .bool(true)])
      #expect(await bench.run("profile", "use", "othr").errors.contains("did you mean 'other'?"))
      #expect(await bench.run("profile", "remove", "other").status == .declined)
      #expect(await bench.run("profile", "remove", "other", "--yes").status == .success)
      #expect(await bench.run("profile", "set", "empty").status == .usage)
      #expect(await bench.run("profile", "set", "../x", "--server", "a:1").status == .usage)
    }
  }

  @Test("a change keeps what is not given")
  func change() async throws {
    try await TemporaryFolder.with { (folder) async throws in
      let bench = CommandBench(home: folder)
      _ = await bench.run("profile", "set", "demo", "--server", "a:1", "--company", "demo")
      _ = await bench.run("profile", "set", "demo", "--email", "a@b.example")
      #expect(
        try ProfileStore(home: folder).profile("demo")
          == Profile(servers: ["a:1"], company: "demo", email: "a@b.example"))
    }
  }
}
