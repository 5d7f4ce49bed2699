import ClinicContracts
import ProtobufRuntime
import SwiftProtobuf
import SwiftProtobufContracts

/// Decodes and encodes a page of 50 patients with this codec and with swift-protobuf, in turns, and
/// prints the medians as lines of JSON: `{"name": …, "ns": …}`.
///
///     codec-bench [ROUNDS [REPEATS]] [NAME…]
@main
enum CodecBench {
  typealias Ours = ClinicContracts::ListPatientsResponse
  typealias Theirs = SwiftProtobufContracts::ListPatientsResponse

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    let rounds = arguments.first ?? 15
    let repeats = arguments.dropFirst().first ?? 200

    let ours = SamplePage.make()
    let bytes = try ours.serializedBytes()
    let theirs = try Theirs(serializedBytes: bytes)
    let back = try Ours(serializedBytes: theirs.serializedBytes() as [UInt8])
    precondition(back == ours)

    let all: [(name: String, body: () throws -> Int)] = [
      ("codec_decode_page", { try Ours(serializedBytes: bytes).patients.count }),
      ("swift_protobuf_decode_page", { try Theirs(serializedBytes: bytes).patients.count }),
      ("codec_encode_page", { try ours.serializedBytes().count }),
      ("swift_protobuf_encode_page", { (try theirs.serializedBytes() as [UInt8]).count }),
      ("codec_encode_page_borrowed", { try ours.withSerializedBytes { $0.count } })
    ]
    let named = CommandLine.arguments.dropFirst().filter { Int($0) == nil }
    let contenders = all.filter { named.isEmpty || named.contains($0.name) }
    var times = [[Double]](repeating: [], count: contenders.count)
    var checksum = 0
    for round in 0..<(rounds + 2) {
      for (index, contender) in contenders.enumerated() {
        let clock = ContinuousClock()
        let start = clock.now
        for _ in 0..<repeats { checksum &+= try contender.body() }
        let elapsed = clock.now - start
        // The first two rounds warm up.
        if round >= 2 { times[index].append(nanoseconds(elapsed) / Double(repeats)) }
      }
    }
    precondition(checksum != 0)
    for (contender, times) in zip(contenders, times) {
      let median = times.sorted()[times.count / 2]
      print(#"{"name": "\#(contender.name)", "ns": \#(Int(median)), "bytes": \#(bytes.count)}"#)
    }
  }

  private static func nanoseconds(_ duration: Duration) -> Double {
    let (seconds, attoseconds) = duration.components
    return Double(seconds) * 1e9 + Double(attoseconds) / 1e9
  }
}
