package import RPCCore

/// What the head of an HTTP request says of the call that it opens.
package struct HTTPCallOpening: Sendable, Hashable {
  /// What every transport knows of a call.
  package var call: CallOpening
  /// Whether requests that say so are gzip.
  package var compressesRequests: Bool
  /// Whether the caller reads gzip.
  package var acceptsGzip: Bool

  /// Reads a head. Throws what the call ends with where it breaks the rules.
  package init(
    _ head: HTTPCallHead, dialect: CallDialect, metadataLimit: Int
  ) throws(RPCError) {
    let names = Names(dialect.form)
    call = CallOpening(method: String(head.path.drop { $0 == "/" }))
    acceptsGzip = false
    if dialect.form == .grpc, head.fields["te"] != "trailers" {
      throw .invalidArgument(
        "A gRPC call has the header te: trailers", reason: "MALFORMED_HEADER")
    }
    if let version = head.fields["connect-protocol-version"], version != "1" {
      throw .invalidArgument("connect-protocol-version must be 1", reason: "MALFORMED_HEADER")
    }
    let encoding = head.fields[names.encoding] ?? "identity"
    guard encoding == "identity" || encoding == "gzip" else {
      throw .unimplemented("The encoding \(encoding.prefix(32)) is not one of identity, gzip")
    }
    compressesRequests = encoding == "gzip"
    for field in head.fields.all {
      switch field.name {
      case names.timeout:
        call.timeoutMicroseconds = try Self.timeout(field.value, names)
      case names.acceptEncoding:
        acceptsGzip = acceptsGzip || Self.lists("gzip", in: field.value)
      case "authorization":
        call.authorization = try Self.token(field.value)
      case "x-request-id":
        call.requestID = field.value
      case let name where Self.isReserved(name): break
      default:
        try Self.add(field, to: &call.metadata, limit: metadataLimit)
      }
    }
  }

  /// The names of headers that the dialects have for the same thing.
  private struct Names {
    let encoding: String
    let acceptEncoding: String
    let timeout: String

    init(_ form: CallDialect.Form) {
      switch form {
      case .grpc:
        (encoding, acceptEncoding) = ("grpc-encoding", "grpc-accept-encoding")
        timeout = "grpc-timeout"
      case .unary, .page:
        (encoding, acceptEncoding) = ("content-encoding", "accept-encoding")
        timeout = "connect-timeout-ms"
      case .stream:
        (encoding, acceptEncoding) = ("connect-content-encoding", "connect-accept-encoding")
        timeout = "connect-timeout-ms"
      }
    }
  }

  private static func isReserved(_ name: String) -> Bool {
    switch name {
    case "te", "content-type", "content-length", "content-encoding", "accept", "accept-encoding",
      "host", "connection", "keep-alive", "transfer-encoding", "expect", "origin":
      true
    default: name.hasPrefix(":") || name.hasPrefix("grpc-") || name.hasPrefix("connect-")
    }
  }

  private static func token(_ value: String) throws(RPCError) -> String {
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      throw .unauthenticated(
        "The header authorization has the form: Bearer TOKEN", reason: "AUTHORIZATION_SCHEME")
    }
    return String(parts[1].drop { $0 == " " })
  }

  /// Names that end in `-bin` may hold several values, with commas between.
  private static func add(
    _ field: HTTPFields.Field, to metadata: inout Metadata, limit: Int
  ) throws(RPCError) {
    let isBinary = field.name.hasSuffix("-bin")
    let values = isBinary ? field.value.split(separator: ",").map(trimmed) : [field.value[...]]
    for value in values {
      guard metadata.entries.count < limit else {
        throw .resourceExhausted(
          "More than \(limit) metadata entries", reason: "TOO_MUCH_METADATA")
      }
      guard let bytes = isBinary ? Base64.bytes(of: value) : Array(value.utf8),
        let entry = Metadata.Entry(name: field.name, value: bytes)
      else {
        throw .invalidArgument(
          field: "metadata", reason: "FORMAT_METADATA",
          description: "must have names of a-z, 0-9, '-', '_', '.', printable ASCII values, and "
            + "base64 where the name ends in -bin")
      }
      metadata.add(entry)
    }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }

  private static func lists(_ name: String, in value: String) -> Bool {
    value.split(separator: ",").contains { element in
      let parts = element.split(separator: ";").map(trimmed)
      return parts.first?.lowercased() == name && !parts.dropFirst().contains("q=0")
    }
  }

  /// Microseconds, at least one: zero would stand for no limit. Eight digits of hours are more than
  /// 64 bits of nanoseconds, and as good as the greatest number.
  private static func timeout(_ text: String, _ names: Names) throws(RPCError) -> UInt64 {
    let isGRPC = names.timeout == "grpc-timeout"
    let digits = isGRPC ? text.dropLast() : text[...]
    guard (1...(isGRPC ? 8 : 10)).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let number = UInt64(digits), let unit = isGRPC ? units[text.last ?? " "] : 1_000_000
    else {
      throw .invalidArgument("\(names.timeout) is malformed", reason: "MALFORMED_HEADER")
    }
    let (nanoseconds, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? .max : max(1, nanoseconds / 1_000)
  }

  /// Nanoseconds of gRPC's units of time.
  private static let units: [Character: UInt64] = [
    "H": 3_600_000_000_000, "M": 60_000_000_000, "S": 1_000_000_000, "m": 1_000_000, "u": 1_000,
    "n": 1
  ]
}
