internal import ProtobufRuntime

extension Message {
  /// Throws INVALID_ARGUMENT with every violation of the contract's rules.
  func checkRules() throws {
    let violations = validationErrors()
    guard violations.isEmpty else { throw RPCError.invalidArgument(violations: violations) }
  }
}
