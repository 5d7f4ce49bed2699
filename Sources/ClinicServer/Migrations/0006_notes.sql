-- Reading of the change log, timers, notes and follow-ups.

-- Change log --------------------------------------------------------------------------------------

-- Who did what, and what was done when: the two questions that the log's own order does not answer.
create index changes_by_staff on changes (company_id, staff_id, sequence);
create index changes_by_time on changes (company_id, changed_at, sequence);

-- Checks a part of the chain in one pass. The fault is the first one: 1 an entry is missing, 2 its
-- hash does not fit its contents, 3 it does not hold the hash of the entry before, 4 it is not the
-- one that the log says is its last.
create function verify_changes(
  company uuid, from_sequence bigint, page integer,
  out last_sequence bigint, out last_hash bytea, out head_sequence bigint,
  out fault_sequence bigint, out fault smallint
) language sql stable as $$
  with head as (
    select h.sequence, h.hash from clinic.change_heads h where h.company_id = company
  ), span as (
    select c.*, lag(c.sequence, 1, 0::bigint) over chain as sequence_before,
      lag(c.hash, 1, ''::bytea) over chain as hash_before
    from clinic.changes c
    where c.company_id = company and c.sequence >= from_sequence - 1
      and c.sequence < from_sequence + page
    window chain as (order by c.sequence)
  ), checked as (
    select s.sequence, s.hash, case
      when s.sequence_before <> s.sequence - 1 then 1
      when s.hash <> clinic.change_hash(
        s.previous_hash, s.company_id, s.sequence, s.changed_at, s.staff_id, s.session_id, s.method,
        s.resource_type, s.resource_id, s.action, s.fields, s.reason, s.request_id) then 2
      when s.previous_hash <> s.hash_before then 3
      when s.sequence > (select sequence from head) then 4
      when s.sequence = (select sequence from head) and s.hash <> (select hash from head) then 4
      else 0 end as fault,
      case when s.sequence_before <> s.sequence - 1
        then greatest(s.sequence_before + 1, from_sequence - 1, 1) else s.sequence end as place
    from span s where s.sequence >= from_sequence
  ), last as (
    select sequence, hash from checked order by sequence desc limit 1
  ), first_fault as (
    select place, fault from checked where fault <> 0 order by sequence limit 1
  ), missing_end as (
    -- The log ends before its head says so.
    select coalesce((select sequence from last), from_sequence - 1) + 1 as place
    where coalesce((select sequence from last), from_sequence - 1)
      < least((select sequence from head), from_sequence + page - 1)
  )
  select (select sequence from last), (select hash from last), (select sequence from head),
    coalesce((select place from first_fault), (select place from missing_end)),
    coalesce((select fault from first_fault), (select 1 from missing_end))::smallint
$$;

-- Timers ------------------------------------------------------------------------------------------

-- When the servers have something to do for a clinic: one row for each thing, with its next moment.
-- A plain table of the platform, so that one query finds what is due in any clinic; reached only
-- through the functions below.
create table timers (
  company_id uuid,
  kind text,
  subject_id uuid,
  fires_at timestamptz not null,
  -- The server that took it is at work until then; afterwards another takes it.
  claimed_until timestamptz not null default '-infinity',
  primary key (company_id, kind, subject_id)
);
create index timers_by_time on timers (fires_at);

-- Sets the timer of a thing of the entered company; null for none. Takes effect with the
-- transaction.
create function set_timer(company uuid, timer text, subject uuid, moment timestamptz) returns void
language plpgsql security definer set search_path = clinic, pg_temp as $$
begin
  if company is distinct from clinic.current_company() then
    raise exception 'the timer belongs to another company' using errcode = 'insufficient_privilege';
  end if;
  if moment is null then
    delete from clinic.timers t
    where t.company_id = company and t.kind = timer and t.subject_id = subject;
  else
    insert into clinic.timers (company_id, kind, subject_id, fires_at)
    values (company, timer, subject, moment)
    on conflict on constraint timers_pkey
    do update set fires_at = excluded.fires_at, claimed_until = '-infinity';
  end if;
end
$$;

-- Takes timers that are due, for half a minute: no two servers get the same one.
create function claim_timers(timer text, page integer)
returns table (company_id uuid, subject_id uuid)
language sql security definer set search_path = clinic, pg_temp as $$
  update clinic.timers t set claimed_until = now() + interval '30 seconds'
  from (
    select d.company_id, d.kind, d.subject_id from clinic.timers d
    where d.kind = timer and d.fires_at <= now() and d.claimed_until <= now()
    order by d.fires_at limit page for update skip locked
  ) due
  where t.company_id = due.company_id and t.kind = due.kind and t.subject_id = due.subject_id
  returning t.company_id, t.subject_id
$$;

