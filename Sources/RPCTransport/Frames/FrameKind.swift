/// What a frame is. The numbers are those of PROTOCOL.md.
package enum FrameKind: UInt8, Sendable, CaseIterable {
  /// Opens a call; client to server.
  case call = 1
  /// A message of a call.
  case message = 2
  /// Ends a call; server to client.
  case status = 3
  /// Gives up a call; client to server.
  case cancel = 4
  /// Lets the other side of a call send more.
  case credit = 5
  /// Asks for a sign of life.
  case ping = 6
  /// Gives a sign of life.
  case pong = 7
  /// Announces the end of the connection.
  case goAway = 8

  /// Whether the frame belongs to the connection and not to a call.
  var isConnectionLevel: Bool { rawValue >= FrameKind.ping.rawValue }
}
