import Foundation

/// Standard output, written at once: whoever waits for the line sees it.
enum StandardOutput {
  static func flush() { fflush(nil) }
}

/// Standard error.
enum StandardError {
  static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
