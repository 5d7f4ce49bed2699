-- Service accounts and their API keys.

create table service_accounts (
  company_id uuid not null references companies,
  id uuid not null,
  name text not null,
  name_folded text not null,
  description text not null default '',
  permissions text[] not null,
  -- 1: active, 2: deactivated.
  state smallint not null default 1 check (state in (1, 2)),
  -- The client certificates that the account is bound to (RFC 8705 x5t#S256); none for any.
  thumbprints text[] not null default '{}',
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id),
  constraint service_accounts_name_unique unique (company_id, name_folded)
);
-- Like staff, never deleted: the logs name them.
select protect('service_accounts', 'select, insert, update');

create table api_keys (
  company_id uuid not null references companies,
  id uuid not null,
  account_id uuid not null,
  name text not null,
  -- Of the account's permissions; none for all of them.
  permissions text[] not null,
  -- SHA-256 of a key with 256 random bits. The key itself is nowhere.
  hash bytea not null check (octet_length(hash) = 32),
  hint text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null check (expires_at <= created_at + interval '9600 hours'),
  revoked_at timestamptz,
  -- The key that took its place.
  replaced_by uuid,
  last_used_at timestamptz,
  last_used_address text not null default '',
  primary key (company_id, id),
  constraint api_keys_account_fkey foreign key (company_id, account_id) references service_accounts
);
select protect('api_keys', 'select, insert, update, delete');
create index api_keys_of_account on api_keys (company_id, account_id, id);

-- Accounts of both kinds act. Their ids are UUIDs of the server's making, so one column takes either.
comment on column changes.staff_id is
  'The account that made the change: a member of staff, or a service account';
comment on column changes.session_id is 'The session of the member of staff, or the API key';
comment on column reads.staff_id is
  'The account that read: a member of staff, or a service account';
comment on column reads.session_id is 'The session of the member of staff, or the API key';

-- As in the contract: 1 a member of staff, 2 a service account. The author is the caller, whom the
-- server knows, and accounts are never deleted: neither needs a foreign key to be there.
alter table note_versions add column author_kind smallint not null default 1
  check (author_kind in (1, 2));
alter table note_versions drop constraint note_versions_author_fkey;
