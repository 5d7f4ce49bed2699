-- Places counted by how many are there at once, and the changes of the waitlist for the change log.

-- Why a series has ended that the server could not go on with; empty for others.
alter table appointment_series add column end_reason text not null default '';

-- How many claims of a claimant stand at the same moment of a span, at most.
create function claim_depth(
  company uuid, claimant uuid, span_starts timestamptz, span_ends timestamptz
) returns bigint language sql stable as $$
  with there as (
    select c.starts_at, c.ends_at from clinic.appointment_claims c
    where c.company_id = company and c.claimant_id = claimant and c.starts_at < span_ends
      and c.starts_at > span_starts - interval '32 hours' and c.ends_at > span_starts
  )
  -- The most are there when somebody comes.
  select coalesce(max(
    (select count(*) from there o where o.starts_at <= t.starts_at and o.ends_at > t.starts_at)), 0)
  from there t
$$;

-- Makes one lane free for a span, by moving claims that begin in it or later to other lanes; returns
-- the lane. The claimant is locked, and fewer claims than it has lanes stand at any moment of the
-- span: taken in the order in which they begin, each finds a lane that is free (interval
-- partitioning). Claims that began before stay where they are.
create function free_lane(
  company uuid, claimant uuid, span_starts timestamptz, span_ends timestamptz
) returns smallint language plpgsql as $$
declare
  wanted smallint;
  -- The lanes of those that are there, and until when: the new claim's first.
  lanes smallint[];
  ends timestamptz[];
  -- What was moved, and until when that matters.
  moved uuid[] := '{}';
  target smallint[] := '{}';
  horizon timestamptz := span_ends;
  next_claim record;
  lane_found smallint;
begin
  select coalesce(array_agg(c.lane), '{}'), coalesce(array_agg(c.ends_at), '{}')
  into lanes, ends from clinic.appointment_claims c
  where c.company_id = company and c.claimant_id = claimant and c.starts_at < span_starts
    and c.starts_at > span_starts - interval '32 hours' and c.ends_at > span_starts;
  select min(lane) into strict wanted
  from generate_series(0, cardinality(lanes)) lane where lane <> all (lanes);
  lanes := lanes || wanted;
  ends := ends || span_ends;
  for next_claim in
    select c.appointment_id, c.lane, c.starts_at, c.ends_at from clinic.appointment_claims c
    where c.company_id = company and c.claimant_id = claimant and c.starts_at >= span_starts
    order by c.starts_at, c.lane
  loop
    exit when next_claim.starts_at >= horizon;
    select coalesce(array_agg(l order by n), '{}'), coalesce(array_agg(e order by n), '{}')
    into lanes, ends from unnest(lanes, ends) with ordinality t (l, e, n)
    where e > next_claim.starts_at;
    lane_found := next_claim.lane;
    if lane_found = any (lanes) then
      select min(lane) into strict lane_found
      from generate_series(0, cardinality(lanes)) lane where lane <> all (lanes);
      moved := moved || next_claim.appointment_id;
      target := target || lane_found;
      horizon := greatest(horizon, next_claim.ends_at);
    end if;
    lanes := lanes || lane_found;
    ends := ends || next_claim.ends_at;
  end loop;
  -- Out of each other's way first: the constraint looks at every row as it is written.
  update clinic.appointment_claims c set lane = -1 - c.lane
  where c.company_id = company and c.claimant_id = claimant and c.appointment_id = any (moved);
  update clinic.appointment_claims c set lane = t.lane
  from unnest(moved, target) t (appointment_id, lane)
  where c.company_id = company and c.claimant_id = claimant
    and c.appointment_id = t.appointment_id;
  return wanted;
end
$$;

