#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif
import ProtobufRuntime

/// Answers protobuf's own conformance runner: frames of 4 bytes length (little-endian) and a
/// `ConformanceRequest` or `ConformanceResponse` on standard input and output.
///
/// `Generated/` and `CConformanceMessages` are compiled from `conformance.proto` and
/// `google/protobuf/test_messages_proto3.proto` of protobuf 3.21.12.
@main
enum ConformanceTestee {
  static func main() throws {
    while let header = read(4) {
      let count = header.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
      guard let bytes = read(count) else { return }
      let response = answer(try Conformance_ConformanceRequest(serializedBytes: bytes))
      let output = try response.serializedBytes()
      write((0..<4).map { UInt8(truncatingIfNeeded: output.count >> (8 * $0)) } + output)
    }
  }

  private static func answer(
    _ request: Conformance_ConformanceRequest
  ) -> Conformance_ConformanceResponse {
    switch request.messageType {
    case "conformance.FailureSet":
      .with { $0.result = .protobufPayload([]) }
    case ProtobufTestMessages_Proto3_TestAllTypesProto3.descriptor.fullName:
      .with { $0.result = convert(request) }
    default:
      .with { $0.result = .skipped("only proto3") }
    }
  }

  private static func convert(
    _ request: Conformance_ConformanceRequest
  ) -> Conformance_ConformanceResponse.ResultOneof {
    typealias Test = ProtobufTestMessages_Proto3_TestAllTypesProto3
    let registry = TypeRegistry([Test.self])
    let message: Test
    do {
      switch request.payload {
      case .protobufPayload(let bytes): message = try Test(serializedBytes: bytes)
      case .jsonPayload(let text):
        let ignores = request.testCategory == .jsonIgnoreUnknownParsingTest
        message = try Test(
          jsonString: text,
          options: JSONDecodingOptions(ignoresUnknownFields: ignores, registry: registry))
      case .jspbPayload, .textPayload, nil: return .skipped("only binary and JSON")
      }
    } catch {
      return .parseError("\(error)")
    }
    do {
      switch request.requestedOutputFormat {
      case .protobuf: return .protobufPayload(try message.serializedBytes())
      case .json:
        return .jsonPayload(
          try message.jsonString(options: JSONEncodingOptions(registry: registry)))
      default: return .skipped("only binary and JSON")
      }
    } catch {
      return .serializeError("\(error)")
    }
  }

  /// Exactly `count` bytes, or nil at the end of the input.
  private static func read(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(STDIN_FILENO, buffer.baseAddress! + filled, count - filled)
      }
      if got <= 0 { return nil }
      filled += got
    }
    return bytes
  }

  private static func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(STDOUT_FILENO, buffer.baseAddress! + sent, bytes.count - sent)
      }
      if count <= 0 { return }
      sent += count
    }
  }
}
