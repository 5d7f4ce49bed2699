/// JSON values as people read them.
package enum DisplayText {
  /// A value on one line: dates and times shortened, enum names as words, lists joined by commas.
  package static func of(_ value: JSONValue) -> String {
    if let date = DateText.text(ofDate: value) { return date }
    switch value {
    case .array(let elements): return elements.map(of).joined(separator: ", ")
    case .object(let members):
      return members.map { "\($0.name): \(of($0.value))" }.joined(separator: ", ")
    case .string(let text): return DateText.shortTimestamp(word(ofEnumName: text))
    default: return value.scalarText ?? ""
    }
  }

  /// The last words of an enum name of the contract, `PATIENT_STATE_ACTIVE` as `active`; any other
  /// text as it is.
  package static func word(ofEnumName text: String) -> String {
    for prefix in enumPrefixes where text.hasPrefix(prefix) {
      let word = text.dropFirst(prefix.count)
      guard !word.isEmpty, word.utf8.allSatisfy({ isUpper($0) || $0 == UInt8(ascii: "_") }) else {
        continue
      }
      return word.lowercased().split(separator: "_").joined(separator: " ")
    }
    return text
  }

  private static func isUpper(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
  }

  /// The prefixes of the contract's enum values.
  private static let enumPrefixes = [
    "PATIENT_STATE_", "STAFF_STATE_", "COMPANY_STATE_", "SEX_", "NAME_USE_", "IDENTIFIER_TYPE_",
    "CONTACT_KIND_", "CONTACT_USE_", "CONSENT_KIND_", "MATCH_REASON_", "DAY_OF_WEEK_",
    "RESOURCE_KIND_", "RESOURCE_STATE_", "APPOINTMENT_TYPE_STATE_",
    "AVAILABILITY_EXCEPTION_KIND_", "APPOINTMENT_STATUS_", "CANCELLED_BY_", "CANCELLATION_REASON_",
    "APPOINTMENT_SERIES_STATE_", "SERIES_SCOPE_", "WAITLIST_PRIORITY_", "WAITLIST_ENTRY_STATE_",
    "WAITLIST_OFFER_STATE_", "CALENDAR_FEED_DETAIL_",
    "NOTE_STATE_", "NOTE_KIND_", "FOLLOW_UP_STATE_", "FOLLOW_UP_PRIORITY_",
    "FOLLOW_UP_MISSED_TIME_", "FOLLOW_UP_OUTCOME_", "CHAIN_FAULT_KIND_", "ACCOUNT_KIND_",
    "SERVICE_ACCOUNT_STATE_", "API_KEY_STATE_"
  ]

  /// A person's name of the contract: its text, or prefix, given, family and suffix.
  package static func name(_ value: JSONValue?) -> String {
    guard let value else { return "" }
    if let text = value["text"]?.text, !text.isEmpty { return text }
    return ["prefix", "given", "family", "suffix"].compactMap { value[$0]?.text }
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// A postal address on one line.
  package static func address(_ value: JSONValue) -> String {
    let lines = value["lines"]?.elements.compactMap(\.text) ?? []
    let rest = ["city", "region", "postalCode", "countryCode"].compactMap { value[$0]?.text }
    return (lines + rest).filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
