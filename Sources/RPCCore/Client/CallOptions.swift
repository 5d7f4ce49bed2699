/// How one call is made.
public struct CallOptions: Sendable {
  /// How long the caller waits in all, retries included; nil for as long as the method allows.
  public var timeout: Duration?

  /// Named values to send beside the request.
  public var metadata: Metadata

  /// A UUID that names the call in logs and errors; nil has the server make one up. What makes a
  /// mutation happen once is the `request_id` of its request, which the client fills in where it is
  /// empty.
  public var requestID: String?

  /// The access token, without the word Bearer; nil for the client's own.
  public var authorization: String?

  /// Whether the call may be retried; nil for what the contract says.
  public var isIdempotent: Bool?

  /// Is told the named values that come with the end of the call, where there are any; before the
  /// call returns, on a thread of the client's. `deprecation` tells of a method that will go.
  public var onTrailers: (@Sendable (Metadata) -> Void)?

  /// Makes options.
  public init(
    timeout: Duration? = nil, metadata: Metadata = Metadata(), requestID: String? = nil,
    authorization: String? = nil, isIdempotent: Bool? = nil,
    onTrailers: (@Sendable (Metadata) -> Void)? = nil
  ) {
    self.timeout = timeout
    self.metadata = metadata
    self.requestID = requestID
    self.authorization = authorization
    self.isIdempotent = isIdempotent
    self.onTrailers = onTrailers
  }
}
