internal import COpenSSL
internal import Synchronization

/// Tickets a client received, by server name; those of TLS 1.3 are used once (RFC 8446 §C.4).
final class TLSSessionCache: Sendable {
  /// The number of servers whose tickets are kept.
  static let maximumNames = 64
  /// The number of tickets kept for one server.
  static let maximumTickets = 4

  private let tickets = Mutex<[String: [Ticket]]>([:])

  /// One `SSL_SESSION`; owns one reference to it.
  ///
  /// `@unchecked Sendable`: OpenSSL counts references to it atomically and nobody changes it.
  private final class Ticket: @unchecked Sendable {
    let pointer: OpaquePointer
    init(owning pointer: OpaquePointer) { self.pointer = pointer }
    deinit { SSL_SESSION_free(self.pointer) }
  }

  /// Keeps a ticket, taking over the reference.
  func store(_ session: OpaquePointer, for name: String) {
    let ticket = Ticket(owning: session)
    self.tickets.withLock { tickets in
      if tickets.count >= Self.maximumNames, tickets[name] == nil {
        tickets.removeAll()
      }
      var list = tickets[name] ?? []
      if list.count >= Self.maximumTickets { list.removeFirst() }
      list.append(ticket)
      tickets[name] = list
    }
  }

  /// Lets a new connection resume with the newest ticket.
  func resume(_ session: OpaquePointer, for name: String) {
    let ticket = self.tickets.withLock { tickets in
      guard let newest = tickets[name]?.last else { return nil as Ticket? }
      if SSL_SESSION_get_protocol_version(newest.pointer) != TLS1_2_VERSION {
        tickets[name]?.removeLast()
      }
      return newest
    }
    guard let ticket, SSL_SESSION_is_resumable(ticket.pointer) == 1 else { return }
    // On failure the connection merely makes a full handshake.
    if SSL_set_session(session, ticket.pointer) != 1 { OpenSSLErrorQueue.clear() }
  }

  /// OpenSSL's callback for a received ticket; the connection's data is its unretained
  /// ``TLSSession``.
  static let newSessionCallback: @convention(c) (OpaquePointer?, OpaquePointer?) -> CInt = {
    pointer, session in
    guard let pointer, let session, let data = COpenSSL_SSL_get_app_data(pointer) else { return 0 }
    let owner = Unmanaged<TLSSession>.fromOpaque(data).takeUnretainedValue()
    guard let name = owner.serverName else { return 0 }
    owner.context.sessions.store(session, for: name)
    return 1
  }
}
