package import struct Foundation.UUID

/// The platform's own company, whose staff are the platform administrators.
package enum Platform {
  /// Its id, as the migrations have it.
  package static let companyID = UUID(
    uuid: (0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1))

  /// Its short name at login.
  package static let slug = "platform"
}
