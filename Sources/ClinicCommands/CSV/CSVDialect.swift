/// What stands between the fields of a CSV file.
package enum CSVDialect {
  /// The delimiter that the header's line speaks for: the one of `,`, `;`, tab and `|` that occurs
  /// most often outside quotes; a comma where none does.
  package static func delimiter(ofHeader line: some Sequence<UInt8>) -> UInt8 {
    let candidates: [UInt8] = [
      UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")
    ]
    var counts = [Int](repeating: 0, count: candidates.count)
    var isQuoted = false
    for byte in line {
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r"), !isQuoted { break }
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
    }
    let most = counts.max() ?? 0
    let index = counts.firstIndex(of: most) ?? 0
    return candidates[most == 0 ? 0 : index]
  }
}
