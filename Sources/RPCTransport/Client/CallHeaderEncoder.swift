internal import NIOCore
internal import RPCCore

/// Writes CALL frames. A caller that repeats a method with the same token and timeout has its
/// header encoded once.
struct CallHeaderEncoder {
  private var last: (header: CallOpening, bytes: [UInt8])?

  mutating func write(_ header: CallOpening, callID: UInt32, to output: inout ByteBuffer) {
    if let last, last.header == header {
      last.bytes.withUnsafeBytes { output.writeFrame(.call, callID: callID, payload: $0) }
      return
    }
    let bytes = header.serializedBytes()
    if header.requestID.isEmpty { last = (header, bytes) }
    bytes.withUnsafeBytes { output.writeFrame(.call, callID: callID, payload: $0) }
  }
}
