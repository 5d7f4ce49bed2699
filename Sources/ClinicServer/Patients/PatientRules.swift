internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.Date

/// The rules of a patient record that span fields or need the clinic's settings, and the one form
/// in which values are kept. The contract's own rules (lengths, formats) run with them.
struct PatientRules: Sendable {
  private let countryCode: String
  private let today: Int32

  /// The rules of a clinic: telephone numbers without a prefix belong to its country, and days end
  /// at its midnight.
  init(settings: CompanySettings, now: Foundation.Date = Foundation.Date()) {
    countryCode = settings.countryCode
    today = CivilDay.packed(now, timeZone: settings.timeZone)
  }

  /// The patient in the form in which it is kept, or INVALID_ARGUMENT with every violation.
  func admit(_ patient: Patient, path: String) throws -> Patient {
    let (patient, violations) = check(patient, path: path)
    if !violations.isEmpty { throw RPCError.invalidArgument(violations: violations) }
    return patient
  }

  /// The patient in the form in which it is kept, and what is wrong with it.
  func check(_ patient: Patient, path: String) -> (Patient, [FieldViolation]) {
    let patient = normalized(patient)
    var violations = Violations()
    if path.isEmpty {
      check(patient, &violations)
    } else {
      violations.descend(path) { check(patient, &$0) }
    }
    return (patient, violations.all)
  }

  private func check(_ patient: Patient, _ violations: inout Violations) {
    patient.validate(&violations, partial: false)
    checkNames(patient, &violations)
    checkDates(patient, &violations)
    checkIdentifiers(patient, &violations)
    checkContactPoints(patient, &violations)
    checkConsents(patient, &violations)
  }

  // MARK: One form

  private func normalized(_ original: Patient) -> Patient {
    var patient = original
    if patient.deathDate != nil { patient.deceased = true }
    patient.identifiers = patient.identifiers.map { identifier in
      var identifier = identifier
      if identifier.type == .nhsNumber,
        let number = NHSNumber.normalized(identifier.value)
      {
        identifier.value = number
      }
      if identifier.type.isGivenByCountry, identifier.countryCode.isEmpty {
        identifier.countryCode = countryCode
      }
      return identifier
    }
    patient.contactPoints = patient.contactPoints.map(normalized)
    patient.relatedPersons = patient.relatedPersons.map { person in
      var person = person
      person.contactPoints = person.contactPoints.map(normalized)
      return person
    }
    var seen = Set<String>()
    patient.tags = patient.tags.map { $0.lowercased() }.filter { seen.insert($0).inserted }
    return patient
  }

  private func normalized(_ contact: ContactPoint) -> ContactPoint {
    var contact = contact
    if contact.kind == .phone || contact.kind == .mobile,
      let number = PhoneNumber.normalized(contact.value, country: countryCode)
    {
      contact.value = number
    }
    return contact
  }

  // MARK: Checks

  private func checkNames(_ patient: Patient, _ violations: inout Violations) {
    if let name = patient.name { checkName(name, "name", &violations) }
    for (index, name) in patient.otherNames.enumerated() {
      checkName(name, "other_names[\(index)]", &violations)
    }
    for (index, person) in patient.relatedPersons.enumerated() {
      if let name = person.name {
        checkName(name, "related_persons[\(index)].name", &violations)
      }
    }
  }

  private func checkName(_ name: PersonName, _ path: String, _ violations: inout Violations) {
    if name.text.isEmpty, name.given.isEmpty, name.family.isEmpty {
      violations.add(
        path, reason: "REQUIRED", description: "must have a given name, a family name or a text")
    }
  }

  private func checkDates(_ patient: Patient, _ violations: inout Violations) {
    for (path, date) in [("birth_date", patient.birthDate), ("death_date", patient.deathDate)] {
      guard let date else { continue }
      if !date.exists {
        violations.add(path, reason: "NOT_A_DATE", description: "must be a day of the calendar")
      } else if date.packed > today {
        violations.add(path, reason: "IN_FUTURE", description: "must not be in the future")
      }
    }
    if let birth = patient.birthDate, let death = patient.deathDate, death.packedEnd < birth.packed
    {
      violations.add(
        "death_date", reason: "BEFORE_BIRTH", description: "must not be before the date of birth")
    }
  }

  private func checkIdentifiers(_ patient: Patient, _ violations: inout Violations) {
    var seen = Set<String>()
    checkNumber(patient.recordNumber, "record_number", &violations)
    for (index, identifier) in patient.identifiers.enumerated() {
      let path = "identifiers[\(index)]"
      checkNumber(identifier.value, "\(path).value", &violations)
      if identifier.type == .nhsNumber, !NHSNumber.isValid(identifier.value) {
        violations.add(
          "\(path).value", reason: "NHS_NUMBER",
          description: "must be ten digits, the last of which is the mod-11 check digit")
      }
      if identifier.type == .other, identifier.issuer.isEmpty {
        violations.add(
          "\(path).issuer", reason: "REQUIRED",
          description: "must name the system that the number belongs to")
      }
      if let key = PatientKeys.key(of: identifier), !seen.insert(key).inserted {
        violations.add(path, reason: "DUPLICATE", description: "must not be there twice")
      }
    }
  }

  /// Numbers are compared by their letters and digits alone: one without any would be equal to every
  /// other such one.
  private func checkNumber(_ number: String, _ path: String, _ violations: inout Violations) {
    guard !number.isEmpty, PatientKeys.compact(number).isEmpty else { return }
    violations.add(
      path, reason: "NO_LETTER_OR_DIGIT", description: "must hold a letter or a digit")
  }

  private func checkContactPoints(_ patient: Patient, _ violations: inout Violations) {
    func check(_ contacts: [ContactPoint], _ path: String) {
      for (index, contact) in contacts.enumerated() {
        let path = "\(path)contact_points[\(index)].value"
        switch contact.kind {
        case .email where !StringFormat.email.matches(contact.value):
          violations.add(path, reason: "FORMAT_EMAIL", description: "must be an e-mail address")
        case .phone, .mobile:
          if !contact.value.contains(where: \.isNumber) {
            violations.add(path, reason: "FORMAT_PHONE", description: "must hold digits")
          }
        default: break
        }
      }
    }
    check(patient.contactPoints, "")
    for (index, person) in patient.relatedPersons.enumerated() {
      check(person.contactPoints, "related_persons[\(index)].")
    }
  }

  private func checkConsents(_ patient: Patient, _ violations: inout Violations) {
    var seen = Set<Int32>()
    for (index, consent) in patient.consents.enumerated()
    where !seen.insert(consent.kind.rawValue).inserted {
      violations.add(
        "consents[\(index)].kind", reason: "DUPLICATE",
        description: "must be there once for each kind of consent")
    }
  }
}
