internal import CSodium
internal import Foundation
internal import NIOPosix
internal import Synchronization

/// Hashes and checks passwords with Argon2id (RFC 9106) on threads of its own: a hash takes tens of
/// milliseconds and megabytes on purpose, which no event loop can spare.
///
/// The queue is bounded. What comes beyond is refused at once, since a caller who waits longer than
/// its deadline costs as much and gets nothing.
package final class PasswordHasher: Sendable {
  /// What a hash costs. The hash itself names its cost, so both may change at any time.
  package struct Parameters: Sendable, Hashable {
    /// Passes over the memory, 1 and up.
    package var passes: Int
    /// Memory, in KiB, 8 and up.
    package var memory: Int

    /// Makes parameters.
    package init(passes: Int, memory: Int) {
      self.passes = passes
      self.memory = memory
    }

    /// 19 MiB, two passes, one lane: what OWASP's Password Storage Cheat Sheet asks for at least.
    package static let standard = Parameters(passes: 2, memory: 19_456)

    /// The least that libsodium does, for tests.
    package static let weakest = Parameters(passes: 1, memory: 8)
  }

  private let parameters: Parameters
  private let threads: NIOThreadPool
  private let queueLimit: Int
  private let queued = Mutex(0)
  /// The hash of a password that nobody has.
  private let nobodysHash: String

  /// - Parameters:
  ///   - parameters: the cost of new hashes.
  ///   - threads: how many hashes are made at once, each in its own memory.
  ///   - queueLimit: how many calls may wait or run.
  /// - Throws: where libsodium finds no source of random bytes, or no memory for a hash.
  package init(
    parameters: Parameters = .standard, threads: Int = 2, queueLimit: Int = 64
  ) throws(PasswordHasherError) {
    guard sodium_init() >= 0,
      let nobodysHash = Self.derive(OpaqueToken.random(bytes: 32), parameters)
    else { throw .outOfMemory }
    self.nobodysHash = nobodysHash
    self.parameters = parameters
    self.queueLimit = queueLimit
    self.threads = NIOThreadPool(numberOfThreads: threads)
    self.threads.start()
  }

  /// The hash of a password, with its salt and cost, as 128 characters of ASCII at most.
  package func hash(_ password: String) async throws(PasswordHasherError) -> String {
    let bytes = Self.bytes(of: password)
    guard let hash = try await perform({ [parameters] in Self.derive(bytes, parameters) }) else {
      throw .outOfMemory
    }
    return hash
  }

  /// Whether a password is the one that was hashed. The comparison takes the same time wherever
  /// the two differ.
  package func verify(
    _ password: String, against hash: String
  ) async throws(PasswordHasherError) -> Bool {
    let bytes = Self.bytes(of: password)
    return try await perform { Self.verify(bytes, against: hash) }
  }

  /// Takes the time that ``verify(_:against:)`` takes: for accounts that do not exist, so that
  /// nobody can tell them from others.
  package func verifyNothing(_ password: String) async throws(PasswordHasherError) {
    _ = try await verify(password, against: nobodysHash)
  }

  /// Whether a hash was made at another cost than new ones are, or is no hash of ours: replace it
  /// when its password is next known.
  package func needsRehash(_ hash: String) -> Bool {
    crypto_pwhash_argon2id_str_needs_rehash(
      hash, UInt64(parameters.passes), parameters.memory * 1024) != 0
  }

  /// A hash at today's cost of a password that was just verified; nil where `hash` has it.
  package func rehashIfNeeded(
    _ password: String, hash: String
  ) async throws(PasswordHasherError) -> String? {
    needsRehash(hash) ? try await self.hash(password) : nil
  }

  /// Ends the threads. Calls after this one throw.
  package func shutdown() async {
    try? await threads.shutdownGracefully()
  }

  // MARK: Inside

  /// The password's bytes. Composed (NFC), since keyboards differ in how they write `é`.
  private static func bytes(of password: String) -> [UInt8] {
    Array(password.precomposedStringWithCanonicalMapping.utf8)
  }

  private func perform<Result: Sendable>(
    _ work: @escaping @Sendable () -> Result
  ) async throws(PasswordHasherError) -> Result {
    let isAdmitted = queued.withLock { queued in
      guard queued < queueLimit else { return false }
      queued += 1
      return true
    }
    guard isAdmitted else { throw .busy }
    defer { queued.withLock { $0 -= 1 } }
    do {
      return try await threads.runIfActive(work)
    } catch {
      throw .cancelled
    }
  }

  private static func derive(_ password: [UInt8], _ parameters: Parameters) -> String? {
    var hash = [CChar](repeating: 0, count: Int(crypto_pwhash_argon2id_strbytes()))
    let result = password.withUnsafeBytes { bytes in
      crypto_pwhash_argon2id_str(
        &hash, bytes.bindMemory(to: CChar.self).baseAddress ?? emptyText, UInt64(bytes.count),
        UInt64(parameters.passes), parameters.memory * 1024)
    }
    guard result == 0 else { return nil }
    return String(decoding: hash.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func verify(_ password: [UInt8], against hash: String) -> Bool {
    password.withUnsafeBytes { bytes in
      crypto_pwhash_argon2id_str_verify(
        hash, bytes.bindMemory(to: CChar.self).baseAddress ?? emptyText, UInt64(bytes.count)) == 0
    }
  }

  /// What an empty password points to: C wants an address.
  private static var emptyText: UnsafePointer<CChar> {
    UnsafeRawPointer(StaticString("").utf8Start).assumingMemoryBound(to: CChar.self)
  }
}

/// Why a password was neither hashed nor checked.
package enum PasswordHasherError: Error, Sendable, Hashable {
  /// Too many are waiting. Try again later.
  case busy
  /// The caller gave up, or the server is ending.
  case cancelled
  /// The machine has no memory for another hash.
  case outOfMemory
}
