/// How much a decoder takes on before it refuses a message.
public struct DecodingLimits: Hashable, Sendable {
  /// The most levels of messages inside messages, as protobuf's own 100. Range 1 to 1,000.
  public var depth: Int

  /// The most bytes of scratch memory that one message may take while it is decoded. The decoded
  /// value takes memory in proportion to it. Range 64 KiB to 2 GiB.
  public var memoryBudget: Int

  /// - Parameters:
  ///   - depth: The most levels of messages inside messages, 1 to 1,000.
  ///   - memoryBudget: The most bytes of scratch memory, 64 KiB to 2 GiB.
  public init(depth: Int = 100, memoryBudget: Int = 64 << 20) {
    precondition((1...1_000).contains(depth), "depth is 1 to 1,000")
    precondition((64 << 10...2 << 30).contains(memoryBudget), "memoryBudget is 64 KiB to 2 GiB")
    self.depth = depth
    self.memoryBudget = memoryBudget
  }

  /// 100 levels and 64 MiB.
  public static let `default` = DecodingLimits()
}
