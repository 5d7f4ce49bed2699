internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// The page tokens of one list: bound to the clinic, the method, and what the request chooses by.
struct Paging {
  private let tokens: PageTokens
  private let scope: TenantScope
  private let filter: [UInt8]

  init(_ tokens: PageTokens, _ scope: TenantScope, filter: [UInt8] = []) {
    self.tokens = tokens
    self.scope = scope
    self.filter = filter
  }

  /// The place that a token stands for; nil for the first page.
  func cursor(of token: String) throws -> PageCursor? {
    guard !token.isEmpty else { return nil }
    do {
      return try tokens.open(
        token, companyID: scope.companyID, method: scope.context.method.path, filter: filter)
    } catch {
      throw Self.invalid
    }
  }

  /// The token of the page after a place.
  func token(after cursor: PageCursor) -> String {
    tokens.seal(
      cursor, companyID: scope.companyID, method: scope.context.method.path, filter: filter)
  }

  /// The most bytes that the records of a page have, encoded. Half of the 4 MiB of a message: the
  /// rest is for what a reply holds besides, and for a server that is told to send less.
  static let byteBudget = 2 << 20

  /// The records of a page, and the token of the page after it, empty on the last one.
  ///
  /// A page ends after `size` records, or before the one that would take it over ``byteBudget``. It
  /// has one record at least, which the contract's own limits keep far below a message's.
  ///
  /// - Parameter rows: those of the page, and one more where there is a page after it.
  func page<Record: Message>(
    _ rows: PostgresRows, size: Int, _ record: (PostgresRow) throws -> Record,
    cursor: (Record, PostgresRow) throws -> PageCursor
  ) throws -> (records: [Record], next: String) {
    var records = try (0..<min(size, rows.count)).map { try record(rows[$0]) }
    let count = try Self.fitting(records)
    records.removeLast(records.count - count)
    guard records.count < rows.count, let last = records.last else { return (records, "") }
    return (records, token(after: try cursor(last, rows[records.count - 1])))
  }

  /// How many of these records, from the first on, a page can hold.
  static func fitting(_ records: [some Message], budget: Int = Paging.byteBudget) throws -> Int {
    // A record's own tag and length in the reply.
    let frame = 6
    // Nearly every page is far below: then no record is measured exactly.
    let bound = try records.reduce(0) { try $0 + $1.serializedSizeBound() + frame }
    guard bound > budget else { return records.count }
    var total = 0
    for (index, record) in records.enumerated() {
      total += try record.serializedSize() + frame
      if total > budget { return max(index, 1) }
    }
    return records.count
  }

  static let invalid = RPCError.invalidArgument(
    field: "page_token", reason: "INVALID_PAGE_TOKEN",
    description: "must be the next_page_token of the page before, with the same filter and order")

  /// The number of rows of a page: what the request asks for, 50 where it does not say.
  static func size(_ requested: Int32) -> Int { requested == 0 ? 50 : Int(requested) }
}
