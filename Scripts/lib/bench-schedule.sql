-- Gives a demo clinic ten practitioners, ten rooms, a kind of appointment that needs one of each,
-- and a week that is booked to six tenths. psql variables: slug. As a superuser, after
-- bench-seed.sql.
\set ON_ERROR_STOP on
set session_replication_role = replica;

select company_id from clinic.companies where slug = :'slug' \gset

insert into clinic.resources (company_id, id, kind, name, name_folded, capacity, weekly_hours)
select :'company_id', ('01910000-0000-7000-8000-' || lpad((n + 100 * room)::text, 12, '0'))::uuid,
  1 + room, v.name, lower(v.name), 1,
  -- From 08:00 to 18:00 on every day.
  case when room = 0 then (select array_agg(h order by day, place) from generate_series(1, 7) day,
    unnest(array[day, 480, 1080, 0, 0]) with ordinality u (h, place)) else '{}' end
from generate_series(1, 10) n, generate_series(0, 1) room,
lateral (select (array['Practitioner ', 'Bench room '])[1 + room] || n as name) v;

insert into clinic.appointment_types (company_id, id, name, name_folded, length_minutes, needs)
select :'company_id', '01920000-0000-7000-8000-000000000001', 'Bench', 'bench', 15,
  jsonb_agg(jsonb_build_object('kind', kind, 'resourceIds', ids))
from (select (array['RESOURCE_KIND_PRACTITIONER', 'RESOURCE_KIND_ROOM'])[r.kind] as kind,
    jsonb_agg(r.id order by r.id) as ids
  from clinic.resources r where r.company_id = :'company_id' and r.id::text like '01910000-%'
  group by r.kind order by r.kind) need;

create temporary table booked as
select gen_random_uuid() as id, n as practitioner,
  ('01900000-0000-7000-8000-' || lpad((1 + (day * 37 + quarter) * 10 + n)::text, 12, '0'))::uuid
    as patient_id,
  date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' + make_interval(days => day,
    mins => 540 + 15 * quarter) as starts_at
from generate_series(1, 10) n, generate_series(0, 7) day, generate_series(0, 31) quarter
where (n * 7 + day * 5 + quarter * 11) % 10 < 6;

insert into clinic.appointments (company_id, id, patient_id, type_id, starts_at, ends_at,
  buffer_before_minutes, buffer_after_minutes, status)
select :'company_id', id, patient_id, '01920000-0000-7000-8000-000000000001', starts_at,
  starts_at + interval '15 minutes', 0, 0, 3 from booked;

insert into clinic.appointment_resources
select :'company_id', id, ('01910000-0000-7000-8000-'
  || lpad((practitioner + 100 * room)::text, 12, '0'))::uuid, room, starts_at
from booked, generate_series(0, 1) room;

insert into clinic.appointment_claims
  (company_id, claimant_id, appointment_id, lane, starts_at, ends_at)
select :'company_id', claimant.id, b.id, 0, starts_at, starts_at + interval '15 minutes'
from booked b, lateral (
  select resource_id as id from clinic.appointment_resources ar
  where ar.company_id = :'company_id' and ar.appointment_id = b.id
  union all select b.patient_id) claimant;

vacuum analyze clinic.appointments;
vacuum analyze clinic.appointment_claims;
vacuum analyze clinic.resources;
