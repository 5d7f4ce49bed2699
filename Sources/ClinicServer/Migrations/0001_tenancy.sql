-- Tenancy, the change log, the read log and the idempotency store.

-- The one door into a tenant: everything that follows in the transaction sees this company's rows.
-- `set local` rather than set_config, since it also reaches the workers of a distributed database.
create function enter(company uuid) returns void language plpgsql as $$
begin
  execute format('set local app.company_id = %L', company);
end
$$;

-- The entered company; null outside of one. A setting that was once set in a session reads as ''
-- afterwards, hence nullif.
create function current_company() returns uuid language sql stable parallel safe as $$
  select nullif(current_setting('app.company_id', true), '')::uuid
$$;

-- Row security of a tenant table, enabled and forced, and what the server may do with it.
create function protect(tenant_table regclass, privileges text) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', tenant_table);
  execute format('alter table %s force row level security', tenant_table);
  execute format(
    'create policy tenant on %s using (company_id = nullif(current_setting(''app.company_id'', true), '''')::uuid) '
    'with check (company_id = nullif(current_setting(''app.company_id'', true), '''')::uuid)',
    tenant_table);
  execute format('grant %s on %s to clinic_app', privileges, tenant_table);
end
$$;
revoke execute on function protect(regclass, text) from public;

-- Companies ---------------------------------------------------------------------------------------

