import CLibPQ

/// Keywords and values for libpq, from a connection string and this client's own settings.
struct ConnectionParameters: Sendable {
  private(set) var values: [(keyword: String, value: String)] = []

  /// Parses a connection string: a URI (several hosts allowed) or keywords and values.
  init(parsing connectionString: String) throws(PostgresClientError) {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(connectionString, &message) else {
      // libpq's message quotes the string, which can hold a password: it is not passed on.
      PQfreemem(message)
      throw PostgresClientError(.invalidConfiguration, "the connection string cannot be parsed")
    }
    defer { PQconninfoFree(options) }
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val {
        values.append((String(cString: keyword), String(cString: value)))
      }
      option += 1
    }
  }

  subscript(keyword: String) -> String? {
    get { values.last { $0.keyword == keyword }?.value }
    set {
      values.removeAll { $0.keyword == keyword }
      if let newValue { values.append((keyword, newValue)) }
    }
  }

  /// Adds session settings (`-c name=value`) in front of those that the string has itself.
  mutating func addSessionSettings(_ settings: [String: String]) {
    let added = settings.sorted { $0.key < $1.key }.map { "-c \($0)=\(Self.escaped($1))" }
    self["options"] = (added + [self["options"] ?? ""]).joined(separator: " ")
  }

  /// The parameters as keywords and quoted values.
  var text: String {
    values.map { keyword, value in
      let quoted = value.reduce(into: "") { text, character in
        if character == "'" || character == "\\" { text += "\\" }
        text.append(character)
      }
      return "\(keyword)='\(quoted)'"
    }.joined(separator: " ")
  }

  /// The same parameters without one of several hosts; nil if there is no other host.
  ///
  /// libpq goes on to the next host by itself after a refusal, but not after a silence.
  func removing(host: String, port: String) -> ConnectionParameters? {
    func list(_ keyword: String) -> [String] {
      (self[keyword] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let names = ["host", "hostaddr"].filter { self[$0] != nil }
    let ports = list("port")
    guard let count = names.map({ list($0).count }).max(), count > 1 else { return nil }
    let index = (0..<count).first { index in
      let portHere = ports.count == count ? ports[index] : ports.last ?? ""
      return names.contains { list($0).indices.contains(index) && list($0)[index] == host }
        && (portHere == port || portHere.isEmpty)
    }
    guard let index else { return nil }
    var rest = self
    for keyword in names + ["port"] where list(keyword).count == count {
      var values = list(keyword)
      values.remove(at: index)
      rest[keyword] = values.joined(separator: ",")
    }
    return rest
  }

  /// Blanks and backslashes separate and escape in `options`.
  private static func escaped(_ value: String) -> String {
    value.reduce(into: "") { text, character in
      if character == " " || character == "\\" { text += "\\" }
      text.append(character)
    }
  }

  /// Starts a connection without waiting for it.
  func start() -> OpaquePointer? {
    withCStrings(values.map(\.keyword)) { keywords in
      withCStrings(values.map(\.value)) { PQconnectStartParams(keywords, $0, 0) }
    }
  }

  private func withCStrings<R>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R
  ) -> R {
    var storage: [CChar] = []
    var offsets: [Int] = []
    for string in strings {
      offsets.append(storage.count)
      storage.append(contentsOf: string.utf8CString)
    }
    return storage.withUnsafeBufferPointer { storage in
      var pointers: [UnsafePointer<CChar>?] = offsets.map { offset in
        storage.baseAddress.map { $0 + offset }
      }
      pointers.append(nil)
      return pointers.withUnsafeBufferPointer { pointers in
        // The array has at least its terminating nil.
        body(pointers.baseAddress.unsafelyUnwrapped)
      }
    }
  }
}
