internal import RPCCore

/// How gRPC writes the end of a call.
enum GRPCStatus {
  /// The bytes of a header's value that a message with all its details must not pass.
  private static let detailLimit = 6_144

  /// The fields of the end: `grpc-status`, and for an error its message, details and request id.
  static func fields(_ error: RPCError?) -> HTTPFields {
    var fields = HTTPFields()
    guard let error else {
      fields.add("grpc-status", "0")
      return fields
    }
    fields.add("grpc-status", "\(error.code.rawValue)")
    fields.add("grpc-message", percentEncoded(error.message))
    if !error.details.isEmpty {
      let details = error.statusBytes
      // Many clients refuse more than 8 KiB of trailers, and the status would be lost with them.
      if details.count <= detailLimit {
        fields.add("grpc-status-details-bin", Base64.text(of: details))
      }
    }
    if let id = error.requestID { fields.add("x-request-id", id) }
    return fields
  }

  /// Everything but printable ASCII, and the percent sign, as `%XX`.
  static func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "%") {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The HTTP status that the Connect protocol gives to a code.
enum ConnectStatus {
  static func http(_ code: RPCStatusCode) -> Int {
    switch code {
    case .cancelled: 499
    case .invalidArgument, .failedPrecondition, .outOfRange: 400
    case .deadlineExceeded: 504
    case .notFound: 404
    case .alreadyExists, .aborted: 409
    case .permissionDenied: 403
    case .resourceExhausted: 429
    case .unimplemented: 501
    case .unavailable: 503
    case .unauthenticated: 401
    default: 500
    }
  }
}
