internal import ProtobufRuntime

extension RPCError {
  /// The reason for machines (UPPER_SNAKE_CASE), if the error carries one.
  public var reason: String? {
    for case .errorInfo(let info) in details { return info.reason }
    return nil
  }

  /// Named facts about the error.
  public var facts: [String: String] {
    for case .errorInfo(let info) in details { return info.metadata }
    return [:]
  }

  /// The wrong fields of the request, if the error names them.
  public var fieldViolations: [BadRequest.FieldViolation] {
    for case .badRequest(let request) in details { return request.fieldViolations }
    return []
  }

  /// The least time to wait before a retry, if the error says so.
  public var retryDelay: Duration? {
    for case .retryInfo(let info) in details {
      guard let delay = info.retryDelay, delay.validationErrors().isEmpty else { continue }
      return .seconds(delay.seconds) + .nanoseconds(Int64(delay.nanos))
    }
    return nil
  }
}
