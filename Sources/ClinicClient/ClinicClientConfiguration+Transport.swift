internal import RPCCore
package import RPCTransport

extension ClinicClientConfiguration {
  /// The application protocol of the framed transport (ALPN).
  private static let applicationProtocol = "clinic-rpc/1"

  /// The transport's configuration. Reads the files that are named.
  package func transport() throws -> RPCClientConfiguration {
    guard !servers.isEmpty else {
      throw ClinicClientError(message: "The configuration names no server")
    }
    guard (1...1_024).contains(connections), (1...10).contains(attempts) else {
      throw ClinicClientError(message: "Connections are 1 to 1,024, and attempts 1 to 10")
    }
    return RPCClientConfiguration(
      endpoints: servers.map { .init(host: $0.host, port: $0.port) },
      security: .tls(try tlsContext(), serverName: serverName), limits: limits,
      connections: connections, retry: RetryPolicy(attempts: attempts))
  }

  private func tlsContext() throws -> TLSClientContext {
    let trust: TLSTrust =
      switch certificateAuthority {
      case .system: .system
      case .file(let path): .file(path)
      case .pem(let bytes): .pem(bytes)
      }
    let credentials = clientCertificate.map {
      TLSCredentials.files(certificateChain: $0.certificateChain, privateKey: $0.privateKey)
    }
    do {
      return try TLSClientContext(
        TLSClientConfiguration(
          trust: trust, applicationProtocols: [Self.applicationProtocol],
          requiresApplicationProtocol: true, credentials: credentials))
    } catch {
      throw ClinicClientError(message: "The TLS files cannot be used", cause: error)
    }
  }
}
