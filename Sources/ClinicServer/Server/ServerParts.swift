internal import Logging
internal import PostgresClient
internal import RPCCore
internal import RPCTransport
internal import StandardServices

/// The parts of a running server, made over a running database client.
struct ServerParts: Sendable {
  /// The time between two looks at the signing keys.
  static let keyInterval = Duration.seconds(60)

  let database: Database
  let directory: SessionDirectory
  let apiKeys: ApiKeys
  let changes: ChangeHub
  let timers: TimerQueue
  let webhooks: WebhookWaker
  let router: Router
  let housekeeping: Housekeeping
  let meters: CallMeters
  let passwords: PasswordHasher
  let status: ServingStatus
  private let keys: KeyStore
  private let tokens: AccessTokens
  private let logger: Logger

  static func make(
    configuration: ServerConfiguration, client: PostgresClient, poster: HTTPPoster, logger: Logger
  ) async throws -> ServerParts {
    let database = Database(client: client, logger: logger)
    let keys = KeyStore(client: client)
    try await PlatformCompany.ensure(in: database)
    let tokens = AccessTokens(
      ring: try await keys.signingKeys(), lifetime: configuration.lifetimes.accessToken)
    let pageTokens = PageTokens(key: try await keys.secret(for: .pageTokens))
    let failures = LoginFailures(
      database: database, secret: try await keys.secret(for: .loginFailures))
    let passwords = try PasswordHasher(parameters: configuration.passwordCost)
    let apiKeys = ApiKeys(database: database, failures: failures, logger: logger)
    let directory = SessionDirectory(
      database: database, tokens: tokens, keys: apiKeys, logger: logger)
    let changes = ChangeHub(database: database, logger: logger)
    let meters = CallMeters(
      settings: configuration.callLimits, database: database, logger: logger)
    var router = Router(
      interceptors: Interceptors.standard(
        directory: directory, meters: meters, readLog: database.readLog, logger: logger))
    router.register(
      AuthHandler(
        database: database, pageTokens: pageTokens, passwords: passwords, tokens: tokens,
        failures: failures, keys: apiKeys, lifetimes: configuration.lifetimes))
    router.register(
      CompanyHandler(database: database, pageTokens: pageTokens, passwords: passwords))
    router.register(
      StaffHandler(database: database, pageTokens: pageTokens, passwords: passwords))
    router.register(ServiceAccountHandler(database: database, pageTokens: pageTokens))
    router.register(RoleHandler(database: database, pageTokens: pageTokens))
    router.register(PatientHandler(database: database, pageTokens: pageTokens))
    router.register(ResourceHandler(database: database, pageTokens: pageTokens))
    router.register(AppointmentTypeHandler(database: database, pageTokens: pageTokens))
    router.register(AvailabilityHandler(database: database, pageTokens: pageTokens))
    router.register(AppointmentHandler(database: database, pageTokens: pageTokens))
    router.register(AppointmentSeriesHandler(database: database, pageTokens: pageTokens))
    router.register(WaitlistHandler(database: database, pageTokens: pageTokens))
    router.register(CalendarFeedHandler(database: database, pageTokens: pageTokens))
    router.register(CalendarFeedPage.page)
    let status = StandardParts.register(with: &router)
    router.register(ChangeHandler(database: database, pageTokens: pageTokens, hub: changes))
    router.register(DashboardHandler(database: database, hub: changes))
    router.register(NoteHandler(database: database, pageTokens: pageTokens))
    router.register(QuotaHandler(database: database, meters: meters))
    let timers = TimerQueue(
      database: database, longestSleep: configuration.longestTimerSleep, logger: logger)
    SchedulingTimers(database: database, pageTokens: pageTokens).register(with: timers)
    router.register(FollowUpHandler(database: database, pageTokens: pageTokens, timers: timers))
    let courier = WebhookCourier(
      database: database, vault: WebhookVault(key: try await keys.secret(for: .webhookSecrets)),
      post: WebhookPost(poster: poster, settings: configuration.webhooks), logger: logger)
    courier.register(with: timers)
    router.register(WebhookHandler(courier: courier, pageTokens: pageTokens))
    StandardParts.checkComplete(router)
    return ServerParts(
      database: database, directory: directory, apiKeys: apiKeys, changes: changes,
      timers: timers,
      webhooks: WebhookWaker(database: database, timers: timers, logger: logger), router: router,
      housekeeping: Housekeeping(database: database, logger: logger),
      meters: meters, passwords: passwords, status: status, keys: keys, tokens: tokens,
      logger: logger)
  }

  /// Takes up new signing keys, and makes one when it is time, until cancelled.
  func rotateKeys() async throws {
    while true {
      try await Task.sleep(for: Self.keyInterval)
      do {
        tokens.use(try await keys.signingKeys())
      } catch is CancellationError {
        return
      } catch {
        logger.warning("signing keys not read", metadata: ["error": "\(ErrorText.forLog(error))"])
      }
    }
  }
}
