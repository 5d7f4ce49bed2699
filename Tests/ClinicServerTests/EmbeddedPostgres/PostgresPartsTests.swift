import Testing

@testable import ClinicServer

@Suite("Parts of the embedded PostgreSQL")
struct PostgresPartsTests {
  @Test(
    "reads a postmaster's lock file at every stage of its writing",
    arguments: [
      ("", nil, false), ("abc\n", nil, false), ("417", 417, false), ("-417\n/x\n", 417, false),
      ("417\n/x\n1\n5432\n/run\n\n  1  2\nstarting\n", 417, false),
      ("417\n/x\n1\n5432\n/run\n\n  1  2\nready   \n", 417, true)
    ] as [(String, Int32?, Bool)])
  func readsLockFiles(text: String, id: Int32?, isReady: Bool) {
    let file = PostmasterFile(text: text)
    #expect(file?.processID == id)
    #expect(file?.isReady ?? false == isReady)
  }

  @Test("waits longer after each short life, and starts over after a long one")
  func backsOff() {
    var backoff = RestartBackoff()
    var delays: [Duration] = []
    for _ in 0..<10 { delays.append(backoff.delay(afterRunOf: .seconds(1))) }
    #expect(delays.first == .milliseconds(100))
    #expect(delays[3] == .milliseconds(800))
    #expect(delays.last == .seconds(15))
    #expect(backoff.delay(afterRunOf: .seconds(61)) == .milliseconds(100))
  }

  @Test("escapes paths in connection strings and URLs")
  func escapes() {
    let endpoint = PostgresEndpoint(socketDirectory: "/a b/it's", port: 5432, database: "clinic")
    #expect(
      endpoint.connectionString(user: "clinic_app")
        == #"host='/a b/it\'s' port='5432' user='clinic_app' dbname='clinic'"#)
    #expect(
      endpoint.url(user: "clinic_app")
        == "postgresql://clinic_app@%2Fa%20b%2Fit%27s:5432/clinic")
  }

  @Test(
    "reads the version of the programs",
    arguments: [
      ("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)", 15),
      ("postgres (PostgreSQL) 18beta1", 18), ("something else", nil)
    ] as [(String, Int?)])
  func readsVersions(text: String, version: Int?) {
    #expect(PostgresBinaries.parseVersion(text) == version)
  }

  @Test("keeps the memory settings small and within the machine", arguments: [256, 2048, 1 << 20])
  func sizesMemory(memory: Int) throws {
    let endpoint = PostgresEndpoint(socketDirectory: "/it's", port: 5432, database: "clinic")
    let text = PostgresSettings(
      endpoint: endpoint, maximumConnections: 5, memory: memory, processors: 2
    ).configuration
    let buffers = [256: 32, 2048: 128, 1 << 20: 512][memory] ?? 0
    #expect(text.contains("shared_buffers = \(buffers)MB\n"))
    #expect(text.contains("unix_socket_directories = '/it''s'\n"))
    #expect(text.contains("max_connections = 10\n"))
    #expect(text.contains("\nfsync = on\n"))
  }
}
