-- Opening hours and extra hours are looked at again as a booking commits; who waits again on the
-- waitlist is offered what was missed; and midnight is when the day begins.

-- Refuses a new appointment with CL002 where anything differs from what it was decided on: whoever
-- books then reads again and decides anew.
--
-- The foreign keys of its rows have locked the keys of patient, type, resources and clinic. Whoever
-- changes a resource or a type has its row `for update`; whoever adds leave or a closure, takes extra
-- hours back or changes the opening hours, those of the resources; and whoever changes the time zone,
-- the clinic's own: none of that commits between here and the end of the transaction, and what
-- committed before is seen. A patient's record is changed in more ways than these, so its lock is a
-- stronger one.
--
-- `settings_version` is that of the clinic's record that opening hours were read from. Of leave and
-- closures, `known` are those that were read in the days from `seen_from` to `seen_until` on the
-- clinic's wall clock, and `extra` are the extra hours that may have been counted on. All three are
-- null where they do not matter.
drop function admit_appointment(
  uuid, uuid, text, bigint, uuid[], bigint[], uuid[], timestamp, timestamp);
create function admit_appointment(
  company uuid, appointment uuid, zone text, settings_version bigint, type_version bigint,
  resources uuid[], resource_versions bigint[], known uuid[], extra uuid[], seen_from timestamp,
  seen_until timestamp
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
    and c.time_zone = zone and (settings_version is null or c.version = settings_version)
    and not exists (
      select from unnest(resources, resource_versions) seen (id, version)
      join clinic.resources r on r.company_id = company and r.id = seen.id
      where r.version <> seen.version
    ) and (known is null or not exists (
      select from clinic.availability_exceptions x
      where x.company_id = company and x.starts_local < seen_until
        and x.starts_local > seen_from - interval '401 days' and x.ends_local > seen_from
        and x.kind in (1, 2) and (x.resource_id is null or x.resource_id = any (resources))
        and x.id <> all (known)
    )) and (extra is null or cardinality(extra) = (
      select count(*) from clinic.availability_exceptions x
      where x.company_id = company and x.id = any (extra)
    ));
  if not found then
    raise exception 'type, resources, hours, leave or time zone were changed'
      using errcode = 'CL002';
  end if;
end
$$;

-- Ends an appointment's open offer, and moves its entry to a state. Who waits again did not wait
-- while the offer stood: a timer offers this entry, and nobody else, what was freed meanwhile.
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
    perform clinic.set_timer(company, 'wait_resumed', entry, now());
  end if;
  return entry;
end
$$;

-- The first moment at which a clock shows a time. A clock that is put back at midnight, which is by
-- an hour wherever that is done, shows it twice, and PostgreSQL takes the second one.
create function first_instant(shown timestamp, zone text) returns timestamptz
language sql immutable as $$
  select case
    when ((shown at time zone zone) - interval '1 hour') at time zone zone = shown
    then (shown at time zone zone) - interval '1 hour'
    else shown at time zone zone
  end
$$;
