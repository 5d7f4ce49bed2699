// `struct stat` belongs to whichever of the two the compiler meets first.
import CoreFoundation
import Glibc
import Logging
import Testing

@testable import ClinicServer

@Suite("Embedded PostgreSQL", .serialized, .timeLimit(.minutes(5)))
struct EmbeddedPostgresTests {
  @Test(
    "makes a UTF-8 cluster that syncs, listens on a socket only, and starts again with its data")
  func makesACluster() async throws {
    try await withScratchFolder { folder in
      try await EmbeddedPostgres.withServer(in: folder) { server in
        let settings = try await server.query(
          """
          select current_database(), current_setting('server_encoding'),
            current_setting('listen_addresses'), current_setting('fsync'),
            current_setting('data_checksums'), current_setting('log_error_verbosity')
          """)
        #expect(settings == "clinic|UTF8||on|on|terse")
        try await server.expect(
          "create table kept (id int); insert into kept values (7)", gives: "")
        let folded = try await server.query("select lower('ÅÉ'), 'z' < 'é'")
        #expect(folded == "åé|t")
      }
      #expect(ProcessTable.postgresProcesses(of: folder.path + "/postgres").isEmpty)
      try await EmbeddedPostgres.withServer(in: folder) { server in
        try await server.expect("select id from kept", gives: "7")
      }
    }
  }

  @Test("runs as an unprivileged user and lets only known roles in")
  func runsUnprivileged() async throws {
    try await withScratchFolder { folder in
      try await EmbeddedPostgres.withServer(in: folder) { server in
        let id = try #require(server.processID)
        let owner = try #require(Files.status("/proc/\(id)"))
        #expect(owner.st_uid != 0)
        #expect(Files.status(folder.path + "/postgres")?.st_uid == owner.st_uid)
        _ = try await server.query("create role clinic_app login; create role stranger login")
        try await server.expect("select current_user", user: "clinic_app", gives: "clinic_app")
        try await server.expect("select current_user", user: "stranger", gives: nil)
      }
    }
  }

  @Test(
    "starts a killed postmaster again, with a busy connection open, and keeps what was committed")
  func survivesKill() async throws {
    try await withScratchFolder { folder in
      try await EmbeddedPostgres.withServer(in: folder) { server in
        _ = try await server.query("create table kept (id int); insert into kept values (7)")
        var id = try #require(server.processID)
        for _ in 0..<2 {
          async let busy = server.query("select pg_sleep(60)")
          while try await server.query(
            "select count(*) from pg_stat_activity where query = 'select pg_sleep(60)'") != "1"
          {}
          kill(id, SIGKILL)
          id = try await server.nextProcessID(after: id)
          let answer = try await busy
          #expect(answer == nil)
          try await server.expect("select id from kept", gives: "7")
        }
      }
    }
  }

  @Test("takes over from a postmaster whose clinicd was killed")
  func takesOver() async throws {
    try await withScratchFolder { folder in
      let cluster = folder.path + "/postgres"
      try await EmbeddedPostgres.withServer(in: folder) { server in
        _ = try await server.query("create table kept (id int); insert into kept values (7)")
      }
      let account = try PostgresAccount.forCluster(at: cluster)
      let binaries = try await PostgresBinaries.find(in: nil)
      let start = PostgresCommand(
        executable: binaries.directory + "/pg_ctl",
        arguments: ["start", "-w", "-D", cluster, "-l", "/dev/null"], account: account)
      let started = try await start.output()
      #expect(started.isSuccess)
      let orphan = try #require(PostmasterFile(cluster: cluster)).processID
      try await EmbeddedPostgres.withServer(in: folder) { server in
        #expect(server.processID != orphan)
        #expect(!ProcessTable.isRunning(orphan))
        try await server.expect("select id from kept", gives: "7")
      }
    }
  }

