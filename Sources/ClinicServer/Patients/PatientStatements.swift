internal import PostgresClient

/// The statements of the patients slice.
enum PatientStatements {
  /// The columns of a patient, in the order that `Patient.init(row:)` reads.
  static let columns = """
    p.id, p.record_number, p.name_text, p.given, p.family, p.prefix, p.suffix, p.name_use, \
    p.birth_date, p.sex, p.gender, p.deceased, p.death_date, p.tags, p.language, \
    p.needs_interpreter, p.marital_status, p.ethnicity, p.record_lists, p.lists, p.state, \
    p.archived_at, p.version, p.created_at, p.updated_at
    """

  static let get = SQLStatement(pointRead: "patients.get", by: "$2") { isKey in
    "select \(columns) from clinic.patients p where p.company_id = $1::uuid and p.id \(isKey)"
  }

  static let lock = SQLStatement(
    "patients.lock",
    """
    select \(columns) from clinic.patients p \
    where p.company_id = $1::uuid and p.id = $2::uuid for update
    """)

  /// Takes `$2` numbers from the clinic's series.
  static let takeRecordNumbers = SQLStatement(
    "patients.take_record_numbers", "select clinic.take_record_numbers($1::uuid, $2::int4)")

  /// Inserts patients, one for each element of the arrays.
  static let insert = SQLStatement(
    "patients.insert",
    """
    insert into clinic.patients (company_id, id, record_number, name_text, given, family, prefix, \
    suffix, name_use, birth_date, sex, gender, deceased, death_date, tags, language, \
    needs_interpreter, marital_status, ethnicity, record_lists, sort_name, search_names) \
    select $1::uuid, v.id, v.record_number, v.name_text, v.given, v.family, v.prefix, v.suffix, \
    v.name_use, v.birth_date, v.sex, v.gender, v.deceased, v.death_date, \
    case when v.tags = '' then '{}' else string_to_array(v.tags, chr(31)) end, v.language, \
    v.needs_interpreter, v.marital_status, v.ethnicity, v.lists, v.sort_name, v.search_names \
    from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], \
    $9::int2[], $10::int4[], $11::int2[], $12::text[], $13::bool[], $14::int4[], $15::text[], \
    $16::text[], $17::bool[], $18::text[], $19::text[], $20::bytea[], $21::text[], $22::text[]) \
    as v(id, record_number, name_text, given, family, prefix, suffix, name_use, birth_date, sex, \
    gender, deceased, death_date, tags, language, needs_interpreter, marital_status, ethnicity, \
    lists, sort_name, search_names)
    """)

  static let update = SQLStatement(
    "patients.update",
    """
    update clinic.patients p set record_number = v.record_number, name_text = v.name_text, \
    given = v.given, family = v.family, prefix = v.prefix, suffix = v.suffix, \
    name_use = v.name_use, birth_date = v.birth_date, sex = v.sex, gender = v.gender, \
    deceased = v.deceased, death_date = v.death_date, \
    tags = case when v.tags = '' then '{}' else string_to_array(v.tags, chr(31)) end, \
    language = v.language, needs_interpreter = v.needs_interpreter, \
    marital_status = v.marital_status, ethnicity = v.ethnicity, \
    record_lists = v.lists, lists = null, sort_name = v.sort_name, search_names = v.search_names, version = p.version + 1, \
    updated_at = now() \
    from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], \
    $9::int2[], $10::int4[], $11::int2[], $12::text[], $13::bool[], $14::int4[], $15::text[], \
    $16::text[], $17::bool[], $18::text[], $19::text[], $20::bytea[], $21::text[], $22::text[]) \
    as v(id, record_number, name_text, given, family, prefix, suffix, name_use, birth_date, sex, \
    gender, deceased, death_date, tags, language, needs_interpreter, marital_status, ethnicity, \
    lists, sort_name, search_names) \
    where p.company_id = $1::uuid and p.id = v.id
    """)

