internal import ClinicClient
internal import ClinicContracts
internal import RPCCore

/// Sends the rows of a file to the server and puts both sides' reports together.
struct PatientImport {
  /// How many refused rows a report lists.
  static let listedRows = 1000

  let source: PatientRows
  let options: ImportOptions
  /// The first wrong row ends the import, and takes everything back.
  let stopsAtRefusal: Bool
  let context: CommandContext

  /// A row is wrong, and nothing is to go in.
  private struct Refusal: Error {
    var row: RefusedRow
  }

  /// Sends all rows.
  func send() async throws -> ImportPatientsResponse {
    var refused: [RefusedRow] = []
    var refusedCount: Int64 = 0
    var progress = ProgressBar(
      "Importing", total: source.size, sink: context.environment.errors, isQuiet: context.isQuiet)
    defer { try? progress.finish() }
    do {
      let reply = try await context.withClient { client in
        // Renews the tokens before the stream, which cannot be sent a second time.
        _ = try await client.auth.getCaller(GetCallerRequest(), options: context.callOptions)
        return try await client.patients.import(options: context.callOptions) { writer in
          try await writer.write(ImportPatientsRequest(part: .options(options)))
          var rows = 0
          while let row = try source.next() {
            switch row {
            case .patient(let row):
              try await writer.write(ImportPatientsRequest(part: .row(row)))
            case .refused(let row):
              // The call ends without its reply, so nothing of it stays.
              if stopsAtRefusal { throw Refusal(row: row) }
              refusedCount += 1
              if refused.count < Self.listedRows { refused.append(row) }
            }
            rows += 1
            try progress.update(done: source.bytesRead, note: "\(rows) rows")
          }
        }
      }
      return Self.merged(reply, refused: refused, count: refusedCount)
    } catch let refusal as Refusal {
      return ImportPatientsResponse(refusedCount: 1, refusedRows: [refusal.row])
    }
  }

  /// The server's report with the rows that were refused here, in the order of the lines.
  static func merged(
    _ reply: ImportPatientsResponse, refused: [RefusedRow], count: Int64
  ) -> ImportPatientsResponse {
    var reply = reply
    reply.refusedCount += count
    reply.refusedRows = Array(
      (reply.refusedRows + refused).sorted { $0.line < $1.line }.prefix(listedRows))
    return reply
  }
}
