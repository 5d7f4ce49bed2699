package import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Our options of `clinic/options/v1/options.proto`.
package enum ContractOptions {
  /// The extensions to read descriptors with.
  package static var extensions: [any AnyMessageExtension] {
    [Clinic_Options_V1_Extensions_method, Clinic_Options_V1_Extensions_field]
  }

  /// ``extensions`` for parsing a descriptor set.
  static let extensionMap = Clinic_Options_V1_Options_Extensions

  /// The folder of the files that only declare options: nothing is generated from them.
  static let folder = "clinic/options/"
}

extension FieldDescriptor {
  /// The field's policy, where the contract states one.
  var clinicPolicy: Clinic_Options_V1_FieldPolicy? {
    options.hasClinic_Options_V1_field ? options.Clinic_Options_V1_field : nil
  }
}

extension MethodDescriptor {
  /// The method's policy, where the contract states one.
  var clinicPolicy: Clinic_Options_V1_MethodPolicy? {
    options.hasClinic_Options_V1_method ? options.Clinic_Options_V1_method : nil
  }
}
