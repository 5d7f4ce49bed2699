import Logging
import Synchronization

/// Keeps what a logger is told.
final class LogLines: Sendable {
  struct Line: Sendable {
    let level: Logger.Level
    let message: String
    let metadata: Logger.Metadata

    subscript(_ key: String) -> String? { metadata[key].map { "\($0)" } }
  }

  private let lines = Mutex<[Line]>([])

  /// The lines so far.
  var all: [Line] { lines.withLock { $0 } }

  /// A logger of the default level.
  var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

  private func append(_ line: Line) { lines.withLock { $0.append(line) } }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      lines.append(
        Line(
          level: event.level, message: "\(event.message)",
          metadata: metadata.merging(event.metadata ?? [:]) { $1 }))
    }
  }
}
