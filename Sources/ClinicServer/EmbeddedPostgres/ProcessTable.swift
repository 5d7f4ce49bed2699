/// Looks at the machine's processes through /proc.
enum ProcessTable {
  /// Whether a process runs: one that has ended and only waits for its parent (a zombie) does not,
  /// though `kill(id, 0)` finds it, which is what PostgreSQL itself goes by.
  static func isRunning(_ id: Int32) -> Bool {
    guard let state = state(of: id) else { return false }
    return state != "Z" && state != "X"
  }

  /// The state letter in `/proc/ID/stat`: it stands behind the last `)`, since the name before it
  /// may hold anything.
  static func state(of id: Int32) -> Character? {
    guard let text = Files.text("/proc/\(id)/stat"), let end = text.lastIndex(of: ")") else {
      return nil
    }
    return text[end...].dropFirst(2).first
  }

  /// Whether a running process is a PostgreSQL server process of a cluster. They all work in the
  /// cluster's folder; a shell that somebody left there has another name.
  static func isPostgres(_ id: Int32, of cluster: String) -> Bool {
    guard isRunning(id), let name = Files.text("/proc/\(id)/comm"),
      name.hasPrefix("postgres") || name.hasPrefix("postmaster")
    else { return false }
    return Files.linkTarget("/proc/\(id)/cwd") == cluster
  }

  /// The running server processes of a cluster.
  static func postgresProcesses(of cluster: String) -> [Int32] {
    Files.names(in: "/proc").compactMap { Int32($0) }.filter { isPostgres($0, of: cluster) }
  }
}
