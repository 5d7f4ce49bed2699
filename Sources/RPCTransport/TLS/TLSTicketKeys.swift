internal import COpenSSL
internal import Synchronization

/// The keys that seal a server's session tickets, replaced every ``TLSPolicy/sessionLifetime`` so
/// that an old ticket cannot be opened for as long as the process runs (RFC 5077 §5.5).
final class TLSTicketKeys: Sendable {
  /// One generation of keys.
  struct Key: Sendable {
    var name: [UInt8]
    var encryption: [UInt8]
    var authentication: [UInt8]
    /// Seconds on the monotonic clock.
    var born: Int64
  }

  /// The current key first, then the one before it: a ticket outlives at most one change.
  private let ring = Mutex<[Key]>([])

  /// Makes a context use these keys; the context's owner keeps them alive.
  func install(in context: OpaquePointer) {
    SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(self).toOpaque())
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, Self.callback)
  }

  /// The key that seals a new ticket; `nil` if there is no randomness.
  func current(now: Int64) -> Key? {
    self.ring.withLock { ring in
      if let key = ring.first, now - key.born < Int64(TLSPolicy.sessionLifetime) { return key }
      guard let name = Self.random(16), let encryption = Self.random(32),
        let authentication = Self.random(32)
      else { return nil }
      let key = Key(name: name, encryption: encryption, authentication: authentication, born: now)
      ring = [key] + ring.prefix(1)
      return key
    }
  }

  /// The key that sealed a ticket, unless it is too old.
  func key(named name: UnsafeBufferPointer<UInt8>, now: Int64) -> Key? {
    self.ring.withLock { ring in
      ring.first {
        $0.name.elementsEqual(name) && now - $0.born < 2 * Int64(TLSPolicy.sessionLifetime)
      }
    }
  }

  private static func random(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return RAND_bytes(&bytes, CInt(count)) == 1 ? bytes : nil
  }

  private static func now() -> Int64 {
    self.epoch.duration(to: .now).components.seconds
  }

  private static let epoch = ContinuousClock.now
}

extension TLSTicketKeys {
  /// OpenSSL's callback: prepares the cipher and the MAC for sealing (1) or opening (0) a ticket.
  private static let callback:
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?, OpaquePointer?,
      OpaquePointer?, CInt
    ) -> CInt = { session, name, vector, cipher, mac, isSealing in
      guard let name, let vector,
        let data = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), 0)
      else { return -1 }
      let keys = Unmanaged<TLSTicketKeys>.fromOpaque(data).takeUnretainedValue()
      if isSealing == 1 {
        guard let key = keys.current(now: now()), RAND_bytes(vector, 16) == 1 else { return -1 }
        name.update(from: key.name, count: 16)
        let isReady =
          EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.encryption, vector) == 1
          && authenticate(mac, key)
        return isReady ? 1 : -1
      }
      let named = UnsafeBufferPointer(start: UnsafePointer(name), count: 16)
      // Zero: an unknown ticket, so a full handshake.
      guard let key = keys.key(named: named, now: now()) else { return 0 }
      let isReady =
        EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.encryption, vector) == 1
        && authenticate(mac, key)
      guard isReady else { return -1 }
      // Two: with a new ticket, because in TLS 1.3 clients use each only once.
      return SSL_version(session) == TLS1_3_VERSION ? 2 : 1
    }

  private static func authenticate(_ mac: OpaquePointer?, _ key: Key) -> Bool {
    var secret = key.authentication
    return COpenSSL_EVP_MAC_set_sha256_key(mac, &secret, secret.count) == 1
  }
}
