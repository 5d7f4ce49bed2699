internal import PostgresClient

/// The statements of the companies slice.
enum CompanyStatements {
  /// The columns of a company, in the order that `Company.init(row:)` reads.
  static let columns = """
    c.company_id, c.slug, c.name, c.state, c.suspension_reason, c.time_zone, c.currency_code, \
    c.locale, c.country_code, c.opening_hours, c.created_at, c.updated_at, c.version, \
    c.scheduling
    """

  static let get = SQLStatement(
    "companies.get",
    "select \(columns) from clinic.companies c where c.company_id = $1::uuid")

  static let lock = SQLStatement(
    "companies.lock",
    """
    select \(columns) from clinic.companies c where c.company_id = $1::uuid for no key update
    """)

  /// As ``lock``, until whatever is being written for the clinic is done with, and nothing else is.
  static let lockAlone = SQLStatement(
    "companies.lock_alone",
    "select from clinic.companies c where c.company_id = $1::uuid for update")

  static let directory = SQLStatement(
    "companies.directory",
    "select company_id, slug from clinic.list_directory($1::text, $2::int2, $3::int4)")

  static let insert = SQLStatement(
    "companies.insert",
    """
    insert into clinic.companies (company_id, slug, name, time_zone, currency_code, locale, \
    country_code, opening_hours, scheduling) \
    values ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::jsonb, \
    $9::jsonb)
    """)

  /// The empty change log of a new company.
  static let insertHead = SQLStatement(
    "companies.insert_head",
    "insert into clinic.change_heads (company_id, sequence, hash) values ($1::uuid, 0, '')")

  static let update = SQLStatement(
    "companies.update",
    """
    update clinic.companies set name = $2::text, time_zone = $3::text, currency_code = $4::text, \
    locale = $5::text, country_code = $6::text, opening_hours = $7::jsonb, \
    scheduling = $8::jsonb, version = version + 1, \
    updated_at = now() where company_id = $1::uuid
    """)

  static let setState = SQLStatement(
    "companies.set_state",
    """
    update clinic.companies set state = $2::int2, suspension_reason = $3::text, \
    version = version + 1, updated_at = now() where company_id = $1::uuid
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    get, lock, lockAlone, directory, insert, insertHead, update, setState
  ]
}
