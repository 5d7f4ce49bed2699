internal import ProtobufRuntime
internal import RPCCore

/// The contracts as text for people.
struct ContractText {
  let isColored: Bool
  let width: Int

  /// The text of a part.
  func document(_ subject: ContractSubject) -> String {
    switch subject {
    case .everything:
      ContractCatalogue.shared.services.map(service).joined(separator: "\n")
    case .service(let descriptor): service(descriptor)
    case .method(let descriptor): method(descriptor)
    case .message(let descriptor): message(descriptor)
    case .enumeration(let descriptor): enumeration(descriptor)
    }
  }

  private func heading(_ kind: String, _ name: String, _ documentation: String) -> String {
    TextStyle.dim.apply(to: kind, enabled: isColored) + " "
      + TextStyle.bold.apply(to: name, enabled: isColored) + "\n"
      + wrapped(documentation, indent: 2)
  }

  private func service(_ service: ServiceDescriptor) -> String {
    let columns = [
      TableColumn("Method", "name", isFlexible: false),
      TableColumn("Permission", "permission", isFlexible: false),
      TableColumn("Audience", "audience", isFlexible: false),
      TableColumn("What it does", "documentation")
    ]
    let rows: [JSONValue] = service.methods.map { method in
      [
        "name": .string(method.name),
        "permission": .string(Self.permissions(of: method) ?? "-"),
        "audience": .string("\(method.policy.audience)"),
        "documentation": .string(Self.firstSentence(method.documentation))
      ]
    }
    return heading("service", service.fullName, service.documentation) + "\n"
      + TableWriter(columns: columns, width: width, isColored: isColored).document(rows)
  }

  private func method(_ method: MethodDescriptor) -> String {
    let policy = method.policy
    let lines: [(String, String)] = [
      ("Kind", method.kind.word), ("Permission", Self.permissions(of: method) ?? "none"),
      ("Audience", "\(policy.audience)"), ("Audit", "\(policy.audit)"),
      ("Idempotency", policy.idempotency.word), ("Longest deadline", "\(policy.maxDeadline)"),
      ("Cost", "\(policy.cost)"),
      ("Cost of a message", policy.messageCost > 0 ? "\(policy.messageCost)" : ""),
      ("Deprecated", method.isDeprecated ? "yes" : "")
    ]
    let record = RecordWriter(isColored: isColored).document(
      .null, columns: lines.map { line in TableColumn(line.0) { _ in line.1 } })
    return heading("method", method.path, method.documentation) + "\n" + record + "\nrequest "
      + message(method.requestType.descriptor, label: "message") + "\nreply "
      + message(method.responseType.descriptor, label: "message")
  }

  private func message(_ message: MessageDescriptor, label: String = "message") -> String {
    var text = heading(label, message.fullName, message.documentation)
    for field in message.fields {
      text +=
        "\n  " + TextStyle.cyan.apply(to: field.name, enabled: isColored)
        + TextStyle.dim.apply(to: ": \(field.typeText) = \(field.number)", enabled: isColored)
      let facts = [
        field.rules, field.oneof.isEmpty ? "" : "one of \(field.oneof)",
        field.sensitivity == .unspecified || field.sensitivity == .public
          ? "" : "\(field.sensitivity)",
        field.isDeprecated ? "deprecated" : ""
      ].filter { !$0.isEmpty }
      if !facts.isEmpty {
        text += TextStyle.yellow.apply(
          to: "  (" + facts.joined(separator: "; ") + ")", enabled: isColored)
      }
      text += "\n" + wrapped(field.documentation, indent: 4)
    }
    return text
  }

  private func enumeration(_ enumeration: EnumDescriptor) -> String {
    var text = heading("enum", enumeration.fullName, enumeration.documentation) + "\n"
    for value in enumeration.values {
      text +=
        "  " + TextStyle.cyan.apply(to: value.name, enabled: isColored)
        + " = \(value.number)\n"
    }
    return text
  }

  private func wrapped(_ text: String, indent: Int) -> String {
    let blanks = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, indent + DisplayWidth.of(line) + 1 + DisplayWidth.of(word) > min(width, 100)
      {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { blanks + $0 + "\n" }.joined()
  }

  /// What the caller needs, all of it; nil where that is nothing.
  private static func permissions(of method: MethodDescriptor) -> String? {
    let names = method.policy.permissions
    return names.isEmpty ? nil : names.joined(separator: " and ")
  }

  private static func firstSentence(_ text: String) -> String {
    let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard let end = flat.firstIndex(of: ".") else { return flat }
    return String(flat[...end])
  }
}
