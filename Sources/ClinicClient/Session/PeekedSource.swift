internal import ProtobufRuntime
internal import RPCCore
internal import Synchronization

/// The replies of a call whose first one was read already.
final class PeekedSource<Element: Message>: MessageSource {
  private let first: Mutex<Element?>
  private let isEmpty: Bool
  private let rest: ResponseStream<Element>

  init(first: Element?, rest: ResponseStream<Element>) {
    self.first = Mutex(first)
    isEmpty = first == nil
    self.rest = rest
  }

  func receive<M: Message>(_ type: M.Type) async throws -> M? {
    let first = first.withLock { first in
      defer { first = nil }
      return first
    }
    if let first { return first as? M }
    return isEmpty ? nil : try await rest.next() as? M
  }
}