-- The microseconds until a timer is due; null where there is none. Looks at the first hundred: what
-- others are at work on stands at the front.
create function next_timer(timer text) returns bigint
language sql stable security definer set search_path = clinic, pg_temp as $$
  select (extract(epoch from min(greatest(first.fires_at, first.claimed_until)) - now())
    * 1000000)::bigint
  from (
    select t.fires_at, t.claimed_until from clinic.timers t
    where t.kind = timer order by t.fires_at limit 100
  ) first
$$;

-- Notes -------------------------------------------------------------------------------------------

-- What a note is about. Neither this nor a version is ever changed or deleted: the server may not.
create table notes (
  company_id uuid not null references companies,
  id uuid not null,
  patient_id uuid not null,
  appointment_id uuid,
  kind smallint not null,
  created_at timestamptz not null default now(),
  primary key (company_id, id),
  constraint notes_patient_fkey foreign key (company_id, patient_id) references patients,
  constraint notes_appointment_fkey foreign key (company_id, appointment_id)
    references appointments
);
select protect('notes', 'select, insert');
create index notes_of_patient on notes (company_id, patient_id, id);
create index notes_of_appointment on notes (company_id, appointment_id, id)
  where appointment_id is not null;

-- What a note says. A version follows the one before, and none follows one that was entered in
-- error: the reference to the version before sees to both.
create table note_versions (
  company_id uuid not null references companies,
  note_id uuid not null,
  version integer not null check (version >= 1),
  -- 1: current, 2: entered in error.
  state smallint not null check (state in (1, 2)),
  title text not null,
  body text not null,
  reason text not null,
  author_id uuid not null,
  written_at timestamptz not null default now(),
  version_before integer generated always as (nullif(version - 1, 0)) stored,
  state_before smallint generated always as (case when version > 1 then 1 end) stored,
  primary key (company_id, note_id, version),
  constraint note_versions_state_unique unique (company_id, note_id, version, state),
  constraint note_versions_note_fkey foreign key (company_id, note_id) references notes,
  constraint note_versions_author_fkey foreign key (company_id, author_id) references staff,
  constraint note_versions_before_fkey
    foreign key (company_id, note_id, version_before, state_before)
    references note_versions (company_id, note_id, version, state)
);
select protect('note_versions', 'select, insert');

-- Follow-ups --------------------------------------------------------------------------------------

create table follow_ups (
  company_id uuid not null references companies,
  id uuid not null,
  title text not null,
  details text not null,
  patient_id uuid,
  note_id uuid,
  appointment_id uuid,
  priority smallint not null,
  -- As in the contract: 1 open, 2 in progress, 3 snoozed, 4 completed, 5 cancelled.
  state smallint not null check (state between 1 and 5),
  assignee_staff_id uuid,
  assignee_role_id uuid,
  escalation_staff_id uuid,
  escalation_role_id uuid,
  respond_by timestamptz not null,
  due_at timestamptz not null,
  responded_at timestamptz,
  snoozed_until timestamptz,
  -- 0: none, 1: the time to respond, 2: the time to be done.
  missed smallint not null default 0,
  escalated_at timestamptz,
  outcome smallint not null default 0,
  outcome_text text not null default '',
  closed_at timestamptz,
  closed_by uuid,
  creator_id uuid not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id),
  constraint follow_ups_patient_fkey foreign key (company_id, patient_id) references patients,
  constraint follow_ups_note_fkey foreign key (company_id, note_id) references notes,
  constraint follow_ups_appointment_fkey foreign key (company_id, appointment_id)
    references appointments,
  constraint follow_ups_assignee_staff_fkey
    foreign key (company_id, assignee_staff_id) references staff,
  constraint follow_ups_assignee_role_fkey
    foreign key (company_id, assignee_role_id) references roles,
  constraint follow_ups_escalation_staff_fkey
    foreign key (company_id, escalation_staff_id) references staff,
  constraint follow_ups_escalation_role_fkey
    foreign key (company_id, escalation_role_id) references roles,
  constraint follow_ups_one_assignee check (num_nonnulls(assignee_staff_id, assignee_role_id) <= 1),
  constraint follow_ups_one_escalation
    check (num_nonnulls(escalation_staff_id, escalation_role_id) <= 1),
  constraint follow_ups_snoozed check ((state = 3) = (snoozed_until is not null))
);
select protect('follow_ups', 'select, insert, update');
create index follow_ups_by_due on follow_ups (company_id, due_at, id);
create index follow_ups_open on follow_ups (company_id, due_at, id) where state <= 3;
create index follow_ups_of_patient on follow_ups (company_id, patient_id, due_at, id);
create index follow_ups_of_staff on follow_ups (company_id, assignee_staff_id, due_at, id);
create index follow_ups_of_role on follow_ups (company_id, assignee_role_id, due_at, id);
