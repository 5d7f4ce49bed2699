import Foundation
import PostgresClient
import TestSupport

/// A database with a table under forced row security, entered as in production.
enum TenantDatabase {
  static let companies = [
    UUID(uuidString: "00000000-0000-7000-8000-00000000000a") ?? UUID(),
    UUID(uuidString: "00000000-0000-7000-8000-00000000000b") ?? UUID()
  ]

  /// The connection string of a role that row security binds. Company 0 has 10 rows, company 1
  /// has 11.
  static func make() async throws -> String {
    let database = try await TestPostgres.shared.makeDatabase(fromTemplate: "tenants") { template in
      try await Fixture.withClient(template) { client in
        try await client.withConnection { try await $0.executeScript(schema) }
      }
    }
    return try PostgresConfiguration.connectionString(
      database, database: try databaseName(database), user: "clinic_test_app")
  }

  private static func databaseName(_ connectionString: String) throws -> String {
    guard let start = connectionString.range(of: "dbname='")?.upperBound,
      let end = connectionString[start...].firstIndex(of: "'")
    else { throw TestSupportError("no database in \(connectionString)") }
    return String(connectionString[start..<end])
  }

  private static let schema = """
    do $$ begin
      create role clinic_test_app login;
    exception when duplicate_object then null;
    end $$;
    create schema clinic;
    create table clinic.t (company_id uuid not null, n int not null,
      id uuid not null generated always as (md5(company_id::text || n::text)::uuid) stored,
      primary key (company_id, n), unique (company_id, id));
    create function clinic.enter(company uuid) returns void language plpgsql as
      $$ begin execute format('set local app.company_id = %L', company); end $$;
    alter table clinic.t enable row level security;
    alter table clinic.t force row level security;
    create policy tenant on clinic.t
      using (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
    insert into clinic.t select '\(companies[0])', n from generate_series(1, 10) n;
    insert into clinic.t select '\(companies[1])', n from generate_series(1, 11) n;
    grant usage on schema clinic to clinic_test_app;
    grant select, insert, update, delete on clinic.t to clinic_test_app;
    """
}
