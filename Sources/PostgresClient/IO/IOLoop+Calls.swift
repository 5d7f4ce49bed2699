import Synchronization

extension IOLoop {
  /// Posts a call and waits for its results.
  ///
  /// The caller's executor is resumed directly from the I/O thread; no other thread is in between.
  nonisolated(nonsending) func perform(
    _ call: PostgresCall, post: (PostgresCall) -> Bool
  ) async throws -> [PostgresRows] {
    try await withTaskCancellationHandler {
      try await performUncancellable(call, post: post)
    } onCancel: {
      call.isCancelled.store(true, ordering: .relaxed)
      _ = self.post(.cancel(call))
    }
  }

  /// The same, deaf to the task's cancellation: for COMMIT and ROLLBACK.
  nonisolated(nonsending) func performUncancellable(
    _ call: PostgresCall, post: (PostgresCall) -> Bool
  ) async throws -> [PostgresRows] {
    try await withUnsafeThrowingContinuation { continuation in
      call.continuation = continuation
      if !post(call) {
        call.continuation = nil
        continuation.resume(throwing: Self.shutDownError)
      }
    }
    return call.rows
  }

  /// Waits for a leased connection and returns its number.
  nonisolated(nonsending) func acquireLease(
    deadline: MonotonicTime, tenant: SharedQueue.Prelude?
  ) async throws -> Int {
    let request = LeaseRequest(deadline: deadline, tenant: tenant)
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        request.continuation = continuation
        if !post(.acquire(request)) {
          request.continuation = nil
          continuation.resume(throwing: Self.shutDownError)
        }
      }
    } onCancel: {
      request.isCancelled.store(true, ordering: .relaxed)
      _ = post(.cancelAcquire(request))
    }
  }

  static var shutDownError: PostgresClientError {
    PostgresClientError(.shutDown, "the client is not running")
  }

  /// Refuses what the protocol cannot carry, before it reaches libpq.
  static func check(_ batch: [SQLQuery]) throws(PostgresClientError) {
    for query in batch where query.parameterCount > ParameterScratch.maximumCount {
      throw PostgresClientError(
        .tooManyParameters,
        "\(query.parameterCount) parameters, at most \(ParameterScratch.maximumCount) fit")
    }
  }
}
