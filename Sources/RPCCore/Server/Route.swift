/// A method and the code that serves it.
package final class Route: Sendable {
  /// The method.
  package let method: MethodDescriptor

  /// Reads the request, validates it, calls the handler and sends what it returns.
  let run: @Sendable (CallContext, any ServerExchange) async throws -> Void

  init(
    method: MethodDescriptor,
    run: @escaping @Sendable (CallContext, any ServerExchange) async throws -> Void
  ) {
    self.method = method
    self.run = run
  }
}
