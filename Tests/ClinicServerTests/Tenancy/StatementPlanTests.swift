import ClinicContracts
import Foundation
import Logging
import PostgresClient
import ProtobufRuntime
import Testing

@testable import ClinicServer

@Suite("Plans of the statements")
struct StatementPlanTests {
  /// The statements of every slice that touches tables of clinics.
  static let statements: [SQLStatement] = [
    ApiKeyStatements.all, AppointmentSeriesStatements.all, AppointmentStatements.all,
    AppointmentTypeStatements.all, AvailabilityStatements.all, CalendarFeedStatements.all,
    ChangeLog.all, CompanyStatements.all, DashboardStatements.all, FollowUpStatements.all,
    NoteStatements.all, PatientStatements.all, QuotaStatements.all, ResourceStatements.all,
    RoleStatements.all, ServiceAccountStatements.all, SessionStatements.all, StaffStatements.all,
    TenancyStatements.all, WaitlistStatements.all, WebhookStatements.all
  ].flatMap { $0 }

  /// One node of a plan that reads a table or an index.
  private struct Read {
    let kind: String
    let table: String
    let condition: String
  }

  @Test("every statement of the sources is looked at here, under a name of its own")
  func complete() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/ClinicServer")
    let files = try #require(
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var named: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let source = try String(contentsOf: file, encoding: .utf8)
      for match in source.matches(of: /SQLStatement\((?:pointRead: )?\s*"([a-z_.]+)"/) {
        #expect(named.insert(String(match.1)).inserted, "\(match.1) twice")
      }
    }
    // Keys of the platform, timers and the look at the database itself touch no clinic's tables.
    named = named.filter {
      !$0.hasPrefix("keys.") && !$0.hasPrefix("timers.")
        && !$0.hasPrefix("health.")
    }
    #expect(named == Set(Self.statements.map(\.name)))
  }

  @Test(
    "a statement that answers several calls at once begins with the key that tells their rows apart",
    arguments: statements.filter { $0.many != nil })
  func keys(_ statement: SQLStatement) throws {
    let many = try #require(statement.many)
    let key = try #require(many.text.firstMatch(of: /([a-z]+\.id) = any\(\$2::uuid\[\]\)/)?.1)
    #expect(many.text.hasPrefix("select \(key), "))
    #expect(statement.text.contains("\(key) = $2::uuid"))
  }

  /// The queries that are put together from filters, in the forms that differ in what they read.
  private static func lists() throws -> [(name: String, text: String)] {
    let (company, id) = (UUID(), UUID())
    let text = id.uuidString.lowercased()
    let time = Timestamp(seconds: 1_800_000_000)
    let place = PageCursor([.integer(1_800_000_000), .uuid(id)])
    let patients: [(PatientFilter, PatientOrder, PageCursor?)] = [
      (PatientFilter(), .name, nil),
      (PatientFilter(familyNamePrefix: "Gar"), .name, PageCursor([.text("garcia"), .uuid(id)])),
      (PatientFilter(tags: ["diabetes"], sex: .female), .createTimeDesc, place),
      (PatientFilter(bornFrom: ClinicContracts::Date(year: 1980)), .birthDate, place)
    ]
    let appointments = [
      AppointmentFilter(), AppointmentFilter(fromTime: time, untilTime: time),
      AppointmentFilter(resourceID: text), AppointmentFilter(patientID: text),
      AppointmentFilter(appointmentTypeID: text, statuses: [.booked])
    ]
    let followUps = [
      FollowUpFilter(), FollowUpFilter(mine: true), FollowUpFilter(patientID: text),
      FollowUpFilter(assigneeRoleID: text, overdue: true)
    ]
    let changes = [
      ChangeFilter(), ChangeFilter(recordTypes: ["patient"]), ChangeFilter(recordID: text),
      ChangeFilter(accountID: text, fromTime: time, untilTime: time)
    ]
    var queries: [(String, SQLQuery)] = []
    for (filter, order, cursor) in patients {
      let query = try PatientListQuery(companyID: company, filter: filter, order: order)
      queries.append(("patients by \(order)", try query.page(after: cursor, limit: 50)))
      queries.append(("all patients", query.everything()))
    }
    for filter in [
      NoteFilter(), NoteFilter(patientID: text), NoteFilter(appointmentID: text)
    ] {
      let query = try NoteListQuery(companyID: company, filter: filter)
      queries.append(("notes", try query.page(after: PageCursor([.uuid(id)]), limit: 50)))
    }
    for filter in appointments {
      for isDescending in [false, true] {
        let query = try AppointmentListQuery(
          companyID: company, filter: filter, isDescending: isDescending)
        queries.append(("appointments", try query.page(after: place, limit: 50)))
      }
    }
    for filter in followUps {
      let query = try FollowUpListQuery(companyID: company, accountID: id, filter: filter)
      queries.append(("follow-ups", try query.page(after: place, limit: 50)))
    }
    for filter in changes {
      let query = try ChangeListQuery(companyID: company, filter: filter, isOldestFirst: true)
      queries.append(
        ("changes", try query.page(after: PageCursor([.integer(7)]), limit: 50)))
    }
    return queries.map { ("list of \($0.0): \($0.1.text)", $0.1.text) }
  }

  /// Who a statement is planned for.
  enum Planner: CaseIterable {
    /// The server, whom row security confines: its policy adds the company to what a statement says.
    case server
    /// Somebody whom it does not: what confines the plan is what the statement says itself.
    case superuser
  }

  @Test(
    "every read of a clinic's table goes through an index that begins with the company",
    arguments: Planner.allCases)
  func plans(_ planner: Planner) async throws {
    let server = try await ClinicTestServer.shared.running()
    let owners = try await Self.tablesOfIndexes(server)
    let tenantTables = Set(owners.values)
    var configuration = PostgresConfiguration(
      connectionString: planner == .server ? server.application : server.superuser)
    configuration.sharedConnections = 0
    let client = try PostgresClient(
      configuration: configuration,
      logger: Logger(label: "plans", factory: { _ in SwiftLogNoOpLogHandler() }))
    try client.start()
    var seen: Set<String> = []
    let statements =
      (Self.statements + Self.statements.compactMap(\.many)).map { (name: $0.name, text: $0.text) }
      + (try Self.lists())
    for statement in statements {
      do {
        let plan = try await client.withConnection {
          if planner == .superuser { try await $0.query("set enable_seqscan = off") }
          return try await Self.plan(of: statement.text, $0)
        }
        for read in Self.reads(in: plan, owners: owners) where tenantTables.contains(read.table) {
          seen.insert(read.table)
          #expect(read.kind != "Seq Scan", "\(statement.name) reads all of \(read.table)")
          #expect(
            read.kind == "Seq Scan" || read.condition.contains("company_id"),
            "\(statement.name) on \(read.table): \(read.kind) by \(read.condition)")
        }
      } catch {
        Issue.record("\(statement.name): \(error)")
      }
    }
    await client.shutdown()
    // The plans were understood: only the logs are written without being read.
    #expect(tenantTables.subtracting(seen).isSubset(of: ["change_heads", "changes", "reads"]))
  }

  /// Which table of clinics an index belongs to.
  private static func tablesOfIndexes(
    _ server: ClinicTestServer.Running
  ) async throws -> [String: String] {
    let rows = try await server.inspect(
      """
      select i.relname::text, c.relname::text from pg_index x
      join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
      join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'clinic' and exists (select from pg_policy p where p.polrelid = c.oid)
      """)
    return Dictionary(
      uniqueKeysWithValues: try (0..<rows.count).map {
        try rows[$0].decode(String.self, String.self)
      })
  }

  /// The plan for any parameters, as the server would keep it.
  private static func plan(
    of text: String, _ connection: PostgresConnection
  ) async throws -> Any {
    let numbers = text.matches(of: /\$(\d+)/).compactMap { Int($0.1) }
    let nulls = Array(repeating: "null", count: numbers.max() ?? 0).joined(separator: ", ")
    let arguments = nulls.isEmpty ? "" : "(\(nulls))"
    try await connection.query("set plan_cache_mode = force_generic_plan")
    try await connection.query(SQLQuery(raw: "prepare plan_test as \(text)"))
    let rows = try await connection.query(
      SQLQuery(raw: "explain (format json, costs off) execute plan_test\(arguments)"))
    try await connection.query("deallocate plan_test")
    let plan = try rows[0].decode(0, as: PostgresJSON.self).text
    return try JSONSerialization.jsonObject(with: Data(plan.utf8))
  }

  private static func reads(in plan: Any, owners: [String: String]) -> [Read] {
    if let list = plan as? [Any] { return list.flatMap { reads(in: $0, owners: owners) } }
    guard let node = plan as? [String: Any] else { return [] }
    var found = node.values.flatMap { reads(in: $0, owners: owners) }
    if let kind = node["Node Type"] as? String {
      let index = node["Index Name"] as? String
      let table = index.flatMap { owners[$0] } ?? node["Relation Name"] as? String
      if let table, kind == "Seq Scan" || index != nil {
        found.append(
          Read(kind: kind, table: table, condition: node["Index Cond"] as? String ?? "nothing"))
      }
    }
    return found
  }
}
