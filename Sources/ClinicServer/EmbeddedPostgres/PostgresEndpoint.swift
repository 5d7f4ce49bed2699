/// Where an embedded PostgreSQL listens.
package struct PostgresEndpoint: Sendable, Hashable {
  /// The folder of its Unix socket.
  package var socketDirectory: String

  /// The number in the socket's name. There is no TCP port.
  package var port: Int

  /// The database made with the cluster.
  package var database: String

  /// The longest socket path that Linux takes, in bytes.
  static let longestSocketPath = 107

  /// The file names that PostgreSQL makes in the socket folder.
  static func socketName(port: Int) -> String { ".s.PGSQL.\(port)" }

  /// The socket.
  var socketPath: String { socketDirectory + "/" + Self.socketName(port: port) }

  /// A connection string of libpq's keyword form, for a role.
  package func connectionString(user: String, database: String? = nil) -> String {
    [
      ("host", socketDirectory), ("port", "\(port)"), ("user", user),
      ("dbname", database ?? self.database)
    ]
    .map { "\($0)='\(Self.quoted($1))'" }.joined(separator: " ")
  }

  /// A connection URL, for a role: `postgresql://clinic_app@%2Fsrv%2Frun:5432/clinic`.
  package func url(user: String, database: String? = nil) -> String {
    let host = Self.percentEncoded(socketDirectory)
    let name = Self.percentEncoded(database ?? self.database)
    return "postgresql://\(Self.percentEncoded(user))@\(host):\(port)/\(name)"
  }

  private static func quoted(_ value: String) -> String {
    String(value.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] })
  }

  private static func percentEncoded(_ value: String) -> String {
    var text = ""
    for byte in value.utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII
        && (scalar.properties.isAlphabetic || "0123456789-._~".unicodeScalars.contains(scalar))
      {
        text.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += byte < 16 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return text
  }
}
