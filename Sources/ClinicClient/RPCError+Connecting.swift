internal import Glibc
internal import NIOCore
internal import NIOPosix
package import RPCCore
internal import RPCTransport

extension RPCError {
  /// Why no connection could be made, in a few words for people; nil for any other failure.
  package var connectProblem: String? {
    guard let failure = cause as? ConnectFailure else { return nil }
    return Self.words(for: failure.underlying)
  }

  private static func words(for error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if let attempt = error.connectionErrors.first { return words(for: attempt.error) }
      return "there is no host \(error.host)"
    case let error as IOError:
      return String(cString: strerror(error.errnoCode))
    case let error as TLSError:
      return error.message
    case ChannelError.connectTimeout:
      return "it takes too long to connect"
    default:
      return "\(error)"
    }
  }
}
