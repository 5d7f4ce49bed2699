/// How roles are shown.
enum RoleColumns {
  /// The columns of a list.
  static let list = [
    TableColumn("Id", "roleId", isFlexible: false), TableColumn("Name", "name"),
    TableColumn("Built in") { $0["builtIn"] == .bool(true) ? "yes" : "" },
    TableColumn("Permissions") { "\($0["permissions"]?.elements.count ?? 0)" },
    TableColumn("Description", "description")
  ]

  /// The lines of a record.
  static let record = [
    TableColumn("Id", "roleId"), TableColumn("Name", "name"),
    TableColumn("Description", "description"),
    TableColumn("Built in") { $0["builtIn"] == .bool(true) ? "yes" : "" },
    TableColumn("Permissions") {
      $0["permissions"]?.elements.compactMap(\.text).joined(separator: "\n") ?? ""
    },
    TableColumn("Created", "createTime"), TableColumn("Changed", "updateTime"),
    TableColumn("Etag", "etag")
  ]

  /// The columns of the permissions.
  static let permissions = [
    TableColumn("Permission", "name", isFlexible: false),
    TableColumn("Methods") { permission in
      let methods = permission["methods"]?.elements.compactMap(\.text) ?? []
      return methods.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        .joined(separator: ", ")
    }
  ]
}
