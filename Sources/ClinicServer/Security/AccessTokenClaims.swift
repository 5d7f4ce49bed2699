package import FoundationEssentials

/// What an access token says.
package struct AccessTokenClaims: Sendable, Hashable {
  /// The account (`sub`).
  package var staffID: UUID
  /// The clinic (`cid`).
  package var companyID: UUID
  /// The session (`sid`).
  package var sessionID: UUID
  /// The token itself (`jti`).
  package var tokenID: UUID
  /// When it was made (`iat`), in whole seconds.
  package var issued: Date
  /// When it stops being accepted (`exp`), in whole seconds.
  package var expires: Date

  /// Makes claims.
  package init(
    staffID: UUID, companyID: UUID, sessionID: UUID, tokenID: UUID, issued: Date, expires: Date
  ) {
    self.staffID = staffID
    self.companyID = companyID
    self.sessionID = sessionID
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
  package var description: String { "<access token of session \(claims.sessionID.text)>" }
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
