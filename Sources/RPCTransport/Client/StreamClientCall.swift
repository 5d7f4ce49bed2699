internal import DequeModule
internal import NIOCore
internal import ProtobufRuntime
internal import RPCCore
internal import Synchronization

/// A call of any number of requests or replies.
///
/// Sendable: what it adds to its base is guarded by its lock.
final class StreamClientCall: ClientCall, @unchecked Sendable {
  private struct State {
    var machine: ClientCallStateMachine
    /// Replies that were not read.
    var inbox = Deque<ByteBuffer>()
    /// A caller that waits for a reply.
    var reader: (ticket: Ticket, continuation: UnsafeContinuation<ByteBuffer?, any Error>)?
    /// Requests that wait for credit.
    var parked = Deque<Parked>()
    /// What the call ended with.
    var error: RPCError?
  }

  private struct Parked {
    let ticket: Ticket
    let bytes: ByteBuffer
    let continuation: UnsafeContinuation<Void, any Error>
  }

  /// Tells one waiting caller from another.
  private final class Ticket: Sendable {}

  private let connection: ClientConnection
  private let state: Mutex<State>

  init(
    method: MethodDescriptor, deadline: Deadline, options: CallOptions,
    connection: ClientConnection
  ) {
    self.connection = connection
    self.state = Mutex(State(machine: ClientCallStateMachine(kind: method.kind)))
    super.init(method: method, deadline: deadline, options: options)
  }

  /// Gives up the call, if it has not ended.
  func cancel() {
    if state.withLock({ !$0.machine.isEnded }) { connection.cancel(self) }
  }

  // MARK: Events, on the loop

  override func receive(_ message: ByteBuffer) -> ConnectionError? {
    let length = message.readableBytes
    let (broken, reader, credit) = state.withLock { state in
      if let broken = state.machine.receiveMessage(length: length) {
        return (
          broken as ConnectionError?, nil as UnsafeContinuation<ByteBuffer?, any Error>?,
          nil as UInt32?
        )
      }
      guard let reader = state.reader else {
        state.inbox.append(message)
        return (nil, nil, nil)
      }
      state.reader = nil
      return (nil, reader.continuation, state.machine.consume(length: length))
    }
    reader?.resume(returning: message)
    if let credit { connection.write { $0.writeCredit(credit, callID: id) } }
    return broken
  }

  override func receiveCredit(_ bytes: UInt32) -> ConnectionError? {
    var sent: [Parked] = []
    let broken = state.withLock { state -> ConnectionError? in
      if let broken = state.machine.receiveCredit(bytes) { return broken }
      while let next = state.parked.first {
        guard state.machine.send(length: next.bytes.readableBytes) != .wait else { break }
        sent.append(state.parked.removeFirst())
      }
      // Written under the lock: requests leave in the order in which they were sent.
      if !sent.isEmpty {
        connection.write { output in
          for request in sent {
            request.bytes.withUnsafeReadableBytes {
              output.writeFrame(.message, callID: id, payload: $0)
            }
          }
        }
      }
      return nil
    }
    for request in sent { request.continuation.resume() }
    return broken
  }

  override func end(_ error: RPCError?) {
    let (reader, parked) = state.withLock { state in
      _ = state.machine.end()
      state.error = error
      defer {
        if error != nil || state.inbox.isEmpty { state.reader = nil }
        state.parked = []
      }
      return (state.reader?.continuation, state.parked)
    }
    if let reader {
      if let error { reader.resume(throwing: error) } else { reader.resume(returning: nil) }
    }
    for request in parked {
      if let error {
        request.continuation.resume(throwing: error)
      } else {
        request.continuation.resume()
      }
    }
  }
}

extension StreamClientCall: MessageSource {
  func receive<M: Message>(_ type: M.Type) async throws -> M? {
    guard let bytes = try await nextReply() else { return nil }
    return try M(reply: bytes)
  }

