import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import Logging
import PostgresClient
import ProtobufRuntime
import RPCCore
import TestSupport
import Testing

@Suite("Tenancy in the catalogue")
struct CatalogueTests {
  /// Every table of the schema that has rows of clinics.
  private func tenantTables(
    _ server: ClinicTestServer.Running
  ) async throws -> [(name: String, rows: PostgresRow)] {
    let rows = try await server.inspect(
      """
      select c.relname::text, c.relrowsecurity, c.relforcerowsecurity,
        (select count(*) from pg_policy p where p.polrelid = c.oid),
        coalesce((select pg_get_expr(p.polqual, p.polrelid) from pg_policy p
          where p.polrelid = c.oid limit 1), ''),
        coalesce((select pg_get_expr(p.polwithcheck, p.polrelid) from pg_policy p
          where p.polrelid = c.oid limit 1), ''),
        pg_get_userbyid(c.relowner)::text
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'clinic' and c.relkind in ('r', 'p')
        and exists (select from pg_attribute a where a.attrelid = c.oid
          and a.attname = 'company_id' and not a.attisdropped)
        and has_table_privilege('clinic_app', c.oid, 'select, insert, update, delete')
      order by 1
      """)
    return try (0..<rows.count).map { (try rows[$0].decode(0), rows[$0]) }
  }

  @Test("every tenant table has row security enabled and forced, with the one policy")
  func rowSecurity() async throws {
    let server = try await ClinicTestServer.shared.running()
    let tables = try await tenantTables(server)
    #expect(tables.count >= 11)
    let policy =
      "(company_id = (NULLIF(current_setting('app.company_id'::text, true), ''::text))::uuid)"
    for (name, row) in tables {
      #expect(try row.decode(1, as: Bool.self), "\(name): enabled")
      #expect(try row.decode(2, as: Bool.self), "\(name): forced")
      #expect(try row.decode(3, as: Int64.self) == 1, "\(name): one policy")
      #expect(try row.decode(4, as: String.self) == policy, "\(name): using")
      #expect(try row.decode(5, as: String.self) == policy, "\(name): with check")
      #expect(try row.decode(6, as: String.self) == "clinic_owner", "\(name): owner")
    }
  }

  /// Tables that are the platform's: no row of them is a clinic's own, or the server's role reaches
  /// them through functions alone.
  private static let platformTables: Set<String> = [
    "company_directory", "login_failures", "platform_keys", "timers"
  ]

  /// Those of them that the server's role reads and writes itself.
  private static let reachable: Set<String> = ["login_failures", "platform_keys"]

  @Test("every table is a tenant's, or is known not to be")
  func nothingElse() async throws {
    let server = try await ClinicTestServer.shared.running()
    let tenants = Set(try await tenantTables(server).map(\.name))
    let rows = try await server.inspect(
      """
      select c.relname::text,
        has_table_privilege('clinic_app', c.oid, 'select, insert, update, delete, truncate')
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'clinic' and c.relkind in ('r', 'p', 'v', 'm', 'f')
      """)
    let all = try (0..<rows.count).map {
      try (
        name: rows[$0].decode(0, as: String.self), isReachable: rows[$0].decode(1, as: Bool.self)
      )
    }
    #expect(Set(all.map(\.name)).subtracting(tenants) == Self.platformTables)
    for table in all where !tenants.contains(table.name) && table.isReachable {
      #expect(Self.reachable.contains(table.name), "\(table.name)")
    }
  }

  @Test("every key, index and reference of a tenant table begins with the company")
  func keys() async throws {
    let server = try await ClinicTestServer.shared.running()
    let rows = try await server.inspect(
      """
      select c.relname::text, i.relname::text,
        (select a.attname::text from pg_attribute a
          where a.attrelid = c.oid and a.attnum = x.indkey[0])
      from pg_index x join pg_class i on i.oid = x.indexrelid
      join pg_class c on c.oid = x.indrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'clinic' and c.relkind in ('r', 'p')
        and has_table_privilege('clinic_app', c.oid, 'select, insert, update, delete')
        and exists (select from pg_attribute a where a.attrelid = c.oid
          and a.attname = 'company_id' and not a.attisdropped)
      union all
      select c.relname::text, k.conname::text,
        (select a.attname::text from pg_attribute a
          where a.attrelid = c.oid and a.attnum = k.conkey[1])
      from pg_constraint k join pg_class c on c.oid = k.conrelid
      join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'clinic' and k.contype = 'f'
      """)
    #expect(rows.count > 20)
    for index in 0..<rows.count {
      let (table, key, first) = try rows[index].decode(String.self, String.self, String?.self)
      #expect(first == "company_id", "\(table).\(key)")
    }
  }

