internal import ClinicContracts

/// The columns of an export as CSV: every field of a patient by its path in JSON.
enum PatientExportColumns {
  /// The headings.
  static let names = columns(of: .patient, prefix: "")

  /// The cells of a patient's JSON.
  static func cells(of patient: JSONValue) -> [(column: String, text: String)] {
    CSVWriter.cells(of: patient)
  }

  private static func columns(of schema: MessageSchema, prefix: String) -> [String] {
    schema.fields.flatMap { field -> [String] in
      if case .message(let name) = field.kind, !field.isRepeated, !whole.contains(name),
        let inner = schema.lookUp(name)
      {
        return columns(of: inner, prefix: prefix + field.jsonName + ".")
      }
      return [prefix + field.jsonName]
    }
  }

  private static let whole: Set<String> = ["clinic.v1.Date", "google.protobuf.Timestamp"]
}
