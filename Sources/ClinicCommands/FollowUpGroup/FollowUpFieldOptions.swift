internal import ArgumentParser
internal import ClinicContracts
internal import ProtobufRuntime

/// The options for what a follow-up says.
struct FollowUpFieldOptions: ParsableArguments {
  @Option(name: .long, help: "What is to be done.")
  var title: String?

  @Option(name: .long, help: "More about it.")
  var details: String?

  @Option(name: .long, help: "low, normal, high or urgent.")
  var priority: FollowUpPriorityOption?

  @Option(name: .long, help: ArgumentHelp("The member of staff who is to do it.", valueName: "id"))
  var staff: String?

  @Option(name: .long, help: ArgumentHelp("Whoever has this role is to do it.", valueName: "id"))
  var role: String?

  @Option(
    name: .long, help: ArgumentHelp("Who takes it over when a time is missed.", valueName: "id"))
  var escalateToStaff: String?

  @Option(
    name: .long, help: ArgumentHelp("The role that takes it over then.", valueName: "id"))
  var escalateToRole: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Until when somebody must have begun: a day, a time, or +4h.", valueName: "time"))
  var beginBy: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Until when it must be done: a day, a time, or +3d.", valueName: "time"))
  var due: String?

  init() {}

  func validate() throws {
    if staff != nil, role != nil {
      throw ValidationError("--staff and --role exclude each other")
    }
    if escalateToStaff != nil, escalateToRole != nil {
      throw ValidationError("--escalate-to-staff and --escalate-to-role exclude each other")
    }
  }

  /// The follow-up that the options say, and the paths of what they say.
  func followUp(_ schedule: ClinicSchedule) throws -> (followUp: FollowUp, paths: [String]) {
    var followUp = FollowUp(
      title: title ?? "", details: details ?? "", priority: priority?.priority ?? .unspecified)
    followUp.respondByTime = try schedule.moment(beginBy, dayEnds: true)
    followUp.dueTime = try schedule.moment(due, dayEnds: true)
    followUp.assignee = Self.assignee(staff: staff, role: role)
    followUp.escalation = Self.assignee(staff: escalateToStaff, role: escalateToRole)
    var paths = followUp.populatedFields
    // An empty text clears.
    if details == "" { paths.append("details") }
    return (followUp, paths)
  }

  private static func assignee(staff: String?, role: String?) -> FollowUpAssignee? {
    let who = staff.map { FollowUpAssignee.Who.staffID($0) } ?? role.map { .roleID($0) }
    return who.map { FollowUpAssignee(who: $0) }
  }
}

/// A priority, as the command line names it.
enum FollowUpPriorityOption: String, ExpressibleByArgument, CaseIterable {
  case low
  case normal
  case high
  case urgent

  /// The priority as the contract names it.
  var priority: FollowUpPriority {
    switch self {
    case .low: .low
    case .normal: .normal
    case .high: .high
    case .urgent: .urgent
    }
  }
}
