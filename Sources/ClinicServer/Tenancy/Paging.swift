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

  static let invalid = RPCError.invalidArgument(
    field: "page_token", reason: "INVALID_PAGE_TOKEN",
    description: "must be the next_page_token of the page before, with the same filter and order")

  /// The number of rows of a page: what the request asks for, 50 where it does not say.
  static func size(_ requested: Int32) -> Int { requested == 0 ? 50 : Int(requested) }
}
