package import Logging
package import RPCCore

/// Writes a line for each call that fails by the server's fault or takes long, and for every call
/// at the debug level. Never a message: method, clinic, code and time only.
package struct AccessLogInterceptor: ServerInterceptor {
  private let logger: Logger
  private let slow: Duration

  /// Makes the interceptor; `slow` is the time from which a call is worth a line.
  package init(logger: Logger, slow: Duration = .seconds(1)) {
    self.logger = logger
    self.slow = slow
  }

  package func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws {
    let start = Deadline.now
    do {
      try await next(context)
      write(context, code: .ok, cause: nil, since: start)
    } catch {
      let mapped = RPCError(mapping: error)
      write(context, code: mapped.code, cause: mapped.cause, since: start)
      throw error
    }
  }

  private func write(
    _ context: CallContext, code: RPCStatusCode, cause: (any Error)?, since start: Deadline
  ) {
    let isFault = code == .internal || code == .unknown || code == .dataLoss
    let level: Logger.Level
    if isFault {
      level = .error
    } else if logger.logLevel <= .debug {
      level = .debug
    } else if context.method.kind == .unary, start.advanced(by: slow).hasPassed {
      level = .notice
    } else {
      return
    }
    var metadata: Logger.Metadata = [
      "method": "\(context.method.path)", "code": "\(code)", "request_id": "\(context.requestID)",
      "address": "\(context.peer.address)"
    ]
    let microseconds =
      (Deadline.now.uptimeNanoseconds - start.uptimeNanoseconds) / 1_000
    metadata["microseconds"] = "\(microseconds)"
    if let cause { metadata["cause"] = "\(ErrorText.forLog(cause))" }
    logger.log(level: level, isFault ? "call failed" : "call", metadata: metadata)
  }
}
