internal import Glibc

/// The time zones of the system's database: the files under `/usr/share/zoneinfo`, or `TZDIR`.
enum TimeZoneNames {
  static func contains(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard isName(bytes) else { return false }
    let name = String(decoding: bytes, as: UTF8.self)
    if name == "UTC" { return true }
    // A machine without a database knows no names; the form is all that is left to check.
    guard let folder else { return name.contains("/") }
    return isZoneFile("\(folder)/\(name)")
  }

  /// `Area/Location`: letters, digits, `+`, `-`, `_` in up to three parts that begin with a capital,
  /// so that nothing outside the folder, nor its technical subfolders, can be named.
  private static func isName(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count <= 64 else { return false }
    let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count), bytes.first?.isUpperCaseLetter == true else {
      return false
    }
    return parts.allSatisfy { part in
      part.first?.isLetter == true
        && part.allSatisfy { byte in
          byte.isLetter || byte.isDigit || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
        }
    }
  }

  private static let folder: String? = {
    let folder = getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo"
    return access(folder, R_OK | X_OK) == 0 ? folder : nil
  }()

  /// Whether a file begins like compiled time zone data (RFC 9636 §3.1).
  private static func isZoneFile(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var magic: UInt32 = 0
    return read(descriptor, &magic, 4) == 4 && UInt32(bigEndian: magic) == 0x545A_6966
  }
}
