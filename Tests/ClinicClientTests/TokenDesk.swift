import ClinicContracts
import ProtobufRuntime
import RPCCore
import Synchronization

/// The part of a server that gives out tokens: rotates refresh tokens and notices a second use.
final class TokenDesk: Sendable {
  struct State {
    var generation = 0
    var refreshes = 0
    var isOver = false
    /// When access tokens end, in seconds since 1970.
    var expiry: Int64 = .max
  }

  let state = Mutex(State())

  var refreshes: Int { state.withLock { $0.refreshes } }
  var generation: Int { state.withLock { $0.generation } }

  /// Gives out the next pair of tokens.
  func issue() -> Credentials {
    state.withLock { state in
      state.generation += 1
      return Self.credentials(state)
    }
  }

  /// Exchanges a refresh token; the second use of one ends the session.
  func refresh(_ token: String) throws -> Credentials {
    try state.withLock { state in
      guard !state.isOver, token == "refresh-\(state.generation)" else {
        state.isOver = true
        throw RPCError.unauthenticated("The session is over", reason: "TOKEN_REUSED")
      }
      state.generation += 1
      state.refreshes += 1
      return Self.credentials(state)
    }
  }

  /// Refuses all but the access token that was given out last.
  func check(_ token: String) throws {
    try state.withLock { state in
      guard !state.isOver, token == "access-\(state.generation)" else {
        throw RPCError.unauthenticated("The token is not valid", reason: "TOKEN_INVALID")
      }
    }
  }

  /// Makes the tokens that were given out worthless, as when the server's key changes.
  func invalidateAccessToken() {
    state.withLock { $0.generation += 1 }
  }

  private static func credentials(_ state: State) -> Credentials {
    Credentials(
      accessToken: "access-\(state.generation)",
      accessTokenExpireTime: state.expiry == .max ? nil : Timestamp(seconds: state.expiry),
      refreshToken: "refresh-\(state.generation)")
  }
}
