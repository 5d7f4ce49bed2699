/// A reason for which the server cannot start, told to the operator: it ends the process and never
/// crosses the wire.
package struct ServerStartupError: Error, Sendable {
  /// What kind of reason it is. Open: cases may be added.
  package struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Wrapped: String {
      case invalidConfiguration, dataDirectoryInUse, dataDirectoryUnusable
      case postgresMissing, postgresFailed, databaseUnusable, addressUnusable
    }

    private let wrapped: Wrapped

    /// A setting is missing, malformed or at odds with another one.
    package static let invalidConfiguration = Code(wrapped: .invalidConfiguration)
    /// Another server works on the data folder.
    package static let dataDirectoryInUse = Code(wrapped: .dataDirectoryInUse)
    /// The data folder cannot be made, written or entered, or holds something else.
    package static let dataDirectoryUnusable = Code(wrapped: .dataDirectoryUnusable)
    /// The PostgreSQL programs that the embedded database needs are not installed.
    package static let postgresMissing = Code(wrapped: .postgresMissing)
    /// The embedded database could not be made or started.
    package static let postgresFailed = Code(wrapped: .postgresFailed)
    /// The database is unreachable, behind its migrations, or edited by hand.
    package static let databaseUnusable = Code(wrapped: .databaseUnusable)
    /// The address to listen on is taken or not ours.
    package static let addressUnusable = Code(wrapped: .addressUnusable)

    package var description: String { wrapped.rawValue }
  }

  /// What kind of reason it is.
  package var code: Code

  /// What is wrong and what to do about it, in sentences for the operator.
  package var message: String

  /// What went wrong underneath, where that is known.
  package var cause: (any Error)?

  /// Makes an error.
  package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// The exit code of the process, as sysexits.h names them: 78 configuration, 75 try again later,
  /// 73 cannot create, 69 service unavailable.
  package var exitCode: Int32 {
    switch code {
    case .invalidConfiguration: 78
    case .dataDirectoryInUse: 75
    case .dataDirectoryUnusable: 73
    default: 69
    }
  }
}

extension ServerStartupError: CustomStringConvertible {
  package var description: String {
    guard let cause else { return message }
    return "\(message) (\(cause))"
  }
}
