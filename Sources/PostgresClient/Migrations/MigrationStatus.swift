/// Where a database stands in a program's migrations.
public struct MigrationStatus: Hashable, Sendable {
  /// One applied step as the database recorded it.
  public struct Applied: Hashable, Sendable {
    public var number: Int
    public var name: String
    /// SHA-256 of the file, in hexadecimal.
    public var checksum: String
    public var appliedAt: PostgresTimestamp
  }

  /// Everything the database has, by number.
  public var applied: [Applied] = []
  /// Steps that the database lacks, by number.
  public var pending: [Migration] = []
  /// Numbers of applied steps whose file has changed since.
  public var edited: [Int] = []
  /// Numbers of applied steps that this program does not know: a newer program was here.
  public var unknown: [Int] = []

  /// The status of a database that has nothing: nothing applied, nothing pending.
  public init() {}

  /// Pending steps with a smaller number than an applied one.
  public var outOfOrder: [Int] {
    let last = applied.last?.number ?? 0
    return pending.map(\.number).filter { $0 < last }
  }
}
