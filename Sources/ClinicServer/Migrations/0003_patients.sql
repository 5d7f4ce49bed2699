-- Patients and the keys they are found by.

create table patients (
  company_id uuid not null references companies,
  id uuid not null,
  record_number text not null,
  name_text text not null default '',
  given text not null default '',
  family text not null default '',
  prefix text not null default '',
  suffix text not null default '',
  name_use smallint not null default 0,
  -- yyyymmdd with 00 for unknown parts; null where the date is not known at all.
  birth_date integer,
  sex smallint not null default 0,
  gender text not null default '',
  deceased boolean not null default false,
  death_date integer,
  tags text[] not null default '{}',
  language text not null default '',
  needs_interpreter boolean not null default false,
  marital_status text not null default '',
  ethnicity text not null default '',
  -- The lists of the record (other names, identifiers, contact points, addresses, related
  -- persons, consents) as the proto3 JSON of a Patient that holds only them: they are always
  -- read and written whole.
  lists jsonb not null default '{}',
  -- The name folded (no case, no accents) for order, and all names folded for search.
  sort_name text collate "C" not null,
  search_names text not null,
  state smallint not null default 1,
  archived_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id),
  constraint patients_record_number_unique unique (company_id, record_number)
);
select protect('patients', 'select, insert, update, delete');
create index patients_by_name on patients (company_id, sort_name, id);
create index patients_by_creation on patients (company_id, created_at desc, id desc);
create index patients_by_birth on patients (company_id, (coalesce(birth_date, 99999999)), id);
create index patients_by_search_names on patients using gin (company_id, search_names public.gin_trgm_ops);

-- What a patient is found by with equality alone: telephone numbers (p:), e-mail addresses (e:),
-- identifiers (i:), record numbers (r:), dates of birth (d:) and the sounds of names (s:). Keys
-- that name one person in the world or in a country are unique in a clinic.
create table patient_keys (
  company_id uuid not null references companies,
  patient_id uuid not null,
  key text not null,
  is_unique boolean not null,
  primary key (company_id, patient_id, key),
  constraint patient_keys_patient_fkey foreign key (company_id, patient_id) references patients
    on delete cascade
);
select protect('patient_keys', 'select, insert, delete');
create index patient_keys_by_key on patient_keys (company_id, key, patient_id);
create unique index patient_keys_unique on patient_keys (company_id, key) where is_unique;

-- Takes numbers from a clinic's series, passing over those that patients have already.
create function take_record_numbers(company uuid, wanted integer) returns text[]
language plpgsql as $$
declare
  numbers text[] := '{}';
  next_number bigint;
  candidate text;
begin
  select next_record_number into strict next_number from clinic.companies c
  where c.company_id = company for update;
  while cardinality(numbers) < wanted loop
    candidate := case when next_number < 1000000 then lpad(next_number::text, 6, '0')
      else next_number::text end;
    next_number := next_number + 1;
    if not exists (
      select from clinic.patients p where p.company_id = company and p.record_number = candidate
    ) then
      numbers := numbers || candidate;
    end if;
  end loop;
  update clinic.companies c set next_record_number = next_number where c.company_id = company;
  return numbers;
end
$$;