  private func nextReply() async throws -> ByteBuffer? {
    let (reply, isOver, error) = state.withLock { state in
      (state.inbox.popFirst(), state.machine.isEnded, state.error)
    }
    if let reply {
      grantCredit(for: reply)
      return reply
    }
    if isOver {
      if let error { throw error }
      return nil
    }
    let ticket = Ticket()
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { wait(ticket, $0) }
    } onCancel: {
      let reader = state.withLock { state -> UnsafeContinuation<ByteBuffer?, any Error>? in
        guard let reader = state.reader, reader.ticket === ticket else { return nil }
        state.reader = nil
        return reader.continuation
      }
      reader?.resume(throwing: RPCError.cancelled())
    }
  }

  private func wait(_ ticket: Ticket, _ continuation: UnsafeContinuation<ByteBuffer?, any Error>) {
    let result = state.withLock { state -> Result<ByteBuffer?, RPCError>? in
      if let reply = state.inbox.popFirst() { return .success(reply) }
      if state.machine.isEnded { return state.error.map { .failure($0) } ?? .success(nil) }
      // A cancellation from here on waits for the lock, and finds the reader.
      if Task.isCancelled { return .failure(.cancelled()) }
      if state.reader != nil {
        return .failure(RPCError(code: .internal, message: "Two tasks read one stream"))
      }
      state.reader = (ticket, continuation)
      return nil
    }
    guard let result else { return }
    if case .success(let reply?) = result { grantCredit(for: reply) }
    continuation.resume(with: result.mapError { $0 as any Error })
  }

  private func grantCredit(for reply: ByteBuffer) {
    let credit = state.withLock { $0.machine.consume(length: reply.readableBytes) }
    if let credit { connection.write { $0.writeCredit(credit, callID: id) } }
  }
}

extension StreamClientCall: MessageSink {
  func send<M: Message>(_ message: M) async throws {
    let bytes = try message.frameable()
    guard bytes.readableBytes <= connection.limits.messageBytes else {
      throw RPCError.requestTooLarge(bytes.readableBytes, limit: connection.limits.messageBytes)
    }
    let step = state.withLock { state -> ClientCallStateMachine.OnSend in
      state.parked.isEmpty ? sendNow(bytes, &state) : .wait
    }
    switch step {
    case .send: return
    case .drop: try throwEnding()
    case .wait: try await park(bytes)
    }
  }

  func finish() {
    state.withLock { state in
      guard state.machine.endRequests() else { return }
      connection.write { $0.writeFrame(.message, flags: [.end, .bare], callID: id) }
    }
  }

  /// Sends a request if there is credit. Under the lock, so that requests leave in order.
  private func sendNow(_ bytes: ByteBuffer, _ state: inout State) -> ClientCallStateMachine.OnSend {
    let step = state.machine.send(length: bytes.readableBytes)
    if step == .send {
      connection.write { output in
        bytes.withUnsafeReadableBytes { output.writeFrame(.message, callID: id, payload: $0) }
      }
    }
    return step
  }

  /// Requests after the end of a call: its error, or nothing where it ended well.
  private func throwEnding() throws {
    if let error = state.withLock({ $0.error }) { throw error }
  }

  private func park(_ bytes: ByteBuffer) async throws {
    let ticket = Ticket()
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        let result = state.withLock { state -> Result<Void, RPCError>? in
          // A cancellation from here on waits for the lock, and finds the request parked.
          if Task.isCancelled { return .failure(.cancelled()) }
          if state.parked.isEmpty {
            switch sendNow(bytes, &state) {
            case .send: return .success(())
            case .drop: return state.error.map { .failure($0) } ?? .success(())
            case .wait: break
            }
          }
          state.parked.append(Parked(ticket: ticket, bytes: bytes, continuation: continuation))
          return nil
        }
        if let result { continuation.resume(with: result.mapError { $0 as any Error }) }
      }
    } onCancel: {
      let parked = state.withLock { state -> Parked? in
        guard let index = state.parked.firstIndex(where: { $0.ticket === ticket }) else {
          return nil
        }
        return state.parked.remove(at: index)
      }
      parked?.continuation.resume(throwing: RPCError.cancelled())
    }
  }
}
