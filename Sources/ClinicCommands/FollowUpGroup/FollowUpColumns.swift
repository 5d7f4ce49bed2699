/// How follow-ups are shown.
enum FollowUpColumns {
  /// The columns of a list.
  static let list = [
    TableColumn("Id", "followUpId", isFlexible: false),
    TableColumn("Due", "dueTime", isFlexible: false), TableColumn("Priority", "priority"),
    TableColumn("State", "state"), TableColumn("For", "assignee.name"),
    TableColumn("What", "title"), TableColumn("Missed", "missedTime")
  ]

  /// The lines of a record.
  static let record = [
    TableColumn("Id", "followUpId"), TableColumn("What", "title"),
    TableColumn("Details", "details"), TableColumn("Patient", "patientId"),
    TableColumn("Note", "noteId"), TableColumn("Appointment", "appointmentId"),
    TableColumn("Priority", "priority"), TableColumn("For", "assignee.name"),
    TableColumn("Then for", "escalation.name"), TableColumn("Begin by", "respondByTime"),
    TableColumn("Due", "dueTime"), TableColumn("State", "state"),
    TableColumn("Begun", "respondTime"), TableColumn("Put off until", "snoozeTime"),
    TableColumn("Missed", "missedTime"), TableColumn("Escalated", "escalateTime"),
    TableColumn("Outcome", "outcome"), TableColumn("About it", "outcomeText"),
    TableColumn("Closed", "closeTime"), TableColumn("Created", "createTime"),
    TableColumn("Changed", "updateTime"), TableColumn("Etag", "etag")
  ]
}
