/// What a postmaster says of itself in `postmaster.pid`, the lock file of a cluster.
struct PostmasterFile: Sendable, Equatable {
  /// Its process id.
  var processID: Int32
  /// The folder of its Unix socket; nil where it is not written yet.
  var socketDirectory: String?
  /// It takes connections.
  var isReady: Bool

  /// Reads the file's text: line 1 is the process id (negative for a stand-alone backend), line 5
  /// the socket's folder, line 8 the state. The file is written piece by piece, so that lines may be missing.
  init?(text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first, let id = Int32(first.filter { !$0.isWhitespace }) else {
      return nil
    }
    processID = id.magnitude <= UInt32(Int32.max) ? abs(id) : 0
    socketDirectory = lines.count > 5 && !lines[4].isEmpty ? String(lines[4]) : nil
    isReady = lines.count > 7 && lines[7].hasPrefix("ready")
  }

  /// Reads the file of a cluster, or nil where there is none.
  init?(cluster: String) {
    guard let text = Files.text(cluster + "/postmaster.pid") else { return nil }
    self.init(text: text)
  }
}
