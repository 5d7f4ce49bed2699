package import RPCCore

/// How a call is written in HTTP: what its content type says.
package struct CallDialect: Sendable, Hashable {
  /// The shape of the bodies.
  package enum Form: Sendable, Hashable {
    /// gRPC: messages in envelopes, the status in trailers.
    case grpc
    /// The Connect protocol's unary form: a body is a message, the status is HTTP's.
    case unary
    /// The Connect protocol's streaming form: messages in envelopes, the status in the last one.
    case stream
    /// A page: no request, the reply's content as the body, the status is HTTP's.
    case page
  }

  /// How a message is written.
  package enum Coding: Sendable, Hashable {
    /// As protobuf.
    case proto
    /// As proto3 JSON.
    case json
  }

  package let form: Form
  package let coding: Coding
  /// The content type of the replies.
  package let contentType: String

  private static let types: [String: (Form, Coding)] = [
    "application/grpc": (.grpc, .proto), "application/grpc+proto": (.grpc, .proto),
    "application/grpc+json": (.grpc, .json),
    "application/proto": (.unary, .proto), "application/json": (.unary, .json),
    "application/connect+proto": (.stream, .proto), "application/connect+json": (.stream, .json)
  ]

  /// The content types of requests, or of those for a kind of call, for those who send another.
  package static func acceptedTypes(for kind: CallKind? = nil) -> String {
    types.keys.sorted().filter { type in
      kind.flatMap { CallDialect(contentType: type)?.carries($0) } ?? true
    }.joined(separator: ", ")
  }

  /// The dialect of a content type, or nil for one that is no call's.
  package init?(contentType: String) {
    let bare = contentType.prefix { $0 != ";" }.lowercased()
    let trimmed = String(bare.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    guard let (form, coding) = Self.types[trimmed] else { return nil }
    self.form = form
    self.coding = coding
    self.contentType = trimmed
  }

  /// The dialect of a page.
  package init(page contentType: String) {
    form = .page
    coding = .proto
    self.contentType = contentType
  }

  /// Whether the dialect can carry a kind of call.
  package func carries(_ kind: CallKind) -> Bool {
    switch form {
    case .grpc: true
    case .unary, .page: kind == .unary
    case .stream: kind != .unary
    }
  }
}
