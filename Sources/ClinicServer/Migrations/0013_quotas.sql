-- What clinics may use, and what they used.

-- Limits that the platform set for a clinic, as JSON of clinic.v1.CompanyLimits; what it does not
-- hold is as the servers' settings have it.
create table company_limits (
  company_id uuid primary key references companies,
  limits jsonb not null,
  version bigint not null default 1,
  updated_at timestamptz not null default now()
);
select protect('company_limits', 'select, insert, update');

-- What an account used on a day (UTC), and the clinic as a whole under the nil UUID, which spares
-- every server the sum. Servers add to it every few seconds; pages keep room for the new versions
-- of rows that this makes.
create table call_usage (
  company_id uuid not null references companies,
  day date not null,
  account_id uuid not null,
  calls bigint not null,
  cost bigint not null,
  primary key (company_id, day, account_id)
) with (fillfactor = 50);
select protect('call_usage', 'select, insert, update, delete');
