internal import Glibc
internal import Logging

/// Clears away what an earlier life left of a cluster: a postmaster whose clinicd was killed, server
/// processes whose postmaster was killed, and lock files of processes that are gone.
///
/// A postmaster that still runs is stopped, not adopted: as a child of ours it is supervised without
/// polling, and it runs with the settings of this version. A fast shutdown takes well under a
/// second. Only the holder of the data folder's lock may do this.
struct LeftoverPostgres: Sendable {
  var cluster: String
  var socketPath: String
  var logger: Logger

  /// How long each way of asking is given.
  var patience = Duration.seconds(20)

  /// Stops the cluster's processes and removes its lock files.
  func clear() async throws(ServerStartupError) {
    if let file = PostmasterFile(cluster: cluster),
      ProcessTable.isPostgres(file.processID, of: cluster)
    {
      logger.notice(
        "stopping the PostgreSQL that an earlier clinicd left",
        metadata: ["pid": "\(file.processID)"])
      await send(SIGINT, orUntilGone: { [file.processID] })
    }
    // Processes without their postmaster see its death and leave by themselves: wait first.
    await waitUntilGone(.seconds(2))
    for signal in [SIGQUIT, SIGKILL] {
      await send(signal, orUntilGone: { ProcessTable.postgresProcesses(of: cluster) })
    }
    let stubborn = ProcessTable.postgresProcesses(of: cluster)
    guard stubborn.isEmpty else {
      throw ServerStartupError(
        .postgresFailed,
        """
        Processes of an earlier PostgreSQL still work on \(cluster) and do not end: \
        \(stubborn.map(String.init).joined(separator: ", ")).
        """)
    }
    // No process of the cluster is left, so these files hold ids of the dead, of zombies, or of
    // strangers who got the same id. PostgreSQL would refuse to start over the latter two.
    for path in [cluster + "/postmaster.pid", socketPath, socketPath + ".lock"] {
      unlink(path)
    }
  }

  private func send(_ signal: Int32, orUntilGone processes: () -> [Int32]) async {
    let running = processes()
    guard !running.isEmpty else { return }
    for id in running { kill(id, signal) }
    await waitUntilGone(patience)
  }

  private func waitUntilGone(_ limit: Duration) async {
    let end = ContinuousClock.now.advanced(by: limit)
    while ContinuousClock.now < end, !ProcessTable.postgresProcesses(of: cluster).isEmpty {
      guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return }
    }
  }
}
