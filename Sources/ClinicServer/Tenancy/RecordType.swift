/// The kinds of record that a change log tells of. There is no entry of any other kind: ``Change`` takes
/// these alone, and the contract lists them.
package enum RecordType: String, Sendable, CaseIterable, ExpressibleByStringLiteral {
  case apiKey = "api_key"
  case appointment
  case appointmentSeries = "appointment_series"
  case appointmentType = "appointment_type"
  case availabilityException = "availability_exception"
  case calendarFeed = "calendar_feed"
  case company
  case companyLimits = "company_limits"
  case followUp = "follow_up"
  case note
  case patient
  case resource
  case role
  case serviceAccount = "service_account"
  case session
  case staff
  case waitlistEntry = "waitlist_entry"
  case webhook

  /// A literal of a kind, as the contract spells it. One that is no kind ends the program.
  package init(stringLiteral name: StaticString) {
    guard let type = RecordType(rawValue: "\(name)") else {
      preconditionFailure("“\(name)” is no kind of record")
    }
    self = type
  }
}
