internal import CProtobufC

/// The chunks of an `Arena` and the place where its next allocation goes.
@usableFromInline
struct ArenaState {
  /// Heads a chunk; its memory follows.
  fileprivate struct Chunk {
    var next: UnsafeMutablePointer<Chunk>?
    let size: Int
  }

  /// A place to return to.
  struct Mark {
    fileprivate let chunk: UnsafeMutablePointer<Chunk>
    fileprivate let cursor: UnsafeMutableRawPointer
    fileprivate let end: UnsafeMutableRawPointer
    fileprivate let remaining: Int
    fileprivate let isExhausted: Bool
    fileprivate let isOutermost: Bool
  }

  /// The first chunk's size, and the most that a thread keeps between calls, in bytes.
  private static let firstSize = 64 << 10
  private static let keptSize = 1 << 20

  let allocator: UnsafeMutablePointer<ProtobufCAllocator>
  private(set) var isExhausted = false
  private let first: UnsafeMutablePointer<Chunk>
  private var chunk: UnsafeMutablePointer<Chunk>
  private var cursor: UnsafeMutableRawPointer
  private var end: UnsafeMutableRawPointer
  /// Bytes that this scope may still take from further chunks.
  private var remaining = 0
  private var nesting = 0

  init(owner: UnsafeMutablePointer<ArenaState>) {
    first = Self.makeChunk(Self.firstSize)
    chunk = first
    cursor = Self.memory(first)
    end = cursor + Self.firstSize
    allocator = .allocate(capacity: 1)
    allocator.initialize(
      to: ProtobufCAllocator(
        alloc: { data, size in
          data?.assumingMemoryBound(to: ArenaState.self).pointee.allocate(size)
        },
        free: { _, _ in }, allocator_data: owner))
  }

  mutating func destroy() {
    var next: UnsafeMutablePointer<Chunk>? = first
    while let chunk = next {
      next = chunk.pointee.next
      UnsafeMutableRawPointer(chunk).deallocate()
    }
    allocator.deallocate()
  }

  @inline(__always)
  mutating func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    // Sizes of sane requests only: a negative or absurd one goes the slow way and fails there.
    let rounded = (size &+ 7) & ~7
    if rounded >= 0, rounded <= end - cursor {
      let result = cursor
      cursor += rounded
      return result
    }
    return allocateInNextChunk(rounded)
  }

  /// Begins a scope that may take `budget` bytes.
  mutating func begin(budget: Int) -> Mark {
    let mark = Mark(
      chunk: chunk, cursor: cursor, end: end, remaining: remaining, isExhausted: isExhausted,
      isOutermost: nesting == 0)
    nesting += 1
    isExhausted = false
    // A scope within another one is not held to the other's budget, only to its own.
    let chunkEnd = Self.memory(chunk) + chunk.pointee.size
    let granted = min(budget, chunkEnd - cursor)
    end = cursor + granted
    remaining = budget - granted
    return mark
  }

  mutating func release(to mark: Mark) {
    nesting -= 1
    chunk = mark.chunk
    cursor = mark.cursor
    end = mark.end
    remaining = mark.remaining
    isExhausted = mark.isExhausted
    if mark.isOutermost {
      end = Self.memory(chunk) + chunk.pointee.size
      trim()
    }
  }

  @inline(never)
  private mutating func allocateInNextChunk(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= 0, size <= remaining else {
      isExhausted = true
      return nil
    }
    if let next = chunk.pointee.next, next.pointee.size >= size {
      chunk = next
    } else {
      // A chunk that is too small for this stays in the list behind the new one.
      let added = Self.makeChunk(max(size, min(chunk.pointee.size * 2, 16 << 20)))
      added.pointee.next = chunk.pointee.next
      chunk.pointee.next = added
      chunk = added
    }
    let granted = min(remaining, chunk.pointee.size)
    remaining -= granted
    cursor = Self.memory(chunk) + size
    end = Self.memory(chunk) + granted
    return Self.memory(chunk)
  }

  /// Frees what lies past the kept size, so that one large message does not hold memory for good.
  private mutating func trim() {
    guard first.pointee.next != nil else { return }
    var last = first
    var total = first.pointee.size
    while let next = last.pointee.next {
      total += next.pointee.size
      if total > Self.keptSize {
        last.pointee.next = nil
        var dead: UnsafeMutablePointer<Chunk>? = next
        while let chunk = dead {
          dead = chunk.pointee.next
          UnsafeMutableRawPointer(chunk).deallocate()
        }
        return
      }
      last = next
    }
  }

  private static func makeChunk(_ size: Int) -> UnsafeMutablePointer<Chunk> {
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: MemoryLayout<Chunk>.stride + size, alignment: 16)
    let chunk = raw.assumingMemoryBound(to: Chunk.self)
    chunk.initialize(to: Chunk(next: nil, size: size))
    return chunk
  }

  @inline(__always)
  private static func memory(_ chunk: UnsafeMutablePointer<Chunk>) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(chunk) + MemoryLayout<Chunk>.stride
  }
}
