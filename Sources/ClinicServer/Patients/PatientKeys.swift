internal import ClinicContracts
internal import PostgresClient
internal import struct Foundation.UUID

/// What a patient is found by with equality alone.
///
/// A key is a kind and a value: `p:` a telephone number in E.164 form, `q:` the last seven digits of
/// one, `e:` an e-mail address in lower case, `i:` an identifier (type, country or issuer, value), `v:` the bare
/// value of an identifier, `r:` a record number, `d:` a date of birth, `w:` a folded word of a name,
/// `s:` its sound.
enum PatientKeys {
  /// The key of an identifier that names one person; nil for those that several may share.
  static func key(of identifier: Identifier) -> String? {
    guard identifier.type != .insurance else { return nil }
    // What was stored before there were countries has them in the issuer.
    let giver =
      identifier.countryCode.isEmpty ? identifier.issuer : identifier.countryCode
    return "i:\(identifier.type.rawValue):\(NameFolding.folded(giver)):\(compact(identifier.value))"
  }

  /// The keys that no two patients of a clinic share.
  static func unique(of patient: Patient) -> [String] {
    var keys = patient.identifiers.compactMap(key)
    if !patient.recordNumber.isEmpty { keys.append("r:" + compact(patient.recordNumber)) }
    return keys
  }

  /// The field that a unique key comes from.
  static func field(of key: String) -> String {
    key.hasPrefix("r:") ? "record_number" : "identifiers"
  }

  /// All keys of a patient, and whether each is unique.
  static func all(of patient: Patient) -> [String: Bool] {
    var keys = facts(of: patient)
    let names = SearchNames(patient)
    for word in names.exactForms { keys["w:" + word] = false }
    for sound in names.sounds { keys["s:" + sound] = false }
    return keys
  }

  /// The keys that do not come from names, and whether each is unique.
  static func facts(of patient: Patient) -> [String: Bool] {
    var keys: [String: Bool] = [:]
    for identifier in patient.identifiers { keys["v:" + compact(identifier.value)] = false }
    for contact in patient.contactPoints {
      if contact.kind == .email {
        keys["e:" + contact.value.lowercased()] = false
      } else {
        for key in phone(contact.value) { keys[key] = false }
      }
    }
    if let date = patient.birthDate { keys["d:\(date.packed)"] = false }
    for key in unique(of: patient) { keys[key] = true }
    return keys
  }

  /// The keys of a telephone number.
  static func phone(_ number: String) -> [String] {
    let digits = number.filter { $0.isASCII && $0.isNumber }
    guard digits.count >= 7 else { return digits.isEmpty ? [] : ["p:" + digits] }
    return ["p:" + digits, "q:" + digits.suffix(7)]
  }

  /// A number without blanks and hyphens, in upper case.
  static func compact(_ value: String) -> String {
    String(value.uppercased().filter { $0.isLetter || $0.isNumber })
  }

  /// Inserts the keys of patients.
  static func insert(_ patients: [Patient], in companyID: UUID) throws -> BoundStatement {
    var ids: [UUID] = []
    var keys: [String] = []
    var uniqueness: [Bool] = []
    for patient in patients {
      let id = try patient.uuid
      for (key, isUnique) in all(of: patient) {
        ids.append(id)
        keys.append(key)
        uniqueness.append(isUnique)
      }
    }
    return PatientStatements.insertKeys(companyID, ids, keys, uniqueness)
  }
}

extension IdentifierType {
  /// Whether a country gives such numbers, each its own.
  var isGivenByCountry: Bool {
    self == .passport || self == .nationalID || self == .drivingLicence
  }
}
