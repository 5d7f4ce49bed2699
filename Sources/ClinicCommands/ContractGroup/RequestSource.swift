internal import ProtobufRuntime

/// The requests of a call: one JSON value, or one on each line.
final class RequestSource {
  private var ready: [JSONValue] = []
  private var lines: LineReader?
  private var lineNumber = 0

  /// Reads a request where it is one, or opens the source of many.
  ///
  /// - Parameters:
  ///   - argument: JSON, `@FILE` or `-` for standard input.
  ///   - isStream: Several messages: one on a line, or the elements of a JSON array.
  init(argument: String, isStream: Bool, context: CommandContext) throws {
    let path = argument == "-" ? "-" : argument.hasPrefix("@") ? String(argument.dropFirst()) : nil
    switch (path, isStream) {
    case (let path?, true):
      lines = LineReader(input: path == "-" ? context.environment.input : try InputFile(path))
    case (let path?, false):
      ready = [try context.readJSON(path)]
    case (nil, _):
      let value = try Self.parse(argument, place: "the request")
      if isStream, case .array(let elements) = value { ready = elements } else { ready = [value] }
      ready.reverse()
    }
  }

  /// The next request; nil after the last.
  func next<Request: Message>(_ type: Request.Type) throws -> Request? {
    if let value = ready.popLast() { return try Request(jsonValue: value) }
    while let line = try lines?.next() {
      lineNumber += 1
      if line.allSatisfy(\.isWhitespace) { continue }
      return try Request(jsonValue: Self.parse(line, place: "line \(lineNumber)"))
    }
    return nil
  }

  private static func parse(_ text: String, place: String) throws -> JSONValue {
    do {
      return try JSONValue(parsing: text)
    } catch {
      throw CommandFailure.usage("\(place) is not JSON: \(error)")
    }
  }
}
