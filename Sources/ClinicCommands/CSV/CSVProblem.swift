/// Why a piece of a CSV file is not a row.
package enum CSVProblem: Sendable, Hashable {
  /// Something other than a delimiter follows the closing quote of a field.
  case textAfterQuote
  /// A quote stands inside a field that does not begin with one.
  case bareQuote
  /// A field begins with a quote that nothing closes.
  case unclosedQuote
  /// The bytes are not UTF-8: the first wrong one.
  case notUTF8(byte: UInt8)
  /// The row is longer than the reader takes: the greatest length in bytes.
  case tooLong(limit: Int)

  /// The problem, as UPPER_SNAKE_CASE.
  package var reason: String {
    switch self {
    case .textAfterQuote: "CSV_TEXT_AFTER_QUOTE"
    case .bareQuote: "CSV_BARE_QUOTE"
    case .unclosedQuote: "CSV_UNCLOSED_QUOTE"
    case .notUTF8: "CSV_NOT_UTF8"
    case .tooLong: "CSV_ROW_TOO_LONG"
    }
  }

  /// The problem, in a sentence.
  package var description: String {
    switch self {
    case .textAfterQuote:
      return "After the closing quote of a field a delimiter or the end of the line must follow."
    case .bareQuote:
      return "A field with a quote in it must be quoted, and the quote doubled."
    case .unclosedQuote:
      return "A quoted field is not closed."
    case .notUTF8(let byte):
      let digits = String(byte, radix: 16, uppercase: true)
      return "The text is not UTF-8 (byte 0x\(digits)); save the file as UTF-8."
    case .tooLong(let limit):
      return "The row is longer than \(limit) bytes."
    }
  }
}
