package import ProtobufRuntime

/// A method that plain HTTP reads at a path, for programs that know nothing of calls: GET and HEAD,
/// without a body, an account or any header. What the path names lets in whoever has it.
package struct Page: Sendable {
  /// The method, which serves the page through all interceptors, as it does any call.
  package let method: MethodDescriptor
  /// The media type of the replies.
  package let contentType: String

  private let prefix: String
  private let suffix: String
  private let makeRequest: @Sendable (String) -> any Message
  private let readContent: @Sendable (any Message) -> String?

  /// Makes a page at `prefix NAME suffix` of a unary method.
  ///
  /// - Parameters:
  ///   - request: The request for a name.
  ///   - content: The body for a reply. The handler may add the headers `etag`, `last-modified` and
  ///     `cache-control` to the reply; a caller who has the tag gets no body.
  package init<Request: Message, Response: Message>(
    _ method: MethodDescriptor, prefix: String, suffix: String, contentType: String,
    request: @escaping @Sendable (String) -> Request,
    content: @escaping @Sendable (Response) -> String
  ) {
    self.method = method
    self.prefix = prefix
    self.suffix = suffix
    self.contentType = contentType
    makeRequest = request
    readContent = { ($0 as? Response).map(content) }
  }

  /// What a path has between the page's prefix and suffix; nil for another page's path.
  package func name(in path: String) -> String? {
    let path = path.prefix { $0 != "?" }
    guard path.hasPrefix(prefix), path.hasSuffix(suffix),
      path.utf8.count > prefix.utf8.count + suffix.utf8.count
    else { return nil }
    return String(path.dropFirst(prefix.count).dropLast(suffix.count))
  }

  /// The request for what a path names.
  package func request(_ name: String) -> any Message { makeRequest(name) }

  /// The body for a reply.
  package func content(of reply: some Message) -> String? { readContent(reply) }
}

/// Entity tags (RFC 9110 §8.8.3): what tells one state of a page from another.
package enum EntityTag {
  /// The header, and metadata of calls, that names the states which a caller has.
  package static let condition = "if-none-match"

  /// Whether a condition names a tag, be it weak or strong (§13.1.2).
  package static func isNamed(_ tag: String, in condition: String?) -> Bool {
    guard let condition else { return false }
    return condition.split(separator: ",").contains { element in
      let element = element.filter { $0 != " " && $0 != "\t" }
      return element == "*" || opaque(element) == opaque(tag)
    }
  }

  private static func opaque(_ tag: String) -> Substring {
    tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...]
  }
}
