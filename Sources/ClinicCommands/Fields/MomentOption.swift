internal import ProtobufRuntime

/// Moments as people write them on the command line.
enum MomentOption {
  private static let units: [Character: Int64] = [
    "m": 60, "h": 3_600, "d": 86_400, "w": 604_800
  ]

  /// The moment of an RFC 3339 text or a date; `+30m`, `+4h`, `+3d` and `+2w` stand for that long
  /// from now.
  ///
  /// - Parameter now: The seconds since 1970.
  static func timestamp(_ text: String, now: Int64) throws(CommandFailure) -> Timestamp {
    if text.hasPrefix("+"), let unit = text.last.flatMap({ units[$0] }),
      let count = Int64(text.dropFirst().dropLast()), (1...100_000).contains(count)
    {
      return Timestamp(seconds: now + count * unit)
    }
    // A date alone stands for its first moment.
    let whole = text.utf8.count == 10 ? text + "T00:00:00Z" : text
    guard let moment = Timestamp(rfc3339: whole) else {
      throw .usage(
        "'\(text)' is not a time", hint: "write it as 2026-11-25T09:00:00Z, +30m, +4h, +3d or +2w")
    }
    return moment
  }

  /// The moment of an option; nil where it is not given.
  static func timestamp(
    _ text: String?, _ context: CommandContext
  ) throws(CommandFailure) -> Timestamp? {
    guard let text else { return nil }
    return try timestamp(text, now: context.environment.now())
  }
}
