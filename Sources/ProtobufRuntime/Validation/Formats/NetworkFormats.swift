/// E-mail addresses and URLs.
enum NetworkFormats {
  /// RFC 5321 §4.1.2, with the limits of §4.5.3.1: 64 octets before the `@`, 254 in all. Quoted local
  /// parts and address literals are left out: nobody gives these to a clinic.
  static func isEmail(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count <= 254, let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return false }
    let local = bytes[..<at]
    guard local.count <= 64, isDotAtom(local) else { return false }
    return isDomainName(bytes[(at + 1)...])
  }

  private static func isDotAtom(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var wasDot = true
    for byte in bytes {
      if byte == UInt8(ascii: ".") {
        if wasDot { return false }
        wasDot = true
      } else {
        guard isAtomByte(byte) else { return false }
        wasDot = false
      }
    }
    return !wasDot
  }

  /// `atext` of RFC 5322 §3.2.3.
  private static func isAtomByte(_ byte: UInt8) -> Bool {
    if byte.isLetter || byte.isDigit { return true }
    switch byte {
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"),
      UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
      UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "?"),
      UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "{"),
      UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "~"):
      return true
    default:
      return false
    }
  }

  /// Labels of 1 to 63 letters, digits and inner hyphens, at most 253 octets (RFC 1035 §2.3.1, RFC
  /// 1123 §2.1).
  private static func isDomainName(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard !bytes.isEmpty, bytes.count <= 253 else { return false }
    var length = 0
    var last = UInt8(ascii: "-")
    for byte in bytes {
      if byte == UInt8(ascii: ".") {
        guard length > 0, last != UInt8(ascii: "-") else { return false }
        length = 0
      } else {
        guard byte.isLetter || byte.isDigit || (byte == UInt8(ascii: "-") && length > 0) else {
          return false
        }
        length += 1
        guard length <= 63 else { return false }
      }
      last = byte
    }
    return length > 0 && last != UInt8(ascii: "-")
  }

  /// RFC 3986 with the schemes http and https, a host that is not empty, and no user information,
  /// which only serves to disguise the host.
  static func isURL(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = bytes[...]
    guard rest.drop("http") else { return false }
    _ = rest.drop("s")
    guard rest.drop("://") else { return false }

    let end = rest.firstIndex {
      $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#")
    }
    let authority = rest[..<(end ?? rest.endIndex)]
    return isAuthority(authority) && isPathAndQuery(rest[(end ?? rest.endIndex)...])
  }

  private static func isAuthority(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var host = bytes
    if bytes.first == UInt8(ascii: "[") {
      guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
      let literal = bytes[(bytes.startIndex + 1)..<close]
      guard literal.count >= 2,
        literal.allSatisfy({ $0.isHexDigit || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
      else { return false }
      return isPort(bytes[(close + 1)...])
    }
    var port = bytes[bytes.endIndex...]
    if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
      host = bytes[..<colon]
      port = bytes[colon...]
    }
    // A final dot names the root (RFC 3986 §3.2.2).
    if host.count > 1, host.last == UInt8(ascii: ".") { host = host.dropLast() }
    return isDomainName(host) && isPort(port)
  }

  /// Nothing, or a colon and a number to 65535.
  private static func isPort(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let first = bytes.first else { return true }
    let digits = bytes.dropFirst()
    guard first == UInt8(ascii: ":"), digits.count <= 5, digits.allSatisfy(\.isDigit) else {
      return false
    }
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 65_535
  }

  private static func isPathAndQuery(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var index = bytes.startIndex
    var fragments = 0
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%") {
        guard index + 2 < bytes.endIndex, bytes[index + 1].isHexDigit, bytes[index + 2].isHexDigit
        else { return false }
        index += 2
      } else if byte == UInt8(ascii: "#") {
        fragments += 1
      } else if !isURLByte(byte) {
        return false
      }
      index += 1
    }
    return fragments <= 1
  }

  /// `pchar`, `/` and `?` of RFC 3986 §3.3 and §3.4, without `%`.
  private static func isURLByte(_ byte: UInt8) -> Bool {
    if byte.isLetter || byte.isDigit { return true }
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
      UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"),
      UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"),
      UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: ":"),
      UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "?"):
      return true
    default:
      return false
    }
  }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
  /// Drops ASCII text, whatever its case, from the front.
  /// - Returns: Whether it was there.
  fileprivate mutating func drop(_ text: StaticString) -> Bool {
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard count >= expected.count,
      zip(self, expected).allSatisfy({ $0.lowerCased == $1 })
    else { return false }
    self = dropFirst(expected.count)
    return true
  }
}
