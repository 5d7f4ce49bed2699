package import RPCCore

/// Turns every error into what a caller may know of it. What it stands for stays in the log.
package struct ErrorMappingInterceptor: ServerInterceptor {
  package init() {}

  package func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws {
    do {
      try await next(context)
    } catch let error as RPCError {
      throw error
    } catch is CancellationError where context.deadline.hasPassed {
      throw RPCError.deadlineExceeded()
    } catch {
      throw RPCError(mapping: error)
    }
  }
}
