import FoundationEssentials
import PostgresClient
import Testing

@Suite("Values")
struct ValueRoundTripTests {
  /// A Swift value and the PostgreSQL expression for the same value.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Binds the value and compares it with the expression on the server.
    let isEncoded: @Sendable (PostgresClient) async throws -> Bool
    /// Reads the expression and compares it with the value.
    let isDecoded: @Sendable (PostgresClient) async throws -> Bool

    init<Value: PostgresEncodable & PostgresDecodable & Equatable>(
      _ expression: String, _ value: Value
    ) {
      testDescription = "\(Value.self) \(expression)"
      isEncoded = { client in
        let rows = try await client.query(
          "select \(value) is not distinct from \(raw: expression)")
        return try rows[0].decode(0, as: Bool.self)
      }
      isDecoded = { client in
        let rows = try await client.query("select \(raw: expression)")
        return try rows[0].decode(0, as: Value.self) == value
      }
    }
  }

  static let uuid = "0190a000-1111-7222-8333-444455556666"

  static let cases: [Case] = [
    Case("true", true),
    Case("false", false),
    Case("null::boolean", Bool?.none),
    Case("(-32768)::int2", Int16.min),
    Case("2147483647::int4", Int32.max),
    Case("(-9223372036854775807 - 1)::int8", Int64.min),
    Case("42::int8", 42),
    Case("1.5::float4", Float(1.5)),
    Case("'-Infinity'::float8", -Double.infinity),
    Case("0.1::float8", 0.1),
    Case("''::text", ""),
    Case("'Zoë Ångström 李 🏥'::text", "Zoë Ångström 李 🏥"),
    Case("null::text", String?.none),
    Case("'\(uuid)'::uuid", UUID(uuidString: uuid)),
    Case("'\\x00ff10'::bytea", [UInt8]([0, 255, 16])),
    Case("''::bytea", [UInt8]()),
    Case("array['a', '', 'c,\"d\"']::text[]", ["a", "", "c,\"d\""]),
    Case("array[]::text[]", [String]()),
    Case("array['a', null]::text[]", ["a", nil] as [String?]),
    Case("array['\(uuid)']::uuid[]", [UUID(uuidString: uuid)]),
    Case("array[1, -1]::int4[]", [Int32(1), -1]),
    Case("array[1, 2]::int8[]", [1, 2]),
    Case("array[true, false]::boolean[]", [true, false]),
    Case("array['\\x01'::bytea, ''::bytea]", [[UInt8(1)], []] as [[UInt8]]),
    Case("array[0.5, 2]::float8[]", [0.5, 2.0]),
    Case("'2000-01-01T00:00:00Z'::timestamptz", PostgresTimestamp(microseconds: 0)),
    Case(
      "'1969-12-31T23:59:59.999999Z'::timestamptz",
      PostgresTimestamp(unixSeconds: -1, nanoseconds: 999_999_000)),
    Case("'infinity'::timestamptz", PostgresTimestamp.infinity),
    Case(
      "'2024-02-29 13:14:15.5'::timestamp",
      PostgresLocalTimestamp(
        date: PostgresDate(year: 2024, month: 2, day: 29) ?? PostgresDate(days: 0),
        time: PostgresTime(microseconds: 47_655_500_000))),
    Case("'2024-02-29'::date", PostgresDate(year: 2024, month: 2, day: 29)),
    Case("'0001-01-01'::date", PostgresDate(year: 1, month: 1, day: 1)),
    Case("'9999-12-31'::date", PostgresDate(year: 9999, month: 12, day: 31)),
    Case("array['1900-03-01']::date[]", [PostgresDate(year: 1900, month: 3, day: 1)]),
    Case("'24:00'::time", PostgresTime(microseconds: 86_400_000_000)),
    Case(
      "'1 year 2 days 3.5 s'::interval",
      PostgresInterval(months: 12, days: 2, microseconds: 3_500_000)),
    Case("'{\"a\": [1, 2]}'::jsonb", PostgresJSON("{\"a\": [1, 2]}")),
    Case("0::numeric", PostgresNumeric("0")),
    Case("-12.340::numeric", PostgresNumeric("-12.340")),
    Case("0.00001::numeric", PostgresNumeric("0.00001")),
    Case("10000.0001::numeric", PostgresNumeric("10000.0001")),
    Case(
      "123456789012345678901234567890::numeric",
      PostgresNumeric("123456789012345678901234567890")),
    Case("'NaN'::numeric", PostgresNumeric("NaN")),
    Case("array[1.5, 2]::numeric[]", [PostgresNumeric("1.5"), PostgresNumeric("2")])
  ]

  @Test("bind and read as the server understands them", arguments: cases)
  func roundTrip(_ value: Case) async throws {
    try await Fixture.withClient(Self.database()) { client in
      let (isEncoded, isDecoded) = try await (value.isEncoded(client), value.isDecoded(client))
      #expect(isEncoded && isDecoded)
    }
  }

  @Test("integers read narrower and wider columns as far as they fit")
  func integerWidths() async throws {
    try await Fixture.withClient(Self.database()) { client in
      let row = try await client.query("select 7::int2, 70000::int4, 5000000000::int8")[0]
      #expect(try row.decode(0, as: Int64.self) == 7)
      #expect(try row.decode(1, as: Int.self) == 70_000)
      #expect(throws: PostgresDecodingError.self) { try row.decode(2, as: Int32.self) }
      #expect(throws: PostgresDecodingError.self) { try row.decode(1, as: Int16.self) }
    }
  }

  @Test("strings read enums, names, json and fixed-width text")
  func stringSources() async throws {
    try await Fixture.withClient { client in
      try await client.query("create type mood as enum ('good', 'bad')")
      let row = try await client.query(
        """
        select 'good'::mood, 'n'::name, '{"a": 1}'::json, '{"a": 1}'::jsonb, 'EUR'::char(3)
        """)[0]
      let texts = try (0..<5).map { column throws in try row.decode(column, as: String.self) }
      #expect(texts == ["good", "n", "{\"a\": 1}", "{\"a\": 1}", "EUR"])
    }
  }

  @Test("a NUL in a string is refused by the server, not cut")
  func embeddedNUL() async throws {
    try await Fixture.withClient(Self.database()) { client in
      try await client.waitUntilAvailable()
      await #expect(throws: PostgresError.self) { try await client.query("select \("a\0b")") }
    }
  }

  @Test("calendar days agree with the server over four centuries")
  func calendar() async throws {
    try await Fixture.withClient(Self.database()) { client in
      let rows = try await client.query(
        """
        select day, extract(year from day)::int4, extract(month from day)::int4,
          extract(day from day)::int4
        from (select date '1800-01-01' + n * 13 as day from generate_series(0, 11300) n) days
        """)
      for row in rows {
        let (date, year, month, day) = try row.decode(
          PostgresDate.self, Int.self, Int.self, Int.self)
        #expect(date.components == (year, month, day))
        #expect(PostgresDate(year: year, month: month, day: day) == date)
      }
    }
  }

  @Test(
    "impossible days and numbers are refused",
    arguments: [(2023, 2, 29), (1900, 2, 29), (2024, 13, 1), (2024, 4, 31), (0, 1, 1), (2024, 1, 0)]
  )
  func impossibleDays(_ year: Int, _ month: Int, _ day: Int) {
    #expect(PostgresDate(year: year, month: month, day: day) == nil)
    #expect(PostgresNumeric("1e5") == nil)
    #expect(PostgresNumeric("") == nil)
    #expect(PostgresNumeric("--1") == nil)
  }

  private static func database() async throws -> String {
    try await SharedDatabase.plain.connectionString()
  }
}
