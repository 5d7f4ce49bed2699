package import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension ReadLog: ReplyObserver {
  /// Notes the records that a reply tells something personal of, where its handler did not.
  package func saw(_ reply: some Message, in call: CallContext) throws {
    guard !call.reply.isReadNoted, let principal = call.principal else { return }
    append(
      Entry(
        companyID: principal.companyID, accountID: principal.accountID,
        credentialID: principal.credentialID, method: call.method,
        resourceIDs: PersonalRecords.ids(in: reply), request: call.requestIdentifier))
  }
}

/// The records that a message tells something personal of: those whose own fields are set that the
/// contract calls more than public. A record's id is the first of its fields that is one, as
/// `staff_id`.
enum PersonalRecords {
  /// The ids, each once.
  static func ids(in message: some Message) -> [UUID] {
    var found: [UUID] = []
    collect(message, into: &found)
    var seen = Set<UUID>()
    return found.filter { seen.insert($0).inserted }
  }

  private static func collect<M: Message>(_ message: M, into found: inout [UUID]) {
    var finder = Finder(descriptor: M.descriptor)
    // This visitor does not throw.
    try? message.visitFields(&finder)
    if finder.isPersonal, let id = finder.id { found.append(id) }
    found += finder.within
  }

  /// Looks through the fields of one message.
  private struct Finder: FieldVisitor {
    let descriptor: MessageDescriptor
    var id: UUID?
    var isPersonal = false
    /// The records in the messages within this one.
    var within: [UUID] = []

    mutating func value(_ index: Int, _ value: some FieldValue) {
      if !value.isDefault { take(index, value) }
    }

    mutating func optional(_ index: Int, _ value: (some FieldValue)?) {
      if let value { take(index, value) }
    }

    mutating func list(_ index: Int, _ values: [some FieldValue]) {
      for value in values { take(index, value) }
    }

    mutating func map<Key: MapKey>(_ index: Int, _ values: [Key: some FieldValue]) {
      for value in values.values { take(index, value) }
    }

    private mutating func take(_ index: Int, _ value: some FieldValue) {
      let field = descriptor.fields[index]
      if let message = value as? any Message {
        PersonalRecords.collect(message, into: &within)
        return
      }
      if id == nil, field.name.hasSuffix("_id"), let text = value as? String {
        id = UUID(text: text)
      }
      if field.sensitivity > .public { isPersonal = true }
    }
  }
}
