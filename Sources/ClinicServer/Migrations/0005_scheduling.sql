-- Resources, kinds of appointments, availability and appointments.

-- Equality beside overlap in one index: what exclusion constraints on a tenant's intervals need.
create extension if not exists btree_gist with schema public;

-- How a clinic's appointments are booked, as the proto3 JSON of a SchedulingPolicy.
alter table companies add column scheduling jsonb not null default '{}';

create table resources (
  company_id uuid not null references companies,
  id uuid not null,
  -- 1: practitioner, 2: room, 3: equipment.
  kind smallint not null,
  name text not null,
  name_folded text not null,
  staff_id uuid,
  capacity smallint not null,
  color text not null default '',
  -- Five numbers for each interval of the weekly hours: day of the week, first minute, minute after
  -- the last, first and last valid date as yyyymmdd with 0 for none.
  weekly_hours integer[] not null default '{}',
  -- 1: active, 2: retired.
  state smallint not null default 1,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id),
  constraint resources_capacity_valid check (capacity between 1 and 100),
  constraint resources_staff_fkey foreign key (company_id, staff_id) references staff,
  constraint resources_staff_unique unique (company_id, staff_id),
  constraint resources_name_unique unique (company_id, name_folded)
);
select protect('resources', 'select, insert, update');
create index resources_by_name on resources (company_id, kind, name_folded);

create table appointment_types (
  company_id uuid not null references companies,
  id uuid not null,
  name text not null,
  name_folded text not null,
  length_minutes integer not null,
  buffer_before_minutes integer not null default 0,
  buffer_after_minutes integer not null default 0,
  color text not null default '',
  -- The needs as the proto3 JSON of a list of ResourceNeed.
  needs jsonb not null,
  -- 1: active, 2: retired.
  state smallint not null default 1,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id),
  constraint appointment_types_name_unique unique (company_id, name_folded)
);
select protect('appointment_types', 'select, insert, update');

-- Leave, closures and extra hours, in the clinic's local time.
create table availability_exceptions (
  company_id uuid not null references companies,
  id uuid not null,
  -- 1: closure, 2: leave, 3: extra hours.
  kind smallint not null,
  -- Null for a closure.
  resource_id uuid,
  starts_local timestamp not null,
  ends_local timestamp not null,
  reason text not null default '',
  created_at timestamptz not null default now(),
  primary key (company_id, id),
  constraint availability_exceptions_span_valid check (ends_local > starts_local),
  constraint availability_exceptions_resource_fkey foreign key (company_id, resource_id)
    references resources
);
select protect('availability_exceptions', 'select, insert, delete');
create index availability_exceptions_by_start
  on availability_exceptions (company_id, starts_local, id);

-- Appointments. Time, patient, type and resources never change; the status does.
create table appointments (
  company_id uuid not null references companies,
  id uuid not null,
  patient_id uuid not null,
  type_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  buffer_before_minutes integer not null,
  buffer_after_minutes integer not null,
  -- As AppointmentStatus. 2 (held) to 7 (in consultation) take up time.
  status smallint not null,
  reason text not null default '',
  hold_expires_at timestamptz,
  overbook_reason text not null default '',
  cancelled_by smallint not null default 0,
  cancellation_reason smallint not null default 0,
  cancellation_note text not null default '',
  cancelled_late boolean not null default false,
  rescheduled_from_id uuid,
  rescheduled_to_id uuid,
  series_id uuid,
  recurrence_id timestamptz,
  status_at timestamptz not null default now(),
  confirmed_at timestamptz,
  arrived_at timestamptz,
  checked_in_at timestamptz,
  started_at timestamptz,
  completed_at timestamptz,
  cancelled_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id),
  constraint appointments_time_valid
    check (ends_at > starts_at and ends_at <= starts_at + interval '24 hours'),
  constraint appointments_patient_fkey foreign key (company_id, patient_id) references patients,
  constraint appointments_type_fkey foreign key (company_id, type_id) references appointment_types,
  constraint appointments_from_fkey foreign key (company_id, rescheduled_from_id)
    references appointments,
  constraint appointments_to_fkey foreign key (company_id, rescheduled_to_id)
    references appointments
);
select protect('appointments', 'select, insert, update');
create index appointments_by_start on appointments (company_id, starts_at, id);
create index appointments_of_patient on appointments (company_id, patient_id, starts_at, id);
create index appointments_held on appointments (company_id, hold_expires_at) where status = 2;
create index appointments_of_series on appointments (company_id, series_id, recurrence_id)
  where series_id is not null;

-- Who and what an appointment takes, in the order of its type's needs.
create table appointment_resources (
  company_id uuid not null references companies,
  appointment_id uuid not null,
  resource_id uuid not null,
  position smallint not null,
  -- The appointment's, which never changes: finds a resource's appointments of a day.
  starts_at timestamptz not null,
  primary key (company_id, appointment_id, resource_id),
  constraint appointment_resources_appointment_fkey foreign key (company_id, appointment_id)
    references appointments,
  constraint appointment_resources_resource_fkey foreign key (company_id, resource_id)
    references resources
);
select protect('appointment_resources', 'select, insert');
create index appointment_resources_by_start
  on appointment_resources (company_id, resource_id, starts_at, appointment_id);

