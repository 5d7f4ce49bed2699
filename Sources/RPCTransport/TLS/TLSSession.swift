internal import COpenSSL
internal import NIOCore

/// An `SSL`: one connection's protocol state; owns it. Belongs to one event loop.
///
/// It knows no sockets: bytes from the network are lent to a call, and what it wants to send is
/// appended to a buffer of the caller's.
final class TLSSession {
  let context: TLSContext
  /// The name a client asked for, under which tickets are kept.
  let serverName: String?
  /// Whether failures are the handshake's or come after it.
  private var isHandshakeDone = false
  private let pointer: OpaquePointer
  private let window: UnsafeMutablePointer<TLSWindow>

  /// Makes the server's end of a connection.
  init(server context: TLSServerContext) throws(TLSError) {
    (self.pointer, self.window) = try Self.make(context.context)
    self.context = context.context
    self.serverName = nil
    SSL_set_accept_state(self.pointer)
  }

  /// Makes the client's end of a connection to a server that must prove to be `serverName` (DNS
  /// name or address).
  init(client context: TLSClientContext, serverName: String) throws(TLSError) {
    (self.pointer, self.window) = try Self.make(context.context)
    self.context = context.context
    self.serverName = serverName
    _ = COpenSSL_SSL_set_app_data(self.pointer, Unmanaged.passUnretained(self).toOpaque())
    try self.expect(serverName)
    self.context.sessions.resume(self.pointer, for: serverName)
    SSL_set_connect_state(self.pointer)
  }

  deinit {
    SSL_free(self.pointer)
    self.window.pointee.releaseSpill()
    self.window.deallocate()
  }

  private static func make(
    _ context: TLSContext
  ) throws(TLSError) -> (OpaquePointer, UnsafeMutablePointer<TLSWindow>) {
    OpenSSLErrorQueue.clear()
    guard let pointer = SSL_new(context.pointer) else {
      throw .fromQueue(.handshakeFailed, "OpenSSL cannot make a connection")
    }
    let window = UnsafeMutablePointer<TLSWindow>.allocate(capacity: 1)
    window.initialize(to: TLSWindow())
    guard let bio = TLSWindowBIO.make(window) else {
      SSL_free(pointer)
      window.deallocate()
      throw .fromQueue(.handshakeFailed, "OpenSSL cannot make a buffer")
    }
    SSL_set_bio(pointer, bio, bio)
    return (pointer, window)
  }

