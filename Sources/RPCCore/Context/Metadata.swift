/// Named values that travel beside a call, in the order they were added. Names may repeat.
public struct Metadata: Sendable, Hashable {
  /// One named value.
  public struct Entry: Sendable, Hashable {
    /// 1 to 128 lower-case ASCII letters, digits, `-`, `_` and `.`.
    public let name: String

    /// Bytes for names that end in `-bin`, else printable ASCII.
    public let value: [UInt8]

    /// The value as text.
    public var text: String { String(decoding: value, as: UTF8.self) }

    /// Makes an entry, unless the name or the value breaks the rules.
    public init?(name: String, value: [UInt8]) {
      guard Metadata.isValid(name: name), Metadata.isValid(value: value, of: name) else {
        return nil
      }
      self.name = name
      self.value = value
    }
  }

  /// The entries, in order.
  public private(set) var entries: [Entry]

  /// Makes metadata without entries.
  public init() { entries = [] }

  /// Makes metadata of these entries.
  public init(_ entries: [Entry]) { self.entries = entries }

  /// Whether there are no entries.
  public var isEmpty: Bool { entries.isEmpty }

  /// Adds an entry; returns false, adding nothing, where the name or the text breaks the rules.
  @discardableResult
  public mutating func add(_ text: String, for name: String) -> Bool {
    guard let entry = Entry(name: name, value: Array(text.utf8)) else { return false }
    entries.append(entry)
    return true
  }

  /// Adds an entry.
  public mutating func add(_ entry: Entry) { entries.append(entry) }

  /// The first text of this name.
  public subscript(name: String) -> String? { entries.first { $0.name == name }?.text }

  /// Whether a name is 1 to 128 lower-case ASCII letters, digits, `-`, `_` and `.`.
  public static func isValid(name: String) -> Bool {
    let bytes = name.utf8
    return (1...128).contains(bytes.count)
      && bytes.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }

  /// Whether a value is printable ASCII, or its name ends in `-bin`.
  public static func isValid(value: [UInt8], of name: String) -> Bool {
    name.utf8.suffix(4).elementsEqual("-bin".utf8)
      || value.allSatisfy { (0x20...0x7E).contains($0) }
  }
}
