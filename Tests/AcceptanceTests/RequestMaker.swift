import ClinicContracts
import ProtobufRuntime
import RPCCore

/// Makes requests out of the contract's descriptors: ones that break no rule, and the same with one
/// field at an extreme of its type.
///
/// As bytes: what stands behind counts more than what stands before, and messages merge, so that a
/// field is changed by writing it again.
enum RequestMaker {
  /// A request, and what is extreme about it.
  struct Request: Sendable {
    let method: MethodDescriptor
    let field: String
    let value: String
    let bytes: [UInt8]

    var description: String { "\(method.path) \(field) = \(value)" }
  }

  /// All requests of a method.
  static func requests(of method: MethodDescriptor) -> [Request] {
    let sound = sound(method.requestType)
    var requests = [
      Request(method: method, field: "", value: "nothing", bytes: []),
      Request(method: method, field: "", value: "what is required", bytes: sound)
    ]
    for (field, value, bytes) in extremes(in: method.requestType, within: []) {
      requests.append(Request(method: method, field: field, value: value, bytes: sound + bytes))
    }
    return requests
  }

  // MARK: Sound messages

  /// A message that is no more than its rules ask for, found by asking them.
  private static func sound(_ type: any Message.Type) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<8 {
      let violations = (try? violations(type, bytes)) ?? []
      if violations.isEmpty { break }
      for violation in violations {
        let path = violation.field.split(separator: ".")[...]
        bytes += repair(type.descriptor, path, violation.reason) ?? []
      }
    }
    return bytes
  }

  private static func violations<M: Message>(
    _ type: M.Type, _ bytes: [UInt8]
  ) throws -> [FieldViolation] {
    try M(serializedBytes: bytes).validationErrors()
  }

  private static func repair(
    _ message: MessageDescriptor, _ path: ArraySlice<Substring>, _ reason: String
  ) -> [UInt8]? {
    guard let name = path.first, let field = message.field(named: String(name)) else { return nil }
    guard path.count > 1 else {
      return WireBytes.field(field, mild(field, reason))
    }
    guard field.cardinality != .repeated, let type = type(of: field),
      let inner = repair(type.descriptor, path.dropFirst(), reason)
    else { return nil }
    return WireBytes.field(field, .bytes(inner))
  }

  /// A value that a rule would let pass.
  private static func mild(_ field: FieldDescriptor, _ reason: String) -> WireBytes.Value {
    switch field.kind {
    case .string: .text(texts[reason] ?? "Some text of a usual length 1")
    case .bytes: .bytes([1])
    case .message: .bytes(type(of: field).map { sound($0) } ?? [])
    case .double: .fixed64(1.0.bitPattern)
    case .float: .fixed32(Float(1).bitPattern)
    case .fixed32, .sfixed32: .fixed32(1)
    case .fixed64, .sfixed64: .fixed64(1)
    case .sint32, .sint64: .varint(2)
    default: .varint(1)
    }
  }

  private static let texts = [
    "FORMAT_UUID": "01900000-0000-7000-8000-000000000001", "FORMAT_EMAIL": "a@b.example",
    "FORMAT_E164": "+442079460123", "FORMAT_LANGUAGE": "en", "FORMAT_TIME_ZONE": "Europe/London",
    "FORMAT_CURRENCY": "EUR", "FORMAT_COUNTRY": "GB", "FORMAT_SLUG": "slug",
    "FORMAT_LINE": "A line", "FORMAT_URL": "https://a.example/", "TOO_LONG": "x"
  ]

  // MARK: Extremes

  private typealias Extreme = (field: String, value: String, bytes: [UInt8])

  /// The fields of a message and of those in it, each at the ends of its type.
  private static func extremes(
    in type: any Message.Type, within outer: Set<String>
  ) -> [Extreme] {
    let types = outer.union([type.descriptor.fullName])
    return type.descriptor.fields.flatMap { field -> [Extreme] in
      var found: [Extreme] = values(of: field).map { name, value in
        (field.name, name, WireBytes.field(field, value))
      }
      if field.cardinality == .repeated || field.cardinality == .map {
        let one = WireBytes.field(field, mild(field, "FORMAT_UUID"))
        found.append((field.name, "2,000 of them", (0..<2_000).flatMap { _ in one }))
      }
      guard let inner = Self.type(of: field), !types.contains(inner.descriptor.fullName),
        !inner.descriptor.fullName.hasPrefix("google.")
      else { return found }
      let sound = sound(inner)
      for (path, name, bytes) in extremes(in: inner, within: types) {
        found.append(("\(field.name).\(path)", name, WireBytes.field(field, .bytes(sound + bytes))))
      }
      return found
    }
  }

  private static func values(of field: FieldDescriptor) -> [(String, WireBytes.Value)] {
    switch field.kind {
    case .int32, .int64, .enumeration:
      let (least, greatest) =
        field.kind == .int64
        ? (Int64.min, Int64.max) : (Int64(Int32.min), Int64(Int32.max))
      return [
        ("least", .varint(UInt64(bitPattern: least))), ("-1", .varint(.max)), ("0", .varint(0)),
        ("greatest", .varint(UInt64(bitPattern: greatest)))
      ]
    case .uint32, .sint32: return [("greatest", .varint(UInt64(UInt32.max)))]
    case .uint64, .sint64: return [("greatest", .varint(.max))]
    case .bool: return [("true", .varint(1))]
    case .fixed32, .sfixed32: return [("greatest", .fixed32(0x7FFF_FFFF)), ("-1", .fixed32(.max))]
    case .fixed64, .sfixed64:
      return [("greatest", .fixed64(.max >> 1)), ("-1", .fixed64(.max))]
    case .float: return [("NaN", .fixed32(Float.nan.bitPattern))]
    case .double:
      return [Double.nan, .infinity, -.greatestFiniteMagnitude].map {
        ("\($0)", .fixed64($0.bitPattern))
      }
    case .string:
      return [
        ("U+0000", .text("a\0b")), ("none", .text("")), ("100,000 letters", .text(long)),
        ("the last scalars", .text("\u{FFFF}\u{10FFFF}")), ("quotes", .text("'\"\\%_;--"))
      ]
    case .bytes: return [("100,000 zeros", .bytes([UInt8](repeating: 0, count: 100_000)))]
    case .message: return moments(field) + [("nothing", .bytes([]))]
    }
  }

  private static let long = String(repeating: "a", count: 100_000)

  /// The ends of the types of time, and of what they may be.
  private static func moments(_ field: FieldDescriptor) -> [(String, WireBytes.Value)] {
    let edges: [Int64]
    switch field.typeName {
    case "google.protobuf.Timestamp": edges = [-62_135_596_800, 253_402_300_799]
    case "google.protobuf.Duration": edges = [-315_576_000_000, 315_576_000_000]
    default: return []
    }
    let seconds = ([.min, .max] + edges + edges.map { $0 < 0 ? $0 - 1 : $0 + 1 }).map {
      ("\($0) s", WireBytes.Value.bytes(WireBytes.varint(1, UInt64(bitPattern: $0))))
    }
    let nanos = [Int64(Int32.min), -1, Int64(Int32.max)].map {
      ("\($0) ns", WireBytes.Value.bytes(WireBytes.varint(2, UInt64(bitPattern: $0))))
    }
    return seconds + nanos
  }

  private static func type(of field: FieldDescriptor) -> (any Message.Type)? {
    guard field.kind == .message, field.cardinality != .map else { return nil }
    return ClinicContracts.message(named: field.typeName)
      ?? TypeRegistry.wellKnown.type(named: field.typeName)
  }
}
