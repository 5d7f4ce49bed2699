import Testing

@testable import ClinicServer

@Suite("Password hasher")
struct PasswordHasherTests {
  @Test("makes Argon2id hashes of OWASP's cost, salted, that only the password opens")
  func hashes() async throws {
    let hasher = try PasswordHasher()
    let hash = try await hasher.hash("correct horse battery staple")
    #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(try await hasher.hash("correct horse battery staple") != hash)
    #expect(try await hasher.verify("correct horse battery staple", against: hash))
    #expect(try await !hasher.verify("correct horse battery stapler", against: hash))
    #expect(try await !hasher.verify("", against: hash))
    #expect(!hasher.needsRehash(hash))
    #expect(try await hasher.rehashIfNeeded("correct horse battery staple", hash: hash) == nil)
    await hasher.shutdown()
  }

  @Test(
    "takes any password: empty, long, with NUL, in any script, composed or not",
    arguments: ["", String(repeating: "ü", count: 1024), "a\0b", "密码密码密码密码密码密码", "🔑"])
  func takesAnything(password: String) async throws {
    let hasher = try PasswordHasher(parameters: .weakest)
    let hash = try await hasher.hash(password)
    #expect(try await hasher.verify(password, against: hash))
    #expect(try await !hasher.verify(password + "x", against: hash))
    await hasher.shutdown()
  }

  @Test("knows é however a keyboard writes it")
  func normalizes() async throws {
    let hasher = try PasswordHasher(parameters: .weakest)
    let hash = try await hasher.hash("caf\u{E9}")
    #expect(try await hasher.verify("cafe\u{301}", against: hash))
    await hasher.shutdown()
  }

  @Test("does not cut a password at NUL")
  func keepsNUL() async throws {
    let hasher = try PasswordHasher(parameters: .weakest)
    let hash = try await hasher.hash("a\0b")
    #expect(try await !hasher.verify("a\0c", against: hash))
    #expect(try await !hasher.verify("a", against: hash))
    await hasher.shutdown()
  }

  @Test("refuses what is no hash, and asks for a new hash of it and of another cost")
  func rehashes() async throws {
    let weak = try PasswordHasher(parameters: .weakest)
    let strong = try PasswordHasher(parameters: .init(passes: 2, memory: 64))
    let hash = try await weak.hash("password")
    #expect(strong.needsRehash(hash))
    let better = try #require(try await strong.rehashIfNeeded("password", hash: hash))
    #expect(!strong.needsRehash(better))
    for text in ["", "nonsense", "$argon2id$v=19$", String(repeating: "x", count: 5000)] {
      #expect(strong.needsRehash(text))
      #expect(try await !strong.verify("password", against: text))
    }
    await weak.shutdown()
    await strong.shutdown()
  }

  @Test("refuses what does not fit its queue, and takes more when that is done")
  func boundsItsQueue() async throws {
    let hasher = try PasswordHasher(
      parameters: .init(passes: 3, memory: 8192), threads: 1, queueLimit: 4)
    let outcomes = await withTaskGroup(of: PasswordHasherError?.self) { group in
      for _ in 0..<40 {
        group.addTask {
          do throws(PasswordHasherError) {
            try await hasher.verifyNothing("password")
            return nil
          } catch { return error }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.contains(nil))
    #expect(outcomes.contains(.busy))
    #expect(try await hasher.hash("password").isEmpty == false)
    await hasher.shutdown()
    await #expect(throws: PasswordHasherError.cancelled) { try await hasher.hash("password") }
  }
}
