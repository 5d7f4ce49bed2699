package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import FoundationEssentials

/// Serves `clinic.v1.CalendarFeedService`.
package struct CalendarFeedHandler: CalendarFeedService.Handler {
  let database: Database
  let pageTokens: PageTokens

  package init(database: Database, pageTokens: PageTokens) {
    self.database = database
    self.pageTokens = pageTokens
  }

  private static let notFound = RPCError.notFound(
    "There is no such feed", reason: "CALENDAR_FEED_NOT_FOUND", field: "calendar_feed_id")

  /// The same for every reason why a token opens nothing.
  private static let refused = RPCError.unauthenticated(
    "The feed's token is not accepted", reason: "TOKEN_REFUSED")

  package func createCalendarFeed(
    _ request: CreateCalendarFeedRequest, context: TenantContext
  ) async throws -> CreateCalendarFeedResponse {
    let wanted = request.feed ?? CalendarFeed()
    let resourceID = try UUID(contract: wanted.resourceID, field: "feed.resource_id")
    let scope = TenantScope(context, in: database)
    let id = UUIDv7.make()
    let token = FeedToken(companyID: scope.companyID, feedID: id)
    var reply = try await scope.mutate(request) { mutation in
      var feed = wanted
      let known = try await mutation.query(
        ResourceStatements.get(mutation.companyID, resourceID))
      guard known.count == 1 else { throw ResourceHandler.notFound.about("feed.resource_id") }
      feed.calendarFeedID = id.text
      feed.creator = ActorMessage(context.principal)
      feed.createTime = Timestamp(mutation.now)
      feed.lastReadTime = nil
      feed.revokeTime = nil
      mutation.enqueue(
        CalendarFeedStatements.insert(
          mutation.companyID, id, resourceID, feed.name, context.principal.accountID, token.hash))
      mutation.log(Change(.created, .calendarFeed, [id]))
      return CreateCalendarFeedResponse(feed: feed)
    }
    // A reply that is replayed is of another token than this call's, and a trial made none.
    if reply.feed?.calendarFeedID == id.text, !request.validateOnly {
      reply.token = token.text
      reply.path = CalendarFeedPage.path(of: token)
    }
    return reply
  }

  package func listCalendarFeeds(
    _ request: ListCalendarFeedsRequest, context: TenantContext
  ) async throws -> ListCalendarFeedsResponse {
    let scope = TenantScope(context, in: database)
    let size = Paging.size(request.pageSize)
    let paging = Paging(pageTokens, scope, filter: [request.includeRevoked ? 1 : 0])
    let rows = try await scope.read(
      CalendarFeedStatements.list(
        scope.companyID, try paging.cursor(of: request.pageToken)?.uuid(0), request.includeRevoked,
        Int64(size + 1)))
    let (feeds, next) = try paging.page(rows, size: size) {
      try CalendarFeed(row: $0)
    } cursor: { _, row in
      PageCursor([.uuid(try row.decode(0))])
    }
    return ListCalendarFeedsResponse(feeds: feeds, nextPageToken: next)
  }

  package func revokeCalendarFeed(
    _ request: RevokeCalendarFeedRequest, context: TenantContext
  ) async throws -> RevokeCalendarFeedResponse {
    let id = try UUID(contract: request.calendarFeedID, field: "calendar_feed_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let rows = try await mutation.query(CalendarFeedStatements.lock(mutation.companyID, id))
      guard rows.count == 1 else { throw Self.notFound }
      var feed = try CalendarFeed(row: rows[0])
      guard feed.revokeTime == nil else {
        throw RPCError.failedPrecondition(
          "The feed is revoked already", type: "STATE", subject: "feed.revoke_time")
      }
      mutation.enqueue(CalendarFeedStatements.revoke(mutation.companyID, id))
      mutation.log(Change(.revoked, .calendarFeed, [id]))
      feed.revokeTime = Timestamp(mutation.now)
      return RevokeCalendarFeedResponse(feed: feed)
    }
  }

  package func readCalendarFeed(
    _ request: ReadCalendarFeedRequest, context: CallContext
  ) async throws -> ReadCalendarFeedResponse {
    guard let token = FeedToken(text: request.token) else { throw Self.refused }
    let opened = try await database.read(
      CalendarFeedStatements.open(token.companyID, token.feedID), in: token.companyID,
      deadline: context.deadline)
    guard opened.count == 1, token.matches(hash: try opened[0].decode(0)) else {
      throw Self.refused
    }
    let resourceID = try opened[0].decode(1, as: UUID.self)
    let policy = try SchedulingPolicy(
      jsonString: opened[0].decode(4, as: PostgresJSON.self).text)
    let rows = try await database.client.pipeline(
      [
        CalendarFeedStatements.touch(token.companyID, token.feedID),
        CalendarFeedStatements.events(token.companyID, resourceID)
      ], after: TenancyStatements.enter(token.companyID), deadline: context.deadline.postgres)[1]
    let events = try (0..<rows.count).map {
      try CalendarEvent(
        row: rows[$0], companyID: token.companyID, detail: policy.calendarFeedDetail)
    }
    let document = CalendarDocument(
      name: try opened[0].decode(2),
      timeZone: TimeZone(identifier: try opened[0].decode(3)) ?? .gmt, events: events)
    let text = document.text
    let tag = "W/\"\(OpaqueToken.base64URL(OpaqueToken.sha256(Array(text.utf8)).prefix(18)))\""
    for (name, value) in [
      ("etag", tag),
      ("last-modified", CalendarFeedPage.httpDate(Int64(document.madeAt.timeIntervalSince1970))),
      ("cache-control", "private, no-cache")
    ] {
      if let entry = Metadata.Entry(name: name, value: Array(value.utf8)) {
        context.reply.addHeader(entry)
      }
    }
    guard !EntityTag.isNamed(tag, in: context.metadata[EntityTag.condition]) else {
      return ReadCalendarFeedResponse()
    }
    if policy.calendarFeedDetail == .initials {
      try noteRead(rows, by: token, context)
    }
    return ReadCalendarFeedResponse(calendar: text)
  }

  /// Notes in the read log whose initials a feed showed: to nobody known, by the feed itself.
  private func noteRead(_ rows: PostgresRows, by token: FeedToken, _ context: CallContext) throws {
    let patients = Set(try (0..<rows.count).map { try rows[$0].decode(9, as: UUID.self) })
    database.readLog.append(
      ReadLog.Entry(
        companyID: token.companyID, accountID: SystemActor.id, credentialID: token.feedID,
        method: context.method, resourceIDs: [token.feedID] + patients,
        request: context.requestIdentifier))
  }
}

