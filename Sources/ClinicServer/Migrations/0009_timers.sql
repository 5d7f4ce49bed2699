-- One queue of timers: scheduling's jobs move into it.

-- How often what was due failed since the timer was set.
alter table timers add column attempts smallint not null default 0;
drop index timers_by_time;
create index timers_by_time on timers (kind, fires_at);

insert into timers (company_id, kind, subject_id, fires_at)
select j.company_id, names.name, j.subject_id, j.run_at
from scheduling_jobs j
join (values (1, 'time_freed'), (2, 'hold_end'), (3, 'series_horizon')) names (kind, name)
  on names.kind = j.kind;

create or replace function set_timer(company uuid, timer text, subject uuid, moment timestamptz)
returns void language plpgsql security definer set search_path = clinic, pg_temp as $$
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
    do update set fires_at = excluded.fires_at, claimed_until = '-infinity', attempts = 0;
  end if;
end
$$;

-- Takes timers that are due, for half a minute: no two servers get the same one. Clinics take
-- turns, and none has more than its share under way at once. Hands out ids alone.
drop function claim_timers(text, integer);
create function claim_timers(timer text, page integer, share integer)
returns table (company_id uuid, subject_id uuid)
language sql security definer set search_path = clinic, pg_temp as $$
  with due as materialized (
    select d.company_id, d.subject_id, d.fires_at from clinic.timers d
    where d.kind = timer and d.fires_at <= now() and d.claimed_until <= now()
    order by d.fires_at limit 500
  ), turns as materialized (
    select d.company_id, d.subject_id, d.fires_at,
      row_number() over (partition by d.company_id order by d.fires_at, d.subject_id)
      + (select count(*) from clinic.timers u
        where u.company_id = d.company_id and u.kind = timer and u.claimed_until > now()) as turn
    from due d
  ), taken as (
    select t.company_id, t.kind, t.subject_id
    from turns
    join clinic.timers t on t.company_id = turns.company_id and t.kind = timer
      and t.subject_id = turns.subject_id
    where turns.turn <= share and t.fires_at <= now() and t.claimed_until <= now()
    order by turns.turn, turns.fires_at limit page for update of t skip locked
  )
  update clinic.timers t set claimed_until = now() + interval '30 seconds'
  from taken where t.company_id = taken.company_id and t.kind = taken.kind
    and t.subject_id = taken.subject_id
  returning t.company_id, t.subject_id
$$;

-- Takes a timer of the entered company out, in the transaction that does what is due; false where
-- it is gone, or set to a later moment.
create function take_timer(company uuid, timer text, subject uuid) returns boolean
language plpgsql security definer set search_path = clinic, pg_temp as $$
begin
  if company is distinct from clinic.current_company() then
    raise exception 'the timer belongs to another company' using errcode = 'insufficient_privilege';
  end if;
  delete from clinic.timers t
  where t.company_id = company and t.kind = timer and t.subject_id = subject
    and t.fires_at <= now();
  return found;
end
$$;

-- Puts off a timer of the entered company that is due and failed: longer each time, five minutes at
-- most.
create function postpone_timer(company uuid, timer text, subject uuid) returns void
language plpgsql security definer set search_path = clinic, pg_temp as $$
begin
  if company is distinct from clinic.current_company() then
    raise exception 'the timer belongs to another company' using errcode = 'insufficient_privilege';
  end if;
  update clinic.timers t
  set attempts = least(t.attempts + 1, 30), claimed_until = '-infinity',
    fires_at = now() + least(power(2, least(t.attempts, 9)), 300) * interval '1 second'
  where t.company_id = company and t.kind = timer and t.subject_id = subject
    and t.fires_at <= now();
end
$$;

-- As before, with a timer that has the time offered to those who wait for one.
create or replace function note_release(company uuid, appointment uuid) returns void
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
    perform clinic.set_timer(company, 'time_freed', appointment, now());
  end if;
end
$$;

-- As before, with a timer that ends a hold in time.
create or replace function take_time(company uuid, appointment uuid, overbook boolean)
returns void language plpgsql as $$
declare
  expires timestamptz;
begin
  perform clinic.claim_appointment(company, appointment, overbook);
  select a.hold_expires_at into expires from clinic.appointments a
  where a.company_id = company and a.id = appointment and a.status = 2;
  if found then
    perform clinic.set_timer(company, 'hold_end', appointment, expires);
  end if;
end
$$;

drop function enqueue_scheduling_job(uuid, smallint, uuid, timestamptz);
drop function next_scheduling_jobs(integer);
drop function take_scheduling_job(bigint);
drop function postpone_scheduling_job(bigint);
drop table scheduling_jobs;
