import ClinicClient
import ClinicContracts
import Foundation
import ProtobufRuntime
import RPCCore
import TestSupport
import Testing

/// Every method of the contract, against other clinics' ids, callers without permission and callers
/// without credentials. Generated from the descriptors: a new method is in them by itself.
@Suite("Every method")
struct MethodMatrixTests {
  static let methods = ClinicContracts.services.flatMap(\.methods)

  private static let tomorrow = Date.now.addingTimeInterval(86_400).formatted(
    .iso8601.year().month().day().time(includingFractionalSeconds: false).timeZone(
      separator: .omitted)
  ).replacing(/:\d\d:\d\dZ$/, with: ":00:00Z")

  private static let dayAfterTomorrow: String = {
    let day = Calendar(identifier: .gregorian).dateComponents(
      [.year, .month, .day], from: Date.now.addingTimeInterval(172_800))
    return #"{"year":\#(day.year ?? 0),"month":\#(day.month ?? 0),"day":\#(day.day ?? 0)}"#
  }()

  private static let newAppointment = #"""
    "appointment":{"patientId":"\#(nobody)","appointmentTypeId":"\#(nobody)","startTime":"\#(tomorrow)"}
    """#

  private static let nobody = "01890000-0000-7000-8000-000000000000"

  /// Requests that pass validation, by method; what is not here passes with its ids alone.
  private static let bodies: [String: String] = [
    "CreateCompany":
      #""company":{"slug":"matrix","name":"M"},"adminEmail":"a@b.example","adminName":"A""#,
    "SuspendCompany": #""reason":"test""#,
    "UpdateMyCompany": #""company":{"name":"New"}"#,
    "CreateRole": #""role":{"name":"R"}"#,
    "UpdateRole": #""role":{"name":"R"}"#,
    "CreateStaff": #""staff":{"email":"a@b.example","displayName":"A"}"#,
    "UpdateStaff": #""staff":{"jobTitle":"Nurse"}"#,
    "ChangePassword": #""currentPassword":"x","newPassword":"another password 99""#,
    "SearchPatients": #""query":"Smith""#,
    "CreatePatient": #""patient":{"name":{"family":"F"}}"#,
    "UpdatePatient": #""patient":{"gender":"g"}"#,
    "DeletePatient": #""reason":"test""#,
    "CreateResource": #""resource":{"kind":"RESOURCE_KIND_ROOM","name":"Room"}"#,
    "UpdateResource": #""resource":{"name":"Room"}"#,
    "CreateAppointmentType": #"""
    "appointmentType":{"name":"T","lengthMinutes":15,"needs":[{"kind":"RESOURCE_KIND_ROOM"}]}
    """#,
    "UpdateAppointmentType": #""appointmentType":{"name":"T"}"#,
    "CreateAvailabilityException": #"""
    "exception":{"kind":"AVAILABILITY_EXCEPTION_KIND_CLOSURE",\#
    "starts":{"date":{"year":2030,"month":1,"day":1}},\#
    "ends":{"date":{"year":2030,"month":1,"day":2}}}
    """#,
    "GetAvailability": #"""
    "fromDate":{"year":2030,"month":1,"day":1},"untilDate":{"year":2030,"month":1,"day":2}
    """#,
    "RequestAppointment": newAppointment, "HoldAppointment": newAppointment,
    "BookAppointment": newAppointment,
    "OverbookAppointment": newAppointment + #","overbookReason":"test""#,
    "RescheduleAppointment": #""startTime":"\#(tomorrow)""#,
    "CancelAppointment": #"""
    "cancelledBy":"CANCELLED_BY_CLINIC","reason":"CANCELLATION_REASON_WEATHER"
    """#,
    "MarkAppointmentEnteredInError": #""reason":"test""#,
    "GetCalendar": #""view":"CALENDAR_VIEW_DAY""#,
    "CreateAppointmentSeries": #"""
    "series":{"patientId":"\#(nobody)","appointmentTypeId":"\#(nobody)","pattern":{"rule":"FREQ=DAILY",\#
    "start":{"date":\#(dayAfterTomorrow)}}}
    """#,
    "UpdateAppointmentSeries": #""scope":"SERIES_SCOPE_ALL","series":{"reason":"test"}"#,
    "CancelAppointmentSeries": #"""
    "scope":"SERIES_SCOPE_ALL","cancelledBy":"CANCELLED_BY_CLINIC",\#
    "reason":"CANCELLATION_REASON_WEATHER"
    """#,
    "CreateWaitlistEntry": #""entry":{"patientId":"\#(nobody)","appointmentTypeId":"\#(nobody)"}"#,
    "UpdateWaitlistEntry": #""entry":{"notes":"test"}"#,
    "CreateCalendarFeed": #""feed":{"resourceId":"\#(nobody)","name":"Telephone"}"#,
    "ReadCalendarFeed": #""token":"x""#,
    "CreateServiceAccount": #""serviceAccount":{"name":"S"}"#,
    "UpdateServiceAccount": #""serviceAccount":{"name":"S"}"#,
    "CreateApiKey": #""apiKey":{"name":"K"}"#,
    "UpdateApiKey": #""apiKey":{"name":"K"}"#,
    "IssueToken": #""client_secret":"x""#,
    "CreateNote": #""note":{"patientId":"019a0000-0000-7000-8000-000000000000","text":"t"}"#,
    "AmendNote": #""text":"t","reason":"test""#,
    "MarkNoteEnteredInError": #""reason":"test""#,
    "CreateFollowUp": #""followUp":{"title":"t"}"#,
    "UpdateCompanyLimits": #""limits":{"weight":2}"#,
    "UpdateFollowUp": #""followUp":{"title":"t"}"#,
    "SnoozeFollowUp": #""untilTime":"2999-01-01T00:00:00Z""#,
    "CompleteFollowUp": #""outcome":"FOLLOW_UP_OUTCOME_DONE""#,
    "CancelFollowUp": #""reason":"test""#,
    "ReopenFollowUp": #""reason":"test""#,
    "CreateWebhook": #""webhook":{"url":"https://partner.example/hook"}"#,
    "UpdateWebhook": #""webhook":{"description":"test"}"#,
    "ReplayWebhook": #""fromSequence":"1""#,
    "Login": #""company":"x","email":"a@b.example","password":"x""#,
    "RefreshSession": #""refreshToken":"x""#
  ]

  /// A request with these ids in every field that takes one.
  private static func json(_ method: MethodDescriptor, ids: [String: String]) -> String {
    var parts = method.requestType.descriptor.fields.compactMap { field -> String? in
      ids[field.name].map { "\"\(field.jsonName)\":\"\($0)\"" }
    }
    if let body = bodies[method.name] { parts.append(body) }
    return "{" + parts.joined(separator: ",") + "}"
  }

  /// A watch that is let in ends by itself after `watching` only; one that is refused ends when it
  /// is, however long that takes on a busy machine.
  static func call(
    _ method: MethodDescriptor, ids: [String: String], on client: ClinicClient,
    watching: Duration? = nil
  ) async throws {
    let timeout = method.name.hasPrefix("Watch") ? watching : nil
    try await AnyCall.make(
      method, json: json(method, ids: ids), over: client.channel,
      options: CallOptions(timeout: timeout))
  }

  /// The fields of requests that hold the id of something of the clinic.
  static let resourceFields = [
    "patient_id", "staff_id", "role_id", "session_id", "company_id", "resource_id",
    "appointment_type_id",
    "availability_exception_id", "appointment_id", "appointment_series_id", "waitlist_entry_id",
    "waitlist_offer_id",
    "calendar_feed_id", "note_id",
    "follow_up_id", "webhook_id", "webhook_delivery_id", "service_account_id", "api_key_id"
  ]

  /// Ids of nothing in every such field.
  static func unknownIDs() -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: resourceFields.map { ($0, UUID().uuidString.lowercased()) })
  }

  private static func takesResource(_ method: MethodDescriptor) -> Bool {
    method.requestType.descriptor.fields.contains {
      resourceFields.contains($0.name)
    }
  }

  @Test("finds nothing under the ids of another clinic")
  func otherClinicsIDs() async throws {
    let first = try await TestClinic.make()
    let second = try await TestClinic.make()
    let patient = try await first.patient()
    let caller = try await first.admin.auth.getCaller(GetCallerRequest())
    let role = try await first.admin.roles.create(
      CreateRoleRequest(role: Role(name: "Reception", permissions: ["patients.read"])))
    let note = try await first.admin.notes.create(
      CreateNoteRequest(note: Note(patientID: patient.patientID, text: "Text")))
    let followUp = try await first.admin.followUps.create(
      CreateFollowUpRequest(followUp: FollowUp(title: "Title")))
    let practice = try await TestPractice.make(in: first)
    let booked = try await practice.book(patient, at: practice.time(9))
    let closure = try await first.admin.availability.createException(practice.closure(day: 100))
    let series = try await practice.series(patient, "FREQ=DAILY;COUNT=2", at: practice.local(10))
    let (entry, offer) = try await practice.offer(to: try await first.patient())
    let feed = try await first.admin.calendarFeeds.create(
      CreateCalendarFeedRequest(
        feed: CalendarFeed(resourceID: practice.practitioner.resourceID, name: "Telephone")))
    let receiver = try await HTTPReceiver(certificates: first.server.receivers) { _, _ in
      .status(500)
    }
    let webhook = try await first.admin.webhooks.create(
      CreateWebhookRequest(webhook: Webhook(url: receiver.url())))
    let webhookID = webhook.webhook?.webhookID ?? ""
    let delivery = try await eventually {
      try await first.admin.webhooks.listDeliveries(
        ListWebhookDeliveriesRequest(webhookID: webhookID)
      ).deliveries.first
    }
    let service = try await first.service(permissions: ["patients.read"])
    let ids = [
      "webhook_id": webhookID, "webhook_delivery_id": delivery.webhookDeliveryID,
      "patient_id": patient.patientID, "staff_id": caller.staff?.staffID ?? "",
      "role_id": role.role?.roleID ?? "", "session_id": caller.sessionID,
      "company_id": first.company.companyID, "resource_id": practice.practitioner.resourceID,
      "appointment_type_id": practice.type.appointmentTypeID,
      "appointment_id": booked.appointmentID,
      "availability_exception_id": closure.exception?.availabilityExceptionID ?? "",
      "appointment_series_id": series.series?.appointmentSeriesID ?? "",
      "waitlist_entry_id": entry.waitlistEntryID,
      "waitlist_offer_id": offer.waitlistOfferID,
      "calendar_feed_id": feed.feed?.calendarFeedID ?? "",
      "note_id": note.note?.noteID ?? "", "follow_up_id": followUp.followUp?.followUpID ?? "",
      "service_account_id": service.account.serviceAccountID,
      "api_key_id": service.key.apiKeyID
    ]
    var tried = 0
    for method in Self.methods
    where [.staff, .clinic].contains(method.policy.audience) && Self.takesResource(method) {
      let error = await failure { try await Self.call(method, ids: ids, on: second.admin) }
      #expect(error?.code == .notFound, "\(method.path): \(String(describing: error))")
      tried += 1
    }
    #expect(tried >= 62)
    // Nothing of it happened in the first clinic.
    let after = try await first.admin.patients.get(
      GetPatientRequest(patientID: patient.patientID))
    #expect(after.patient == patient)
    #expect(try await practice.get(booked) == booked)
    _ = try await service.client.patients.get(GetPatientRequest(patientID: patient.patientID))
  }

  @Test("tells nothing of the ids of another clinic that stand inside of what it is given")
  func otherClinicsNestedIDs() async throws {
    let first = try await TestClinic.make()
    let second = try await TestClinic.make()
    let patient = try await first.patient()
    let practice = try await TestPractice.make(in: first)
    // What the second clinic has, so that one wrong id is the only thing that is wrong.
    let own = try await TestPractice.make(in: second)
    let ownPatient = try await second.patient()
    let foreign = [
      "patientId": patient.patientID, "appointmentTypeId": practice.type.appointmentTypeID,
      "resourceId": practice.practitioner.resourceID
    ]
    let mine = [
      "patientId": ownPatient.patientID, "appointmentTypeId": own.type.appointmentTypeID,
      "resourceId": own.practitioner.resourceID
    ]
    var tried = 0
    for method in Self.methods {
      guard let body = Self.bodies[method.name], body.contains(Self.nobody) else { continue }
      for (field, id) in foreign where body.contains("\"\(field)\":\"\(Self.nobody)\"") {
        func outcome(_ value: String) async -> RPCError? {
          var body = body.replacing(
            "\"\(field)\":\"\(Self.nobody)\"", with: "\"\(field)\":\"\(value)\"")
          for (name, id) in mine where name != field {
            body = body.replacing(
              "\"\(name)\":\"\(Self.nobody)\"", with: "\"\(name)\":\"\(id)\"")
          }
          return await failure {
            try await AnyCall.make(
              method, json: "{\(body)}", over: second.admin.channel, options: CallOptions())
          }
        }
        let (known, unknown) = await (outcome(id), outcome(Self.nobody))
        #expect(known != nil, "\(method.path) takes another clinic's \(field)")
        #expect(known?.code == unknown?.code, "\(method.path) \(field)")
        #expect(known?.message == unknown?.message, "\(method.path) \(field)")
        #expect(known?.reason == unknown?.reason, "\(method.path) \(field)")
        #expect(known?.code == .notFound, "\(method.path) \(field)")
        let path = known?.facts["field"] ?? ""
        let leaf = method.requestType.descriptor.fields.contains { path.hasPrefix($0.name) }
        #expect(leaf, "\(method.path) \(field): “\(path)” is no path of the request")
        tried += 1
      }
    }
    #expect(tried >= 9)
  }

  @Test("refuses a caller whose roles permit nothing")
  func withoutPermission() async throws {
    let clinic = try await TestClinic.make()
    let member = try await clinic.member(permissions: [])
    let ids = Self.unknownIDs()
    for method in Self.methods
    where method.policy.audience != .everybody && !method.policy.isForOneself {
      let error = await failure { try await Self.call(method, ids: ids, on: member) }
      #expect(error?.code == .permissionDenied, "\(method.path): \(String(describing: error))")
    }
  }

  @Test("of the platform is closed to a clinic's administrator")
  func platformMethods() async throws {
    let clinic = try await TestClinic.make()
    let ids = ["company_id": clinic.company.companyID]
    let methods = Self.methods.filter { $0.policy.audience == .platform }
    #expect(methods.count >= 5)
    for method in methods {
      let error = await failure { try await Self.call(method, ids: ids, on: clinic.admin) }
      #expect(error?.code == .permissionDenied, "\(method.path)")
    }
  }

  @Test("refuses a caller without a token, and one with a token of nobody's")
  func withoutToken() async throws {
    let server = try await ClinicTestServer.shared.running()
    let client = try server.client()
    for method in Self.methods where method.policy.audience != .everybody {
      let none = await failure { try await Self.call(method, ids: [:], on: client) }
      #expect(none?.code == .unauthenticated, "\(method.path): \(String(describing: none))")
      let wrong = await failure {
        try await AnyCall.make(
          method, json: Self.json(method, ids: [:]), over: client.channel,
          options: CallOptions(authorization: "eyJhbGciOiJub25lIn0.e30."))
      }
      #expect(wrong?.code == .unauthenticated, "\(method.path): \(String(describing: wrong))")
    }
  }

  @Test("with permissions opens to a role that has just these")
  func withPermission() async throws {
    let clinic = try await TestClinic.make()
    let methods = Self.methods.filter { [.staff, .clinic].contains($0.policy.audience) }
      .filter { !$0.policy.isForOneself }
    for (names, methods) in Dictionary(grouping: methods, by: \.policy.permissions) {
      let member = try await clinic.member(permissions: names)
      let ids = Self.unknownIDs()
      for method in methods {
        let error = await failure {
          try await Self.call(method, ids: ids, on: member, watching: .milliseconds(500))
        }
        for code in [RPCStatusCode.unauthenticated, .internal, .unknown] {
          #expect(error?.code != code, "\(method.path): \(String(describing: error))")
        }
        if let error, error.code == .permissionDenied {
          // Only for what the caller would give away.
          #expect("\(error.details)".contains("PERMISSION_ESCALATION"), "\(method.path)")
        }
      }
    }
  }
}
