package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension PatientHandler {
  package func importPatients(
    _ requests: RequestStream<ImportPatientsRequest>, context: TenantContext
  ) async throws -> ImportPatientsResponse {
    let scope = TenantScope(context, in: database)
    guard case .options(let options)? = try await requests.next()?.part else {
      throw RPCError.invalidArgument(
        field: "options", reason: "REQUIRED", description: "must be the first message")
    }
    let rules = PatientRules(
      settings: try await database.settings(of: scope.companyID, deadline: context.deadline))
    if options.atomic {
      return try await importAtOnce(requests, options: options, rules: rules, scope: scope)
    }
    var tally = ImportTally()
    var batch = ImportBatch(rules: rules)
    var seen = Set<String>()
    while let request = try await requests.next() {
      batch.add(try Self.row(request), to: &tally)
      if batch.isFull {
        try await write(batch, options: options, to: &tally, seen: &seen, scope: scope)
        batch = ImportBatch(rules: rules)
      }
    }
    try await write(batch, options: options, to: &tally, seen: &seen, scope: scope)
    return tally.response
  }

  private static func row(_ request: ImportPatientsRequest) throws -> ImportRow {
    guard case .row(let row)? = request.part else {
      throw RPCError.invalidArgument(
        field: "row", reason: "REQUIRED", description: "must follow the options in every message")
    }
    return row
  }

  /// Writes a batch in a transaction of its own. What a concurrent caller takes between the check
  /// and the insert shows as a unique violation, after which the check finds it.
  ///
  /// `seen` are the keys of the batches before, for a trial, which leaves none in the database.
  private func write(
    _ batch: ImportBatch, options: ImportOptions, to tally: inout ImportTally,
    seen: inout Set<String>, scope: TenantScope
  ) async throws {
    guard !batch.isEmpty else { return }
    var attempt = 0
    while true {
      let (before, known) = (tally, seen)
      do {
        let outcome = try await scope.change(validateOnly: options.validateOnly) { mutation in
          var taken = known
          let tally = try await insert(
            batch, options: options, tally: before, seenBefore: &taken, by: mutation)
          return (tally: tally, taken: taken)
        }
        tally = outcome.tally
        if options.validateOnly { seen = outcome.taken }
        return
      } catch let error as PostgresError where error.sqlState == .uniqueViolation && attempt < 3 {
        attempt += 1
      }
    }
  }

  private func importAtOnce(
    _ requests: RequestStream<ImportPatientsRequest>, options: ImportOptions, rules: PatientRules,
    scope: TenantScope
  ) async throws -> ImportPatientsResponse {
    // All rows are read and checked before the transaction begins, so that a slow caller holds no
    // locks and a lost race can be repeated.
    var tally = ImportTally()
    var batches: [ImportBatch] = [ImportBatch(rules: rules)]
    var count = 0
    while let request = try await requests.next() {
      count += 1
      guard count <= ImportBatch.atomicRows else {
        throw RPCError.resourceExhausted(
          "An atomic import takes at most \(ImportBatch.atomicRows) rows", reason: "TOO_MANY_ROWS")
      }
      if batches[batches.count - 1].isFull { batches.append(ImportBatch(rules: rules)) }
      batches[batches.count - 1].add(try Self.row(request), to: &tally)
    }
    let (checked, parts) = (tally, batches)
    if checked.hasRefusals {
      // Nothing goes in any more, but whoever mends the file wants to know of all that is wrong.
      return try await report(on: parts, options: options, tally: checked, scope: scope)
    }
    do {
      return try await scope.change(validateOnly: options.validateOnly) { mutation in
        var tally = checked
        var seen = Set<String>()
        for batch in parts where !batch.isEmpty {
          tally = try await insert(
            batch, options: options, tally: tally, seenBefore: &seen, by: mutation)
        }
        if tally.hasRefusals { throw ImportRefused(tally: tally) }
        return tally.response
      }
    } catch let refused as ImportRefused {
      return refused.tally.response(created: 0)
    }
  }

  /// The report of an atomic import of which some rows are refused: with those of the others whose
  /// keys are taken.
  private func report(
    on batches: [ImportBatch], options: ImportOptions, tally: ImportTally, scope: TenantScope
  ) async throws -> ImportPatientsResponse {
    try await scope.longRead { transaction in
      var tally = tally
      var taken = Set<String>()
      for batch in batches where !batch.isEmpty {
        let rows = try await transaction.query(
          PatientStatements.takenKeys(scope.companyID, batch.uniqueKeys))
        for index in 0..<rows.count { taken.insert(try rows[index].decode(0)) }
        _ = batch.choose(taken: &taken, skipsExisting: options.skipExisting, tally: &tally)
      }
      return tally.response(created: 0)
    }
  }

  private func insert(
    _ batch: ImportBatch, options: ImportOptions, tally: ImportTally,
    seenBefore: inout Set<String>, by mutation: Mutation
  ) async throws -> ImportTally {
    var tally = tally
    let keys = batch.uniqueKeys
    let rows = try await mutation.query(
      PatientStatements.takenKeys(mutation.companyID, keys))
    var taken = seenBefore
    for index in 0..<rows.count { taken.insert(try rows[index].decode(0)) }
    var patients = batch.choose(taken: &taken, skipsExisting: options.skipExisting, tally: &tally)
    seenBefore = taken
    guard !patients.isEmpty else { return tally }
    for index in patients.indices {
      patients[index].setOutputs(id: UUIDv7.make(), at: mutation.now)
    }
    let missing = patients.indices.filter { patients[$0].recordNumber.isEmpty }
    // Those with numbers of their own go in first: the series passes over what it finds.
    try enqueueInsert(patients.filter { !$0.recordNumber.isEmpty }, by: mutation)
    if !missing.isEmpty {
      let numbers = try await takeRecordNumbers(missing.count, by: mutation)
      for (index, number) in zip(missing, numbers) { patients[index].recordNumber = number }
      try enqueueInsert(missing.map { patients[$0] }, by: mutation)
    }
    mutation.log(Change(.imported, .patient, try patients.map { try $0.uuid }))
    tally.created += patients.count
    return tally
  }
}

/// Carries the tally of a refused atomic import out of a transaction that is rolled back.
private struct ImportRefused: Error {
  let tally: ImportTally
}
