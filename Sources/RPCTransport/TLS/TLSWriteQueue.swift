internal import NIOCore

/// Plaintext on its way out: written, then flushed, then taken to be encrypted.
struct TLSWriteQueue {
  struct Write {
    var buffer: ByteBuffer
    var promise: EventLoopPromise<Void>?
  }

  private var writes = CircularBuffer<Write>(initialCapacity: 2)
  /// How many of the writes were flushed.
  private(set) var flushedCount = 0
  /// Bytes of all the writes.
  private(set) var byteCount = 0

  mutating func append(_ buffer: ByteBuffer, promise: EventLoopPromise<Void>?) {
    self.byteCount += buffer.readableBytes
    self.writes.append(Write(buffer: buffer, promise: promise))
  }

  mutating func flush() {
    self.flushedCount = self.writes.count
  }

  /// Whether the first write is best encrypted where it lies: it is alone, or fills a record by
  /// itself.
  var isFirstEncryptedInPlace: Bool {
    self.flushedCount == 1
      || self.writes[self.writes.startIndex].buffer.readableBytes
        >= TLSSession.maximumRecord
  }

  /// Takes the first flushed write out.
  mutating func takeFirst() -> Write {
    self.flushedCount -= 1
    let write = self.writes.removeFirst()
    self.byteCount -= write.buffer.readableBytes
    return write
  }

  /// Puts back the rest of a write that was encrypted in part.
  mutating func putBack(_ write: Write) {
    self.flushedCount += 1
    self.byteCount += write.buffer.readableBytes
    self.writes.prepend(write)
  }

  /// Copies flushed writes together until a record is full.
  ///
  /// - Returns: a promise for the last byte of all writes that are now wholly in `record`.
  mutating func gather(into record: inout ByteBuffer, limit: Int) -> EventLoopPromise<Void>? {
    var promise: EventLoopPromise<Void>?
    while self.flushedCount > 0, record.readableBytes < limit {
      var write = self.takeFirst()
      let space = limit - record.readableBytes
      if write.buffer.readableBytes > space {
        let part = write.buffer.readableBytesView.prefix(space)
        record.writeBytes(part)
        write.buffer.moveReaderIndex(forwardBy: space)
        self.putBack(write)
        break
      }
      record.writeBuffer(&write.buffer)
      guard let next = write.promise else { continue }
      if let promise {
        promise.futureResult.cascade(to: next)
      } else {
        promise = next
      }
    }
    return promise
  }

  /// Fails and forgets what was written but not flushed.
  mutating func failUnflushed(_ error: any Error) {
    while self.writes.count > self.flushedCount {
      let write = self.writes.removeLast()
      self.byteCount -= write.buffer.readableBytes
      write.promise?.fail(error)
    }
  }

  /// Fails and forgets everything.
  mutating func failAll(_ error: any Error) {
    let writes = self.writes
    self.writes = CircularBuffer(initialCapacity: 2)
    self.flushedCount = 0
    self.byteCount = 0
    for write in writes { write.promise?.fail(error) }
  }
}
