package import Logging
package import RPCCore

/// The work around every call, in its order, the outermost first. The one place where the order is
/// written.
package enum Interceptors {
  /// Access log ▸ error mapping ▸ deadline ▸ authentication ▸ limits and turns ▸ authorization ▸
  /// read log; then the router decodes and validates the request, and the handler's transaction
  /// holds idempotency and the change log.
  package static func standard(
    directory: SessionDirectory, meters: CallMeters, readLog: ReadLog, logger: Logger
  ) -> [any ServerInterceptor] {
    [
      AccessLogInterceptor(logger: logger),
      ErrorMappingInterceptor(),
      DeadlineCheck(),
      AuthenticationInterceptor(directory: directory),
      LimitsInterceptor(meters: meters),
      AuthorizationCheck(),
      AuditCheck(readLog: readLog)
    ]
  }
}
