extension MessageDraft {
  /// Sets what a command line says of the limits at a path: rates as `10` or `10/100`. An empty text
  /// takes a limit away.
  mutating func setLimits(
    _ path: String, calls: String?, cost: String?, callsPerDay: String?, costPerDay: String?
  ) throws {
    try setRate("\(path).calls", calls)
    try setRate("\(path).cost", cost)
    try set("\(path).calls_per_day", callsPerDay)
    try set("\(path).cost_per_day", costPerDay)
  }

  private mutating func setRate(_ path: String, _ text: String?) throws {
    guard let text, !text.isEmpty else { return try set(path, text) }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2 else {
      throw CommandFailure.usage("a rate is a number, or two as 100/1000")
    }
    try set("\(path).per_second", String(parts[0]))
    try set("\(path).burst", parts.count == 2 ? String(parts[1]) : "0")
  }
}
