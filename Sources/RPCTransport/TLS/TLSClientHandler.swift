/// The client's end of TLS; the first handler of an outgoing connection.
package final class TLSClientHandler: TLSHandler {
  /// Makes the handler of one connection.
  ///
  /// - Parameter serverName: the DNS name or IP address that the server's certificate must be made
  ///   out to.
  /// - Throws: ``TLSError`` with the code `configuration` if the name cannot be one.
  package init(
    context: TLSClientContext, serverName: String,
    limits: TLSConnectionLimits = TLSConnectionLimits()
  ) throws(TLSError) {
    super.init(
      session: try TLSSession(client: context, serverName: serverName), limits: limits)
  }
}
