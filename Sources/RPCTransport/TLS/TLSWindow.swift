internal import Glibc

/// The bytes that a connection's BIO reads and writes while one call of OpenSSL runs.
///
/// Input is lent, not copied: it points into the buffer that came from the socket. Output goes
/// straight into the buffer that will go to the socket, and what does not fit goes to a spill of
/// its own (handshake flights, alerts, key updates).
struct TLSWindow {
  var input: UnsafePointer<UInt8>?
  var inputCount = 0
  var output: UnsafeMutablePointer<UInt8>?
  var outputSpace = 0
  var outputCount = 0
  var spill: UnsafeMutablePointer<UInt8>?
  var spillCount = 0
  var spillCapacity = 0

  /// Takes up to `count` bytes of the lent input; 0 when there are none.
  @inline(__always)
  mutating func read(into destination: UnsafeMutablePointer<CChar>, count: Int) -> Int {
    guard let input = self.input, self.inputCount > 0 else { return 0 }
    let taken = min(count, self.inputCount)
    memcpy(destination, input, taken)
    self.input = input + taken
    self.inputCount -= taken
    return taken
  }

  /// Keeps all the bytes, in order.
  @inline(__always)
  mutating func write(_ source: UnsafePointer<CChar>, count: Int) -> Bool {
    if let output = self.output, self.spillCount == 0, count <= self.outputSpace - self.outputCount
    {
      memcpy(output + self.outputCount, source, count)
      self.outputCount += count
      return true
    }
    return self.spillOver(source, count: count)
  }

  private mutating func spillOver(_ source: UnsafePointer<CChar>, count: Int) -> Bool {
    let needed = self.spillCount + count
    if needed > self.spillCapacity {
      let capacity = max(needed, self.spillCapacity * 2)
      guard let grown = realloc(self.spill, capacity) else { return false }
      self.spill = grown.assumingMemoryBound(to: UInt8.self)
      self.spillCapacity = capacity
    }
    guard let spill = self.spill else { return false }
    memcpy(spill + self.spillCount, source, count)
    self.spillCount = needed
    return true
  }

  /// Gives the spill's memory back.
  mutating func releaseSpill() {
    free(self.spill)
    self.spill = nil
    self.spillCount = 0
    self.spillCapacity = 0
  }
}
