internal import Logging
internal import RPCTransport
internal import ServiceLifecycle
internal import UnixSignals

/// The server's certificates: the operator's, or development ones in the data folder.
struct ServerCertificates: Sendable {
  /// The time between two looks at the development certificate's age.
  private static let renewalInterval = Duration.seconds(3_600)

  let provider: TLSServerContextProvider
  private let development: DevelopmentCertificates?
  private let logger: Logger

  init(_ configuration: ServerConfiguration, logger: Logger) throws {
    self.logger = logger
    do {
      let credentials: TLSCredentials
      if let certificate = configuration.certificate {
        development = nil
        credentials = .files(certificateChain: certificate.chain, privateKey: certificate.key)
      } else {
        var names = configuration.certificateNames
        if !["0.0.0.0", "::"].contains(configuration.host) { names.append(configuration.host) }
        let made = try DevelopmentCertificates(
          directory: configuration.dataDirectory + "/tls", hostNames: names)
        let files = try made.ensure()
        logger.notice(
          "serving with a development certificate", metadata: ["ca": "\(files.caCertificate)"])
        development = made
        credentials = .files(certificateChain: files.serverCertificate, privateKey: files.serverKey)
      }
      let clientCertificates: TLSServerConfiguration.ClientCertificates =
        switch (configuration.clientAuthorities, configuration.requiresClientCertificate) {
        case (let file?, true): .required(.file(file))
        case (let file?, false): .optional(.file(file))
        default: .notRequested
        }
      provider = try TLSServerContextProvider(
        TLSServerConfiguration(
          credentials: credentials, applicationProtocols: RPCServer.applicationProtocols,
          clientCertificates: clientCertificates))
    } catch {
      throw ServerStartupError(
        .invalidConfiguration, "The TLS certificates cannot be used.", cause: error)
    }
  }

  /// Reads the files again on SIGHUP, and keeps a development certificate fresh, until cancelled.
  func run(onSignal: Bool) async {
    await withTaskGroup(of: Void.self) { group in
      if onSignal {
        group.addTask {
          for await _ in await UnixSignalsSequence(trapping: .sighup) { reload() }
        }
      }
      if let development {
        group.addTask {
          while (try? await Task.sleep(for: Self.renewalInterval)) != nil {
            if (try? development.ensure())?.isRenewed == true { reload() }
          }
        }
      }
      await group.waitForAll()
    }
  }

  private func reload() {
    do {
      try provider.reload()
      logger.notice("certificates read again")
    } catch {
      logger.error(
        "certificates not read: the old ones stay", metadata: ["error": "\(error)"])
    }
  }
}
