/// Shows on a terminal how far long work is.
package struct ProgressBar {
  private let sink: (any OutputSink)?
  private let label: String
  private let total: Int64?
  private let now: @Sendable () -> ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant?
  private var isDrawn = false

  /// A bar on `sink`; shows nothing where that is no terminal.
  ///
  /// - Parameter total: What stands for all of the work; nil where nobody knows.
  package init(
    _ label: String, total: Int64?, sink: any OutputSink, isQuiet: Bool,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.sink = sink.isTerminal && !isQuiet ? sink : nil
    self.label = label
    self.total = total
    self.now = now
  }

  /// Shows how much is done, at most ten times a second.
  package mutating func update(done: Int64, note: @autoclosure () -> String) throws {
    guard let sink else { return }
    let time = now()
    if let lastDrawn, time - lastDrawn < .milliseconds(100) { return }
    lastDrawn = time
    isDrawn = true
    try sink.write("\r" + line(done: done, note: note(), columns: sink.columns ?? 80) + "\u{1B}[K")
  }

  /// Takes the bar away.
  package mutating func finish() throws {
    guard let sink, isDrawn else { return }
    isDrawn = false
    try sink.write("\r\u{1B}[K")
  }

  /// The bar's line in a terminal of this width.
  package func line(done: Int64, note: String, columns: Int) -> String {
    guard let total, total > 0 else {
      return DisplayWidth.truncate("\(label)  \(note)", to: columns - 1)
    }
    let fraction = min(1, max(0, Double(done) / Double(total)))
    let percent = String(Int(fraction * 100))
    let figures = String(repeating: " ", count: 3 - percent.count) + percent + "%"
    let room = columns - 1 - DisplayWidth.of(label) - DisplayWidth.of(note) - 10
    guard room >= 8 else {
      return DisplayWidth.truncate("\(label)  \(figures)  \(note)", to: columns - 1)
    }
    let width = min(room, 40)
    let filled = Int(fraction * Double(width))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    return "\(label)  \(bar)  \(figures)  \(note)"
  }
}
