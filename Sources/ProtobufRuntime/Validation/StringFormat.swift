/// The form of a string: what a contract can ask of one by name.
public enum StringFormat: String, Sendable, Hashable, CaseIterable {
  /// A UUID in its 36-character form, lower- or upper-case (RFC 9562).
  case uuid
  /// An e-mail address: an RFC 5321 mailbox with a dot-atom local part and a domain name.
  case email
  /// A telephone number in E.164 form: `+`, then 7 to 15 digits.
  case e164
  /// A well-formed language tag (BCP 47, RFC 5646).
  case language
  /// An IANA time zone that the system's time zone database knows.
  case timeZone
  /// An ISO 4217 code of a currency in use.
  case currency
  /// An ISO 3166-1 alpha-2 country code.
  case country
  /// 2 to 63 lower-case letters, digits and inner hyphens.
  case slug
  /// No control characters and line separators, and no white space at either end.
  case line
  /// An absolute http or https URL (RFC 3986), without user information.
  case url

  /// Whether a string has this form.
  public func matches(_ value: String) -> Bool {
    var value = value
    return value.withUTF8 { bytes in
      switch self {
      case .uuid: IdentifierFormats.isUUID(bytes)
      case .email: NetworkFormats.isEmail(bytes)
      case .e164: IdentifierFormats.isE164(bytes)
      case .language: LanguageTag.isWellFormed(bytes)
      case .timeZone: TimeZoneNames.contains(bytes)
      case .currency: CodeLists.isCurrency(bytes)
      case .country: CodeLists.isCountry(bytes)
      case .slug: IdentifierFormats.isSlug(bytes)
      case .line: IdentifierFormats.isLine(bytes)
      case .url: NetworkFormats.isURL(bytes)
      }
    }
  }

  /// The reason code of a violation.
  public var reason: String {
    switch self {
    case .uuid: "FORMAT_UUID"
    case .email: "FORMAT_EMAIL"
    case .e164: "FORMAT_E164"
    case .language: "FORMAT_LANGUAGE"
    case .timeZone: "FORMAT_TIME_ZONE"
    case .currency: "FORMAT_CURRENCY"
    case .country: "FORMAT_COUNTRY"
    case .slug: "FORMAT_SLUG"
    case .line: "FORMAT_LINE"
    case .url: "FORMAT_URL"
    }
  }

  /// What is allowed, in words that follow the field's name.
  public var rule: String {
    switch self {
    case .uuid: "must be a UUID, as 0190a8f2-7b1c-7e2a-9c55-3f6a1d2b4c8e"
    case .email: "must be an e-mail address, as name@example.org"
    case .e164: "must be a telephone number in E.164 form, as +442079460123"
    case .language: "must be a BCP 47 language tag, as en-GB"
    case .timeZone: "must be an IANA time zone, as Europe/London"
    case .currency: "must be an ISO 4217 currency code, as EUR"
    case .country: "must be an ISO 3166-1 alpha-2 country code, as GB"
    case .slug: "must be 2 to 63 lower-case letters, digits and inner hyphens"
    case .line: "must be a single line without white space at either end"
    case .url: "must be an absolute http or https URL"
    }
  }
}
