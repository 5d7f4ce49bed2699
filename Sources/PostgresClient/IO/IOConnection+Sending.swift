import CLibPQ

extension IOConnection {
  /// Writes a call's statements and its Sync into libpq's buffer.
  ///
  /// Returns false if libpq refused, which means that the connection is lost.
  func send(_ call: PostgresCall, scratch: inout ParameterScratch, now: MonotonicTime) -> Bool {
    if inFlight.isEmpty { lastProgress = now }
    call.forEachCaller { $0.phase = .sent(connection: id) }
    inFlight.append(call)
    switch call.work {
    case .script(let text):
      isRunningScript = true
      return PQexitPipelineMode(pg) == 1 && PQsendQuery(pg, text) == 1 && flush()
    case .batch(let statements):
      return send(statements, of: call, scratch: &scratch)
        && clinic_pq_pipeline_sync(pg) == 1 && flush()
    }
  }

  private func send(
    _ statements: [SQLQuery], of call: PostgresCall, scratch: inout ParameterScratch
  ) -> Bool {
    for (index, query) in statements.enumerated() {
      guard let statement = query.statement else { return false }
      let isSent = query.parameters.bytes.withUnsafeBytes { bytes in
        scratch.load(bytes, count: query.parameters.count)
        return send(statement, at: index, of: call, scratch: scratch)
      }
      guard isSent else { return false }
    }
    return true
  }

  /// Sends one statement, behind its PREPARE if the connection does not know it yet.
  ///
  /// If an earlier statement of the batch fails, the server skips the PREPARE. Batches that were
  /// sent meanwhile in the belief that it happened fail, and run again (``PostgresCall/isStale``).
  private func send(
    _ statement: SQLStatement, at index: Int, of call: PostgresCall,
    scratch: borrowing ParameterScratch
  ) -> Bool {
    let key = Self.key(of: statement, signature: scratch.signature)
    let known = statement.isPreparable ? prepared.find(key) : nil
    // A second attempt does not trust a PREPARE that may fail as the one before did.
    let isDoubtful = call.attempts > 0 && known?.isConfirmed == false
    guard statement.isPreparable, !isDoubtful else {
      call.noteSent(statement: index)
      return PQsendQueryParams(
        pg, statement.text, Int32(scratch.count), scratch.types, scratch.values, scratch.lengths,
        scratch.formats, 1) == 1
    }
    guard
      let name = known?.name
        ?? prepare(statement, key, at: index, of: call, scratch: scratch)
    else { return false }
    call.noteSent(statement: index)
    return PQsendQueryPrepared(
      pg, name, Int32(scratch.count), scratch.values, scratch.lengths, scratch.formats, 1) == 1
  }

  /// Sends a PREPARE, and a DEALLOCATE for what has to make room; nil if libpq refused.
  private func prepare(
    _ statement: SQLStatement, _ key: PreparedStatement.Key, at index: Int,
    of call: PostgresCall, scratch: borrowing ParameterScratch
  ) -> UnsafeMutablePointer<CChar>? {
    let (added, evicted) = prepared.insert(key)
    if let evicted {
      call.noteHousekeeping(.deallocate, before: index)
      let text = "deallocate " + String(cString: evicted.name)
      guard PQsendQueryParams(pg, text, 0, nil, nil, nil, nil, 1) == 1 else { return nil }
    }
    call.noteHousekeeping(.prepare(added, statement: index), before: index)
    let isSent = PQsendPrepare(
      pg, added.name, statement.text, Int32(scratch.count), scratch.types)
    return isSent == 1 ? added.name : nil
  }

  static func key(of statement: SQLStatement, signature: UInt64) -> PreparedStatement.Key {
    PreparedStatement.Key(
      id: statement.id, text: statement.id < 0 ? statement.text : nil, signature: signature)
  }

  /// Writes what libpq has buffered; false if the connection is lost.
  func flush() -> Bool {
    switch PQflush(pg) {
    case 0: wantsWrite = false
    case 1: wantsWrite = true
    default: return false
    }
    return true
  }
}
