internal import ClinicContracts
internal import ProtobufRuntime

extension MessageSchema {
  /// The fields of a message of the contracts.
  init(_ descriptor: MessageDescriptor) {
    self.init(
      fullName: descriptor.fullName, fields: descriptor.fields.map(Field.init),
      lookUp: { name in ContractCatalogue.shared.message(name).map(MessageSchema.init) })
  }

  /// The fields of a patient.
  static let patient = MessageSchema(Patient.descriptor)
}

extension MessageSchema.Field {
  init(_ field: FieldDescriptor) {
    let kind: MessageSchema.Kind =
      switch field.kind {
      case .string: .string
      case .bytes: .bytes
      case .bool: .bool
      case .double, .float: .number
      case .enumeration:
        .enumeration(
          ContractCatalogue.shared.enumeration(field.typeName)?.values.map(\.name) ?? [])
      case .message: .message(field.typeName)
      default: .integer
      }
    self.init(
      field.name, kind, jsonName: field.jsonName, isRepeated: field.cardinality == .repeated,
      isMap: field.cardinality == .map)
  }
}
