internal import Crypto
package import FoundationEssentials

/// Why a page token is not accepted. To a caller they are all the same: INVALID_ARGUMENT.
package enum PageTokenError: Error, Sendable, Hashable {
  /// It is not a token, is damaged, or was made with another key.
  case invalid
  /// It was made for another clinic, method, filter or order, or forged.
  case foreign
}

/// Makes and reads the opaque tokens that ask for the next page (AIP-158).
///
/// A token is a ``PageCursor`` sealed with ChaCha20-Poly1305 under a key of the server's. Clinic,
/// method and filter are authenticated with it, so a token cannot be forged, nor moved to another
/// clinic, method or filter; and it cannot be read, so the names that a cursor holds reach no log.
package struct PageTokens: Sendable {
  private static let version: UInt8 = 1

  private let key: SymmetricKey

  /// - Parameter key: 32 secret bytes, the same on all servers of a platform.
  package init(key: [UInt8]) {
    // Hashed, so that any length will do.
    self.key = SymmetricKey(data: SHA256.hash(data: Array("clinic page token\u{0}".utf8) + key))
  }

  /// The token of the page that follows `cursor`.
  ///
  /// - Parameters:
  ///   - companyID: the clinic.
  ///   - method: the method's path.
  ///   - filter: the bytes of whatever else the request chooses by (filter, order), in one form.
  package func seal(
    _ cursor: PageCursor, companyID: UUID, method: String, filter: [UInt8]
  ) -> String {
    let purpose = Self.purpose(companyID: companyID, method: method, filter: filter)
    // Sealing fails only for texts of several GiB.
    guard let box = try? ChaChaPoly.seal(cursor.bytes, using: key, authenticating: purpose) else {
      return ""
    }
    return OpaqueToken.base64URL([Self.version] + box.combined)
  }

  /// The cursor of a token that was made for the same clinic, method and filter.
  package func open(
    _ token: String, companyID: UUID, method: String, filter: [UInt8]
  ) throws(PageTokenError) -> PageCursor {
    guard let bytes = OpaqueToken.decode(token), bytes.first == Self.version,
      let box = try? ChaChaPoly.SealedBox(combined: bytes.dropFirst())
    else { throw .invalid }
    let purpose = Self.purpose(companyID: companyID, method: method, filter: filter)
    guard let plain = try? ChaChaPoly.open(box, using: key, authenticating: purpose) else {
      throw .foreign
    }
    guard let cursor = PageCursor(bytes: Array(plain)) else { throw .invalid }
    return cursor
  }

  private static func purpose(companyID: UUID, method: String, filter: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    withUnsafeBytes(of: companyID.uuid) { hash.update(bufferPointer: $0) }
    // A path holds no NUL, so the parts cannot run into each other.
    hash.update(data: Array(method.utf8) + [0])
    hash.update(data: filter)
    return [version] + hash.finalize()
  }
}
