/// What an operation of OpenSSL came to.
enum TLSOutcome {
  /// It is done.
  case done
  /// It goes on when more bytes arrive.
  case needsMore
  /// The peer sent its close_notify: nothing more will come.
  case peerClosed
  /// The connection is of no more use; an alert may have been written.
  case failed(TLSError)
}
