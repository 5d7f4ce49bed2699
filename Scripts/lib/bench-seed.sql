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

insert into clinic.patients (company_id, id, record_number, given, family, birth_date, sex, tags,
  language, lists, sort_name, search_names)
select c.company_id, ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'B' || n,
  initcap(v.given), initcap(v.family), v.birth, 1 + n % 2, array['bench'], 'en',
  jsonb_build_object(
    'contactPoints', jsonb_build_array(
      jsonb_build_object(
        'kind', 'CONTACT_KIND_MOBILE', 'value', v.phone, 'use', 'CONTACT_USE_HOME'),
      jsonb_build_object('kind', 'CONTACT_KIND_EMAIL',
        'value', v.given || '.' || v.family || n || '@example.org')),
    'addresses', jsonb_build_array(
      jsonb_build_object('lines', jsonb_build_array(1 + n % 200 || ' High Street'),
        'city', 'Leeds', 'postalCode', 'LS1 1AA', 'countryCode', 'GB', 'use', 'CONTACT_USE_HOME')),
    'consents', jsonb_build_array(
      jsonb_build_object('kind', 'CONSENT_KIND_TREATMENT', 'granted', true))),
  v.family || chr(1) || v.given, v.family || ' ' || v.given
from clinic.companies c, names, generate_series(1, :count) n,
lateral (select family[1 + (n * 7919) % 30] || chr(97 + n % 26) as family,
  given[1 + (n * 104729) % 22] as given, '+447700' || lpad((n % 1000000)::text, 6, '0') as phone,
  (1930 + n % 90) * 10000 + (1 + n % 12) * 100 + 1 + n % 28 as birth) v
where c.slug = :'slug';

insert into clinic.patient_keys (company_id, patient_id, key, is_unique)
select p.company_id, p.id, k.key, k.is_unique
from clinic.patients p join clinic.companies c using (company_id),
lateral (values
  ('r:' || p.record_number, true), ('d:' || p.birth_date, false),
  ('p:' || substr(p.lists #>> '{contactPoints,0,value}', 2), false),
  ('q:' || right(p.lists #>> '{contactPoints,0,value}', 7), false),
  ('e:' || (p.lists #>> '{contactPoints,1,value}'), false)) as k(key, is_unique)
where c.slug = :'slug' and p.record_number like 'B%';

vacuum analyze clinic.patients;
vacuum analyze clinic.patient_keys;
checkpoint;
