/// How service accounts are shown.
enum ServiceAccountColumns {
  /// The columns of a list.
  static let list = [
    TableColumn("Id", "serviceAccountId", isFlexible: false), TableColumn("Name", "name"),
    TableColumn("State", "state"),
    TableColumn("Permissions") { "\($0["permissions"]?.elements.count ?? 0)" },
    TableColumn("Certificates") { "\($0["certificateThumbprints"]?.elements.count ?? 0)" },
    TableColumn("Description", "description")
  ]

  /// The lines of a record.
  static let record = [
    TableColumn("Id", "serviceAccountId"), TableColumn("Name", "name"),
    TableColumn("Description", "description"), TableColumn("State", "state"),
    TableColumn("Permissions") { lines($0, "permissions") },
    TableColumn("Certificates") { lines($0, "certificateThumbprints") },
    TableColumn("Created", "createTime"), TableColumn("Changed", "updateTime"),
    TableColumn("Etag", "etag")
  ]

  private static func lines(_ record: JSONValue, _ name: String) -> String {
    record[name]?.elements.compactMap(\.text).joined(separator: "\n") ?? ""
  }
}
