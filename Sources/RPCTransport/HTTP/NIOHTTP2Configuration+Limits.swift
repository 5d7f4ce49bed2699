internal import NIOHTTP2
internal import RPCCore

extension NIOHTTP2Handler.Configuration {
  /// What a caller of HTTP/2 can make a server spend.
  init(limits: ServerLimits) {
    self.init()
    // Streams that nobody reads fill their windows, and all of them together the connection's share.
    let window = min(max(65_535, limits.connectionBytes / limits.callsPerConnection), 262_144)
    connection.initialSettings = [
      HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.callsPerConnection),
      HTTP2Setting(parameter: .maxHeaderListSize, value: limits.headerBytes),
      HTTP2Setting(parameter: .initialWindowSize, value: window)
    ]
    connection.targetWindowSize = 4 * window
    connection.maximumRecentlyResetStreams = limits.callsPerConnection
    connection.maximumBufferedControlFrames = 1_000
    // Callers that measure their path send a PING for each burst of data; too many of them without
    // data are the business of ``PingPolicy``.
    connection.controlFrameRateLimit.maximumCount = 6_000
    stream.targetWindowSize = window
    stream.outboundBufferSizeHighWatermark = 65_536
    stream.outboundBufferSizeLowWatermark = 32_768
    // A hundred a second: a busy caller with short deadlines stays below, a rapid reset does not.
    stream.streamResetFrameRateLimit.maximumCount = 3_000
  }
}
