internal import ClinicContracts
internal import PostgresClient
internal import RPCCore
internal import struct Foundation.UUID

/// What new weekly hours of a resource leave out that the old ones held.
struct ChangeOfHours {
  /// The most appointments that are named.
  static let most = 1_000

  private let old: Resource
  private let new: Resource
  private let clock: ClinicClock

  init(_ old: Resource, _ new: Resource, clock: ClinicClock) {
    self.old = old
    self.new = new
    self.clock = clock
  }

  /// The ids of the appointments ahead that lay in the old hours and do not lie in the new ones, in
  /// order. The resource is locked: nobody books it meanwhile.
  func appointmentsLeftOut(by mutation: Mutation) async throws -> [String] {
    let id = try UUID(contract: new.resourceID, field: "resource_id")
    let rows = try await mutation.query(AvailabilityStatements.ahead(mutation.companyID, id))
    let ahead = try (0..<rows.count).map { index in
      let (id, starts, ends) = try rows[index].decode(
        UUID.self, PostgresTimestamp.self, PostgresTimestamp.self)
      return (id: id.text, span: Span(starts.unixSeconds, ends.unixSeconds))
    }
    guard let first = ahead.first, let end = ahead.map(\.span.end).max() else { return [] }
    let calendar = LocalCalendar(clock.resolver, over: Span(first.span.start, end))
    let bounds = calendar.localBounds
    let found = try await mutation.query(
      AvailabilityStatements.within(
        mutation.companyID, bounds.starts.postgres, bounds.ends.postgres))
    let deviations = try (0..<found.count).map { try AvailabilityException(row: found[$0]) }
    let lost = Spans.subtract(
      clock.spans(of: new, deviations: deviations, in: calendar),
      from: clock.spans(of: old, deviations: deviations, in: calendar))
    // Both are in order: what ended before one appointment began is before the next ones too.
    var index = 0
    let leftOut = ahead.filter { appointment in
      while index < lost.count && lost[index].end <= appointment.span.start { index += 1 }
      return index < lost.count && lost[index].overlaps(appointment.span)
    }
    return leftOut.prefix(Self.most).map(\.id)
  }
}
