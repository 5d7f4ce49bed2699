import FixtureContracts
import ProtobufRuntime
import RPCCore
import Synchronization

/// Serves the fixture's echo service as its requests ask for, and notes what happens.
final class EchoHandler: EchoService.Handler {
  struct Notes {
    var started = 0
    var finished = 0
    var cancelled = 0
    var requestIDs: [String] = []
    var deadlines: [Duration] = []
    var replies = 0
  }

  private let notes = Mutex(Notes())

  /// Reads the notes.
  func noted<Result: Sendable>(_ read: (Notes) -> Result) -> Result {
    notes.withLock { read($0) }
  }

  func echo(_ request: EchoRequest, context: CallContext) async throws -> EchoResponse {
    try await note(context) {
      try await self.obey(request)
      if request.text == "who am I" {
        return EchoResponse(text: "\(context.peer.address) \(context.authorization)")
      }
      return EchoResponse(text: request.text, payload: request.payload)
    }
  }

  func expand(
    _ request: EchoRequest, responses: ResponseWriter<EchoResponse>, context: CallContext
  ) async throws {
    try await note(context) {
      for index in 0..<max(1, request.count) {
        try await self.obey(request)
        try await responses.write(
          EchoResponse(text: request.text, payload: request.payload, index: index))
        self.notes.withLock { $0.replies += 1 }
      }
    }
  }

  func collect(
    _ requests: RequestStream<EchoRequest>, context: CallContext
  ) async throws -> EchoResponse {
    try await note(context) {
      var text = ""
      var count: UInt32 = 0
      for try await request in requests {
        try await self.obey(request)
        text += request.text
        count += 1
      }
      return EchoResponse(text: text, index: count)
    }
  }

  func chat(
    _ requests: RequestStream<EchoRequest>, responses: ResponseWriter<EchoResponse>,
    context: CallContext
  ) async throws {
    try await note(context) {
      for try await request in requests {
        try await self.obey(request)
        for index in 0..<max(1, request.count) {
          try await responses.write(
            EchoResponse(text: request.text, payload: request.payload, index: index))
        }
      }
    }
  }

  func ping(_ request: ProtoEmpty, context: CallContext) async throws -> ProtoEmpty { request }

  func `import`(_ request: EchoRequest, context: CallContext) async throws -> EchoResponse {
    throw UnknownFailure(secret: request.text)
  }

  func oldEcho(_ request: EchoRequest, context: CallContext) async throws -> EchoResponse {
    EchoResponse()
  }

  private func obey(_ request: EchoRequest) async throws {
    if request.delayMs > 0 { try await Task.sleep(for: .milliseconds(Int(request.delayMs))) }
    if request.failWithCode > 0 {
      throw RPCError(
        code: RPCStatusCode(rawValue: Int32(request.failWithCode)), message: "as asked",
        reason: "AS_ASKED", metadata: ["text": request.text])
    }
  }

  private func note<Result>(
    _ context: CallContext, _ body: () async throws -> Result
  ) async throws -> Result {
    notes.withLock {
      $0.started += 1
      $0.requestIDs.append(context.requestID)
      $0.deadlines.append(context.deadline.remaining)
    }
    do {
      let result = try await body()
      notes.withLock { $0.finished += 1 }
      return result
    } catch {
      notes.withLock { if Task.isCancelled { $0.cancelled += 1 } }
      throw error
    }
  }
}

/// An error that no layer knows.
struct UnknownFailure: Error {
  let secret: String
}

/// Waits until a condition holds; the test's time limit ends a wait that never does.
func eventually(_ condition: () -> Bool) async throws {
  while !condition() { try await Task.sleep(for: .milliseconds(2)) }
}
