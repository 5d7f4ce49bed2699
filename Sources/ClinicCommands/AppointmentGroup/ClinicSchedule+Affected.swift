internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore

extension ClinicSchedule {
  /// The most appointments that are told of one by one.
  private static var most: Int { 20 }

  /// A line for each of some appointments: when, who comes for what, and the id. Who may not read
  /// appointments sees what they know already.
  func lines(of appointments: [AppointmentAhead]) async throws -> [String] {
    var lines: [String] = []
    var mayRead = true
    for known in appointments.prefix(Self.most) {
      var words = known.startTime.map { [moments.text($0.seconds)] } ?? []
      if mayRead {
        do {
          let reply = try await client.appointments.get(
            GetAppointmentRequest(appointmentID: known.appointmentID), options: options)
          let found = reply.appointment ?? Appointment()
          words = [
            moments.text(found.startTime?.seconds ?? 0),
            "\(found.patientName), \(found.appointmentTypeName)"
          ]
        } catch let error as RPCError where error.code == .permissionDenied {
          mayRead = false
        }
      }
      lines.append((words + [known.appointmentID]).joined(separator: "  "))
    }
    if appointments.count > Self.most {
      lines.append("and \(appointments.count - Self.most) more")
    }
    return lines
  }

  /// As ``lines(of:)``, of appointments whose ids alone are known.
  func lines(ofIDs ids: [String]) async throws -> [String] {
    try await lines(of: ids.map { AppointmentAhead(appointmentID: $0) })
  }

  /// Makes a call that puts something away; what lies ahead of it becomes a failure that tells of
  /// each appointment.
  func puttingAway<Reply>(_ call: () async throws -> Reply) async throws -> Reply {
    do {
      return try await call()
    } catch let error as RPCError {
      for case .other(let type, let value) in error.details
      where type.hasSuffix("/" + AppointmentsAhead.descriptor.fullName) {
        guard let ahead = try? AppointmentsAhead(serializedBytes: value) else { continue }
        throw CommandFailure(
          "\(error.message) (\(error.reason ?? ""))", status: .conflict,
          details: try await lines(of: ahead.appointments)
            + (Int(ahead.count) > ahead.appointments.count ? ["\(ahead.count) in all"] : []),
          hint: "clinicctl appointment reschedule or cancel them first")
      }
      throw error
    }
  }
}