-- The time that appointments take up, of resources with their buffers and of patients without: one
-- row for each as long as the appointment's status takes up time. No two rows of a claimant overlap
-- in one lane, whoever writes them: nobody and nothing is booked twice. A resource that takes
-- several appointments at a time has as many lanes; deliberate overbooking uses lanes past those.
--
-- Bounds of their own rather than a range: row security lets only leakproof operators into an index,
-- which the comparison of times is and the overlap of ranges is not.
create table appointment_claims (
  company_id uuid not null references companies,
  claimant_id uuid not null,
  appointment_id uuid not null,
  lane smallint not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- When it stops counting: the end of a hold. Booking sweeps what has stopped.
  expires_at timestamptz,
  primary key (company_id, appointment_id, claimant_id),
  -- At most 24 hours and two buffers of 4: searches look back no further.
  constraint appointment_claims_time_valid
    check (ends_at > starts_at and ends_at <= starts_at + interval '32 hours'),
  constraint appointment_claims_appointment_fkey foreign key (company_id, appointment_id)
    references appointments,
  constraint appointment_claims_no_overlap exclude using gist (
    company_id with =, claimant_id with =, lane with =, tstzrange(starts_at, ends_at) with &&)
);
select protect('appointment_claims', 'select, insert, update, delete');
-- Holds all that a search for free time reads.
create index appointment_claims_by_start
  on appointment_claims (company_id, claimant_id, starts_at, ends_at) include (lane, expires_at);

-- Ends the holds whose time is over and frees their time; returns their ids, for the change log.
create function expire_holds(company uuid) returns setof uuid language sql as $$
  with ended as (
    update clinic.appointments a
    set status = 9, status_at = now(), cancelled_at = now(), cancelled_by = 3,
      cancellation_reason = 14, version = version + 1, updated_at = now()
    where a.company_id = company and a.status = 2 and a.hold_expires_at <= now()
    returning a.id
  ), freed as (
    delete from clinic.appointment_claims c using ended e
    where c.company_id = company and c.appointment_id = e.id
  )
  select id from ended
$$;

-- Takes up a claimant's time in the first lane that is free; raises CL002 where there is none,
-- unless it may overbook.
--
-- `on conflict do nothing` waits for a transaction that wants the same lane and time, without the
-- deadlock that two plain inserts run into; what it committed is seen in the next round.
create function claim_time(
  company uuid, claimant uuid, appointment uuid, claim_starts timestamptz, claim_ends timestamptz,
  capacity integer, expires timestamptz, overbook boolean
) returns void language plpgsql as $$
declare
  taken smallint[];
  free smallint;
begin
  loop
    select coalesce(array_agg(distinct c.lane), '{}') into taken
    from clinic.appointment_claims c
    where c.company_id = company and c.claimant_id = claimant and c.starts_at < claim_ends
      and c.starts_at > claim_starts - interval '32 hours' and c.ends_at > claim_starts;
    if cardinality(taken) >= capacity and not overbook then
      raise exception 'the time is taken' using errcode = 'CL002';
    end if;
    select min(lane) into strict free
    from generate_series(0, cardinality(taken)) lane where lane <> all (taken);
    insert into clinic.appointment_claims
      (company_id, claimant_id, appointment_id, lane, starts_at, ends_at, expires_at)
    values (company, claimant, appointment, free, claim_starts, claim_ends, expires)
    on conflict on constraint appointment_claims_no_overlap do nothing;
    exit when found;
  end loop;
end
$$;

-- Takes up the time of an appointment's patient and of its resources, always in the same order, so
-- that two appointments never wait for each other.
create function claim_appointment(company uuid, appointment uuid, overbook boolean)
returns void language plpgsql as $$
declare
  booked clinic.appointments;
  expires timestamptz;
  wanted record;
begin
  select * into strict booked from clinic.appointments a
  where a.company_id = company and a.id = appointment;
  if booked.status = 2 then
    expires := booked.hold_expires_at;
  end if;
  for wanted in
    select r.id, r.capacity::integer from clinic.appointment_resources ar
    join clinic.resources r on r.company_id = ar.company_id and r.id = ar.resource_id
    where ar.company_id = company and ar.appointment_id = appointment order by r.id
  loop
    perform clinic.claim_time(
      company, wanted.id, appointment,
      booked.starts_at - make_interval(mins => booked.buffer_before_minutes),
      booked.ends_at + make_interval(mins => booked.buffer_after_minutes),
      wanted.capacity, expires, overbook);
  end loop;
  perform clinic.claim_time(
    company, booked.patient_id, appointment, booked.starts_at, booked.ends_at, 1, expires,
    overbook);
end
$$;
