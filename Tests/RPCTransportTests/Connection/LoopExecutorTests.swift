import FixtureContracts
import NIOCore
import NIOEmbedded
import NIOPosix
import ProtobufRuntime
import RPCCore
import Synchronization
import Testing

@testable import RPCTransport

@Suite("Executor of an event loop", .timeLimit(.minutes(1)))
struct LoopExecutorTests {
  @Test("runs tasks and their children on its loop")
  func onLoop() async {
    let loop = TestServer.clients.next()
    let executor = LoopExecutor(eventLoop: loop)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask(executorPreference: executor) {
          #expect(loop.inEventLoop)
          await Task.yield()
          #expect(loop.inEventLoop)
          async let child = loop.inEventLoop
          #expect(await child)
          try? await Task.sleep(for: .milliseconds(1))
          #expect(loop.inEventLoop)
        }
      }
    }
  }

  @Test("flushes once for all that a turn wrote")
  func flushes() async throws {
    let executor = LoopExecutor(eventLoop: TestServer.clients.next())
    let flushes = Flushes()
    try await executor.eventLoop.submit {
      for _ in 0..<3 {
        Task(executorPreference: executor) {
          if flushes.note() { executor.flushLater(flushes) }
        }
      }
    }.get()
    try await eventually { flushes.counts == [3] }
  }

  @Test("ends a turn once for all its tasks, before what they wrote leaves")
  func endings() async throws {
    let executor = LoopExecutor(eventLoop: TestServer.clients.next())
    let order = Order()
    let flushes = Flushes { order.note("flush") }
    try await executor.eventLoop.submit {
      for number in 1...3 {
        Task(executorPreference: executor) {
          order.note("task \(number)")
          if flushes.note() { executor.flushLater(flushes) }
          guard number == 1 else { return }
          let isInTurn = LoopExecutor.atEndOfTurn { order.note("end") }
          #expect(isInTurn)
        }
      }
    }.get()
    try await eventually { flushes.counts == [3] }
    #expect(order.notes == ["task 1", "task 2", "task 3", "end", "flush"])
  }

  @Test("knows of no turn on its loop outside of one, and on other threads")
  func noTurn() async throws {
    let executor = LoopExecutor(eventLoop: TestServer.clients.next())
    await Task(executorPreference: executor) {}.value
    let isInTurn = try await executor.eventLoop.submit { LoopExecutor.atEndOfTurn {} }.get()
    #expect(!isInTurn)
    #expect(!LoopExecutor.atEndOfTurn {})
  }

  @Test("tasks that keep yielding do not keep the loop from its other work")
  func yielding() async throws {
    let executor = LoopExecutor(eventLoop: TestServer.clients.next())
    let task = Task(executorPreference: executor) {
      while !Task.isCancelled { await Task.yield() }
    }
    for _ in 0..<10 { try await executor.eventLoop.submit {}.get() }
    task.cancel()
    await task.value
  }

  @Test("calls that are read together are answered in one write")
  func oneWrite() throws {
    let loop = EmbeddedEventLoop()
    var router = Router()
    router.register(EchoHandler())
    let connection = ServerConnection(
      executor: LoopExecutor(eventLoop: loop), router: router, limits: ServerLimits(),
      peer: PeerInfo(address: "test"), logger: TestServer.logger,
      refusals: RefusalLog(logger: TestServer.logger))
    let channel = EmbeddedChannel(handler: connection, loop: loop)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    var frames: [Frame] = []
    for id in 1...10 as ClosedRange<UInt32> {
      frames += [.call(EchoService.Methods.echo, id), try .message(EchoRequest(text: "\(id)"), id)]
    }
    try channel.writeInbound(ByteBuffer(bytes: frames.bytes))
    loop.run()
    let written = try #require(try channel.readOutbound(as: ByteBuffer.self))
    #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
    var decoder = FrameDecoder(limits: FrameLimits(client: ClientLimits()))
    decoder.append(written)
    var texts: [String] = []
    while let frame = try decoder.next() {
      guard frame.header.kind == .message else { continue }
      texts.append(try EchoResponse(serializedBytes: frame.payloadBytes).text)
    }
    #expect(texts == (1...10).map(String.init))
    _ = try channel.finish()
  }
}

/// What happened, in order.
private final class Order: Sendable {
  private let kept = Mutex<[String]>([])

  var notes: [String] { kept.withLock { $0 } }

  func note(_ event: String) { kept.withLock { $0.append(event) } }
}

/// Counts what was written at each flush.
private final class Flushes: Flushable, Sendable {
  private let state = Mutex((written: 0, counts: [Int]()))
  private let onFlush: @Sendable () -> Void

  init(onFlush: @escaping @Sendable () -> Void = {}) { self.onFlush = onFlush }

  var counts: [Int] { state.withLock { $0.counts } }

  /// Notes a write. Returns whether it is the first since the last flush.
  func note() -> Bool {
    state.withLock { state in
      state.written += 1
      return state.written == 1
    }
  }

  func flushNow() {
    onFlush()
    state.withLock { state in
      state.counts.append(state.written)
      state.written = 0
    }
  }
}
