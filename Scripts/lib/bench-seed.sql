-- Fills a demo clinic with :count invented patients whose ids are known: the bench's own data.
-- psql variables: slug, count. As a superuser, without the checks that the data cannot fail.
\set ON_ERROR_STOP on
set session_replication_role = replica;
set maintenance_work_mem = '256MB';

create temporary table names as
select array['smith','jones','taylor','brown','williams','wilson','johnson','davies','patel',
  'garcia','okafor','mueller','novak','tanaka','kowalski','rossi','dubois','andersson','nguyen',
  'khan',
  'evans','thomas','roberts','lewis','walker','hall','wood','clarke','jackson','hughes'] as family,
  array['john','mary','peter','katherine','maria','ahmed','chinedu','yuki','anna','lars','fatima',
  'george','amelia','oliver','isla','noah','ava','leo','mia','arthur','lily','oscar'] as given;

-- A field of a protobuf message that holds text or a message of less than 128 octets, or a flag.
create function pg_temp.field(number integer, value bytea) returns bytea language sql immutable
as $$
  select case when number < 16 then set_byte('\x00', 0, number * 8 + 2)
    else set_byte(set_byte('\x0000', 0, 128 + (number * 8 + 2) % 128), 1, number / 16) end
    || set_byte('\x00', 0, length(value)) || value
$$;
create function pg_temp.field(number integer, value text) returns bytea language sql immutable
as $$
  select pg_temp.field(number, convert_to(value, 'UTF8'))
$$;
create function pg_temp.field(number integer, value integer) returns bytea language sql immutable
as $$ select set_byte('\x00', 0, number * 8) || set_byte('\x00', 0, value) $$;

insert into clinic.patients (company_id, id, record_number, given, family, birth_date, sex, tags,
  language, record_lists, sort_name, search_names)
select c.company_id, ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'B' || n,
  initcap(v.given), initcap(v.family), v.birth, 1 + (n % 2)::smallint, array['bench'], 'en',
  -- A mobile number, an e-mail address, an address and the consent to treatment.
  pg_temp.field(11, pg_temp.field(1, 2) || pg_temp.field(2, v.phone) || pg_temp.field(3, 1))
  || pg_temp.field(11, pg_temp.field(1, 3) || pg_temp.field(2, v.mail))
  || pg_temp.field(12, pg_temp.field(1, 1 + n % 200 || ' High Street') || pg_temp.field(2, 'Leeds')
    || pg_temp.field(4, 'LS1 1AA') || pg_temp.field(5, 'GB') || pg_temp.field(6, 1))
  || pg_temp.field(17, pg_temp.field(1, 1) || pg_temp.field(2, 1)),
  v.family || chr(1) || v.given, v.family || ' ' || v.given
from clinic.companies c, names, generate_series(1::bigint, :count) n,
lateral (select family[1 + (n * 7919) % 30] || chr((97 + n % 26)::integer) as family,
  given[1 + (n * 104729) % 22] as given) g,
lateral (select g.*, '+447700' || lpad((n % 1000000)::text, 6, '0') as phone,
  g.given || '.' || g.family || n || '@example.org' as mail,
  ((1930 + n % 90) * 10000 + (1 + n % 12) * 100 + 1 + n % 28)::integer as birth) v
where c.slug = :'slug';

insert into clinic.patient_keys (company_id, patient_id, key, is_unique)
select p.company_id, p.id, k.key, k.is_unique
from clinic.patients p join clinic.companies c using (company_id),
lateral (select substr(p.record_number, 2) as n) v,
lateral (select '447700' || lpad((n::integer % 1000000)::text, 6, '0') as phone) f,
lateral (values
  ('r:' || p.record_number, true), ('d:' || p.birth_date, false), ('p:' || phone, false),
  ('q:' || right(phone, 7), false),
  ('w:' || lower(p.family), false), ('w:' || lower(p.given), false),
  ('e:' || lower(p.given || '.' || p.family) || n || '@example.org', false)) as k(key, is_unique)
where c.slug = :'slug' and p.record_number like 'B%';

vacuum analyze clinic.patients;
vacuum analyze clinic.patient_keys;
checkpoint;

-- What has been in service for a while is in memory.
create extension if not exists pg_prewarm;
select pg_prewarm('clinic.patients'), pg_prewarm('clinic.patients_pkey');
