internal import COpenSSL

/// An `SSL_CTX`: the settings shared by all connections of one role; owns one reference to it.
///
/// `@unchecked Sendable`: the context is not changed after its initializer returns, and OpenSSL
/// counts references to it atomically.
final class TLSContext: @unchecked Sendable {
  /// Which end of the connection.
  enum Role {
    case client, server
  }

  let pointer: OpaquePointer
  let role: Role
  let protocols: TLSApplicationProtocols
  /// Tickets received (client) so that the next connection can resume.
  let sessions = TLSSessionCache()
  /// Keys of the tickets given out (server).
  private let ticketKeys = TLSTicketKeys()

  init(
    role: Role, versions: ClosedRange<TLSVersion>, protocols: TLSApplicationProtocols
  ) throws(TLSError) {
    OpenSSLErrorQueue.clear()
    let method = role == .server ? TLS_server_method() : TLS_client_method()
    guard let pointer = SSL_CTX_new(method) else {
      throw .fromQueue(.configuration, "OpenSSL cannot make a context")
    }
    self.pointer = pointer
    self.role = role
    self.protocols = protocols
    try self.applyPolicy(versions)
    self.applyModes()
    switch role {
    case .server: self.configureServer()
    case .client: try self.configureClient()
    }
  }

  deinit { SSL_CTX_free(self.pointer) }

  private func applyPolicy(_ versions: ClosedRange<TLSVersion>) throws(TLSError) {
    SSL_CTX_set_security_level(self.pointer, TLSPolicy.securityLevel)
    let accepted =
      COpenSSL_SSL_CTX_set_min_proto_version(self.pointer, versions.lowerBound.libraryValue) == 1
      && COpenSSL_SSL_CTX_set_max_proto_version(self.pointer, versions.upperBound.libraryValue) == 1
      && SSL_CTX_set_ciphersuites(self.pointer, TLSPolicy.suites13) == 1
      && SSL_CTX_set_cipher_list(self.pointer, TLSPolicy.suites12) == 1
      && COpenSSL_SSL_CTX_set1_groups_list(self.pointer, TLSPolicy.groups) == 1
      && COpenSSL_SSL_CTX_set1_sigalgs_list(self.pointer, TLSPolicy.signatures) == 1
      && COpenSSL_SSL_CTX_set1_client_sigalgs_list(self.pointer, TLSPolicy.signatures) == 1
    guard accepted else { throw .fromQueue(.configuration, "OpenSSL lacks a required algorithm") }
    SSL_CTX_set_options(
      self.pointer, UInt64(COpenSSL_OPTIONS_noRenegotiation | COpenSSL_OPTIONS_noCompression))
    _ = SSL_CTX_ctrl(
      self.pointer, SSL_CTRL_SET_MAX_CERT_LIST, TLSPolicy.maximumCertificateList, nil)
  }

  private func applyModes() {
    // Released buffers keep an idle connection small; moving buffers because a write may be retried
    // from another place in memory.
    let modes = SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
    _ = COpenSSL_SSL_CTX_set_mode(self.pointer, Int(modes))
  }

  private func configureServer() {
    // Sessions live in the clients' tickets, not in our memory.
    _ = COpenSSL_SSL_CTX_set_session_cache_mode(self.pointer, Int(SSL_SESS_CACHE_OFF))
    SSL_CTX_set_timeout(self.pointer, TLSPolicy.sessionLifetime)
    SSL_CTX_set_num_tickets(self.pointer, 1)
    SSL_CTX_set_session_id_context(self.pointer, "clinic-rpc", 10)
    self.ticketKeys.install(in: self.pointer)
    guard !self.protocols.names.isEmpty else { return }
    let argument = Unmanaged.passUnretained(self.protocols).toOpaque()
    SSL_CTX_set_alpn_select_cb(self.pointer, TLSApplicationProtocols.selectionCallback, argument)
    if self.protocols.isRequired {
      SSL_CTX_set_client_hello_cb(self.pointer, TLSApplicationProtocols.requirementCallback, nil)
    }
  }

  private func configureClient() throws(TLSError) {
    let mode = SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL
    _ = COpenSSL_SSL_CTX_set_session_cache_mode(self.pointer, Int(mode))
    SSL_CTX_sess_set_new_cb(self.pointer, TLSSessionCache.newSessionCallback)
    SSL_CTX_set_verify(self.pointer, SSL_VERIFY_PEER, nil)
    let wireFormat = self.protocols.wireFormat
    guard !wireFormat.isEmpty else { return }
    // This function alone answers zero for success.
    guard SSL_CTX_set_alpn_protos(self.pointer, wireFormat, CUnsignedInt(wireFormat.count)) == 0
    else {
      throw .fromQueue(.configuration, "OpenSSL refuses the application protocols")
    }
  }
}