  @Test(
    "starts over the lock files of a process that is gone, a zombie, or a stranger",
    arguments: ["gone", "zombie", "stranger"])
  func startsOverStaleLocks(holder: String) async throws {
    try await withScratchFolder { folder in
      let socket = try await EmbeddedPostgres.withServer(in: folder) { $0.endpoint.socketPath }
      let account = try PostgresAccount.forCluster(at: folder.path + "/postgres")
      let child = try spawnChild()
      defer { waitpid(child, nil, 0) }
      while ProcessTable.isRunning(child) { try await Task.sleep(for: .milliseconds(1)) }
      #expect(ProcessTable.state(of: child) == "Z")
      let ids: [String: Int32] = ["gone": 4_190_000, "zombie": child, "stranger": getpid()]
      let id = try #require(ids[holder])
      for path in [folder.path + "/postgres/postmaster.pid", socket + ".lock"] {
        try Files.replace(path, with: "\(id)\n\(folder.path)/postgres\n", for: account)
      }
      try await EmbeddedPostgres.withServer(in: folder) { server in
        try await server.expect("select 1", gives: "1")
      }
    }
  }

  @Test("serves from a folder that its user may not enter, and from one with a very long name")
  func servesFromOddFolders() async throws {
    try await withScratchFolder(isClosed: true) { folder in
      for below in ["/data", "/data", ""] {
        try await EmbeddedPostgres.withServer(in: folder, below: below) { server in
          try await server.expect("select 1", gives: "1")
        }
      }
    }
    let padding = "-it's a \"long\" name ü" + String(repeating: "x", count: 120)
    try await withScratchFolder(padding: padding) { folder in
      try await EmbeddedPostgres.withServer(in: folder) { server in
        #expect(server.endpoint.socketPath.utf8.count <= PostgresEndpoint.longestSocketPath)
        try await server.expect("select 1", gives: "1")
      }
    }
  }

  @Test("says why it cannot start, in words that help")
  func explainsFailures() async throws {
    try await withScratchFolder { folder in
      let foreign = folder.path + "/postgres"
      _ = try Files.makeDirectory(foreign + "/photos")
      await #expect {
        try await EmbeddedPostgres.withServer(in: folder) { _ in }
      } throws: { error in
        "\(error)".contains("is not empty and not a PostgreSQL cluster")
      }
    }
    try await withScratchFolder { folder in
      var configuration = EmbeddedPostgresConfiguration(dataDirectory: folder.path)
      configuration.binaryDirectory = folder.path
      await #expect {
        try await EmbeddedPostgres.withServer(configuration: configuration, logger: quietLogger) {
          _ in
        }
      } throws: { error in
        (error as? ServerStartupError)?.code == .postgresMissing
          && "\(error)".contains("apt-get install postgresql")
      }
    }
    try await withScratchFolder { folder in
      try await EmbeddedPostgres.withServer(in: folder) { _ in }
      let account = try PostgresAccount.forCluster(at: folder.path + "/postgres")
      let local = folder.path + "/postgres/local.conf"
      try Files.replace(local, with: "shared_buffers = 'plenty'\n", for: account)
      await #expect {
        try await EmbeddedPostgres.withServer(in: folder) { _ in }
      } throws: { error in
        (error as? ServerStartupError)?.code == .postgresFailed
          && "\(error)".contains("shared_buffers")
      }
      let version = folder.path + "/postgres/PG_VERSION"
      try Files.replace(version, with: "12\n", for: account)
      await #expect {
        try await EmbeddedPostgres.withServer(in: folder) { _ in }
      } throws: { "\($0)".contains("postgresql-12") }
    }
  }

  @Test("stops PostgreSQL when the body throws and when the task is cancelled")
  func stopsOnEveryWayOut() async throws {
    struct Failure: Error {}
    try await withScratchFolder { folder in
      await #expect(throws: Failure.self) {
        try await EmbeddedPostgres.withServer(in: folder) { _ in throw Failure() }
      }
      #expect(ProcessTable.postgresProcesses(of: folder.path + "/postgres").isEmpty)
      let (started, start) = AsyncStream.makeStream(of: Void.self)
      let task = Task {
        try await EmbeddedPostgres.withServer(in: folder) { server in
          start.yield()
          try? await Task.sleep(for: .seconds(600))
          return try await server.query("select 'still here'")
        }
      }
      _ = await started.first { _ in true }
      task.cancel()
      _ = try? await task.value
      #expect(ProcessTable.postgresProcesses(of: folder.path + "/postgres").isEmpty)
    }
  }

  private func spawnChild() throws -> Int32 {
    var id: Int32 = 0
    let name = strdup("true")
    defer { free(name) }
    var arguments: [UnsafeMutablePointer<CChar>?] = [name, nil]
    try #require(posix_spawnp(&id, "true", nil, nil, &arguments, environ) == 0)
    return id
  }
}
