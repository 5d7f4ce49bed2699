package import FoundationEssentials

/// What an access token says.
package struct AccessTokenClaims: Sendable, Hashable {
  /// What the token of a service account says.
  package struct Service: Sendable, Hashable {
    /// The permissions that the token is narrowed to (`scope`); nil for all of its key's.
    package var scope: Set<String>?
    /// The certificate that the token is bound to (`cnf`, RFC 8705 §3.1); nil for none.
    package var thumbprint: String?

    /// Makes the claims.
    package init(scope: Set<String>? = nil, thumbprint: String? = nil) {
      self.scope = scope
      self.thumbprint = thumbprint
    }
  }

  /// The account (`sub`): a member of staff, or a service account.
  package var accountID: UUID
  /// The clinic (`cid`).
  package var companyID: UUID
  /// The session, or the API key that the token was given for (`sid`).
  package var credentialID: UUID
  /// What a service account's token says beside; nil for a member of staff's.
  package var service: Service?
  /// The token itself (`jti`).
  package var tokenID: UUID
  /// When it was made (`iat`), in whole seconds.
  package var issued: Date
  /// When it stops being accepted (`exp`), in whole seconds.
  package var expires: Date

  /// Makes claims.
  package init(
    accountID: UUID, companyID: UUID, credentialID: UUID, service: Service? = nil, tokenID: UUID,
    issued: Date, expires: Date
  ) {
    self.accountID = accountID
    self.companyID = companyID
    self.credentialID = credentialID
    self.service = service
    self.tokenID = tokenID
    self.issued = issued
    self.expires = expires
  }

  /// How long the token is still accepted; zero where it no longer is.
  package var remainingLifetime: Duration {
    .seconds(max(0, expires.timeIntervalSinceNow))
  }
}

/// A new access token.
package struct AccessToken: Sendable, CustomStringConvertible {
  /// The token, as it goes with calls.
  package let text: String
  /// What it says.
  package let claims: AccessTokenClaims

  /// When it stops being accepted.
  package var expires: Date { claims.expires }

  /// Never the token.
  package var description: String { "<access token of \(claims.credentialID.text)>" }
}

/// Why an access token is not accepted. To a caller they are all the same: UNAUTHENTICATED.
package enum AccessTokenError: Error, Sendable, Hashable {
  /// It is not a token of ours.
  case malformed
  /// It names another way of signing than ours.
  case wrongAlgorithm
  /// It was signed with a key that is unknown or retired.
  case unknownKey
  /// Its signature is wrong.
  case wrongSignature
  /// It was made by or for somebody else.
  case wrongIssuerOrAudience
  /// It is too old.
  case expired
  /// It comes from the future.
  case notYetValid
  /// There is no key to sign with.
  case noSigningKey
}
