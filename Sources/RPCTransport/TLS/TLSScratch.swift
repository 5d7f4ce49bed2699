internal import NIOCore
internal import NIOPosix

/// Buffers that the connections of one thread take turns to use, so that a record costs no
/// allocation as long as nobody keeps its bytes.
final class TLSScratch {
  /// What is kept for reuse at most, in bytes of one buffer.
  private static let maximumCapacity = 256 << 10

  private var plaintext: ByteBuffer?
  private var ciphertext: ByteBuffer?
  private var gathered: ByteBuffer?

  // Each thread only ever sees its own value.
  private nonisolated(unsafe) static let perThread = ThreadSpecificVariable<TLSScratch>()

  /// The buffers of the current thread.
  static var current: TLSScratch {
    if let scratch = self.perThread.currentValue { return scratch }
    let scratch = TLSScratch()
    self.perThread.currentValue = scratch
    return scratch
  }

  /// Which of the buffers.
  enum Use {
    case plaintext, ciphertext, gathered
  }

  /// Takes an empty buffer of some capacity out; a nested taker gets a new one.
  @inline(__always)
  func take(_ use: Use, capacity: Int) -> ByteBuffer {
    let kept: ByteBuffer?
    switch use {
    case .plaintext: kept = self.plaintext.take()
    case .ciphertext: kept = self.ciphertext.take()
    case .gathered: kept = self.gathered.take()
    }
    guard var buffer = kept else { return ByteBufferAllocator().buffer(capacity: capacity) }
    // If somebody kept the bytes this allocates; nobody's bytes are ever overwritten.
    buffer.clear(minimumCapacity: capacity)
    return buffer
  }

  /// Puts a buffer back for the next taker.
  @inline(__always)
  func put(_ buffer: consuming ByteBuffer, _ use: Use) {
    guard buffer.capacity <= Self.maximumCapacity else { return }
    switch use {
    case .plaintext: self.plaintext = buffer
    case .ciphertext: self.ciphertext = buffer
    case .gathered: self.gathered = buffer
    }
  }
}
