/// How follow-ups are shown: on the clinic's clock.
enum FollowUpColumns {
  /// The columns of a list.
  static func list(_ moments: MomentText) -> [TableColumn] {
    [
      TableColumn("Id", "followUpId", isFlexible: false),
      moments.column("Due", "dueTime"), TableColumn("Priority", "priority"),
      TableColumn("State", "state"), TableColumn("For", "assignee.name"),
      TableColumn("What", "title"), TableColumn("Missed", "missedTime")
    ]
  }

  /// The lines of a record.
  static func record(_ moments: MomentText) -> [TableColumn] {
    [
      TableColumn("Id", "followUpId"), TableColumn("What", "title"),
      TableColumn("Details", "details"), TableColumn("Patient", "patientId"),
      TableColumn("Note", "noteId"), TableColumn("Appointment", "appointmentId"),
      TableColumn("Priority", "priority"), TableColumn("For", "assignee.name"),
      TableColumn("Then for", "escalation.name"), moments.column("Begin by", "respondByTime"),
      moments.column("Due", "dueTime"), TableColumn("State", "state"),
      moments.column("Begun", "respondTime"), moments.column("Put off until", "snoozeTime"),
      TableColumn("Missed", "missedTime"), moments.column("Escalated", "escalateTime"),
      TableColumn("Outcome", "outcome"), TableColumn("About it", "outcomeText"),
      moments.column("Closed", "closeTime"), moments.column("Created", "createTime"),
      moments.column("Changed", "updateTime"), TableColumn("Etag", "etag")
    ]
  }
}
