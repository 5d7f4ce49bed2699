-- What each API key may use, and which key a program used what with.

-- As JSON of clinic.v1.UsageLimits; what it does not hold is as each caller of the clinic has it. The
-- version is that of the etag: notes of uses leave it alone.
alter table api_keys
  add column limits jsonb not null default '{}',
  add column version bigint not null default 1,
  add column updated_at timestamptz not null default now();

-- Row security would hide the keys of all clinics from an update by the owner, not from a rewrite.
alter table api_keys
  alter column updated_at type timestamptz using coalesce(revoked_at, created_at);

-- As in the logs: ids are UUIDs of the server's making, so one column takes either. The account of a
-- key is in its row, which outlives this table's.
comment on column call_usage.account_id is
  'The caller: a member of staff or an API key, until 0017 a service account; nil for all of them';
