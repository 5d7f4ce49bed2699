package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.AvailabilityService`.
package struct AvailabilityHandler: AvailabilityService.Handler {
  /// The longest span of an exception and of a question, in days.
  static let longestSpan = 400

  let database: Database
  let pageTokens: PageTokens

  package init(database: Database, pageTokens: PageTokens) {
    self.database = database
    self.pageTokens = pageTokens
  }

  package func createAvailabilityException(
    _ request: CreateAvailabilityExceptionRequest, context: TenantContext
  ) async throws -> CreateAvailabilityExceptionResponse {
    let new = try Self.admit(request.exception ?? AvailabilityException())
    let resourceID = try new.resourceUUID
    let scope = TenantScope(context, in: database)
    let clock = try await ClinicClock(of: scope)
    return try await scope.mutate(request) { mutation in
      let deviation = new.deviation.flatMap { $0.kind == .away ? $0 : nil }
      if deviation != nil {
        // Whoever books one of them has done so, and is named below, or sees the exception.
        mutation.enqueue(AvailabilityStatements.lockResources(mutation.companyID, resourceID))
      }
      let exception = try Self.insert(new, by: mutation)
      var response = CreateAvailabilityExceptionResponse(exception: exception)
      if let deviation {
        let rows = try await mutation.query(
          AvailabilityStatements.affected(
            mutation.companyID,
            PostgresTimestamp(instant: clock.resolver.instant(of: deviation.starts)),
            PostgresTimestamp(instant: clock.resolver.instant(of: deviation.ends)), resourceID))
        response.affectedAppointmentIds = try (0..<rows.count).map {
          try rows[$0].decode(0, as: UUID.self).text
        }
      }
      return response
    }
  }

  /// Puts off the insert of an exception that the rules admit.
  static func insert(
    _ new: AvailabilityException, by mutation: Mutation
  ) throws -> AvailabilityException {
    var exception = new
    let id = UUIDv7.make()
    exception.availabilityExceptionID = id.text
    exception.createTime = Timestamp(mutation.now)
    guard let starts = new.starts?.moment, let ends = new.ends?.moment else {
      throw RPCError.internal()
    }
    mutation.enqueue(
      AvailabilityStatements.insert(
        mutation.companyID, id, Int16(truncatingIfNeeded: new.kind.rawValue),
        try new.resourceUUID, starts.postgres, ends.postgres, new.reason))
    mutation.log(Change(.created, .availabilityException, [id]))
    return exception
  }

  package func deleteAvailabilityException(
    _ request: DeleteAvailabilityExceptionRequest, context: TenantContext
  ) async throws -> DeleteAvailabilityExceptionResponse {
    let id = try UUID(contract: request.availabilityExceptionID, field: "availability_exception_id")
    let scope = TenantScope(context, in: database)
    let clock = try await ClinicClock(of: scope)
    return try await scope.mutate(request) { mutation in
      var response = DeleteAvailabilityExceptionResponse()
      // Whoever books in extra hours has done so, and is named below, or does not see them.
      let losing = try await mutation.query(
        AvailabilityStatements.lockResourceOfExtraHours(mutation.companyID, id))
      if losing.count == 1 {
        let resource = try Resource(row: losing[0])
        response.affectedAppointmentIds = try await ChangeOfHours(
          of: try UUID(contract: resource.resourceID, field: "resource_id"), on: clock.resolver,
          from: { clock.spans(of: resource, deviations: $0, in: $1) },
          to: { deviations, calendar in
            let left = deviations.filter { $0.availabilityExceptionID != id.text }
            return clock.spans(of: resource, deviations: left, in: calendar)
          }
        ).appointmentsLeftOut(by: mutation).map(\.id)
      }
      let rows = try await mutation.query(AvailabilityStatements.delete(mutation.companyID, id))
      guard rows.count == 1 else {
        throw RPCError.notFound(
          "There is no such exception", reason: "AVAILABILITY_EXCEPTION_NOT_FOUND",
          field: "availability_exception_id")
      }
      mutation.log(Change(.deleted, .availabilityException, [id]))
      return response
    }
  }

  package func listAvailabilityExceptions(
    _ request: ListAvailabilityExceptionsRequest, context: TenantContext
  ) async throws -> ListAvailabilityExceptionsResponse {
    let scope = TenantScope(context, in: database)
    let size = Paging.size(request.pageSize)
    let filter = request.filter ?? AvailabilityExceptionFilter()
    let resourceID = try UUID(optional: filter.resourceID, field: "filter.resource_id")
    let from = try filter.fromDate.map { try Self.day($0, field: "filter.from_date") }
    let until = try filter.untilDate.map { try Self.day($0, field: "filter.until_date") }
    let paging = Paging(pageTokens, scope, filter: try filter.serializedBytes())
    let cursor = try paging.cursor(of: request.pageToken)
    let rows = try await scope.read(
      AvailabilityStatements.list(
        scope.companyID, PostgresLocalTimestamp(microseconds: cursor?.integer(0) ?? .min),
        cursor?.uuid(1) ?? SystemActor.id,
        from.map { LocalMoment(day: $0).postgres } ?? PostgresLocalTimestamp(microseconds: .min),
        until.map { LocalMoment(day: $0 + 1).postgres }
          ?? PostgresLocalTimestamp(microseconds: .max),
        resourceID, Int64(size + 1)))
    let (exceptions, next) = try paging.page(rows, size: size) {
      try AvailabilityException(row: $0)
    } cursor: { last, row in
      PageCursor([
        .integer(last.starts?.moment?.postgres.microseconds ?? .min), .uuid(try row.decode(0))
      ])
    }
    return ListAvailabilityExceptionsResponse(exceptions: exceptions, nextPageToken: next)
  }

  package func getAvailability(
    _ request: GetAvailabilityRequest, context: TenantContext
  ) async throws -> GetAvailabilityResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.resourceID, field: "resource_id")
    let first = try Self.day(request.fromDate ?? Date(), field: "from_date")
    let last = try Self.day(request.untilDate ?? Date(), field: "until_date")
    guard (first...(first + Self.longestSpan)).contains(last) else {
      throw RPCError.invalidArgument(
        field: "until_date", reason: "OUT_OF_RANGE",
        description: "must be from_date or one of the \(Self.longestSpan) days after it")
    }
    let clock = try await ClinicClock(of: scope)
    let calendar = LocalCalendar(clock.resolver, days: first...last)
    let bounds = calendar.localBounds
    let rows = try await scope.read([
      ResourceStatements.get(scope.companyID, id),
      AvailabilityStatements.within(scope.companyID, bounds.starts.postgres, bounds.ends.postgres)
    ])
    guard rows[0].count == 1 else { throw ResourceHandler.notFound.about("resource_id") }
    let exceptions = try (0..<rows[1].count).map { try AvailabilityException(row: rows[1][$0]) }
    let spans = clock.spans(
      of: try Resource(row: rows[0][0]), deviations: exceptions, in: calendar)
    return GetAvailabilityResponse(
      available: spans.map(TimeSpan.init), timeZone: clock.resolver.timeZone)
  }

  /// The day of a whole date of the calendar.
  static func day(_ date: Date, field: String) throws -> Int {
    guard let day = date.wholeDay else {
      throw RPCError.invalidArgument(
        field: field, reason: "NO_SUCH_DATE", description: "must be a whole date of the calendar")
    }
    return day
  }

  /// An exception that keeps to the rules that span fields, as it will be read.
  static func admit(_ exception: AvailabilityException) throws -> AvailabilityException {
    var violations: [FieldViolation] = []
    if (exception.kind == .closure) != exception.resourceID.isEmpty {
      violations.append(
        FieldViolation(
          field: "exception.resource_id",
          reason: exception.kind == .closure ? "NOT_ALLOWED" : "REQUIRED",
          description: "must be empty for a closure, and set for anything else"))
    }
    for (field, value) in [("starts", exception.starts), ("ends", exception.ends)]
    where value?.moment == nil {
      violations.append(
        FieldViolation(
          field: "exception.\(field)", reason: "NO_SUCH_TIME",
          description: "must be a whole date of the calendar and a time from 00:00 to 24:00"))
    }
    if let starts = exception.starts?.moment, let ends = exception.ends?.moment,
      ends <= starts || ends.day - starts.day > longestSpan
    {
      violations.append(
        FieldViolation(
          field: "exception.ends", reason: "OUT_OF_RANGE",
          description: "must be later than starts, by \(longestSpan) days at most"))
    }
    if !violations.isEmpty { throw RPCError.invalidArgument(violations: violations) }
    var admitted = exception
    admitted.starts = exception.starts?.moment.map { LocalDateTime($0) }
    admitted.ends = exception.ends?.moment.map { LocalDateTime($0) }
    return admitted
  }
}

extension AvailabilityException {
  /// The id of the resource; nil for a closure.
  var resourceUUID: UUID? {
    get throws {
      try resourceID.isEmpty ? nil : UUID(contract: resourceID, field: "exception.resource_id")
    }
  }
}
