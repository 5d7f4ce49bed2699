/// One step of a schema's history: a numbered SQL file.
///
/// Forward only: what a step did is undone by a later step. The text must not hold BEGIN, COMMIT or
/// statements that cannot run in a transaction.
public struct Migration: Hashable, Sendable {
  /// The place in the history, from 1. Gaps are allowed.
  public var number: Int
  /// What the step is about: the file name between number and `.sql`.
  public var name: String
  public var sql: String

  /// A step from its parts.
  public init(number: Int, name: String, sql: String) {
    self.number = number
    self.name = name
    self.sql = sql
  }

  /// Reads a file's name: `0007_patient_tags.sql` is step 7, "patient_tags".
  public init(fileName: String, contents: String) throws(MigrationError) {
    let base = fileName.split(separator: "/").last ?? ""
    let parts = base.split(separator: "_", maxSplits: 1)
    guard base.hasSuffix(".sql"), parts.count == 2, let number = Int(parts[0]), number > 0 else {
      throw .badFileName(fileName)
    }
    self.init(number: number, name: String(parts[1].dropLast(4)), sql: contents)
  }
}
