internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// The rules of a resource that span fields.
enum ResourceRules {
  /// A resource with its defaults, as it can be kept.
  static func admit(_ resource: Resource, path: String) throws -> Resource {
    var resource = resource
    if resource.capacity == 0 { resource.capacity = 1 }
    var violations: [FieldViolation] = []
    if (resource.kind == .practitioner) == resource.staffID.isEmpty {
      violations.append(
        FieldViolation(
          field: "\(path).staff_id",
          reason: resource.kind == .practitioner ? "REQUIRED" : "NOT_ALLOWED",
          description: "must be set for a practitioner, and for nothing else"))
    }
    let intervals = resource.weeklyHours.map { $0.interval() }
    for (index, interval) in intervals.enumerated() where interval == nil {
      violations.append(
        FieldViolation(
          field: "\(path).weekly_hours[\(index)]", reason: "NO_SUCH_DATE",
          description: "must have whole dates of the calendar"))
    }
    if !intervals.contains(nil) {
      violations += AvailabilityRules.violations(in: intervals.compactMap { $0 }).map {
        FieldViolation(
          field: "\(path).weekly_hours[\($0.index)]", reason: $0.violation.reason,
          description: $0.violation.description)
      }
    }
    if !violations.isEmpty { throw RPCError.invalidArgument(violations: violations) }
    return resource
  }
}
