import ArgumentParser
import ClinicServer
import RPCCore

/// The options of `clinicd serve` that are not the database's.
struct ServeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where to listen.", discussion: "Port 0 takes any free one. Default: 127.0.0.1:7443.",
      valueName: "host:port"))
  var listen: String?

  @Option(
    help: ArgumentHelp(
      "The certificate chain, leaf first, as a PEM file.",
      discussion: "Default: a development certificate in the data folder, renewed by itself.",
      valueName: "file"))
  var tlsCertificate: String?

  @Option(help: ArgumentHelp("The certificate's key, as a PEM file.", valueName: "file"))
  var tlsKey: String?

  @Option(
    help: ArgumentHelp(
      "The authorities of client certificates, as a PEM file: asks clients for one.",
      valueName: "file"))
  var tlsClientCA: String?

  @Flag(help: "Refuse clients without a certificate.")
  var tlsRequireClientCertificate = false

  @Option(
    help: ArgumentHelp(
      "Further names and addresses for the development certificate, with commas.",
      valueName: "names"))
  var tlsNames: String?

  @Option(
    help: ArgumentHelp(
      "Web sites whose pages may call from a browser, with commas: https://app.example, or *.",
      valueName: "origins"))
  var webOrigins: String?

  @Option(
    help: ArgumentHelp(
      "The balancers in front, as addresses or blocks (10.0.0.0/8), with commas.",
      discussion: "Their connections must begin with a header of the PROXY protocol, 1 or 2.",
      valueName: "addresses"))
  var trustedProxies: String?

  @Option(
    help: ArgumentHelp(
      "The authorities of webhook receivers, as a PEM file; the system's by default.",
      valueName: "file"))
  var webhookCA: String?

  @Flag(
    help: "Send webhooks to private addresses, and http to this machine: for development only.")
  var webhookPrivateAddresses = false

  @Option(help: ArgumentHelp("Threads for connections, 1 to 64.", valueName: "count"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "Database connections that point queries share, 1 to 32; 2.", valueName: "count"))
  var databaseShared: Int?

  @Option(
    help: ArgumentHelp(
      "The most database connections for transactions and searches, 1 to 500; 16.",
      valueName: "count"))
  var databaseLeased: Int?

  @Option(
    help: ArgumentHelp(
      "Minutes until an access token expires, 1 to 60; 10.", valueName: "minutes"))
  var accessTokenMinutes: Int?

  @Option(
    help: ArgumentHelp("Days until an unused session ends, 1 to 365; 14.", valueName: "days"))
  var sessionDays: Int?

  @Flag(help: "Make the clinics demo and demo2 with invented patients where they are missing.")
  var demo = false

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @OptionGroup(title: "Limits of calls")
  var callLimits: CallLimitOptions

  /// Puts the options into a configuration.
  func apply(to configuration: inout ServerConfiguration, from source: SettingsSource) throws {
    if let address = source.text(listen, "listen") {
      (configuration.host, configuration.port) = try Self.hostAndPort(address)
    }
    configuration.certificate = try certificate(from: source)
    configuration.clientAuthorities = source.text(tlsClientCA, "tls-client-ca")
    configuration.requiresClientCertificate = try source.flag(
      tlsRequireClientCertificate, "tls-require-client-certificate")
    if configuration.requiresClientCertificate, configuration.clientAuthorities == nil {
      throw ServerStartupError(
        .invalidConfiguration, "tls-require-client-certificate needs tls-client-ca.")
    }
    configuration.certificateNames = (source.text(tlsNames, "tls-names") ?? "")
      .split(separator: ",").map(String.init)
    configuration.webOrigins = Set(
      (source.text(webOrigins, "web-origins") ?? "")
        .split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init))
    configuration.trustedProxies = (source.text(trustedProxies, "trusted-proxies") ?? "")
      .split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
    configuration.webhooks.certificateAuthority = source.text(webhookCA, "webhook-ca")
    configuration.webhooks.allowsPrivateAddresses = try source.flag(
      webhookPrivateAddresses, "webhook-private-addresses")
    configuration.threads = try source.number(threads, "threads", in: 1...64)
    if let count = try source.number(databaseShared, "database-shared", in: 1...32) {
      configuration.sharedConnections = count
    }
    if let count = try source.number(databaseLeased, "database-leased", in: 1...500) {
      configuration.leasedConnections = count
    }
    if let minutes = try source.number(accessTokenMinutes, "access-token-minutes", in: 1...60) {
      configuration.lifetimes.accessToken = .seconds(minutes * 60)
    }
    if let days = try source.number(sessionDays, "session-days", in: 1...365) {
      configuration.lifetimes.refreshToken = .seconds(days * 86_400)
    }
    configuration.demo = try source.flag(demo, "demo")
    configuration.limits = try limits.limits(from: source)
    configuration.callLimits = try callLimits.limits(from: source)
  }

  private func certificate(
    from source: SettingsSource
  ) throws -> (chain: String, key: String)? {
    switch (source.text(tlsCertificate, "tls-certificate"), source.text(tlsKey, "tls-key")) {
    case (let chain?, let key?): return (chain, key)
    case (nil, nil): return nil
    default:
      throw ServerStartupError(
        .invalidConfiguration, "tls-certificate and tls-key go together.")
    }
  }

  /// The parts of `host:port`, `[address]:port` or `:port`.
  static func hostAndPort(_ text: String) throws -> (String, Int) {
    guard let colon = text.lastIndex(of: ":"),
      let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port)
    else {
      throw ServerStartupError(
        .invalidConfiguration,
        "listen is \"\(text)\"; it must be HOST:PORT, such as 127.0.0.1:7443 or [::]:7443.")
    }
    let host = text[..<colon].trimmingPrefix("[")
    let bare = host.hasSuffix("]") ? host.dropLast() : host
    return (bare.isEmpty ? "0.0.0.0" : String(bare), port)
  }
}
