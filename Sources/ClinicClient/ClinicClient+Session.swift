public import ClinicContracts
public import RPCCore

extension ClinicClient {
  /// Opens a session and keeps its credentials.
  ///
  /// - Parameters:
  ///   - company: The clinic's short name; `platform` for platform administrators.
  ///   - clientName: What the client is, for the list of sessions.
  /// - Throws: ``RPCError`` with the code unauthenticated where a part is wrong, without saying
  ///   which.
  @discardableResult
  public func login(
    company: String, email: String, password: String, clientName: String = "",
    options: CallOptions = CallOptions()
  ) async throws -> LoginResponse {
    let reply = try await auth.login(
      LoginRequest(company: company, email: email, password: password, clientName: clientName),
      options: options)
    guard let credentials = reply.credentials else { throw RPCError.internal() }
    try await keeper.begin(credentials)
    return reply
  }

  /// Ends the session and forgets its credentials, also where the server cannot be told.
  public func logout(options: CallOptions = CallOptions()) async throws {
    guard try await keeper.current() != nil else {
      throw RPCError.unauthenticated("Nobody is logged in", reason: "NOT_LOGGED_IN")
    }
    do {
      _ = try await auth.logout(LogoutRequest(), options: options)
    } catch {
      try await keeper.end()
      throw error
    }
    try await keeper.end()
  }

  /// Whether there are credentials of a session, valid or not.
  public var isLoggedIn: Bool {
    get async throws { try await keeper.current() != nil }
  }
}