  private func expect(_ serverName: String) throws(TLSError) {
    OpenSSLErrorQueue.clear()
    let parameters = SSL_get0_param(self.pointer)
    let isAccepted: Bool
    if let address = IPAddressText(parsing: serverName) {
      // RFC 6066 §3: addresses are not sent as server names.
      isAccepted = X509_VERIFY_PARAM_set1_ip_asc(parameters, address.text) == 1
    } else {
      let name = serverName.hasSuffix(".") ? String(serverName.dropLast()) : serverName
      X509_VERIFY_PARAM_set_hostflags(
        parameters,
        CUnsignedInt(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
      // An empty name would switch the check off.
      isAccepted =
        !name.isEmpty && !name.utf8.contains(0)
        && SSL_set1_host(self.pointer, name) == 1
        && COpenSSL_SSL_set_tlsext_host_name(self.pointer, name) == 1
    }
    guard isAccepted else {
      throw .fromQueue(.configuration, "\"\(serverName)\" is no usable server name")
    }
  }
}

// MARK: Operations

extension TLSSession {
  /// Goes on with the handshake.
  ///
  /// - Parameters:
  ///   - input: bytes from the network; what is not part of the handshake stays in it.
  ///   - output: receives what is to be sent.
  func handshake(_ input: inout ByteBuffer, into output: inout ByteBuffer) -> TLSOutcome {
    OpenSSLErrorQueue.clear()
    let result = self.lending(&input) { SSL_do_handshake(self.pointer) }
    if result == 1 { self.isHandshakeDone = true }
    let outcome = result == 1 ? .done : self.outcome(of: result)
    self.collectSpill(into: &output)
    return outcome
  }

  /// Decrypts all that can be decrypted.
  ///
  /// - Parameters:
  ///   - input: bytes from the network; all of them are taken.
  ///   - plaintext: receives application data.
  ///   - output: receives what the protocol itself has to send; rarely anything.
  func decrypt(
    _ input: inout ByteBuffer, into plaintext: inout ByteBuffer, output: inout ByteBuffer
  ) -> TLSOutcome {
    OpenSSLErrorQueue.clear()
    // One ciphertext's plaintext is shorter than it, but the start of this one may have come
    // before.
    var reserve = max(input.readableBytes, 1)
    let outcome: TLSOutcome = self.lending(&input) {
      while true {
        var count = 0
        plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: reserve) { space in
          _ = SSL_read_ex(self.pointer, space.baseAddress, space.count, &count)
          return count
        }
        guard count > 0 else { return self.outcome(of: 0) }
        let pending = Int(SSL_pending(self.pointer))
        if pending == 0 && self.window.pointee.inputCount == 0 { return .done }
        reserve = max(pending, min(self.window.pointee.inputCount, 16 << 10))
      }
    }
    self.collectSpill(into: &output)
    if case .needsMore = outcome { return .done }
    return outcome
  }

  /// Encrypts all the bytes, in as few records as they fit.
  func encrypt(_ plaintext: UnsafeRawBufferPointer, into output: inout ByteBuffer) -> TLSOutcome {
    guard !plaintext.isEmpty else { return .done }
    OpenSSLErrorQueue.clear()
    var count = 0
    let result = self.appending(to: &output, Self.ciphertextBound(plaintext.count)) {
      SSL_write_ex(self.pointer, plaintext.baseAddress, plaintext.count, &count)
    }
    return result == 1 ? .done : self.outcome(of: result)
  }

  /// Writes close_notify; more than once does no harm.
  func closeOutput(into output: inout ByteBuffer) {
    OpenSSLErrorQueue.clear()
    _ = SSL_shutdown(self.pointer)
    OpenSSLErrorQueue.clear()
    self.collectSpill(into: &output)
  }

  /// The largest ciphertext of a plaintext: header, content type, explicit nonce and tag on each
  /// record.
  static func ciphertextBound(_ count: Int) -> Int {
    count + (count / TLSSession.maximumRecord + 1) * 48
  }

  /// The largest plaintext of one record, in bytes (RFC 8446 §5.1).
  static let maximumRecord = 16 << 10

  /// Lends the readable bytes to OpenSSL for one call and drops from the buffer what it took.
  @inline(__always)
  private func lending<Result>(_ input: inout ByteBuffer, _ body: () -> Result) -> Result {
    var taken = 0
    let result = input.withUnsafeReadableBytes { bytes in
      self.window.pointee.input = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      self.window.pointee.inputCount = bytes.count
      defer {
        taken = bytes.count - self.window.pointee.inputCount
        self.window.pointee.input = nil
        self.window.pointee.inputCount = 0
      }
      return body()
    }
    input.moveReaderIndex(forwardBy: taken)
    return result
  }

  /// Lets OpenSSL write straight into a buffer for one call.
  @inline(__always)
  private func appending(
    to output: inout ByteBuffer, _ capacity: Int, _ body: () -> CInt
  ) -> CInt {
    var result: CInt = 0
    output.writeWithUnsafeMutableBytes(minimumWritableBytes: capacity) { space in
      self.window.pointee.output = space.baseAddress?.assumingMemoryBound(to: UInt8.self)
      self.window.pointee.outputSpace = space.count
      self.window.pointee.outputCount = 0
      result = body()
      self.window.pointee.output = nil
      self.window.pointee.outputSpace = 0
      return self.window.pointee.outputCount
    }
    self.collectSpill(into: &output)
    return result
  }

  @inline(__always)
  private func collectSpill(into output: inout ByteBuffer) {
    guard self.window.pointee.spillCount > 0, let spill = self.window.pointee.spill else { return }
    output.writeBytes(UnsafeRawBufferPointer(start: spill, count: self.window.pointee.spillCount))
    self.window.pointee.releaseSpill()
  }
}

// MARK: Results

extension TLSSession {
  private func outcome(of result: CInt) -> TLSOutcome {
    switch SSL_get_error(self.pointer, result) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsMore
    case SSL_ERROR_ZERO_RETURN: return .peerClosed
    default: return .failed(self.failure())
    }
  }

  private func failure() -> TLSError {
    let first = ERR_peek_error()
    let reason = ERR_GET_LIB(first) == ERR_LIB_SSL ? ERR_GET_REASON(first) : 0
    let verification = SSL_get_verify_result(self.pointer)
    if (SSL_AD_REASON_OFFSET..<SSL_AD_REASON_OFFSET + 256).contains(reason) {
      return .fromQueue(.alertReceived, "the peer ended the connection with an alert")
    }
    if self.isHandshakeDone {
      return .fromQueue(.protocolViolation, "the peer broke the protocol")
    }
    if reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE {
      return .fromQueue(.peerCertificateRejected, "the peer presented no certificate")
    }
    if verification != Int(X509_V_OK) {
      let why = X509_verify_cert_error_string(verification).map { String(cString: $0) } ?? "unknown"
      return .fromQueue(
        .peerCertificateRejected, "the peer's certificate was rejected: \(why)")
    }
    return .fromQueue(.handshakeFailed, "the TLS handshake failed")
  }

  /// What was negotiated; call after the handshake is done.
  func negotiated() -> TLSHandshakeCompleted {
    var name: UnsafePointer<UInt8>?
    var count: CUnsignedInt = 0
    SSL_get0_alpn_selected(self.pointer, &name, &count)
    let cipher = SSL_get_current_cipher(self.pointer)
    return TLSHandshakeCompleted(
      applicationProtocol: name.map {
        String(decoding: UnsafeBufferPointer(start: $0, count: Int(count)), as: UTF8.self)
      },
      version: TLSVersion(libraryValue: SSL_version(self.pointer)) ?? .v1_2,
      cipherSuite: SSL_CIPHER_standard_name(cipher).map { String(cString: $0) } ?? "",
      isResumed: SSL_session_reused(self.pointer) == 1,
      peer: SSL_get0_peer_certificate(self.pointer).map {
        X509Certificate(borrowing: $0).identity
      })
  }
}
