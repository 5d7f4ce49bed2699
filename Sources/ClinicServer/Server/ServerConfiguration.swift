package import RPCCore

/// What a server is to be. Every value has a default that serves on this machine alone.
package struct ServerConfiguration: Sendable {
  /// The host name or address to listen on. `127.0.0.1`.
  package var host = "127.0.0.1"

  /// The port to listen on, 0 for any free one. 7443.
  package var port = 7443

  /// The folder of everything that the server keeps in files: the embedded database, development
  /// certificates, the logins of the demo. `clinic-data` in the working folder.
  package var dataDirectory = "clinic-data"

  /// The database, as the role `clinic_app`; nil for the embedded one.
  package var databaseURL: String?

  /// The certificate chain and key in PEM files; nil for development ones in the data folder.
  package var certificate: (chain: String, key: String)?

  /// The authorities of client certificates; nil where clients are not asked for any.
  package var clientAuthorities: String?

  /// Whether clients must have a certificate.
  package var requiresClientCertificate = false

  /// Names and addresses, beside those of this machine, that development certificates are for.
  package var certificateNames: [String] = []

  /// The limits of the transport.
  package var limits = ServerLimits()

  /// What callers may ask of the server.
  package var callLimits = LimitSettings()

  /// The web sites whose pages may call the server from a browser, as `https://app.example`. None.
  package var webOrigins: Set<String> = []
  /// The addresses of balancers, or blocks of them as `10.0.0.0/8`: their connections begin with a
  /// header of the PROXY protocol.
  package var trustedProxies: [String] = []

  /// How webhooks are sent.
  package var webhooks = WebhookSettings()

  /// How long credentials live.
  package var lifetimes = SessionLifetimes()

  /// Threads that carry connections, 1 to 64. One for each core.
  package var threads: Int?

  /// Pipelined database connections that point queries share, 1 to 32. 2.
  package var sharedConnections = 2

  /// The most database connections for transactions, searches and exports, 1 to 500. 16.
  package var leasedConnections = 16

  /// What hashing a password costs. Only tests, which make hundreds of accounts, want less.
  package var passwordCost = PasswordHasher.Parameters.standard

  /// The longest time until a timer that another server set is seen. 15 seconds; tests that set
  /// timers behind the server's back want less.
  package var longestTimerSleep = TimerQueue.longestSleep

  /// Makes the demo clinics where they are missing.
  package var demo = false

  package init() {}
}
