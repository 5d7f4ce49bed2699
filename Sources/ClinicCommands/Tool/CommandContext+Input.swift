extension CommandContext {
  /// The greatest length of JSON that is read at once: 64 MiB.
  static let inputLimit = 64 << 20

  /// The text of a file, or of standard input for `-`.
  func readText(_ path: String) throws -> String {
    let bytes: [UInt8]
    if path == "-" {
      bytes = try environment.input.readAll(limit: Self.inputLimit)
    } else {
      bytes = try InputFile(path).readAll(limit: Self.inputLimit)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure("\(path == "-" ? "standard input" : path) is not UTF-8 text")
    }
    return text
  }

  /// The JSON of a file, or of standard input for `-`.
  func readJSON(_ path: String) throws -> JSONValue {
    do {
      return try JSONValue(parsing: readText(path))
    } catch let error as JSONSyntaxError {
      throw CommandFailure.usage(
        "\(path == "-" ? "standard input" : path) is not JSON: \(error)")
    }
  }

  /// A password from standard input's first line, or asked for twice on the terminal.
  func readNewPassword(fromInput: Bool, prompt: String) throws -> String {
    if fromInput { return try readPasswordLine() }
    let password = try environment.askSecret(prompt + ": ")
    guard try environment.askSecret(prompt + " again: ") == password else {
      throw CommandFailure("the two passwords differ", status: .usage)
    }
    return password
  }

  /// A password from standard input's first line.
  func readPasswordLine() throws -> String {
    guard let password = try environment.input.readLine(), !password.isEmpty else {
      throw CommandFailure("standard input holds no password", status: .usage)
    }
    return password
  }
}
