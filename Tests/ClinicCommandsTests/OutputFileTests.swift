@testable import ClinicCommands
import Glibc
import Testing

@Suite("Files of an export", .serialized)
struct OutputFileTests {
  private static func text(_ path: String) throws -> String {
    String(decoding: try InputFile(path).readAll(limit: 1 << 20), as: UTF8.self)
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  @Test("take their place when they are whole, for their owner only", arguments: [true, false])
  func replaces(_ allowsUnnamed: Bool) throws {
    try TemporaryFolder.with { folder in
      let path = folder + "/patients.csv"
      for content in ["first", "second"] {
        let file = try OutputFile(path, allowsUnnamed: allowsUnnamed)
        try file.write(content)
        try file.finish()
        #expect(try Self.text(path) == content)
        #expect(PrivateFiles.mode(path) == 0o600)
      }
      #expect(PrivateFiles.names(in: folder) == ["patients.csv"])
    }
  }

  @Test("leave nothing where they do not become whole", arguments: [true, false])
  func unfinished(_ allowsUnnamed: Bool) throws {
    try TemporaryFolder.with { folder in
      let path = folder + "/patients.csv"
      try PrivateFiles.replace(path, with: "before")
      do {
        let file = try OutputFile(path, allowsUnnamed: allowsUnnamed)
        try file.write("half")
        // Nothing has a name that a killed process would leave behind.
        #expect(PrivateFiles.names(in: folder).count == (allowsUnnamed ? 1 : 2))
      }
      #expect(PrivateFiles.names(in: folder) == ["patients.csv"])
      #expect(try Self.text(path) == "before")
    }
  }

  @Test("go along with the process that a signal ends", arguments: [SIGINT, SIGTERM, SIGHUP])
  func signals(_ number: Int32) throws {
    func handler() -> Int {
      var action = sigaction()
      sigaction(number, nil, &action)
      return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    }
    let before = handler()
    let ignored = unsafeBitCast(SIG_IGN, to: Int.self)
    try TemporaryFolder.with { folder in
      do {
        let file = try OutputFile(folder + "/patients.csv", allowsUnnamed: false)
        try file.write("half")
        #expect(before == ignored ? handler() == ignored : handler() != before)
        // The handler ends the process, so its work alone is done here.
        UnfinishedFile.remove()
        #expect(PrivateFiles.names(in: folder) == [])
      }
      #expect(handler() == before)
    }
  }

  @Test("are written where a symbolic link leads", arguments: [true, false])
  func links(_ isThere: Bool) throws {
    try TemporaryFolder.with { folder in
      let (link, target) = (folder + "/link", folder + "/target")
      symlink("target", link)
      if isThere { try PrivateFiles.replace(target, with: "before") }
      let file = try OutputFile(link)
      try file.write("after")
      try file.finish()
      #expect(Self.isLink(link))
      #expect(try Self.text(target) == "after")
    }
  }

  @Test("what is no file is written to and stays what it is")
  func pipes() throws {
    try TemporaryFolder.with { folder in
      let path = folder + "/pipe"
      mkfifo(path, 0o600)
      // Open on both sides, so that nobody waits for the other.
      let reader = open(path, O_RDWR)
      defer { close(reader) }
      let file = try OutputFile(path)
      try file.write("patients")
      try file.finish()
      var status = stat()
      #expect(lstat(path, &status) == 0)
      #expect(status.st_mode & S_IFMT == S_IFIFO)
      #expect(try FileDescriptorInput(reader).read(upTo: 100) == Array("patients".utf8))
    }
  }

  @Test("cannot be folders, or lie in folders that are not there")
  func nowhere() throws {
    try TemporaryFolder.with { folder in
      #expect(throws: SystemError.self) { try OutputFile(folder) }
      #expect(throws: SystemError.self) { try OutputFile(folder + "/none/patients.csv") }
    }
  }
}
