import ClinicClient
import ClinicContracts
import Foundation
import PostgresClient
import RPCCore
import Testing

@Suite("A read of what is personal")
struct PersonalReadTests {
  /// Calls that once left no trace, and whose records they are.
  private static let calls:
    [(
      method: MethodDescriptor,
      call: @Sendable (TestPractice, PersonalReadTests.Fixture) async throws -> [String]
    )] = [
      (
        StaffService.Methods.getStaff,
        { practice, fixture in
          _ = try await practice.admin.staff.get(GetStaffRequest(staffID: fixture.staffID))
          return [fixture.staffID]
        }
      ),
      (
        StaffService.Methods.listStaff,
        { practice, _ in
          try await practice.admin.staff.list(ListStaffRequest()).staff.map(\.staffID)
        }
      ),
      (
        AuthService.Methods.listStaffSessions,
        { practice, fixture in
          try await practice.admin.auth.listStaffSessions(
            ListStaffSessionsRequest(staffID: fixture.staffID)
          ).sessions.map(\.sessionID)
        }
      ),
      (
        AvailabilityService.Methods.listAvailabilityExceptions,
        { practice, fixture in
          let listed = try await practice.admin.availability.listExceptions(
            ListAvailabilityExceptionsRequest())
          #expect(listed.exceptions.count == 2)
          return [fixture.leaveID]
        }
      ),
      (
        QuotaService.Methods.getUsage,
        { practice, _ in
          let days = try await practice.admin.quotas.getUsage(GetUsageRequest()).days
          return days.flatMap(\.callers).filter { !$0.displayName.isEmpty }.map(\.accountID)
        }
      ),
      (
        CalendarFeedService.Methods.listCalendarFeeds,
        { practice, fixture in
          let feeds = try await practice.admin.calendarFeeds.list(ListCalendarFeedsRequest())
          #expect(feeds.feeds.first?.creator?.displayName == "Ada Admin")
          return [fixture.staffID]
        }
      ),
      (
        AppointmentService.Methods.findSlots,
        { practice, fixture in
          _ = try await practice.admin.appointments.findSlots(
            FindSlotsRequest(
              appointmentTypeID: practice.type.appointmentTypeID, patientID: fixture.patientID))
          return [fixture.patientID]
        }
      )
    ]

  struct Fixture: Sendable {
    let staffID: String
    let patientID: String
    let leaveID: String
  }

  @Test("leaves a row for each record, whichever method it is")
  func rows() async throws {
    let practice = try await TestPractice.make()
    let caller = try await practice.admin.auth.getCaller(GetCallerRequest())
    func exception(_ kind: AvailabilityExceptionKind, reason: String) async throws -> String {
      let made = try await practice.admin.availability.createException(
        CreateAvailabilityExceptionRequest(
          exception: AvailabilityException(
            kind: kind, resourceID: practice.practitioner.resourceID,
            starts: practice.local(9, day: 2), ends: practice.local(10, day: 2), reason: reason)))
      return made.exception?.availabilityExceptionID ?? ""
    }
    // Nobody wrote anything about this one, so it says nothing of a person.
    _ = try await exception(.extraHours, reason: "")
    let fixture = Fixture(
      staffID: caller.staff?.staffID ?? "",
      patientID: try await practice.clinic.patient().patientID,
      leaveID: try await exception(.leave, reason: "Operation"))
    _ = try await practice.admin.calendarFeeds.create(
      CreateCalendarFeedRequest(
        feed: CalendarFeed(resourceID: practice.practitioner.resourceID, name: "Telephone")))
    for (method, call) in Self.calls {
      #expect(method.policy.audit == .read)
      let expected = Set(try await call(practice, fixture))
      #expect(!expected.isEmpty, "\(method.path)")
      let found = try await eventually { () -> Set<String>? in
        let ids = try await records(method, in: practice.clinic)
        return ids.isEmpty ? nil : ids
      }
      #expect(found == expected, "\(method.path)")
    }
  }

  @Test("leaves none of callers who read of themselves")
  func own() async throws {
    let clinic = try await TestClinic.make()
    _ = try await clinic.admin.auth.getCaller(GetCallerRequest())
    _ = try await clinic.admin.auth.listSessions(ListSessionsRequest())
    // What came later is there: so would these be.
    let patient = try await clinic.patient()
    _ = try await clinic.admin.patients.get(GetPatientRequest(patientID: patient.patientID))
    _ = try await eventually { () -> Bool? in
      try await records(PatientService.Methods.getPatient, in: clinic).isEmpty ? nil : true
    }
    for method in [AuthService.Methods.getCaller, AuthService.Methods.listSessions] {
      #expect(method.policy.audit == .own)
      #expect(try await records(method, in: clinic).isEmpty, "\(method.path)")
    }
  }

  /// The records that the read log has of a method.
  private func records(_ method: MethodDescriptor, in clinic: TestClinic) async throws -> Set<
    String
  > {
    let company = try #require(UUID(uuidString: clinic.company.companyID))
    let rows = try await clinic.server.inspect(
      """
      select distinct unnest(resource_id) from clinic.reads
      where company_id = \(company) and method = \(method.path)
      """)
    return Set(
      try (0..<rows.count).map { try rows[$0].decode(0, as: UUID.self).uuidString.lowercased() })
  }
}