extension CalendarFeed {
  /// A feed from the columns of the statements.
  init(row: PostgresRow) throws {
    self.init(
      calendarFeedID: try row.decode(0, as: UUID.self).text,
      resourceID: try row.decode(1, as: UUID.self).text, name: try row.decode(2),
      creator: try ActorMessage(row.decode(3, as: UUID.self), names: row, at: 7),
      createTime: Timestamp(try row.decode(4, as: PostgresTimestamp.self)),
      lastReadTime: try row.decode(5, as: PostgresTimestamp?.self).map(Timestamp.init),
      revokeTime: try row.decode(6, as: PostgresTimestamp?.self).map(Timestamp.init))
  }
}

extension CalendarEvent {
  /// An appointment from the columns of `CalendarFeedStatements.events`, with no more of it than the
  /// clinic lets out.
  init(row: PostgresRow, companyID: UUID, detail: CalendarFeedDetail) throws {
    let showsInitials = detail == .initials
    let status = AppointmentStatus(rawValue: Int32(try row.decode(2, as: Int16.self)))
    self.init(
      uid: "\(try row.decode(0, as: UUID.self).text)@\(companyID.text)",
      sequence: Int(try row.decode(1, as: Int64.self)) - 1, status: Status(status),
      start: try row.decode(3, as: PostgresTimestamp.self).date,
      end: try row.decode(4, as: PostgresTimestamp.self).date,
      summary: showsInitials
        ? Self.initials(given: try row.decode(6), family: try row.decode(7)) : "Busy",
      location: showsInitials ? try row.decode(8, as: [String].self).joined(separator: ", ") : "",
      lastModified: try row.decode(5, as: PostgresTimestamp.self).date)
  }

  /// `M. G.`; `Busy` for somebody without a name.
  static func initials(given: String, family: String) -> String {
    let letters = [given, family].compactMap { name in
      name.first { $0.isLetter }.map { "\(String($0).uppercased())." }
    }
    return letters.isEmpty ? "Busy" : letters.joined(separator: " ")
  }
}

extension CalendarEvent.Status {
  /// How a calendar shows an appointment: an event stays one when it is over, and stops being one
  /// when it does not take place.
  init(_ status: AppointmentStatus) {
    switch status {
    case .requested, .held: self = .tentative
    case .cancelled, .enteredInError: self = .cancelled
    default: self = .confirmed
    }
  }
}
