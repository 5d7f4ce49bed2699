import ClinicCommands

/// A patient's fields, as far as the tests of parsing need them, apart from the contracts.
enum PatientSchema {
  static let patient = MessageSchema(
    fullName: "clinic.v1.Patient",
    fields: [
      .init("patient_id", .string), .init("record_number", .string),
      .init("name", .message("clinic.v1.PersonName")),
      .init("other_names", .message("clinic.v1.PersonName"), isRepeated: true),
      .init("birth_date", .message("clinic.v1.Date")),
      .init(
        "sex",
        .enumeration([
          "SEX_UNSPECIFIED", "SEX_FEMALE", "SEX_MALE", "SEX_INDETERMINATE", "SEX_UNKNOWN"
        ])),
      .init("gender", .string), .init("deceased", .bool),
      .init("death_date", .message("clinic.v1.Date")),
      .init("identifiers", .message("clinic.v1.Identifier"), isRepeated: true),
      .init("contact_points", .message("clinic.v1.ContactPoint"), isRepeated: true),
      .init("addresses", .message("clinic.v1.Address"), isRepeated: true),
      .init("tags", .string, isRepeated: true), .init("language", .string),
      .init("consents", .message("clinic.v1.Consent"), isRepeated: true),
      .init("marital_status", .string), .init("ethnicity", .string), .init("etag", .string)
    ],
    lookUp: { others[$0] })

  private static let others: [String: MessageSchema] = [
    "clinic.v1.PersonName": MessageSchema(
      fullName: "clinic.v1.PersonName",
      fields: ["text", "given", "family", "prefix", "suffix"].map { .init($0, .string) }),
    "clinic.v1.Identifier": MessageSchema(
      fullName: "clinic.v1.Identifier",
      fields: [
        .init(
          "type",
          .enumeration([
            "IDENTIFIER_TYPE_UNSPECIFIED", "IDENTIFIER_TYPE_NHS_NUMBER", "IDENTIFIER_TYPE_PASSPORT"
          ])),
        .init("value", .string), .init("issuer", .string)
      ]),
    "clinic.v1.ContactPoint": MessageSchema(
      fullName: "clinic.v1.ContactPoint", fields: [.init("value", .string)]),
    "clinic.v1.Consent": MessageSchema(
      fullName: "clinic.v1.Consent",
      fields: [.init("decide_time", .message("google.protobuf.Timestamp"))])
  ]
}
