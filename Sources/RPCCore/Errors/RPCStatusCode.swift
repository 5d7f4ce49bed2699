/// How a call ended: gRPC's codes, with gRPC's numbers. Open, so that a code of a later version
/// survives a round trip.
public struct RPCStatusCode: RawRepresentable, Sendable, Hashable {
  /// The number on the wire.
  public let rawValue: Int32

  /// Makes a code of any number, known or not.
  @inlinable
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The call succeeded.
  public static let ok = Self(rawValue: 0)
  /// The caller cancelled the call.
  public static let cancelled = Self(rawValue: 1)
  /// An error without a better code.
  public static let unknown = Self(rawValue: 2)
  /// The request is wrong whatever the state of the system.
  public static let invalidArgument = Self(rawValue: 3)
  /// The deadline passed before the call ended.
  public static let deadlineExceeded = Self(rawValue: 4)
  /// There is no such thing, or none that the caller may know of.
  public static let notFound = Self(rawValue: 5)
  /// The thing to create exists.
  public static let alreadyExists = Self(rawValue: 6)
  /// The caller is known and may not do this.
  public static let permissionDenied = Self(rawValue: 7)
  /// A limit is reached.
  public static let resourceExhausted = Self(rawValue: 8)
  /// The state of the system does not allow the call.
  public static let failedPrecondition = Self(rawValue: 9)
  /// The call lost a race, such as a stale etag.
  public static let aborted = Self(rawValue: 10)
  /// A value is past the end of a valid range.
  public static let outOfRange = Self(rawValue: 11)
  /// The server has no such method.
  public static let unimplemented = Self(rawValue: 12)
  /// The server failed.
  public static let `internal` = Self(rawValue: 13)
  /// The server cannot serve at the moment.
  public static let unavailable = Self(rawValue: 14)
  /// Data is lost or corrupt.
  public static let dataLoss = Self(rawValue: 15)
  /// The credentials are missing, wrong, expired or revoked.
  public static let unauthenticated = Self(rawValue: 16)

  /// Every code that gRPC defines, in order of number.
  public static let allKnown: [Self] = (0...16).map { Self(rawValue: $0) }

  /// The code's name in gRPC's documents, as `NOT_FOUND`, or `CODE_99` where there is none.
  public var name: String {
    Self.names.indices.contains(Int(rawValue)) ? Self.names[Int(rawValue)] : "CODE_\(rawValue)"
  }

  /// The code with this name in gRPC's documents.
  public init?(name: String) {
    guard let index = Self.names.firstIndex(of: name) else { return nil }
    self.init(rawValue: Int32(index))
  }

  private static let names = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
    "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",
    "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"
  ]
}

extension RPCStatusCode: CustomStringConvertible {
  public var description: String { name }
}
