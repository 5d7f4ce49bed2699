import CLibPQ

extension IOConnection {
  /// What the next piece of libpq's input amounts to.
  enum Received {
    /// Nothing more until the socket has more.
    case nothing
    /// A call's last result arrived.
    case completed(PostgresCall)
    /// The connection cannot be used any longer.
    case lost
  }

  /// Reads from the socket into libpq's buffer; false if the connection is lost.
  ///
  /// libpq parses what arrived before the loss, so results should be taken first.
  func readInput() -> Bool { PQconsumeInput(pg) == 1 }

  /// Takes results until a call is complete or the input is used up.
  func receive() -> Received {
    while let call = inFlight.first {
      if PQisBusy(pg) != 0 { return PQstatus(pg) == CONNECTION_BAD ? .lost : .nothing }
      guard let result = PQgetResult(pg) else {
        if isRunningScript { return finishScript(call) }
        // A lost connection yields NULL for ever.
        if PQstatus(pg) == CONNECTION_BAD { return .lost }
        call.commandIndex += 1
        continue
      }
      switch PQresultStatus(result) {
      case PGRES_PIPELINE_SYNC:
        PQclear(result)
        // Results that do not match their statements must never reach a caller.
        guard call.isComplete else { return .lost }
        inFlight.removeFirst()
        return .completed(call)
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
        accept(result, for: call)
      case PGRES_PIPELINE_ABORTED:
        forgetSkippedPrepare(of: call)
        PQclear(result)
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
        // The copy protocol cannot be left again inside of a pipeline.
        call.failure = PostgresError(
          sqlState: .featureNotSupported, message: "COPY is not supported by this client")
        PQclear(result)
        return .lost
      default:
        reject(result, for: call)
        PQclear(result)
        if PQstatus(pg) == CONNECTION_BAD { return .lost }
      }
    }
    return PQstatus(pg) == CONNECTION_BAD ? .lost : .nothing
  }

  /// Hands a good result to its call, which then owns it.
  private func accept(_ result: OpaquePointer, for call: PostgresCall) {
    switch call.currentCommand {
    case .prepare(let statement, _):
      statement.isConfirmed = true
    case .statement(let index) where index >= call.firstWanted && !call.isFinished:
      call.rows.append(PostgresRows(PostgresResult(owning: result)))
      return
    case .statement, .deallocate:
      break
    }
    PQclear(result)
  }

  /// Records a failed command; the server skips the rest of the batch.
  private func reject(_ result: OpaquePointer, for call: PostgresCall) {
    forgetSkippedPrepare(of: call)
    // Without a SQLSTATE it is libpq's own word for a lost connection, not the server's answer.
    let isLoss =
      PQstatus(pg) == CONNECTION_BAD
      && PQresultErrorField(result, clinic_pq_diag_sqlstate()) == nil
    guard call.failure == nil, !isLoss else { return }
    var index: Int?
    switch call.currentCommand {
    case .prepare(_, let statement), .statement(let statement): index = statement
    case .deallocate: break
    }
    var name: String?
    if let index, case .batch(let statements) = call.work, statements.indices.contains(index),
      let statement = statements[index].statement
    {
      name = statement.id >= 0 ? statement.name : nil
      call.isStale = isStale(result)
      if call.isStale { forget(statements[index], statement) }
    }
    var failure = PostgresError(result: result, statement: name, statementIndex: index)
    failure.isStalePlan = call.isStale
    call.failure = failure
  }

  /// A PREPARE that failed or was skipped left nothing on the server.
  private func forgetSkippedPrepare(of call: PostgresCall) {
    if case .prepare(let statement, _) = call.currentCommand { prepared.forget(statement) }
  }

  /// Whether a new PREPARE can cure the error: the server lost the statement (`DISCARD`, or its
  /// PREPARE failed in an earlier batch), or a change of a table changed its result's columns.
  private func isStale(_ result: OpaquePointer) -> Bool {
    func field(_ code: Int32) -> String {
      PQresultErrorField(result, code).map { String(cString: $0) } ?? ""
    }
    let state = SQLState(rawValue: field(clinic_pq_diag_sqlstate()))
    return state == .invalidStatementName
      || (state == .featureNotSupported
        && field(clinic_pq_diag_function()) == "RevalidateCachedQuery")
  }

  private func forget(_ query: SQLQuery, _ statement: SQLStatement) {
    var scratch = ParameterScratch()
    query.parameters.bytes.withUnsafeBytes { bytes in
      scratch.load(bytes, count: query.parameters.count)
    }
    prepared.forget(Self.key(of: statement, signature: scratch.signature))
  }

  /// The simple protocol's end of a script: back into pipeline mode.
  private func finishScript(_ call: PostgresCall) -> Received {
    isRunningScript = false
    guard PQstatus(pg) != CONNECTION_BAD, PQenterPipelineMode(pg) == 1 else { return .lost }
    inFlight.removeFirst()
    return .completed(call)
  }
}
