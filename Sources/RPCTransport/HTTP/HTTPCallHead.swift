package import NIOCore

/// The head of an HTTP request that may be a call, whatever version of HTTP brought it.
package struct HTTPCallHead: Sendable, Hashable {
  /// The request method, as `POST`.
  package var method: String
  /// The path, as `/clinic.v1.PatientService/GetPatient`.
  package var path: String
  /// Everything else.
  package var fields: HTTPFields
  /// Whether HTTP/2 brought it, which alone has what gRPC needs.
  package var isHTTP2: Bool

  package init(method: String, path: String, fields: HTTPFields, isHTTP2: Bool) {
    self.method = method
    self.path = path
    self.fields = fields
    self.isHTTP2 = isHTTP2
  }
}

/// A piece of an HTTP response.
package enum HTTPPart: Sendable, Hashable {
  /// The head; the last piece where there is no body.
  case head(status: Int, fields: HTTPFields, isLast: Bool)
  /// Bytes of the body.
  case body(ByteBuffer, isLast: Bool)
  /// The trailers: the last piece.
  case trailers(HTTPFields)
  /// The response is whole, and the rest of the request is not wanted.
  case stopRequest
}
