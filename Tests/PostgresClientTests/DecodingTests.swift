import FoundationEssentials
import PostgresClient
import Testing

@Suite("Rows")
struct DecodingTests {
  /// What a wrong way of reading a row must report.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let reason: PostgresDecodingError.Reason
    let column: String
    let read: @Sendable (PostgresRow) throws -> Void
  }

  static let cases = [
    Case(testDescription: "NULL as String", reason: .unexpectedNull, column: "nothing") {
      _ = try $0.decode(0, as: String.self)
    },
    Case(testDescription: "text as Int", reason: .typeMismatch, column: "word") {
      _ = try $0.decode(1, as: Int.self)
    },
    Case(testDescription: "int8 as Int16", reason: .outOfRange, column: "big") {
      _ = try $0.decode(2, as: Int16.self)
    },
    Case(testDescription: "int8 as UUID", reason: .typeMismatch, column: "big") {
      _ = try $0.decode("big", as: UUID.self)
    },
    Case(testDescription: "no such column", reason: .noSuchColumn, column: "") {
      _ = try $0.decode(4, as: Int.self)
    },
    Case(testDescription: "no such name", reason: .noSuchColumn, column: "none") {
      _ = try $0.decode("none", as: Int.self)
    },
    Case(testDescription: "too few types", reason: .columnCount, column: "list") {
      _ = try $0.decode(String?.self, String.self, Int.self)
    },
    Case(testDescription: "nested arrays", reason: .typeMismatch, column: "list") {
      _ = try $0.decode(3, as: [Int32].self)
    }
  ]

  @Test("wrong reads name the column and the reason, never the value", arguments: cases)
  func errors(_ wrong: Case) async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database) { client in
      let rows = try await client.query(
        """
        select null::text as nothing, 'secret' as word, 70000000000::int8 as big,
          '{{1,2},{3,4}}'::int4[] as list
        """)
      let error = #expect(throws: PostgresDecodingError.self) { try wrong.read(rows[0]) }
      #expect(error?.reason == wrong.reason && error?.columnName == wrong.column)
      #expect(error.map { !"\($0)".contains("secret") } == true)
    }
  }

  @Test("rows outlive their client")
  func rowsOutlive() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    let rows = try await Fixture.withClient(database) { client in
      try await client.query("select n, n::text as word from generate_series(1, 3) n")
    }
    #expect(rows.columnNames == ["n", "word"] && rows.affectedRows == 3)
    let words = try rows.map { row throws in try row.decode("word", as: String.self) }
    #expect(words == ["1", "2", "3"])
  }

  @Test("errors carry the constraint less its shard number, and print no values")
  func errorFields() async throws {
    try await Fixture.withClient { client in
      try await client.query(
        "create table people (name text, constraint people_name_key_102008 unique (name))")
      let error = await #expect(throws: PostgresError.self) {
        try await client.pipeline([
          "insert into people values ('Jane Doe')", "insert into people values ('Jane Doe')"
        ])
      }
      #expect(error?.sqlState == .uniqueViolation && error?.table == "people")
      #expect(error?.constraint == "people_name_key")
      #expect(error?.fullConstraintName == "people_name_key_102008")
      #expect(error?.detail?.contains("Jane Doe") == true)
      #expect(error.map { "\($0)".contains("Jane") } == false)
    }
  }
}
