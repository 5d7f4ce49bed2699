internal import ArgumentParser

/// `clinicctl appointment-type …`
struct AppointmentTypeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "appointment-type", abstract: "Keeps the kinds of appointments.",
    subcommands: [
      AppointmentTypeListCommand.self, AppointmentTypeCreateCommand.self,
      AppointmentTypeUpdateCommand.self, AppointmentTypeRetireCommand.self
    ])
}

/// How kinds of appointments are shown.
enum AppointmentTypeColumns {
  /// The columns of a list.
  static let list = [
    TableColumn("Id", "appointmentTypeId", isFlexible: false), TableColumn("Name", "name"),
    TableColumn("Minutes", "lengthMinutes", alignment: .trailing),
    TableColumn("Before", "bufferBeforeMinutes", alignment: .trailing),
    TableColumn("After", "bufferAfterMinutes", alignment: .trailing),
    TableColumn("Needs") { needs($0) }, TableColumn("State", "state")
  ]

  /// The lines of a record.
  static let record = [
    TableColumn("Id", "appointmentTypeId"), TableColumn("Name", "name"),
    TableColumn("Minutes", "lengthMinutes"), TableColumn("Kept free before", "bufferBeforeMinutes"),
    TableColumn("Kept free after", "bufferAfterMinutes"), TableColumn("Colour", "color"),
    TableColumn("Needs") { needs($0) }, TableColumn("State", "state"),
    TableColumn("Created", "createTime"), TableColumn("Changed", "updateTime"),
    TableColumn("Etag", "etag")
  ]

  private static func needs(_ type: JSONValue) -> String {
    (type["needs"]?.elements ?? []).map { need in
      let count = need["resourceIds"]?.elements.count ?? 0
      let kind = DisplayText.of(need["kind"] ?? .null)
      return count == 0 ? kind : "\(kind) (one of \(count))"
    }.joined(separator: ", ")
  }
}
