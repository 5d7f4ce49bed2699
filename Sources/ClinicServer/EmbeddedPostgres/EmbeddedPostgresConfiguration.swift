/// What an embedded PostgreSQL is to be.
package struct EmbeddedPostgresConfiguration: Sendable {
  /// The server's data folder; the cluster is in `postgres` below it.
  package var dataDirectory: String

  /// The database that is made with the cluster.
  package var database: String

  /// The database roles that this process may log in as, without a password, over the cluster's
  /// socket. Only `postgres`, the superuser, exists in a new cluster.
  package var roles: [String]

  /// The folder of PostgreSQL's server programs; searched for where it is nil.
  package var binaryDirectory: String?

  /// The most connections, 10 to 1,000.
  package var maximumConnections: Int

  /// How long a start may take, recovery after a crash included.
  package var startLimit: Duration

  /// Makes a configuration.
  package init(
    dataDirectory: String,
    database: String = "clinic",
    roles: [String] = ["postgres", "clinic_owner", "clinic_app"],
    binaryDirectory: String? = nil,
    maximumConnections: Int = 60,
    startLimit: Duration = .seconds(600)
  ) {
    self.dataDirectory = dataDirectory
    self.database = database
    self.roles = roles
    self.binaryDirectory = binaryDirectory
    self.maximumConnections = maximumConnections
    self.startLimit = startLimit
  }
}
