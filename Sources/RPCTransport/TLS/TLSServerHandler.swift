/// The server's end of TLS; the first handler of an accepted connection.
package final class TLSServerHandler: TLSHandler {
  /// Makes the handler of one connection.
  ///
  /// - Throws: ``TLSError`` if OpenSSL is out of memory.
  package init(
    context: TLSServerContext, limits: TLSConnectionLimits = TLSConnectionLimits()
  ) throws(TLSError) {
    super.init(session: try TLSSession(server: context), limits: limits)
  }
}
