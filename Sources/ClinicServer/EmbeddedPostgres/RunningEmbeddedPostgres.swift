/// Finds the embedded database of a server that runs, for commands that act beside it.
package enum RunningEmbeddedPostgres {
  /// Where the cluster of a data folder listens; nil where there is none or it does not take
  /// connections now. Peer authentication decides who gets in.
  package static func endpoint(
    dataDirectory: String, database: String = "clinic"
  ) -> PostgresEndpoint? {
    guard let cluster = Files.realPath(Files.absolutePath(dataDirectory) + "/postgres"),
      let file = PostmasterFile(cluster: cluster), file.isReady,
      ProcessTable.isPostgres(file.processID, of: cluster), let directory = file.socketDirectory
    else { return nil }
    return PostgresEndpoint(socketDirectory: directory, port: 5432, database: database)
  }
}
