import ClinicCommands
import Synchronization
import Testing

@Suite("Profiles on disk")
struct ProfileStoreTests {
  static let profile = Profile(
    servers: ["localhost:7443"], certificateAuthority: "/tmp/ca.pem", company: "demo",
    email: "admin@demo.example")

  @Test("are kept, listed, chosen and removed")
  func lifecycle() throws {
    try TemporaryFolder.with { folder in
      let store = ProfileStore(home: folder + "/home")
      #expect(store.names() == [])
      try store.save(Self.profile, as: "demo")
      try store.save(Profile(servers: ["other:1"]), as: "demo2")
      #expect(store.names() == ["demo", "demo2"])
      #expect(try store.profile("demo") == Self.profile)
      #expect(store.current() == "demo")
      try store.use("demo2")
      #expect(try store.selected(option: nil, variables: [:]).name == "demo2")
      #expect(
        try store.selected(option: nil, variables: ["CLINICCTL_PROFILE": "demo"]).name == "demo")
      #expect(
        try store.selected(option: "demo2", variables: ["CLINICCTL_PROFILE": "demo"]).name
          == "demo2")
      #expect(try store.remove("demo2"))
      #expect(try !store.remove("demo2"))
      #expect(store.names() == ["demo"])
      #expect(try store.selected(option: nil, variables: [:]).name == "demo")
    }
  }

  @Test("are for their owner only: files 0600 in folders 0700")
  func modes() throws {
    try TemporaryFolder.with { folder in
      let store = ProfileStore(home: folder + "/home")
      try store.save(Self.profile, as: "demo")
      try PrivateFiles.replace(store.credentialsFile(of: "demo"), with: "{}")
      for path in [folder + "/home", folder + "/home/profiles", store.folder(of: "demo")] {
        #expect(PrivateFiles.mode(path) == 0o700, "\(path)")
      }
      for path in [
        folder + "/home/current", store.folder(of: "demo") + "/profile.json",
        store.credentialsFile(of: "demo")
      ] {
        #expect(PrivateFiles.mode(path) == 0o600, "\(path)")
      }
    }
  }

  @Test(
    "refuse names that lead elsewhere",
    arguments: ["", ".", "..", "a/b", "../x", "a b", "é", ".hidden"])
  func names(_ name: String) {
    #expect(!ProfileStore.isValid(name: name))
    #expect(throws: CommandFailure.self) {
      try ProfileStore(home: "/nonexistent").save(Self.profile, as: name)
    }
  }

  @Test("suggest the name that was meant")
  func suggestion() throws {
    try TemporaryFolder.with { folder in
      let store = ProfileStore(home: folder)
      try store.save(Self.profile, as: "production")
      let error = #expect(throws: CommandFailure.self) {
        try store.selected(option: "prodution", variables: [:])
      }
      #expect(error?.hint == "did you mean 'production'?")
      #expect(error?.status == .usage)
    }
  }

  @Test(
    "live where the variables say",
    arguments: [
      (["CLINICCTL_HOME": "/x", "HOME": "/h"], "/x"), (["HOME": "/h"], "/h/.config/clinicctl"),
      (["HOME": "/h", "XDG_CONFIG_HOME": "/c"], "/c/clinicctl"),
      (["CLINICCTL_HOME": "", "HOME": "/h"], "/h/.config/clinicctl")
    ])
  func home(_ variables: [String: String], _ home: String) {
    #expect(ProfileStore.home(variables: variables) == home)
  }

  @Test("a folder of the user's that exists keeps its mode")
  func existingHome() throws {
    try TemporaryFolder.with { folder in
      TemporaryFolder.changeMode(folder, 0o755)
      let store = ProfileStore(home: folder)
      try store.save(Self.profile, as: "demo")
      #expect(PrivateFiles.mode(folder) == 0o755)
      #expect(PrivateFiles.mode(folder + "/profiles") == 0o700)
    }
  }

  @Test("secrets that others may read are refused")
  func readableSecrets() throws {
    try TemporaryFolder.with { folder in
      let path = folder + "/secret"
      try PrivateFiles.replace(path, with: "x")
      #expect(try PrivateFiles.read(path, isSecret: true) == "x")
      TemporaryFolder.changeMode(path, 0o644)
      #expect(throws: CommandFailure.self) { try PrivateFiles.read(path, isSecret: true) }
    }
  }

  @Test("a file is replaced whole: a reader never sees a part")
  func atomicReplacement() async throws {
    try await TemporaryFolder.with { folder in
      let path = folder + "/file"
      let contents = ["a", "b"].map { String(repeating: $0, count: 100_000) }
      try PrivateFiles.replace(path, with: contents[0])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<4 {
          group.addTask {
            for _ in 0..<20 { try PrivateFiles.replace(path, with: contents[writer % 2]) }
          }
        }
        group.addTask {
          for _ in 0..<100 {
            let text = try PrivateFiles.read(path, isSecret: true) ?? ""
            #expect(contents.contains(text))
          }
        }
        try await group.waitForAll()
      }
      #expect(PrivateFiles.names(in: folder) == ["file"])
    }
  }

  @Test("one at a time holds the lock")
  func lock() async throws {
    try await TemporaryFolder.with { folder in
      let gauge = Gauge()
      let path = folder + "/lock"
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<8 {
          group.addTask {
            try await FileLock.withLock(path) {
              gauge.enter()
              try await Task.sleep(for: .milliseconds(2))
              gauge.leave()
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(gauge.most == 1)
    }
  }
}

/// Counts how many are inside at once.
final class Gauge: Sendable {
  private let state = Mutex((inside: 0, most: 0))

  var most: Int { state.withLock { $0.most } }

  func enter() {
    state.withLock { state in
      state.inside += 1
      state.most = max(state.most, state.inside)
    }
  }

  func leave() {
    state.withLock { $0.inside -= 1 }
  }
}
