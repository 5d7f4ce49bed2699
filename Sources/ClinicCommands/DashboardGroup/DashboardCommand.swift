internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import Synchronization

/// `clinicctl dashboard`
struct DashboardCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "dashboard", abstract: "Shows the clinic's day: who is where, and what is late.",
    discussion: """
      With --watch the picture stays and follows what happens; q ends it. Without a terminal, and \
      with -o json or yaml, every change is written as a whole, one below the other.
      """)

  @OptionGroup var globals: GlobalOptions

  @Flag(name: .long, help: "Stay and follow what happens.")
  var watch = false

  @Option(name: .long, help: ArgumentHelp("End after so many pictures.", valueName: "count"))
  var count: Int?

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count takes a number, 1 or more") }
  }

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      guard watch else {
        let reply = try await client.dashboard.get(
          GetDashboardRequest(), options: context.callOptions)
        let clinic = try await Self.clinic(client, context)
        return try show(reply.dashboard ?? Dashboard(), clinic: clinic, context)
      }
      let isPicture = context.printer.format == .table && context.environment.output.isTerminal
      if isPicture, context.environment.input.isTerminal, count == nil, let screen = LiveScreen() {
        defer { screen.end() }
        try await live(on: screen, client, context)
      } else {
        try await writeAll(client, context)
      }
    }
  }

  private static func clinic(
    _ client: ClinicClient, _ context: CommandContext
  ) async throws -> String {
    guard context.printer.format == .table else { return "" }
    let caller = try await client.auth.getCaller(GetCallerRequest(), options: context.callOptions)
    return caller.company?.name ?? ""
  }

  /// One picture, or the reply in another format.
  private func show(_ day: Dashboard, clinic: String, _ context: CommandContext) throws {
    guard context.printer.format == .table else {
      if watch { return try DescriptorCall.show(day, printer: context.printer) }
      return try context.printer.print(day.jsonValue())
    }
    let text = DashboardText(
      clinic: clinic, width: context.environment.output.columns ?? 120,
      isColored: context.printer.isColored, now: context.environment.now(),
      clock: WallClock(timeZone: day.timeZone))
    try context.environment.output.write(text.lines(day).joined(separator: "\n") + "\n")
  }

  /// Every change as a whole.
  private func writeAll(_ client: ClinicClient, _ context: CommandContext) async throws {
    let clinic = try await Self.clinic(client, context)
    var rest = count ?? .max
    try await client.followDashboard(options: context.callOptions) { day in
      try show(day, clinic: clinic, context)
      if context.printer.format == .table { try context.environment.output.write("\n") }
      rest -= 1
      return rest > 0
    }
  }

  // MARK: Live

  /// What is on the screen.
  private struct Picture {
    var day: Dashboard?
    /// Since when the server has not been heard of.
    var silentSince: Int64?
  }

  /// The picture, which one task changes and another draws.
  private final class Scene: Sendable {
    private let picture = Mutex(Picture())

    var current: Picture { picture.withLock { $0 } }

    func show(_ day: Dashboard) { picture.withLock { $0 = Picture(day: day) } }

    func fallSilent(at now: Int64) {
      picture.withLock { $0.silentSince = $0.silentSince ?? now }
    }
  }

  /// The picture on the whole screen, drawn anew with every change and every second's clock, until
  /// somebody presses q.
  private func live(
    on screen: LiveScreen, _ client: ClinicClient, _ context: CommandContext
  ) async throws {
    let clinic = try await Self.clinic(client, context)
    let scene = Scene()
    let now = context.environment.now
    let options = context.callOptions
    let isColored = context.printer.isColored
    let draw = { @Sendable in
      let current = scene.current
      let day = current.day ?? Dashboard()
      let clock = WallClock(timeZone: day.timeZone)
      let text = DashboardText(
        clinic: clinic, width: screen.size.columns, isColored: isColored, now: now(), clock: clock)
      let state =
        current.silentSince.map { "no connection since \(clock.time($0)), trying" }
        ?? (current.day == nil ? "connecting" : "live")
      screen.draw(current.day == nil ? [clinic] : text.lines(day), footer: "q quits   \(state)")
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await client.followDashboard(
          options: options,
          interrupted: { scene.fallSilent(at: now()) }
        ) { day in
          scene.show(day)
          draw()
          return true
        }
      }
      group.addTask {
        // The terminal's own size and keys, and the clock.
        while true {
          switch screen.key() {
          case UInt8(ascii: "q"), UInt8(ascii: "Q"), 0x03, 0x04: return
          default: draw()
          }
          try await Task.sleep(for: .milliseconds(100))
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}
