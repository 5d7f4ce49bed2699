-- Series, the waitlist, calendar feeds, and the jobs that keep them.

-- Jobs --------------------------------------------------------------------------------------------

-- What the servers have to do at a time, each once. Belongs to no tenant and holds ids alone;
-- reached only through the functions below. A server takes a job in the transaction that does it,
-- so that a server that dies loses none.
create table scheduling_jobs (
  id bigint generated always as identity,
  company_id uuid,
  -- 1: time was freed by an appointment, 2: an appointment's hold ends, 3: a series is to be booked
  -- further.
  kind smallint,
  subject_id uuid,
  run_at timestamptz not null,
  attempts smallint not null default 0,
  constraint scheduling_jobs_id unique (id),
  -- One job of a kind for each subject.
  constraint scheduling_jobs_once primary key (company_id, kind, subject_id)
);
create index scheduling_jobs_by_time on scheduling_jobs (run_at, id);

-- Adds a job of the entered company when the transaction commits, or moves the one that there is.
create function enqueue_scheduling_job(
  company uuid, job_kind smallint, subject uuid, at timestamptz
) returns void language plpgsql security definer set search_path = clinic, pg_temp as $$
begin
  if company is distinct from clinic.current_company() then
    raise exception 'another company is entered' using errcode = 'insufficient_privilege';
  end if;
  insert into clinic.scheduling_jobs (company_id, kind, subject_id, run_at)
  values (company, job_kind, subject, at)
  on conflict on constraint scheduling_jobs_once
  do update set run_at = excluded.run_at, attempts = 0;
  perform pg_notify('clinic_scheduling_jobs', '');
end
$$;

-- The jobs that come next, with the seconds until then.
create function next_scheduling_jobs(most integer)
returns table (id bigint, company_id uuid, kind smallint, subject_id uuid, due_in double precision)
language sql stable security definer set search_path = clinic, pg_temp as $$
  select j.id, j.company_id, j.kind, j.subject_id,
    extract(epoch from j.run_at - clock_timestamp())::double precision
  from clinic.scheduling_jobs j order by j.run_at, j.id limit most
$$;

-- Takes a job of the entered company out of the queue; false where another server has it.
create function take_scheduling_job(job bigint) returns boolean
language plpgsql security definer set search_path = clinic, pg_temp as $$
begin
  delete from clinic.scheduling_jobs j where j.id = (
    select k.id from clinic.scheduling_jobs k
    where k.id = job and k.company_id = clinic.current_company() and k.run_at <= clock_timestamp()
    for update skip locked);
  return found;
end
$$;

-- Puts a job off that could not be done: longer each time, five minutes at most.
create function postpone_scheduling_job(job bigint) returns void
language sql security definer set search_path = clinic, pg_temp as $$
  update clinic.scheduling_jobs j
  set attempts = least(j.attempts + 1, 30),
    run_at = clock_timestamp() + least(power(2, least(j.attempts, 9)), 300) * interval '1 second'
  where j.id = job
$$;

-- Series ------------------------------------------------------------------------------------------

create table appointment_series (
  company_id uuid not null references companies,
  id uuid not null,
  patient_id uuid not null,
  type_id uuid not null,
  -- RFC 5545: DTSTART, RRULE, RDATE and EXDATE on the clinic's clock, a line each.
  pattern text not null,
  resource_ids uuid[] not null,
  length_minutes integer not null,
  reason text not null default '',
  -- Whether occurrences that do not fit are left out.
  skip_conflicts boolean not null,
  -- 1: active, 2: ended.
  state smallint not null default 1,
  booked_through date not null,
  previous_series_id uuid,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id),
  constraint appointment_series_patient_fkey foreign key (company_id, patient_id)
    references patients,
  constraint appointment_series_type_fkey foreign key (company_id, type_id)
    references appointment_types,
  constraint appointment_series_previous_fkey foreign key (company_id, previous_series_id)
    references appointment_series
);
select protect('appointment_series', 'select, insert, update');
create index appointment_series_of_patient on appointment_series (company_id, patient_id, id);

alter table appointments add constraint appointments_series_fkey
  foreign key (company_id, series_id) references appointment_series;

-- Waitlist ----------------------------------------------------------------------------------------

create table waitlist_entries (
  company_id uuid not null references companies,
  id uuid not null,
  patient_id uuid not null,
  type_id uuid not null,
  resource_ids uuid[] not null default '{}',
  earliest date,
  latest date,
  -- Three numbers for each window: day of the week or 0, first minute, minute after the last.
  windows integer[] not null default '{}',
  -- Who comes first: 1 urgent, 2 soon, 3 routine.
  rank smallint not null,
  notes text not null default '',
  notice_minutes integer not null default 0,
  -- As WaitlistEntryState: 1 waiting, 2 offered, 3 booked, 4 removed.
  state smallint not null default 1,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id),
  constraint waitlist_entries_patient_fkey foreign key (company_id, patient_id)
    references patients,
  constraint waitlist_entries_type_fkey foreign key (company_id, type_id)
    references appointment_types
);
select protect('waitlist_entries', 'select, insert, update');
create index waitlist_entries_by_rank on waitlist_entries (company_id, rank, id);
create index waitlist_entries_waiting on waitlist_entries (company_id, rank, id) where state = 1;