-- Takes up a claimant's time in a lane that is free; raises CL002 where as many are there at some
-- moment as it takes, unless it may overbook. Who takes several at a time is locked, see
-- `claim_appointment`: others book it one after the other.
--
-- `on conflict do nothing` waits for a transaction that wants the same lane and time, without the
-- deadlock that two plain inserts run into; what it committed is seen in the next round.
create or replace function claim_time(
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
    select min(lane) into strict free
    from generate_series(0, cardinality(taken)) lane where lane <> all (taken);
    if cardinality(taken) >= capacity and not overbook then
      -- Each lane is taken at some moment, which need not be the same one.
      if capacity = 1
        or clinic.claim_depth(company, claimant, claim_starts, claim_ends) >= capacity
      then
        raise exception 'the time is taken' using errcode = 'CL002';
      end if;
      free := clinic.free_lane(company, claimant, claim_starts, claim_ends);
    end if;
    insert into clinic.appointment_claims
      (company_id, claimant_id, appointment_id, lane, starts_at, ends_at, expires_at)
    values (company, claimant, appointment, free, claim_starts, claim_ends, expires)
    on conflict on constraint appointment_claims_no_overlap do nothing;
    exit when found;
  end loop;
end
$$;

-- How many appointments a resource takes at a time, which nobody changes until the transaction ends;
-- where it is more than one, nobody else books the resource until then either.
create function lock_capacity(company uuid, resource uuid) returns integer
language plpgsql as $$
declare
  found_capacity integer;
begin
  select r.capacity into strict found_capacity from clinic.resources r
  where r.company_id = company and r.id = resource for key share;
  if found_capacity > 1 then
    perform from clinic.resources r
    where r.company_id = company and r.id = resource for no key update;
  end if;
  return found_capacity;
end
$$;

-- Locks those of an appointment's resources that take several at a time, always in the same order,
-- before any of its claims is touched: who books such a resource moves the claims of others.
create function lock_claimants(company uuid, appointment uuid) returns void
language plpgsql as $$
declare
  wanted uuid;
begin
  for wanted in
    select ar.resource_id from clinic.appointment_resources ar
    where ar.company_id = company and ar.appointment_id = appointment order by ar.resource_id
  loop
    perform clinic.lock_capacity(company, wanted);
  end loop;
end
$$;

-- Takes up the time of an appointment's patient and of its resources, always in the same order, so
-- that two appointments never wait for each other. How many a resource takes stays as it is until
-- the end of the transaction; those that take several are booked by one transaction at a time, which
-- counts and moves what is there.
create or replace function claim_appointment(company uuid, appointment uuid, overbook boolean)
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
  perform clinic.lock_claimants(company, appointment);
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

-- Waitlist ----------------------------------------------------------------------------------------

-- What changes an entry of the waitlist returns its id, for the change log.
drop function sweep_holds(uuid);
drop function release_appointment(uuid, uuid);
drop function keep_appointment(uuid, uuid);
drop function note_release(uuid, uuid);
drop function settle_offer(uuid, uuid, smallint, smallint);

-- Ends an appointment's open offer, and moves its entry to a state.
create function settle_offer(
  company uuid, appointment uuid, offer_state smallint, entry_state smallint
) returns uuid language sql as $$
  with settled as (
    update clinic.waitlist_offers o set state = offer_state, resolved_at = now()
    where o.company_id = company and o.appointment_id = appointment and o.state = 1
    returning o.entry_id
  )
  update clinic.waitlist_entries e
  set state = entry_state, version = e.version + 1, updated_at = now()
  from settled s where e.company_id = company and e.id = s.entry_id and e.state = 2
  returning e.id
$$;

-- Notes that an appointment takes up no time any more: ends the offer that it was, and has a timer
-- offer the time to those who wait for one. Returns the entry that had the offer.
create function note_release(company uuid, appointment uuid) returns uuid
language plpgsql as $$
declare
  freed clinic.appointments;
  entry uuid;
begin
  select * into strict freed from clinic.appointments a
  where a.company_id = company and a.id = appointment;
  entry := clinic.settle_offer(
    company, appointment, (case when freed.hold_expires_at <= now() then 4 else 3 end)::smallint,
    1::smallint);
  if freed.starts_at > now() and exists (
    select from clinic.waitlist_entries e where e.company_id = company and e.state = 1
  ) then
    perform clinic.set_timer(company, 'time_freed', appointment, now());
  end if;
  return entry;
end
$$;

-- Frees what an appointment takes up; returns the entry whose offer it was.
create function release_appointment(company uuid, appointment uuid) returns uuid
language plpgsql as $$
begin
  perform clinic.lock_claimants(company, appointment);
  delete from clinic.appointment_claims c
  where c.company_id = company and c.appointment_id = appointment;
  if found then
    return clinic.note_release(company, appointment);
  end if;
  return null;
end
$$;

-- Ends the holds whose time is over and frees their time; returns them, and the entries whose offers
-- they were.
create function sweep_holds(company uuid) returns table (appointment_id uuid, entry_id uuid)
language plpgsql as $$
begin
  perform clinic.lock_claimants(company, a.id) from clinic.appointments a
  where a.company_id = company and a.status = 2 and a.hold_expires_at <= now();
  for appointment_id in select * from clinic.expire_holds(company) loop
    entry_id := clinic.note_release(company, appointment_id);
    return next;
  end loop;
end
$$;

-- Makes the claims of a hold last: it was accepted. Returns the entry whose offer it was.
create function keep_appointment(company uuid, appointment uuid) returns uuid
language plpgsql as $$
begin
  perform clinic.lock_claimants(company, appointment);
  update clinic.appointment_claims c set expires_at = null
  where c.company_id = company and c.appointment_id = appointment;
  return clinic.settle_offer(company, appointment, 2::smallint, 3::smallint);
end
$$;
