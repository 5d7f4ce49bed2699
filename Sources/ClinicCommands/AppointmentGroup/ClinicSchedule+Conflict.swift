internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore

extension ClinicSchedule {
  /// Makes a call that books; a time that is taken becomes a failure that says what is free.
  func booking<Reply>(_ call: () async throws -> Reply) async throws -> Reply {
    do {
      return try await call()
    } catch let error as RPCError {
      for case .other(let type, let value) in error.details
      where type.hasSuffix("/" + BookingConflict.descriptor.fullName) {
        guard let conflict = try? BookingConflict(serializedBytes: value) else { continue }
        throw try await failure(error, conflict)
      }
      throw error
    }
  }

  private func failure(
    _ error: RPCError, _ conflict: BookingConflict
  ) async throws -> CommandFailure {
    let names = try await resourceNames()
    let taken = conflict.conflicts.map { span in
      let who = span.resourceID.isEmpty ? "the patient" : names[span.resourceID] ?? span.resourceID
      return "taken: \(text(span.startTime)) to \(text(span.endTime)), \(who)"
    }
    let free = conflict.alternatives.map { slot in
      "free:  \(text(slot.startTime)), "
        + slot.resourceIds.map { names[$0] ?? $0 }.joined(separator: ", ")
    }
    return CommandFailure(
      error.reason == "SLOT_TAKEN"
        ? "the time is taken (\(error.reason ?? ""))"
        : "what the appointment needs is not available then (\(error.reason ?? ""))",
      status: .conflict, details: taken + free,
      hint: free.isEmpty ? "clinicctl slot find shows free times" : "book one of the free times")
  }

  private func text(_ time: Timestamp?) -> String { moments.text(time?.seconds ?? 0) }
}
