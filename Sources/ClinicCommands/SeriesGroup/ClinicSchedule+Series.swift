internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore

extension ClinicSchedule {
  /// Makes a call that books a series; times that do not fit become a failure that names them.
  func bookingSeries<Reply>(_ call: () async throws -> Reply) async throws -> Reply {
    do {
      return try await booking(call)
    } catch let error as RPCError {
      for case .other(let type, let value) in error.details
      where type.hasSuffix("/" + SeriesConflicts.descriptor.fullName) {
        guard let conflicts = try? SeriesConflicts(serializedBytes: value) else { continue }
        throw CommandFailure(
          "\(conflicts.occurrences.count) appointments cannot be booked (SERIES_CONFLICTS)",
          status: .conflict,
          details: conflicts.occurrences.map {
            "\(moments.text($0.recurrenceTime?.seconds ?? 0))  \($0.conflict)"
          }, hint: "--skip-conflicts books the others")
      }
      throw error
    }
  }
}
