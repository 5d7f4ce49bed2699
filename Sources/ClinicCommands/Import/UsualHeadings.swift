/// Headings that people usually give to the columns of a list of patients.
package enum UsualHeadings {
  /// The targets of the headings that are known, each target at its first column.
  package static func targets(of headings: [String], schema: MessageSchema) -> [Int: ImportTarget] {
    var targets: [Int: ImportTarget] = [:]
    for (index, heading) in headings.enumerated() {
      guard let name = names[key(heading)],
        let target = try? ImportTarget(name, schema: schema), !targets.values.contains(target)
      else { continue }
      targets[index] = target
    }
    return targets
  }

  /// A heading in lower case without anything but letters and digits.
  static func key(_ heading: String) -> String {
    String(heading.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// What `--map` would call the columns, by the key of their headings.
  private static let names: [String: String] = [
    "name": "name.text", "fullname": "name.text", "patientname": "name.text",
    "given": "given", "givenname": "given", "givennames": "given", "firstname": "given",
    "forename": "given", "forenames": "given", "first": "given",
    "family": "name.family", "familyname": "name.family", "surname": "name.family",
    "lastname": "name.family", "last": "name.family",
    "title": "name.prefix", "prefix": "name.prefix", "suffix": "name.suffix",
    "maidenname": "birth_name", "birthname": "birth_name",
    "birthdate": "birth_date", "dateofbirth": "birth_date", "dob": "birth_date",
    "deathdate": "death_date", "dateofdeath": "death_date", "dod": "death_date",
    "sex": "sex", "gender": "gender",
    "phone": "phone", "telephone": "phone", "tel": "phone", "phonenumber": "phone",
    "homephone": "phone", "mobile": "mobile", "mobilephone": "mobile", "cell": "mobile",
    "cellphone": "mobile", "email": "email", "emailaddress": "email",
    "address": "address", "addressline1": "address", "address1": "address", "street": "address",
    "city": "city", "town": "city", "region": "region", "state": "region", "county": "region",
    "postcode": "postal_code", "postalcode": "postal_code", "zip": "postal_code",
    "zipcode": "postal_code", "countrycode": "country_code",
    "nhsnumber": "nhs_number", "nhsno": "nhs_number", "passport": "passport",
    "passportnumber": "passport", "ssn": "national_id", "nationalid": "national_id",
    "recordnumber": "record_number", "mrn": "record_number", "language": "language",
    "maritalstatus": "marital_status", "ethnicity": "ethnicity", "tags": "tags"
  ]
}
