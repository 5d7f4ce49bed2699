internal import ClinicContracts
internal import PostgresClient
internal import RPCCore
internal import struct Foundation.UUID

/// What other hours of a resource leave out that its hours held before.
struct ChangeOfHours {
  /// The most appointments that are named.
  static let most = 1_000

  /// When the resource is available, by leave, closures and extra hours.
  typealias Hours = (_ deviations: [AvailabilityException], _ calendar: LocalCalendar) -> [Span]

  private let resourceID: UUID
  private let resolver: LocalTimeResolver
  private let before: Hours
  private let after: Hours

  init(
    of resourceID: UUID, on resolver: LocalTimeResolver, from before: @escaping Hours,
    to after: @escaping Hours
  ) {
    self.resourceID = resourceID
    self.resolver = resolver
    self.before = before
    self.after = after
  }

  /// The appointments ahead that lay in the hours before and do not lie in the new ones, in order.
  /// The resource is locked: nobody books it meanwhile.
  func appointmentsLeftOut(
    by mutation: Mutation
  ) async throws -> [(id: String, start: Int64)] {
    let rows = try await mutation.query(
      AvailabilityStatements.ahead(mutation.companyID, resourceID))
    let ahead = try (0..<rows.count).map { index in
      let (id, starts, ends) = try rows[index].decode(
        UUID.self, PostgresTimestamp.self, PostgresTimestamp.self)
      return (id: id.text, span: Span(starts.unixSeconds, ends.unixSeconds))
    }
    guard let first = ahead.first, let end = ahead.map(\.span.end).max() else { return [] }
    let calendar = LocalCalendar(resolver, over: Span(first.span.start, end))
    let bounds = calendar.localBounds
    let found = try await mutation.query(
      AvailabilityStatements.within(
        mutation.companyID, bounds.starts.postgres, bounds.ends.postgres))
    let deviations = try (0..<found.count).map { try AvailabilityException(row: found[$0]) }
    let lost = Spans.subtract(after(deviations, calendar), from: before(deviations, calendar))
    // Both are in order: what ended before one appointment began is before the next ones too.
    var index = 0
    let leftOut = ahead.filter { appointment in
      while index < lost.count && lost[index].end <= appointment.span.start { index += 1 }
      return index < lost.count && lost[index].overlaps(appointment.span)
    }
    return leftOut.prefix(Self.most).map { ($0.id, $0.span.start) }
  }
}
