import NIOCore

@testable import RPCTransport

extension Frame {
  /// A frame with this payload.
  init(_ kind: FrameKind, flags: FrameFlags = [], callID: UInt32 = 0, payload: [UInt8]) {
    self.init(
      header: FrameHeader(
        length: UInt32(payload.count), kind: kind, flags: flags, callID: callID),
      payload: ByteBuffer(bytes: payload))
  }

  /// The frame on the wire, its header made apart from the code under test.
  var bytes: [UInt8] {
    let length = header.length
    let call = header.callID
    return [
      UInt8(length >> 24), UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255),
      header.kind.rawValue, header.flags.rawValue, 0, 0,
      UInt8(call >> 24), UInt8(call >> 16 & 255), UInt8(call >> 8 & 255), UInt8(call & 255)
    ] + Array(payload.readableBytesView)
  }
}

extension [Frame] {
  /// The frames on the wire.
  var bytes: [UInt8] { flatMap(\.bytes) }
}

extension ByteBuffer {
  /// A header alone, announcing a payload that never comes.
  static func header(
    _ kind: FrameKind, flags: FrameFlags = [], callID: UInt32, length: Int
  ) -> ByteBuffer {
    var frame = Frame(kind, flags: flags, callID: callID, payload: [])
    frame.header.length = UInt32(length)
    return ByteBuffer(bytes: frame.bytes)
  }
}
