/// An error of one layer that knows what a caller should be told of it.
///
/// Conversion happens once, in the error mapping at the outside of the interceptor chain.
public protocol RPCErrorConvertible: Error {
  /// The error for the caller. Its message holds nothing that the caller may not know.
  var rpcError: RPCError { get }
}

extension RPCError {
  /// The error for the caller that stands for any error: itself, what it converts to,
  /// ``RPCStatusCode/cancelled`` for a cancelled task, and else ``RPCStatusCode/internal`` with
  /// the cause kept in this process.
  public init(mapping error: any Error) {
    switch error {
    case let error as RPCError:
      self = error
    case let error as any RPCErrorConvertible:
      self = error.rpcError
      if cause == nil { cause = error }
    case is CancellationError:
      self = .cancelled()
    default:
      self = .internal(cause: error)
    }
  }
}