  /// Sets the state of a locked patient.
  static let setState = SQLStatement(
    "patients.set_state",
    """
    update clinic.patients set state = $3::int2, \
    archived_at = case when $3::int2 = 2 then now() end, \
    version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let delete = SQLStatement(
    "patients.delete",
    "delete from clinic.patients where company_id = $1::uuid and id = $2::uuid")

  static let insertKeys = SQLStatement(
    "patients.insert_keys",
    """
    insert into clinic.patient_keys (company_id, patient_id, key, is_unique) \
    select $1::uuid, v.patient_id, v.key, v.is_unique \
    from unnest($2::uuid[], $3::text[], $4::bool[]) as v(patient_id, key, is_unique)
    """)

  static let deleteKeys = SQLStatement(
    "patients.delete_keys",
    "delete from clinic.patient_keys where company_id = $1::uuid and patient_id = $2::uuid")

  /// Which of these unique keys the clinic has already.
  static let takenKeys = SQLStatement(
    "patients.taken_keys",
    """
    select k.key from clinic.patient_keys k \
    where k.company_id = $1::uuid and k.is_unique and k.key = any($2::text[])
    """)

  /// Whether a patient of `k` is in one of the states that are looked for. `offset 0`, so that they
  /// are looked up one by one, in their order and until there are enough.
  private static let wanted = """
    select from clinic.patients p where p.company_id = $1::uuid and p.id = k.patient_id \
    and p.state = any($5::int2[]) offset 0
    """

  /// The patients that a search should look at more closely, the likely ones first.
  ///
  /// `$2` keys of numbers, addresses and dates; `$3` folded words of names; `$4` their sounds;
  /// `$5` the states wanted; `$6` the words as keys, each once. Each way gives at most 200 patients
  /// of these states, so that no archive hides who is there, and likeness is computed for at most
  /// 500 at once: a name that many have needs no likeness, it is found by its sound. So that the few
  /// whom all words of a name fit are not lost among the many whom one of them does, they are looked
  /// for first, and the others only where those are few.
  ///
  /// Those whom all words fit exactly weigh more than any likeness, and those of a number more than
  /// both. Where there are 200 of them and names are all that is looked for, nobody else can be
  /// among the hundred of an answer, and likenesses are not looked at.
  static let searchCandidates = SQLStatement(
    "patients.search",
    """
    with by_key as ( \
      select k.patient_id, k.weight from (\
        select k.patient_id, 1000.0 + count(*) as weight from clinic.patient_keys k \
        where k.company_id = $1::uuid and k.key = any($2::text[]) \
        group by k.patient_id order by 2 desc) k \
      cross join lateral (\(wanted)) p limit 200 \
    ), by_exact_name as ( \
      select k.patient_id, 100.0 as weight from (\
        select k.patient_id from clinic.patient_keys k \
        where k.company_id = $1::uuid and k.key = any($6::text[]) \
        group by k.patient_id having count(*) = cardinality($6::text[])) k \
      cross join lateral (\(wanted)) p limit 200 \
    ), likeness as ( \
      select cardinality($2::text[]) > 0 or (select count(*) from by_exact_name) < 200 as matters \
    ), by_whole_name as ( \
      select n.id as patient_id, \
      (select 1 + sum(public.word_similarity(w, n.search_names)) from unnest($3::text[]) w) \
        as weight \
      from (select id, search_names from clinic.patients \
        where company_id = $1::uuid and search_names operator(public.%>) ($3::text[])[1] \
        and search_names operator(public.%>) ($3::text[])[2] \
        and search_names operator(public.%>) coalesce(($3::text[])[3], ($3::text[])[2]) \
        and state = any($5::int2[]) \
        and (select matters from likeness) \
        limit 500) n \
      order by 2 desc limit 200 \
    ), by_name as ( \
      select n.id as patient_id, \
      (select sum(public.word_similarity(w, n.search_names)) from unnest($3::text[]) w) as weight \
      from (select id, search_names from clinic.patients \
        where company_id = $1::uuid and search_names operator(public.%>) any($3::text[]) \
        and state = any($5::int2[]) \
        and (select matters from likeness) and (select count(*) from by_whole_name) < 50 \
        limit 500) n \
      order by 2 desc limit 200 \
    ), by_sound as ( \
      select k.patient_id, k.weight from (\
        select k.patient_id, count(*)::float8 * 0.5 as weight from clinic.patient_keys k \
        where k.company_id = $1::uuid and k.key = any($4::text[]) \
        and (select matters from likeness) \
        group by k.patient_id order by 2 desc, 1) k \
      cross join lateral (\(wanted)) p limit 200 \
    ), candidates as ( \
      select c.patient_id, sum(c.weight) as weight from ( \
        select patient_id, weight::float8 from by_key \
        union all select patient_id, weight::float8 from by_exact_name \
        union all select patient_id, weight::float8 from by_whole_name \
        union all select patient_id, weight::float8 from by_name \
        union all select patient_id, weight::float8 from by_sound) c \
      group by c.patient_id order by 2 desc limit 200 \
    ) \
    select \(columns) from candidates c \
    cross join lateral (select * from clinic.patients p \
      where p.company_id = $1::uuid and p.id = c.patient_id offset 0) p \
    order by c.weight desc, p.id
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    get, lock, takeRecordNumbers, insert, update, setState, delete, insertKeys, deleteKeys,
    takenKeys, searchCandidates
  ]
}
