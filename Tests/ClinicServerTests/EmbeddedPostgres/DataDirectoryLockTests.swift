import Glibc
import Subprocess
import Testing

@testable import ClinicServer

@Suite("Data folder lock")
struct DataDirectoryLockTests {
  @Test("refuses a second server and names the first")
  func refusesASecond() async throws {
    try await withScratchFolder { folder in
      let place = folder.path + "/made/on/demand"
      let lock = try DataDirectoryLock.acquire(dataDirectory: place)
      #expect(lock.dataDirectory == place)
      #expect {
        try DataDirectoryLock.acquire(dataDirectory: place)
      } throws: { error in
        (error as? ServerStartupError)?.code == .dataDirectoryInUse
          && "\(error)".contains("process id \(getpid()) ") && "\(error)".contains(place)
      }
      lock.release()
      lock.release()
      try DataDirectoryLock.acquire(dataDirectory: place).release()
    }
  }

  @Test("is not handed down to a child process")
  func isNotInherited() async throws {
    try await withScratchFolder { folder in
      let lock = try DataDirectoryLock.acquire(dataDirectory: folder.path)
      _ = try await run(
        .name("sleep"), arguments: ["60"], input: .none, output: .discarded, error: .discarded
      ) { child in
        lock.release()
        try DataDirectoryLock.acquire(dataDirectory: folder.path).release()
        try child.send(signal: .kill)
      }
    }
  }

  @Test("refuses a path that is not a folder")
  func refusesAFile() async throws {
    try await withScratchFolder { folder in
      let account = try PostgresAccount.forCluster(at: folder.path)
      try Files.replace(folder.path + "/file", with: "", for: account)
      #expect {
        try DataDirectoryLock.acquire(dataDirectory: folder.path + "/file")
      } throws: { ($0 as? ServerStartupError)?.code == .dataDirectoryUnusable }
    }
  }
}
