/// How resources are shown.
enum ResourceColumns {
  /// The columns of a list.
  static let list = [
    TableColumn("Id", "resourceId", isFlexible: false), TableColumn("Kind", "kind"),
    TableColumn("Name", "name"), TableColumn("Takes", "capacity", alignment: .trailing),
    TableColumn("Hours") { WeeklyHoursText.lines($0["weeklyHours"]).joined(separator: "; ") },
    TableColumn("State", "state")
  ]

  /// The lines of a record.
  static let record = [
    TableColumn("Id", "resourceId"), TableColumn("Kind", "kind"), TableColumn("Name", "name"),
    TableColumn("Staff", "staffId"), TableColumn("Takes at a time", "capacity"),
    TableColumn("Colour", "color"),
    TableColumn("Hours") { WeeklyHoursText.lines($0["weeklyHours"]).joined(separator: "\n") },
    TableColumn("State", "state"), TableColumn("Created", "createTime"),
    TableColumn("Changed", "updateTime"), TableColumn("Etag", "etag")
  ]
}
