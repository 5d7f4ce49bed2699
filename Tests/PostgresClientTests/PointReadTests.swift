import Foundation
import PostgresClient
import Testing

@Suite("Point reads that share a batch")
struct PointReadTests {
  private static let enter = SQLStatement("point.enter", "select clinic.enter($1)")
  /// Waits while a test holds calls back.
  private static let pass = SQLStatement(
    "point.pass", "select pg_advisory_xact_lock_shared(1)::text")
  private static let keys = SQLStatement("point.keys", "select n, id from clinic.t order by n")
  /// A row, what is added to its number, and whether the statement reads several.
  private static let get = SQLStatement(pointRead: "point.get", by: "$2") { isKey in
    """
    select id, n, company_id, $1::int8, \(isKey.contains("any")) from clinic.t where id \(isKey)
    """
  }
  private static let divide = SQLStatement(pointRead: "point.divide", by: "$1") { isKey in
    "select id, 100 / (n - 3) from clinic.t where id \(isKey)"
  }

  @Test("give each call the row of its key, or none, in fewer statements than calls")
  func rows() async throws {
    try await Self.withClient { client in
      let companies = TenantDatabase.companies
      let keys = [
        try await Self.keys(of: companies[0], client), try await Self.keys(of: companies[1], client)
      ]
      let merged = try await Self.gathered(600, of: companies, client) { number in
        let own = number % 2
        // Some keys several times, some of the other clinic, some of nobody.
        let (key, expected): (UUID, Int?) =
          switch number % 7 {
          case 0: (keys[1 - own][number % 10], nil)
          case 1: (UUID(), nil)
          default: (keys[own][number % 10], number % 10 + 1)
          }
        let added = number % 3
        let rows = try await client.query(
          Self.get(added, key), after: Self.enter(companies[own]), readOnly: true)
        #expect(rows.count == (expected == nil ? 0 : 1))
        #expect(rows.affectedRows == rows.count)
        guard let row = rows.first else { return false }
        let (id, n, company, seen, isMerged) = try row.decode(
          UUID.self, Int32.self, UUID.self, Int.self, Bool.self)
        #expect(id == key && Int(n) == expected && company == companies[own] && seen == added)
        return isMerged
      }
      #expect(merged > 100)
    }
  }

  @Test("of which one fails fail for its caller alone")
  func failure() async throws {
    try await Self.withClient { client in
      let company = TenantDatabase.companies[0]
      let keys = try await Self.keys(of: company, client)
      _ = try await Self.gathered(60, of: [company], client) { number in
        let n = number % 10 + 1
        do {
          let rows = try await client.query(
            Self.divide(keys[n - 1]), after: Self.enter(company), readOnly: true)
          #expect(try rows[0].decode(1, as: Int32.self) == Int32(100 / (n - 3)))
        } catch let error as PostgresError {
          #expect(n == 3 && error.sqlState.rawValue == "22012")
          #expect(error.statement == "point.divide" && error.statementIndex == 1)
        }
        return true
      }
    }
  }

  @Test("find nothing by NULL")
  func null() async throws {
    try await Self.withClient { client in
      let company = TenantDatabase.companies[0]
      let key = try await Self.keys(of: company, client)[0]
      _ = try await Self.gathered(40, of: [company], client) { number in
        let wanted = number % 2 == 0 ? key : nil
        let rows = try await client.query(
          Self.get(0, wanted), after: Self.enter(company), readOnly: true)
        #expect(rows.count == (wanted == nil ? 0 : 1))
        return true
      }
    }
  }

  @Test("are planned once, however many keys they have")
  func plans() async throws {
    try await Self.withClient { client in
      let company = TenantDatabase.companies[0]
      let keys = try await Self.keys(of: company, client)
      for round in 1...12 {
        let count = 2 + round % 9
        let merged = try await Self.gathered(count, of: [company], client) { number in
          let rows = try await client.query(
            Self.get(0, keys[number]), after: Self.enter(company), readOnly: true)
          return try rows[0].decode(4, as: Bool.self)
        }
        #expect(merged == count)
      }
      let plans = try await client.query(
        """
        select custom_plans, generic_plans from pg_prepared_statements \
        where statement like '%any($2::uuid[])%'
        """)
      let (custom, generic) = try plans[0].decode(Int.self, Int.self)
      // Five at first to compare with.
      #expect(custom == 5 && generic >= 7)
    }
  }

  // MARK: Parts

  private static func withClient(_ body: (PostgresClient) async throws -> Void) async throws {
    try await Fixture.withClient(
      try await TenantDatabase.make(), configure: { $0.sharedConnections = 1 }
    ) { client in
      try await client.waitUntilAvailable()
      try await body(client)
    }
  }

  private static func keys(of company: UUID, _ client: PostgresClient) async throws -> [UUID] {
    try await client.query(keys(), after: enter(company), readOnly: true)
      .map { try $0.decode(1, as: UUID.self) }
  }

  /// Runs calls that gather while the clinics have under way as much as they may. Returns how many
  /// said yes.
  private static func gathered(
    _ count: Int, of companies: [UUID], _ client: PostgresClient,
    _ call: @escaping @Sendable (_ number: Int) async throws -> Bool
  ) async throws -> Int {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      try await client.withConnection { connection in
        try await connection.query("select pg_advisory_lock(1)")
        for company in companies + companies {
          group.addTask {
            // Two statements, so that they do not share a batch.
            _ = try await client.pipeline(
              [pass(), pass()], after: enter(company), readOnly: true)
            return false
          }
        }
        try await Fixture.eventually { client.metrics.sharedInFlight == 2 * companies.count }
        for number in 0..<count { group.addTask { try await call(number) } }
        try await Fixture.eventually { client.metrics.sharedQueued == count }
        try await connection.query("select pg_advisory_unlock(1)")
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
  }
}
