internal import Glibc
internal import NIOCore
internal import RPCCore

/// The last few call headers of a connection, decoded and judged.
///
/// A caller that repeats a method sends the same bytes again and again: comparing them costs a
/// fraction of decoding them, finding the route and copying the token.
struct CallHeaderCache {
  /// A header, decoded and judged.
  final class Entry: Sendable {
    let bytes: [UInt8]
    let call: AdmittedCall

    init(bytes: [UInt8], call: AdmittedCall) {
      self.bytes = bytes
      self.call = call
    }
  }

  private static let entryLimit = 4
  private static let entryBytes = 2_048

  private var entries: [Entry] = []

  /// The header in a CALL frame's payload. Throws what the call ends with where it cannot start.
  mutating func header(
    _ payload: ByteBuffer, of connection: ServerConnection
  ) throws(RPCError) -> Entry {
    for entry in entries where payload.equals(entry.bytes) { return entry }
    let entry = try Self.decode(payload, of: connection)
    if entry.call.requestID.isEmpty, entry.bytes.count <= Self.entryBytes {
      if entries.count == Self.entryLimit { entries.removeLast() }
      entries.insert(entry, at: 0)
    }
    return entry
  }

  private static func decode(
    _ payload: ByteBuffer, of connection: ServerConnection
  ) throws(RPCError) -> Entry {
    let bytes = [UInt8](buffer: payload)
    let opening = try CallOpening(
      serializedBytes: bytes, metadataLimit: connection.limits.metadataEntries)
    return Entry(
      bytes: bytes,
      call: try AdmittedCall(
        opening, router: connection.router, peer: connection.peer, logger: connection.logger))
  }
}

extension ByteBuffer {
  fileprivate func equals(_ bytes: [UInt8]) -> Bool {
    guard readableBytes == bytes.count else { return false }
    return withUnsafeReadableBytes { left in
      bytes.withUnsafeBytes { right in
        left.count == 0 || memcmp(left.baseAddress!, right.baseAddress!, left.count) == 0
      }
    }
  }
}

extension String {
  /// Whether this is a UUID in its 36-character form (RFC 9562).
  var isUUID: Bool {
    utf8.count == 36
      && utf8.enumerated().allSatisfy { index, byte in
        switch index {
        case 8, 13, 18, 23: byte == UInt8(ascii: "-")
        default:
          switch byte {
          case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
          default: false
          }
        }
      }
  }
}
