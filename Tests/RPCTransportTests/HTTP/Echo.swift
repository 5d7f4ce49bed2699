import FixtureContracts
import NIOCore
import ProtobufRuntime

@testable import RPCTransport

/// Requests and replies of the echo service in gRPC's envelopes.
enum Echo {
  /// One request in its envelope.
  static func request(_ request: EchoRequest, flags: UInt8 = 0) throws -> [UInt8] {
    let bytes = try request.serializedBytes()
    return [flags] + UInt32(bytes.count).octets + bytes
  }

  static func request(_ text: String) throws -> [UInt8] { try request(EchoRequest(text: text)) }

  /// The replies in a body.
  static func replies(_ body: [UInt8]) -> [EchoResponse] {
    var decoder = EnvelopeDecoder(limit: 67_108_864)
    decoder.append(ByteBuffer(bytes: body))
    var replies: [EchoResponse] = []
    while let (_, message) = try? decoder.next() {
      if let reply = try? EchoResponse(serializedBytes: [UInt8](buffer: message)) {
        replies.append(reply)
      }
    }
    return replies
  }

  /// The text of the only reply in a body.
  static func text(_ body: [UInt8]) -> String? {
    let replies = replies(body)
    return replies.count == 1 ? replies[0].text : nil
  }
}
