-- Staff, roles and sessions.

create table roles (
  company_id uuid not null references companies,
  id uuid not null,
  name text not null,
  name_folded text not null,
  description text not null default '',
  permissions text[] not null,
  -- 0: made by the clinic; 1: Admin, 2: Staff, whose permissions the server knows.
  built_in smallint not null default 0,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id),
  constraint roles_name_unique unique (company_id, name_folded)
);
select protect('roles', 'select, insert, update, delete');

create table staff (
  company_id uuid not null references companies,
  id uuid not null,
  email text not null,
  email_folded text not null,
  display_name text not null,
  job_title text not null default '',
  phone text not null default '',
  -- 1: active, 2: deactivated.
  state smallint not null default 1,
  password_hash text not null,
  must_change_password boolean not null,
  last_login_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id),
  constraint staff_email_unique unique (company_id, email_folded)
);
select protect('staff', 'select, insert, update');

create table staff_roles (
  company_id uuid not null references companies,
  staff_id uuid not null,
  role_id uuid not null,
  primary key (company_id, staff_id, role_id),
  constraint staff_roles_staff_fkey foreign key (company_id, staff_id) references staff,
  constraint staff_roles_role_fkey foreign key (company_id, role_id) references roles
);
select protect('staff_roles', 'select, insert, delete');
create index staff_roles_by_role on staff_roles (company_id, role_id);

create table sessions (
  company_id uuid not null references companies,
  id uuid not null,
  staff_id uuid not null,
  -- Counts the refreshes; a refresh token of an earlier generation is a stolen or replayed one.
  generation integer not null default 1,
  refresh_hash bytea not null,
  client_name text not null default '',
  address text not null default '',
  created_at timestamptz not null default now(),
  refreshed_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (company_id, id),
  constraint sessions_staff_fkey foreign key (company_id, staff_id) references staff
);
select protect('sessions', 'select, insert, update, delete');
create index sessions_of_staff on sessions (company_id, staff_id, id);
