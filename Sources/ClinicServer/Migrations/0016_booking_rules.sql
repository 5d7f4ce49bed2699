-- What a booking was decided on is looked at again where nobody can change it any more: the states of
-- patient, type and resources, the hours and leave of the resources, and the clinic's time zone.

-- Refuses a new appointment with CL002 where anything differs from what it was decided on: whoever
-- books then reads again and decides anew.
--
-- The foreign keys of its rows have locked the keys of patient, type, resources and clinic. Whoever
-- changes a resource or a type has its row `for update`, as has whoever adds leave or a closure those
-- of the resources, and whoever changes the time zone the clinic's own: none of that commits between
-- here and the end of the transaction, and what committed before is seen. A patient's record is
-- changed in more ways than these, so its lock is a stronger one.
--
-- Of leave and closures, `known` are those that were read in the days from `seen_from` to
-- `seen_until` on the clinic's wall clock; null where they do not matter.
create function admit_appointment(
  company uuid, appointment uuid, zone text, type_version bigint, resources uuid[],
  resource_versions bigint[], known uuid[], seen_from timestamp, seen_until timestamp
) returns void language plpgsql as $$
begin
  perform from clinic.appointments a
  join clinic.patients p on p.company_id = a.company_id and p.id = a.patient_id
  where a.company_id = company and a.id = appointment and p.state = 1 for share of p;
  if not found then
    raise exception 'the patient''s record is not active any more' using errcode = 'CL002';
  end if;
  perform from clinic.appointments a
  join clinic.appointment_types t on t.company_id = a.company_id and t.id = a.type_id
  join clinic.companies c on c.company_id = a.company_id
  where a.company_id = company and a.id = appointment and t.version = type_version
    and c.time_zone = zone and not exists (
      select from unnest(resources, resource_versions) seen (id, version)
      join clinic.resources r on r.company_id = company and r.id = seen.id
      where r.version <> seen.version
    ) and (known is null or not exists (
      select from clinic.availability_exceptions x
      where x.company_id = company and x.starts_local < seen_until
        and x.starts_local > seen_from - interval '401 days' and x.ends_local > seen_from
        and x.kind in (1, 2) and (x.resource_id is null or x.resource_id = any (resources))
        and x.id <> all (known)
    ));
  if not found then
    raise exception 'type, resources, leave or time zone were changed' using errcode = 'CL002';
  end if;
end
$$;

-- As before, and only where every resource is in use: a retired one takes up no time.
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
    select r.id, r.capacity::integer, r.state from clinic.appointment_resources ar
    join clinic.resources r on r.company_id = ar.company_id and r.id = ar.resource_id
    where ar.company_id = company and ar.appointment_id = appointment order by r.id
  loop
    if wanted.state <> 1 then
      raise exception 'a resource is retired' using errcode = 'CL002';
    end if;
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

-- Who is here, whatever day their appointment is on: read by the dashboard.
create index appointments_here on appointments (company_id, starts_at)
  where status between 5 and 7;

-- Waitlist ----------------------------------------------------------------------------------------

-- What gave its time up, by when: read as an offer ends.
create index appointments_freed on appointments (company_id, status_at) where status in (9, 12);

-- Ends an appointment's open offer, and moves its entry to a state. Who waits again did not wait
-- while the offer stood: timers look once more at the times that were freed meanwhile. What was freed
-- in a transaction that began shortly before the offer may have come after it.
create or replace function settle_offer(
  company uuid, appointment uuid, offer_state smallint, entry_state smallint
) returns uuid language plpgsql as $$
declare
  settled clinic.waitlist_offers;
  entry uuid;
begin
  update clinic.waitlist_offers o set state = offer_state, resolved_at = now()
  where o.company_id = company and o.appointment_id = appointment and o.state = 1
  returning o.* into settled;
  if not found then
    return null;
  end if;
  update clinic.waitlist_entries e
  set state = entry_state, version = e.version + 1, updated_at = now()
  where e.company_id = company and e.id = settled.entry_id and e.state = 2
  returning e.id into entry;
  if entry is not null and entry_state = 1 then
    perform clinic.set_timer(company, 'time_freed', freed.id, now())
    from (
      select a.id from clinic.appointments a
      where a.company_id = company and a.status in (9, 12)
        and a.status_at > settled.created_at - interval '5 minutes' and a.starts_at > now()
      order by a.status_at desc limit 100
    ) freed;
  end if;
  return entry;
end
$$;
