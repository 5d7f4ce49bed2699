import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The rules of a method: its policy is whole, and its messages have what the policy needs.
struct MethodRules {
  private let method: MethodDescriptor
  private let name: String

  /// The longest deadline ceiling, in milliseconds: an hour.
  static let longestDeadline: UInt32 = 3_600_000

  /// The greatest weight of a call or a message.
  static let greatestCost: UInt32 = 1_000

  init(_ method: MethodDescriptor) {
    self.method = method
    name = "method \(method.name)"
  }

  func check(_ report: inout LintReport) {
    guard let policy = method.clinicPolicy else {
      return report.add(
        "\(name) has no policy: state (clinic.options.v1.method) with permission, audience, audit, "
          + "idempotency and max_deadline_ms", at: method)
    }
    checkPermission(policy, &report)
    checkMeaning(policy, &report)
    checkRequestID(policy, &report)
    if method.name.hasPrefix("Update") { checkUpdate(&report) }
    if method.name.hasPrefix("List") { checkList(&report) }
  }

  // MARK: Policy

  private func checkPermission(
    _ policy: Clinic_Options_V1_MethodPolicy, _ report: inout LintReport
  ) {
    switch policy.audience {
    case .unspecified, .UNRECOGNIZED:
      report.add("\(name) needs an audience", at: method)
    case .public:
      if !policy.permission.isEmpty {
        report.add(
          "\(name) is open to everybody, so it cannot ask for the permission "
            + policy.permission.joined(separator: ", "), at: method)
      }
      return
    case .staff, .patient, .service, .platform, .clinic:
      break
    }
    if policy.permission.isEmpty {
      report.add("\(name) needs a permission, or AUDIENCE_PUBLIC", at: method)
    }
    for permission in policy.permission
    where permission != "self" && !Self.isPermission(permission) {
      report.add(
        "\(name) has the permission “\(permission)”; allowed are `self` and "
          + "`resource.verb` in lower_snake_case", at: method)
    }
    if policy.permission.count > 1 && policy.permission.contains("self") {
      report.add("\(name) has permissions beside `self`, which stands alone", at: method)
    }
    if Set(policy.permission).count < policy.permission.count {
      report.add("\(name) has a permission twice", at: method)
    }
  }

  private func checkMeaning(_ policy: Clinic_Options_V1_MethodPolicy, _ report: inout LintReport) {
    switch policy.audit {
    case .unspecified, .UNRECOGNIZED: report.add("\(name) needs an audit kind", at: method)
    case .write:
      if policy.idempotency == .noSideEffects {
        report.add(
          "\(name) leaves an entry in the change log, so it cannot be without side effects",
          at: method)
      }
    case .own:
      if policy.audience != .public && policy.permission != ["self"] {
        report.add(
          "\(name) is AUDIT_KIND_OWN, which is for the permission `self` and for AUDIENCE_PUBLIC",
          at: method)
      }
    case .none:
      if let path = PersonalFields.first(in: method.outputType) {
        report.add(
          "\(name) is AUDIT_KIND_NONE, but its reply can hold \(path): state AUDIT_KIND_READ",
          at: method)
      }
    case .read: break
    }
    switch policy.idempotency {
    case .unspecified, .UNRECOGNIZED: report.add("\(name) needs an idempotency", at: method)
    case .requestID:
      if [.none, .read, .own].contains(policy.audit) {
        report.add(
          "\(name) changes something under a request id, so its audit is AUDIT_KIND_WRITE",
          at: method)
      }
    case .none, .noSideEffects: break
    }
    if !(1...Self.longestDeadline).contains(policy.maxDeadlineMs) {
      report.add(
        "\(name) needs max_deadline_ms from 1 to \(Self.longestDeadline), not "
          + "\(policy.maxDeadlineMs)", at: method)
    }
    for (option, cost) in [("cost", policy.cost), ("message_cost", policy.messageCost)]
    where cost > Self.greatestCost {
      report.add("\(name) has a \(option) of \(cost), beyond \(Self.greatestCost)", at: method)
    }
    if policy.messageCost > 0, !method.clientStreaming, !method.serverStreaming {
      report.add("\(name) streams nothing, so it has no message_cost", at: method)
    }
  }

  private static func isPermission(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { part in
        part.first?.isLowercase == true
          && part.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || $0 == "_" }
      }
  }

  // MARK: Messages

  private func checkRequestID(
    _ policy: Clinic_Options_V1_MethodPolicy, _ report: inout LintReport
  ) {
    guard policy.audit == .write, policy.idempotency == .requestID else { return }
    guard !method.clientStreaming else {
      return report.add(
        "\(name) takes a stream, which no request id can repeat: state IDEMPOTENCY_NONE",
        at: method)
    }
    require("request_id", .string, in: method.inputType, &report)
    require("validate_only", .bool, in: method.inputType, &report)
  }

  private func checkUpdate(_ report: inout LintReport) {
    let mask = method.inputType.fields.first { $0.name == "update_mask" }
    let isMask =
      mask?.type == .message && mask?.messageType.fullName == "google.protobuf.FieldMask"
      && mask?.isRepeated == false
    if !isMask {
      report.add(
        "\(name) needs google.protobuf.FieldMask update_mask in \(method.inputType.name)",
        at: method)
    }
    let isPartial = method.inputType.fields.contains { $0.clinicPolicy?.partial == true }
    if !isPartial {
      report.add(
        "\(name) needs a field with `partial` in \(method.inputType.name), since an update holds "
          + "only some values", at: method)
    }
  }

  /// A list comes in pages, unless the contract says how long its reply can get.
  private func checkList(_ report: inout LintReport) {
    let lists = method.outputType.fields.filter { $0.isRepeated }
    let isBounded = lists.allSatisfy { $0.clinicPolicy?.maxItems ?? 0 > 0 }
    if !lists.isEmpty && isBounded { return }
    require("page_size", .int32, in: method.inputType, &report)
    require("page_token", .string, in: method.inputType, &report)
    require("next_page_token", .string, in: method.outputType, &report)
  }

  private func require(
    _ field: String, _ type: Google_Protobuf_FieldDescriptorProto.TypeEnum,
    in message: Descriptor, _ report: inout LintReport
  ) {
    let found = message.fields.first { $0.name == field }
    if found?.type != type || found?.isRepeated == true {
      report.add(
        "\(name) needs \(String(describing: type)) \(field) in \(message.name)", at: method)
    }
  }
}
