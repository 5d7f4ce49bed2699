public import ClinicContracts
public import Logging
internal import NIOPosix
public import RPCCore
package import RPCTransport
internal import Synchronization

/// A client of a clinic's server: all services over one pool of connections, with the tokens of one
/// session, or with an API key.
///
/// ```swift
/// let server = ServerAddress(host: "clinic.example", port: 7443)
/// try await withClinicClient(configuration: .init(servers: [server])) { client in
///   try await client.login(company: "demo", email: "admin@demo.example", password: password)
///   let reply = try await client.patients.get(GetPatientRequest(patientID: id))
/// }
/// ```
///
/// A program calls with an API key and does not log in: set ``ClinicClientConfiguration/apiKey``.
///
/// Calls may be made from any task at once. The client connects with its first call, reconnects by
/// itself, tries calls again where the contract says that this does no harm, and renews its tokens
/// shortly before they expire and when the server refuses them.
public final class ClinicClient: Sendable {
  /// Patients.
  public let patients: PatientService.Client
  /// Practitioners, rooms and equipment.
  public let resources: ResourceService.Client
  /// Kinds of appointments.
  public let appointmentTypes: AppointmentTypeService.Client
  /// Leave, closures and extra hours.
  public let availability: AvailabilityService.Client
  /// Free times, appointments and calendars.
  public let appointments: AppointmentService.Client
  /// Series of appointments.
  public let series: AppointmentSeriesService.Client
  /// The waitlist and its offers.
  public let waitlist: WaitlistService.Client

  /// Addresses that the clinic's changes are sent to.
  public let webhooks: WebhookService.Client
  /// Calendar feeds.
  public let calendarFeeds: CalendarFeedService.Client
  /// Staff accounts.
  public let staff: StaffService.Client
  /// Service accounts and their API keys.
  public let serviceAccounts: ServiceAccountService.Client
  /// Roles.
  public let roles: RoleService.Client
  /// Clinics.
  public let companies: CompanyService.Client
  /// The change log.
  public let changes: ChangeService.Client
  /// Notes.
  public let notes: NoteService.Client
  /// Follow-ups.
  public let followUps: FollowUpService.Client
  /// What clinics use, and what they may use.
  public let quotas: QuotaService.Client
  /// The clinic's day.
  public let dashboard: DashboardService.Client
  /// Sessions. ``login(company:email:password:clientName:options:)`` and ``logout(options:)`` also
  /// keep the credentials.
  public let auth: AuthService.Client
  /// The channel of all services, for calls by descriptor. Adds the session's token or the API key.
  public let channel: any RPCChannel

  /// Runs tasks beside the client's first connection. A task that makes many calls spares each two
  /// changes of thread by preferring it: `withTaskExecutorPreference(client.executor) { … }`. Nil
  /// for a client over a channel of another kind.
  public let executor: (any TaskExecutor)?

  let keeper: SessionKeeper
  private let closeTransport: @Sendable () async -> Void

  /// Makes a client. It connects with its first call.
  ///
  /// - Parameters:
  ///   - credentials: Where the tokens of the session are kept; in memory unless said otherwise.
  /// - Throws: ``ClinicClientError`` where the configuration cannot be used, such as a file of
  ///   certificates that is not there.
  public convenience init(
    configuration: ClinicClientConfiguration,
    credentials: any CredentialStore = MemoryCredentialStore(),
    logger: Logger = Logger(label: "clinic.client", factory: { _ in SwiftLogNoOpLogHandler() })
  ) throws {
    self.init(
      transport: try configuration.transport(), credentials: credentials,
      apiKey: configuration.apiKey, logger: logger)
  }

  /// Makes a client over a transport's configuration, whose TLS context many clients may share.
  package convenience init(
    transport configuration: RPCClientConfiguration, credentials: any CredentialStore,
    apiKey: String? = nil,
    logger: Logger = Logger(label: "clinic.client", factory: { _ in SwiftLogNoOpLogHandler() })
  ) {
    let transport = RPCClient(
      configuration: configuration, group: MultiThreadedEventLoopGroup.singleton, logger: logger)
    self.init(
      channel: transport, credentials: credentials, apiKey: apiKey,
      executor: transport.executor(at: 0),
      close: { await transport.close() })
  }

  /// Makes a client over any channel.
  package init(
    channel base: any RPCChannel, credentials: any CredentialStore, apiKey: String? = nil,
    now: @escaping @Sendable () -> Int64 = WallClock.seconds,
    executor: (any TaskExecutor)? = nil,
    close: @escaping @Sendable () async -> Void = {}
  ) {
    let keeper = SessionKeeper(store: credentials, now: now) { refreshToken in
      let reply = try await AuthService.Client(channel: base).refreshSession(
        RefreshSessionRequest(refreshToken: refreshToken))
      guard let credentials = reply.credentials else { throw RPCError.internal() }
      return credentials
    }
    let channel = AuthorizedChannel(base: base, keeper: keeper, apiKey: apiKey)
    self.keeper = keeper
    self.executor = executor
    self.channel = channel
    closeTransport = close
    patients = PatientService.Client(channel: channel)
    resources = ResourceService.Client(channel: channel)
    appointmentTypes = AppointmentTypeService.Client(channel: channel)
    availability = AvailabilityService.Client(channel: channel)
    appointments = AppointmentService.Client(channel: channel)
    series = AppointmentSeriesService.Client(channel: channel)
    waitlist = WaitlistService.Client(channel: channel)
    webhooks = WebhookService.Client(channel: channel)
    calendarFeeds = CalendarFeedService.Client(channel: channel)
    staff = StaffService.Client(channel: channel)
    serviceAccounts = ServiceAccountService.Client(channel: channel)
    roles = RoleService.Client(channel: channel)
    companies = CompanyService.Client(channel: channel)
    changes = ChangeService.Client(channel: channel)
    notes = NoteService.Client(channel: channel)
    followUps = FollowUpService.Client(channel: channel)
    quotas = QuotaService.Client(channel: channel)
    dashboard = DashboardService.Client(channel: channel)
    auth = AuthService.Client(channel: channel)
  }

  /// Lets calls in progress end, and closes the connections. Later calls are refused.
  public func close() async {
    await closeTransport()
  }

  /// Keeps the client open until the task is cancelled, then closes it: for a group of services
  /// that start and stop together.
  public func run() async {
    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    // The stream ends when the task is cancelled, and never before.
    for await _ in stream {}
    withExtendedLifetime(continuation) {}
    await close()
  }
}
