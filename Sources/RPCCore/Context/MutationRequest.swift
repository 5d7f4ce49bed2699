public import ProtobufRuntime

/// A request that changes something: takes effect once per request id, and can be tried out.
///
/// The contract compiler makes the requests of all methods with `IDEMPOTENCY_REQUEST_ID` such ones;
/// its lint sees to it that they have both fields.
public protocol MutationRequest: Message {
  /// A UUID chosen by the caller; empty where a retry may take effect again.
  var requestID: String { get set }

  /// Checks the request and changes nothing.
  var validateOnly: Bool { get }
}
