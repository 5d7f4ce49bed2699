import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// What breaks the callers of a method: a policy that lets fewer of them in, or one under which
/// their retries take effect twice.
struct MethodChange {
  private let before: Clinic_Options_V1_MethodPolicy
  private let after: Clinic_Options_V1_MethodPolicy
  private let method: MethodDescriptor

  init(from old: MethodDescriptor, to new: MethodDescriptor) {
    // Without a policy a method of other people's is open.
    before = old.clinicPolicy ?? Clinic_Options_V1_MethodPolicy()
    after = new.clinicPolicy ?? before
    method = new
  }

  func check(_ report: inout LintReport) {
    let more = after.permission.filter { !before.permission.contains($0) }
    if !more.isEmpty, after.permission != ["self"] {
      report.add(
        "method \(method.name) asks for the permission \(more.joined(separator: ", ")), which its "
          + "callers may not have", at: method)
    }
    if !Self.callers(of: after.audience).isSuperset(of: Self.callers(of: before.audience)) {
      report.add(
        "method \(method.name) was for \(before.audience), and \(after.audience) leaves out some of "
          + "these", at: method)
    }
    let isWeaker =
      switch (before.idempotency, after.idempotency) {
      case (.noSideEffects, .requestID), (.noSideEffects, .none), (.requestID, .none): true
      default: false
      }
    if isWeaker {
      report.add(
        "method \(method.name) is retried by its callers, and a retry takes effect twice now",
        at: method)
    }
  }

  private static func callers(of audience: Clinic_Options_V1_Audience) -> Set<String> {
    switch audience {
    case .unspecified, .UNRECOGNIZED: []
    case .public: ["nobody", "staff", "service", "patient", "platform"]
    case .clinic: ["staff", "service"]
    case .staff: ["staff"]
    case .service: ["service"]
    case .patient: ["patient"]
    case .platform: ["platform"]
    }
  }
}