create table companies (
  company_id uuid primary key,
  slug text not null,
  name text not null,
  state smallint not null default 1,
  suspension_reason text not null default '',
  time_zone text not null,
  currency_code text not null,
  locale text not null,
  country_code text not null,
  opening_hours jsonb not null default '[]',
  next_record_number bigint not null default 1,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
select protect('companies', 'select, insert, update');

-- What must be known before a tenant is entered: which clinic a short name stands for. A small
-- reference table, reached only through the functions below.
create table company_directory (
  company_id uuid primary key,
  slug text not null unique,
  state smallint not null
);

create function company_by_slug(wanted text, out company_id uuid, out state smallint)
language sql stable security definer set search_path = clinic, pg_temp as $$
  select company_id, state from clinic.company_directory where slug = wanted
$$;

-- The platform's own company: its staff are the platform administrators.
create function platform_company() returns uuid language sql immutable parallel safe as $$
  select '00000000-0000-7000-8000-000000000001'::uuid
$$;

-- The clinics of the platform; only for those who entered the platform's own company.
create function list_directory(after text, wanted_state smallint, page integer)
returns table (company_id uuid, slug text) language plpgsql stable security definer
set search_path = clinic, pg_temp as $$
begin
  if clinic.current_company() is distinct from clinic.platform_company() then
    raise exception 'only the platform lists clinics' using errcode = 'insufficient_privilege';
  end if;
  return query
    select d.company_id, d.slug from clinic.company_directory d
    where d.slug > after and d.company_id <> clinic.platform_company()
      and (wanted_state = 0 or d.state = wanted_state)
    order by d.slug limit page;
end
$$;

-- Keeps the directory equal to the companies.
create function mirror_company() returns trigger language plpgsql security definer
set search_path = clinic, pg_temp as $$
begin
  insert into clinic.company_directory (company_id, slug, state)
  values (new.company_id, new.slug, new.state)
  on conflict on constraint company_directory_pkey
  do update set slug = excluded.slug, state = excluded.state;
  return null;
end
$$;
create trigger mirror_company after insert or update of slug, state on companies
for each row execute function mirror_company();

-- Change log --------------------------------------------------------------------------------------

-- The last entry of each company's change log. Locked by whoever appends, which makes the
-- sequence gap-free and the chain linear.
create table change_heads (
  company_id uuid primary key references companies,
  sequence bigint not null,
  hash bytea not null
);
select protect('change_heads', 'select, insert, update');

-- What changed, by whom, in which order. Append-only: nobody may update or delete.
create table changes (
  company_id uuid not null references companies,
  sequence bigint not null,
  changed_at timestamptz not null,
  staff_id uuid,
  session_id uuid,
  method text not null,
  resource_type text not null,
  resource_id uuid not null,
  action text not null,
  fields text[] not null,
  reason text not null,
  request_id text not null,
  previous_hash bytea not null,
  hash bytea not null,
  primary key (company_id, sequence)
);
select protect('changes', 'select, insert');
create index changes_of_resource on changes (company_id, resource_id, sequence);

-- The hash of an entry: SHA-256 over the previous hash and the entry as a JSON array.
create function change_hash(
  previous_hash bytea, company_id uuid, sequence bigint, changed_at timestamptz, staff_id uuid,
  session_id uuid, method text, resource_type text, resource_id uuid, action text, fields text[],
  reason text, request_id text
) returns bytea language sql stable as $$
  select sha256(previous_hash || convert_to(jsonb_build_array(
    company_id, sequence, (extract(epoch from changed_at) * 1000000)::bigint, staff_id, session_id,
    method, resource_type, resource_id, action, to_jsonb(fields), reason, request_id)::text, 'UTF8'))
$$;

-- Appends one entry for each resource to the entered company's log, and returns the last sequence.
create function append_changes(
  company uuid, staff uuid, session uuid, method text, resource_type text, resources uuid[],
  action text, fields text[], reason text, request text
) returns bigint language plpgsql as $$
declare
  head clinic.change_heads;
  resource uuid;
  previous bytea;
begin
  select * into strict head from clinic.change_heads h where h.company_id = company for update;
  foreach resource in array resources loop
    previous := head.hash;
    head.sequence := head.sequence + 1;
    head.hash := clinic.change_hash(
      previous, company, head.sequence, now(), staff, session, method, resource_type, resource,
      action, fields, reason, request);
    insert into clinic.changes values (
      company, head.sequence, now(), staff, session, method, resource_type, resource, action, fields,
      reason, request, previous, head.hash);
  end loop;
  update clinic.change_heads h set sequence = head.sequence, hash = head.hash
  where h.company_id = company;
  return head.sequence;
end
$$;

-- Read log ----------------------------------------------------------------------------------------

-- Who read which records: a row for what one session read with one method in a fraction of a
-- second, with the moment, the request and the record of each read at one place of three arrays.
-- Append-only. No foreign key: the row was written inside of the company, and outlives it.
create table reads (
  company_id uuid not null,
  id uuid not null,
  staff_id uuid not null,
  session_id uuid not null,
  method text not null,
  read_at timestamptz[] not null,
  request_id text[] not null,
  resource_id uuid[] not null,
  primary key (company_id, id)
);
select protect('reads', 'select, insert');

-- Idempotency -------------------------------------------------------------------------------------

-- The reply of every mutation that was given a request id, stored with its effect.
create table requests (
  company_id uuid not null references companies,
  id uuid not null,
  request_hash bytea not null,
  reply bytea,
  created_at timestamptz not null default now(),
  primary key (company_id, id)
);
select protect('requests', 'select, insert, update, delete');
create index requests_by_age on requests (company_id, created_at);

-- Claims a request id for the running transaction. A second claim waits for the first to end.
-- Returns the stored reply where the request was done before, null where it is to be done now.
create function claim_request(company uuid, request uuid, hash bytea) returns bytea
language plpgsql as $$
declare
  known clinic.requests;
begin
  insert into clinic.requests (company_id, id, request_hash) values (company, request, hash)
  on conflict (company_id, id) do nothing;
  if found then
    return null;
  end if;
  select * into strict known from clinic.requests r where r.company_id = company and r.id = request;
  if known.request_hash <> hash then
    raise exception 'the request id belongs to another request' using errcode = 'CL001';
  end if;
  return known.reply;
end
$$;

-- Platform secrets --------------------------------------------------------------------------------

-- Keys that every server of the platform shares: token signing keys, and the key of page tokens.
-- Belongs to no tenant.
create table platform_keys (
  id uuid primary key,
  purpose text not null,
  secret bytea not null,
  created_at timestamptz not null default now(),
  activates_at timestamptz not null,
  retires_at timestamptz not null
);
grant select, insert, delete on platform_keys to clinic_app;

-- Failed logins by account and by address, as keyed hashes. Belongs to no tenant: an account that
-- does not exist is counted like one that does.
create unlogged table login_failures (
  key bytea primary key,
  failures integer not null,
  last_failed_at timestamptz not null
);
grant select, insert, update, delete on login_failures to clinic_app;