  @Test("the server's role owns nothing, passes no row security and makes nothing")
  func applicationRole() async throws {
    let server = try await ClinicTestServer.shared.running()
    let rows = try await server.inspect(
      """
      select r.rolsuper, r.rolbypassrls, r.rolcreatedb, r.rolcreaterole,
        exists (select from pg_class c where c.relowner = r.oid),
        has_schema_privilege('clinic_app', 'clinic', 'create'),
        pg_has_role('clinic_app', 'clinic_owner', 'member'),
        has_table_privilege('clinic_app', 'clinic.company_directory', 'select'),
        has_table_privilege('clinic_app', 'clinic.changes', 'update'),
        has_table_privilege('clinic_app', 'clinic.changes', 'delete'),
        has_table_privilege('clinic_app', 'clinic.reads', 'update'),
        has_table_privilege('clinic_app', 'clinic.reads', 'delete'),
        has_database_privilege('clinic_app', current_database(), 'temporary'),
        exists (select from pg_proc f join pg_namespace n on n.oid = f.pronamespace
          where n.nspname = 'clinic' and f.prosecdef and f.prorettype = 'trigger'::regtype
          and has_function_privilege('clinic_app', f.oid, 'execute'))
      from pg_roles r where r.rolname = 'clinic_app'
      """)
    try #require(rows.count == 1)
    for column in 0..<rows[0].count {
      #expect(try rows[0].decode(column, as: Bool.self) == false, "column \(column)")
    }
  }

  @Test("nothing is served as a role that row security does not hold")
  func unboundRole() async throws {
    let server = try await ClinicTestServer.shared.running()
    let folder = try TemporaryFolder("unbound")
    var configuration = ServerConfiguration()
    configuration.port = 0
    configuration.dataDirectory = folder.path
    configuration.databaseURL = server.superuser
    let logger = Logger(label: "unbound", factory: { _ in SwiftLogNoOpLogHandler() })
    let error = await #expect(throws: ServerStartupError.self) {
      try await ClinicServer.run(configuration, logger: logger, handlesSignals: false) { _ in }
    }
    #expect(error?.message.contains("passes row security") == true)
  }

  @Test("outside of a company, and inside of another, no table shows or takes a row")
  func crossing() async throws {
    let first = try await TestClinic.make()
    let second = try await TestClinic.make()
    try await first.patient()
    try await second.patient()
    let tables = try await tenantTables(first.server).map(\.name)
    var configuration = PostgresConfiguration(connectionString: first.server.application)
    configuration.leasedConnections = 2
    let client = try PostgresClient(configuration: configuration, logger: .init(label: "crossing"))
    try client.start()
    let owner = try #require(UUID(uuidString: first.company.companyID))
    let intruder = try #require(UUID(uuidString: second.company.companyID))
    for table in tables {
      let outside = try await client.query("select count(*) from clinic.\(identifier: table)")
      #expect(try outside[0].decode(0, as: Int64.self) == 0, "\(table) outside of a company")
      let inside = try await client.query(
        "select count(*) from clinic.\(identifier: table) where company_id = \(owner)",
        after: "select clinic.enter(\(intruder))")
      #expect(try inside[0].decode(0, as: Int64.self) == 0, "\(table) from another company")
      let others = try await client.query(
        "select count(*) from clinic.\(identifier: table) where company_id <> \(intruder)",
        after: "select clinic.enter(\(intruder))")
      #expect(try others[0].decode(0, as: Int64.self) == 0, "\(table) all others")
    }
    await #expect(throws: PostgresError.self) {
      _ = try await client.query(
        """
        insert into clinic.requests (company_id, id, request_hash)
        values (\(owner), gen_random_uuid(), '')
        """, after: "select clinic.enter(\(intruder))")
    }
    await client.shutdown()
  }
}
