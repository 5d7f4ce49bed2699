import CLibPQ
import Glibc

/// The parameter arrays that libpq wants, reused for every statement of the I/O thread.
struct ParameterScratch: ~Copyable {
  /// The protocol counts parameters in 16 bits.
  static let maximumCount = 65_535

  private(set) var capacity = 64
  private(set) var count = 0
  private(set) var signature: UInt64 = 0
  private(set) var types = UnsafeMutablePointer<Oid>.allocate(capacity: 64)
  private(set) var values = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: 64)
  private(set) var lengths = UnsafeMutablePointer<Int32>.allocate(capacity: 64)
  private(set) var formats = UnsafeMutablePointer<Int32>.allocate(capacity: 64)

  init() { formats.initialize(repeating: 1, count: 64) }

  deinit { release() }

  /// Points into `buffer`, which must outlive the use of the arrays.
  mutating func load(_ buffer: UnsafeRawBufferPointer, count: Int) {
    if count > capacity { grow(to: count) }
    self.count = count
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    var offset = 0
    for index in 0..<count {
      let type = UInt32(bigEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      let length = Int32(
        bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 4, as: Int32.self))
      offset += 8
      hash = (hash ^ UInt64(type)) &* 0x100_0000_01b3
      types[index] = type
      lengths[index] = max(length, 0)
      if length < 0 {
        values[index] = nil
      } else {
        // An empty value still needs a pointer: nil means NULL to libpq.
        values[index] = buffer.baseAddress.map {
          UnsafePointer(($0 + offset).assumingMemoryBound(to: CChar.self))
        }
        offset += Int(length)
      }
    }
    signature = hash
  }

  private mutating func grow(to count: Int) {
    release()
    capacity = count
    types = .allocate(capacity: count)
    values = .allocate(capacity: count)
    lengths = .allocate(capacity: count)
    formats = .allocate(capacity: count)
    formats.initialize(repeating: 1, count: count)
  }

  private func release() {
    types.deallocate()
    values.deallocate()
    lengths.deallocate()
    formats.deallocate()
  }
}