-- The times that were offered to entries. An offer is a hold: the appointment says when and where.
create table waitlist_offers (
  company_id uuid not null references companies,
  id uuid not null,
  entry_id uuid not null,
  appointment_id uuid not null,
  -- As WaitlistOfferState: 1 open, 2 accepted, 3 declined, 4 expired.
  state smallint not null default 1,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  resolved_at timestamptz,
  primary key (company_id, id),
  constraint waitlist_offers_entry_fkey foreign key (company_id, entry_id)
    references waitlist_entries,
  constraint waitlist_offers_appointment_fkey foreign key (company_id, appointment_id)
    references appointments,
  constraint waitlist_offers_appointment_unique unique (company_id, appointment_id)
);
select protect('waitlist_offers', 'select, insert, update');
create index waitlist_offers_of_entry on waitlist_offers (company_id, entry_id, id);
-- Nobody has two offers at once, whoever makes them.
create unique index waitlist_offers_open on waitlist_offers (company_id, entry_id)
  where state = 1;

-- Ends an appointment's open offer, and moves its entry to a state.
create function settle_offer(
  company uuid, appointment uuid, offer_state smallint, entry_state smallint
) returns void language sql as $$
  with settled as (
    update clinic.waitlist_offers o set state = offer_state, resolved_at = now()
    where o.company_id = company and o.appointment_id = appointment and o.state = 1
    returning o.entry_id
  )
  update clinic.waitlist_entries e
  set state = entry_state, version = e.version + 1, updated_at = now()
  from settled s where e.company_id = company and e.id = s.entry_id and e.state = 2
$$;

-- Notes that an appointment takes up no time any more: ends the offer that it was, and has a job
-- offer the time to those who wait for one.
create function note_release(company uuid, appointment uuid) returns void
language plpgsql as $$
declare
  freed clinic.appointments;
begin
  select * into strict freed from clinic.appointments a
  where a.company_id = company and a.id = appointment;
  perform clinic.settle_offer(
    company, appointment, (case when freed.hold_expires_at <= now() then 4 else 3 end)::smallint,
    1::smallint);
  if freed.starts_at > now() and exists (
    select from clinic.waitlist_entries e where e.company_id = company and e.state = 1
  ) then
    perform clinic.enqueue_scheduling_job(company, 1::smallint, appointment, now());
  end if;
end
$$;

-- Frees what an appointment takes up.
create function release_appointment(company uuid, appointment uuid) returns void
language plpgsql as $$
begin
  delete from clinic.appointment_claims c
  where c.company_id = company and c.appointment_id = appointment;
  if found then
    perform clinic.note_release(company, appointment);
  end if;
end
$$;

-- Ends the holds whose time is over and frees their time; returns their ids, for the change log.
create function sweep_holds(company uuid) returns setof uuid language plpgsql as $$
declare
  ended uuid;
begin
  for ended in select * from clinic.expire_holds(company) loop
    perform clinic.note_release(company, ended);
    return next ended;
  end loop;
end
$$;

-- Takes up the time of an appointment's patient and resources; a job ends a hold in time.
create function take_time(company uuid, appointment uuid, overbook boolean) returns void
language plpgsql as $$
declare
  expires timestamptz;
begin
  perform clinic.claim_appointment(company, appointment, overbook);
  select a.hold_expires_at into expires from clinic.appointments a
  where a.company_id = company and a.id = appointment and a.status = 2;
  if found then
    perform clinic.enqueue_scheduling_job(company, 2::smallint, appointment, expires);
  end if;
end
$$;

-- Makes the claims of a hold last: it was accepted.
create function keep_appointment(company uuid, appointment uuid) returns void language plpgsql as $$
begin
  update clinic.appointment_claims c set expires_at = null
  where c.company_id = company and c.appointment_id = appointment;
  perform clinic.settle_offer(company, appointment, 2::smallint, 3::smallint);
end
$$;

-- Calendar feeds ----------------------------------------------------------------------------------

create table calendar_feeds (
  company_id uuid not null references companies,
  id uuid not null,
  resource_id uuid not null,
  name text not null,
  creator_id uuid not null,
  -- SHA-256 of the token: nobody who reads the database can use it.
  token_hash bytea not null,
  created_at timestamptz not null default now(),
  last_read_at timestamptz,
  revoked_at timestamptz,
  primary key (company_id, id),
  constraint calendar_feeds_resource_fkey foreign key (company_id, resource_id)
    references resources
);
select protect('calendar_feeds', 'select, insert, update');
