internal import CProtobufC
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Bump-pointer memory of one thread, lent to one codec call at a time (nested calls stack up).
///
/// libprotobuf-c allocates from it while it unpacks, and generated code while it packs. Nothing is
/// freed one by one: the whole scope is taken back at its end. A scope has a budget; past it,
/// allocation fails and libprotobuf-c gives up cleanly.
@usableFromInline
struct Arena {
  /// The state lives outside of the Swift heap so that C callbacks reach it without reference
  /// counting.
  @usableFromInline let state: UnsafeMutablePointer<ArenaState>

  /// Runs `body` with this thread's arena and takes all memory back at its end.
  static func withScope<R, E: Error>(
    budget: Int, _ body: (Arena) throws(E) -> R
  ) throws(E) -> R {
    let arena = current()
    let mark = arena.state.pointee.begin(budget: budget)
    defer { arena.state.pointee.release(to: mark) }
    return try body(arena)
  }

  /// Memory of `size` bytes, aligned to 8, or nil past the budget. Its content is undefined.
  @inline(__always)
  func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    state.pointee.allocate(size)
  }

  /// True once an allocation failed in this scope.
  var isExhausted: Bool { state.pointee.isExhausted }

  /// The allocator that libprotobuf-c calls.
  var allocator: UnsafeMutablePointer<ProtobufCAllocator> { state.pointee.allocator }

  private static func current() -> Arena {
    if let pointer = pthread_getspecific(threadKey) {
      return Arena(state: pointer.assumingMemoryBound(to: ArenaState.self))
    }
    let state = UnsafeMutablePointer<ArenaState>.allocate(capacity: 1)
    state.initialize(to: ArenaState(owner: state))
    pthread_setspecific(threadKey, state)
    return Arena(state: state)
  }

  /// Finds the thread's arena; the destructor frees it when the thread ends.
  private static let threadKey: pthread_key_t = {
    var key = pthread_key_t()
    let status = pthread_key_create(&key) { pointer in
      guard let state = pointer?.assumingMemoryBound(to: ArenaState.self) else { return }
      state.pointee.destroy()
      state.deinitialize(count: 1)
      state.deallocate()
    }
    precondition(status == 0, "no thread-local storage is left")
    return key
  }()
}
