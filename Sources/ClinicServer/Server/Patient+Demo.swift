internal import ClinicContracts
internal import ProtobufRuntime

extension Patient {
  /// A demo patient on the contract.
  init(_ demo: DemoPatient) {
    self.init()
    name = PersonName(demo.name)
    if let birthName = demo.birthName {
      otherNames = [PersonName(birthName).with { $0.use = .birth }]
    }
    birthDate = demo.birthDate.map(Date.init)
    deathDate = demo.deathDate.map(Date.init)
    deceased = demo.isDeceased
    sex = Sex(demo.sex)
    gender = demo.gender
    maritalStatus = demo.maritalStatus
    ethnicity = demo.ethnicity
    if !demo.nhsNumber.isEmpty {
      identifiers.append(Identifier(type: .nhsNumber, value: demo.nhsNumber))
    }
    if let passport = demo.passport {
      identifiers.append(
        Identifier(type: .passport, value: passport.number, countryCode: passport.country))
    }
    contactPoints = demo.phones.map {
      ContactPoint(
        kind: $0.kind == .mobile ? .mobile : .phone, value: $0.number, use: .init($0.use))
    }
    if !demo.email.isEmpty {
      contactPoints.append(ContactPoint(kind: .email, value: demo.email, use: .home))
    }
    addresses = [Address(demo.address)]
    relatedPersons = demo.relatives.map { relative in
      RelatedPerson(
        name: PersonName(relative.name), relationship: relative.relationship,
        contactPoints: relative.phone.isEmpty
          ? [] : [ContactPoint(kind: .mobile, value: relative.phone)],
        emergencyContact: relative.isEmergencyContact)
    }
    tags = demo.tags
    language = demo.language
    needsInterpreter = demo.needsInterpreter
    consents = demo.consents.map {
      Consent(kind: .init($0.kind), decision: $0.isGranted ? .granted : .refused)
    }
  }
}

extension PersonName {
  fileprivate init(_ name: DemoPatient.Name) {
    self.init(text: name.text, given: name.given, family: name.family, prefix: name.prefix)
  }
}

extension Date {
  fileprivate init(_ date: PartialDate) {
    self.init(year: Int32(date.year), month: Int32(date.month), day: Int32(date.day))
  }
}

extension Address {
  fileprivate init(_ address: DemoPatient.Address) {
    self.init(
      lines: address.lines, city: address.city, region: address.region,
      postalCode: address.postalCode, countryCode: address.countryCode, use: .home)
  }
}

extension Sex {
  fileprivate init(_ sex: DemoPatient.Sex) {
    switch sex {
    case .female: self = .female
    case .male: self = .male
    case .indeterminate: self = .indeterminate
    case .unknown: self = .unknown
    }
  }
}

extension ContactUse {
  fileprivate init(_ use: DemoPatient.ContactUse) {
    switch use {
    case .unspecified: self = .unspecified
    case .home: self = .home
    case .work: self = .work
    }
  }
}

extension ConsentKind {
  fileprivate init(_ kind: DemoPatient.ConsentKind) {
    switch kind {
    case .treatment: self = .treatment
    case .recordSharing: self = .recordSharing
    case .email: self = .email
    case .sms: self = .sms
    case .phone: self = .phone
    case .research: self = .research
    case .marketing: self = .marketing
    }
  }
}
