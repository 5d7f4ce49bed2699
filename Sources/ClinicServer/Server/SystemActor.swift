internal import Logging
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// The server itself as the author of a change: no account, no session, no call of anybody's.
enum SystemActor {
  /// The nil UUID (RFC 9562 §5.9) stands for nobody in the change log.
  static let id = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

  private static let method = MethodDescriptor(
    service: "clinicd", name: "System", kind: .unary, requestType: ProtoEmpty.self,
    responseType: ProtoEmpty.self)

  /// Makes a change in a company, with its entries in the change log.
  static func change<Result: Sendable>(
    in companyID: UUID, of database: Database,
    _ body: (Mutation) async throws -> Result
  ) async throws -> Result {
    try await scope(in: companyID, of: database).change(body)
  }

  /// A company as the server itself enters it.
  static func scope(in companyID: UUID, of database: Database) -> TenantScope {
    let principal = Principal(
      companyID: companyID, staffID: id, sessionID: id,
      permissions: BuiltInRole.admin.permissions(isPlatform: true), isPlatform: true,
      displayName: "clinicd")
    let call = CallContext(
      method: method, requestID: UUIDv7.make().text, deadline: .after(.seconds(60)),
      peer: PeerInfo(address: "local"), principal: principal, logger: Logger(label: "clinicd"))
    return TenantScope(TenantContext(call: call, principal: principal), in: database)
  }
}
