package import ClinicContracts
package import RPCCore

extension AuthHandler {
  package func issueToken(
    _ request: IssueTokenRequest, context: CallContext
  ) async throws -> IssueTokenResponse {
    let key = try await keys.key(
      for: request.clientSecret, peer: context.peer, deadline: context.deadline)
    let scope = try Self.scope(request.scope, of: key)
    // A bound account's token is bound to the very certificate that it was asked for with.
    let thumbprint = key.thumbprints.isEmpty ? nil : CertificateThumbprint.of(context.peer)
    let token = try await tokens.issue(
      companyID: key.companyID, accountID: key.accountID, credentialID: key.keyID,
      service: AccessTokenClaims.Service(scope: scope, thumbprint: thumbprint),
      atMost: key.remaining)
    keys.noteUse(of: key.keyID, in: key.companyID, from: context.peer.address)
    return IssueTokenResponse(
      accessToken: token.text, tokenType: "Bearer",
      expiresIn: Int32(token.claims.remainingLifetime.components.seconds),
      scope: (scope ?? key.permissions).sorted().joined(separator: " "))
  }

  /// The permissions that a token is narrowed to; nil where nothing is said.
  private static func scope(_ text: String, of key: StoredApiKey) throws -> Set<String>? {
    guard !text.isEmpty else { return nil }
    let names = Set(text.split(separator: " ").map(String.init))
    guard !names.isEmpty, names.isSubset(of: key.permissions) else {
      throw RPCError.invalidArgument(
        field: "scope", reason: "INVALID_SCOPE",
        description: "must be permissions of the key, with a space between each two")
    }
    return names
  }
}
