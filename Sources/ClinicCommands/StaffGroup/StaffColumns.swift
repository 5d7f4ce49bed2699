/// How staff accounts are shown.
enum StaffColumns {
  /// The columns of a list.
  static let list = [
    TableColumn("Id", "staffId", isFlexible: false), TableColumn("E-mail", "email"),
    TableColumn("Name", "displayName"), TableColumn("Job", "jobTitle"),
    TableColumn("State", "state"), TableColumn("Last login", "lastLoginTime")
  ]

  /// The lines of a record.
  static let record = [
    TableColumn("Id", "staffId"), TableColumn("E-mail", "email"),
    TableColumn("Name", "displayName"), TableColumn("Job", "jobTitle"),
    TableColumn("Telephone", "phone"),
    TableColumn("Roles") {
      $0["roleIds"]?.elements.compactMap(\.text).joined(separator: "\n") ?? ""
    },
    TableColumn("State", "state"),
    TableColumn("Password") { $0["mustChangePassword"] == .bool(true) ? "must be changed" : "" },
    TableColumn("Last login", "lastLoginTime"), TableColumn("Created", "createTime"),
    TableColumn("Changed", "updateTime"), TableColumn("Etag", "etag")
  ]
}
