/// A patient who does not exist, in plain values. Enumerations are named as in the contract.
package struct DemoPatient: Sendable, Hashable {
  package enum Sex: String, Sendable { case female, male, indeterminate, unknown }
  package enum PhoneKind: String, Sendable { case phone, mobile }
  package enum ContactUse: String, Sendable { case unspecified, home, work }
  package enum ConsentKind: String, Sendable, CaseIterable {
    case treatment, recordSharing, email, sms, phone, research, marketing
  }

  /// A name; `text` only where the parts do not say how it is written.
  package struct Name: Sendable, Hashable {
    package var text = ""
    package var given = ""
    package var family = ""
    package var prefix = ""
  }

  package struct Passport: Sendable, Hashable {
    package var number: String
    /// ISO 3166-1 alpha-2.
    package var country: String
  }

  package struct Phone: Sendable, Hashable {
    package var kind: PhoneKind
    /// E.164, from the ranges that Ofcom keeps for fiction.
    package var number: String
    package var use: ContactUse
  }

  package struct Address: Sendable, Hashable {
    package var lines: [String]
    package var city: String
    package var region: String
    package var postalCode: String
    package var countryCode: String
  }

  package struct Relative: Sendable, Hashable {
    package var name: Name
    package var relationship: String
    package var phone: String
    package var isEmergencyContact: Bool
  }

  package struct Consent: Sendable, Hashable {
    package var kind: ConsentKind
    package var isGranted: Bool
  }

  package var name: Name
  package var birthName: Name?
  package var birthDate: PartialDate?
  package var deathDate: PartialDate?
  package var isDeceased: Bool
  package var sex: Sex
  package var gender: String
  package var maritalStatus: String
  package var ethnicity: String
  /// From the range 999 000 0000 to 999 999 9999, which is never issued; empty where there is none.
  package var nhsNumber: String
  /// A passport.
  package var passport: Passport?
  package var phones: [Phone]
  /// In a domain that RFC 2606 keeps for examples; empty where there is none.
  package var email: String
  package var address: Address
  package var relatives: [Relative]
  package var tags: [String]
  /// BCP 47.
  package var language: String
  package var needsInterpreter: Bool
  package var consents: [Consent]
  /// The record is put away.
  package var isArchived: Bool
}
