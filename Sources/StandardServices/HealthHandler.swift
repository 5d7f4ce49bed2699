public import RPCCore

/// gRPC's standard health checks.
public struct HealthHandler: Health.Handler {
  private let status: ServingStatus

  /// Makes a handler that tells this status.
  public init(status: ServingStatus) { self.status = status }

  /// Makes the methods known to a router.
  public func register(with router: inout Router) {
    router.unary(Health.Methods.check.with(StandardPolicy.check)) {
      try await check($0, context: $1)
    }
    router.unary(Health.Methods.list.with(StandardPolicy.check)) {
      try await list($0, context: $1)
    }
    router.serverStreaming(Health.Methods.watch.with(StandardPolicy.watch)) {
      try await watch($0, responses: $1, context: $2)
    }
  }

  public func check(
    _ request: HealthCheckRequest, context: CallContext
  ) async throws -> HealthCheckResponse {
    guard knows(request.service) else {
      throw RPCError.notFound("There is no such service", reason: "SERVICE_UNKNOWN")
    }
    return response(status.isServing)
  }

  public func list(
    _ request: HealthListRequest, context: CallContext
  ) async throws -> HealthListResponse {
    let now = response(status.isServing)
    return HealthListResponse(
      statuses: Dictionary(uniqueKeysWithValues: ([""] + status.services).map { ($0, now) }))
  }

  public func watch(
    _ request: HealthCheckRequest, responses: ResponseWriter<HealthCheckResponse>,
    context: CallContext
  ) async throws {
    if !knows(request.service) {
      try await responses.write(HealthCheckResponse(status: .serviceUnknown))
    }
    var last: Bool?
    for await isServing in status.changes() where isServing != last {
      last = isServing
      if knows(request.service) { try await responses.write(response(isServing)) }
    }
    try Task.checkCancellation()
  }

  private func knows(_ service: String) -> Bool {
    service.isEmpty || status.services.contains(service)
  }

  private func response(_ isServing: Bool) -> HealthCheckResponse {
    HealthCheckResponse(status: isServing ? .serving : .notServing)
  }
}
