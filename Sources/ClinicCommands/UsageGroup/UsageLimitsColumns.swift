/// How limits are shown.
enum UsageLimitsColumns {
  /// The lines of a record for the limits at a path.
  static func record(_ path: String, whose: String = "") -> [TableColumn] {
    let suffix = whose.isEmpty ? "" : ", \(whose)"
    return [
      rate("Calls a second\(suffix)", "\(path).calls"),
      rate("Cost a second\(suffix)", "\(path).cost"),
      TableColumn("Calls a day\(suffix)", "\(path).callsPerDay"),
      TableColumn("Cost a day\(suffix)", "\(path).costPerDay")
    ]
  }

  /// A column with all limits at a path, in the words of the options that set them.
  static func brief(_ title: String, _ path: String) -> TableColumn {
    TableColumn(title) { record in
      let limits = record.value(at: path)
      let rates = [("calls", "calls"), ("cost", "cost")].compactMap { name, member in
        (limits?[member]).flatMap(Self.text).map { "\(name) \($0)" }
      }
      let days = [("calls-per-day", "callsPerDay"), ("cost-per-day", "costPerDay")].compactMap {
        name, member in limits?[member]?.scalarText.map { "\(name) \($0)" }
      }
      return (rates + days).joined(separator: ", ")
    }
  }

  private static func rate(_ title: String, _ path: String) -> TableColumn {
    TableColumn(title) { record in
      guard let rate = record.value(at: path), let perSecond = rate["perSecond"]?.scalarText else {
        return ""
      }
      return rate["burst"]?.scalarText.map { "\(perSecond), \($0) at once" } ?? perSecond
    }
  }

  /// A rate as it is typed.
  private static func text(_ rate: JSONValue) -> String? {
    guard let perSecond = rate["perSecond"]?.scalarText else { return nil }
    return rate["burst"]?.scalarText.map { "\(perSecond)/\($0)" } ?? perSecond
  }
}
