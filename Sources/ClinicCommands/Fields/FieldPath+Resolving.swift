/// A path that leads to a field of a message.
package struct ResolvedPath: Sendable, Hashable {
  /// A step with the field it leads to.
  package struct Step: Sendable, Hashable {
    package var field: MessageSchema.Field
    package var index: Int?
  }

  /// The steps, one at least.
  package var steps: [Step]

  /// The field that the path leads to.
  package var leaf: Step { steps[steps.count - 1] }

  /// The path in the contract's spelling.
  package var text: String {
    steps.map { $0.field.name + ($0.index.map { "[\($0)]" } ?? "") }.joined(separator: ".")
  }

  /// What an update mask names to cover this path: nothing inside a repeated field, since lists
  /// are replaced whole.
  package var maskPath: String {
    var names: [String] = []
    for step in steps {
      names.append(step.field.name)
      if step.index != nil || step.field.isRepeated { break }
    }
    return names.joined(separator: ".")
  }
}

extension FieldPath {
  /// The fields that the path goes through.
  ///
  /// - Throws: ``CommandFailure`` with the nearest name where there is no such field.
  package func resolved(in schema: MessageSchema) throws(CommandFailure) -> ResolvedPath {
    var current: MessageSchema? = schema
    var resolved: [ResolvedPath.Step] = []
    for (position, step) in steps.enumerated() {
      guard let message = current else {
        throw .usage("'\(self)' goes into '\(steps[position - 1].name)', which has no fields")
      }
      guard let field = message.field(step.name) else {
        let nearest = Suggestions.nearest(to: step.name, among: message.fields.map(\.name))
        throw .usage(
          "\(message.fullName) has no field '\(step.name)'",
          hint: nearest.map { "did you mean '\($0)'?" }
            ?? "run clinicctl describe \(message.fullName)")
      }
      guard step.index == nil || field.isRepeated else {
        throw .usage("'\(field.name)' is not a list, so '\(step.name)[…]' leads nowhere")
      }
      let isLast = position == steps.count - 1
      guard isLast || !field.isRepeated || step.index != nil else {
        throw .usage("'\(field.name)' is a list: say which element, as \(field.name)[0]")
      }
      resolved.append(.init(field: field, index: step.index))
      if case .message(let name) = field.kind {
        current = message.lookUp(name)
      } else {
        current = nil
      }
    }
    return ResolvedPath(steps: resolved)
  }
}
