internal import ArgumentParser
internal import ClinicContracts

/// An order of patients, as the command line names it.
enum PatientOrderOption: String, ExpressibleByArgument, CaseIterable {
  case name
  case newest
  case birthDate = "birth-date"

  /// The order as the contract names it.
  var order: PatientOrder {
    switch self {
    case .name: .name
    case .newest: .createTimeDesc
    case .birthDate: .birthDate
    }
  }
}
