-- Webhooks: the change log, sent to partners.

create table webhooks (
  company_id uuid not null references companies,
  id uuid not null,
  url text not null,
  description text not null,
  resource_types text[] not null,
  -- As WebhookState: 1 active, 2 paused, 3 disabled.
  state smallint not null default 1,
  -- As WebhookDisableReason.
  disable_reason smallint not null default 0,
  -- Up to where the log was looked through, and the end of the last delivery.
  position bigint not null,
  delivered_sequence bigint not null,
  -- Since the last attempt, or delivery, that was acknowledged.
  failed_attempts integer not null default 0,
  dead_letters integer not null default 0,
  -- What signs, sealed with a key of the platform's.
  secret bytea not null,
  previous_secret bytea,
  previous_secret_until timestamptz,
  -- The attempt that is under way; it counts for lost afterwards.
  attempt_id uuid,
  leased_until timestamptz,
  creator_id uuid not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id)
);
select protect('webhooks', 'select, insert, update, delete');

-- What was sent, or is to be. What it holds is the log's: nothing of it is kept here.
create table webhook_deliveries (
  company_id uuid not null references companies,
  id uuid not null,
  webhook_id uuid not null,
  after_sequence bigint not null,
  sequence bigint not null,
  change_count integer not null,
  resource_types text[] not null,
  -- As WebhookDeliveryState: 1 pending, 2 delivered, 3 dead.
  state smallint not null default 1,
  attempt_count integer not null default 0,
  -- Before it is given up.
  attempts_left integer not null,
  -- The last attempts, a place in each array.
  attempted_at timestamptz[] not null default '{}',
  durations integer[] not null default '{}',
  status_codes integer[] not null default '{}',
  failures smallint[] not null default '{}',
  details text[] not null default '{}',
  next_attempt_at timestamptz,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (company_id, id),
  constraint webhook_deliveries_webhook_fkey foreign key (company_id, webhook_id)
    references webhooks on delete cascade
);
select protect('webhook_deliveries', 'select, insert, update, delete');
create index webhook_deliveries_of_webhook on webhook_deliveries (company_id, webhook_id, id);
create index webhook_deliveries_by_state
  on webhook_deliveries (company_id, webhook_id, state, id);
-- One at a time: the next one begins where it ends.
create unique index webhook_deliveries_pending on webhook_deliveries (company_id, webhook_id)
  where state = 1;

-- Has the timers of a kind be due that clinics have; false where none was waiting. Timers that are
-- under way are left alone. Tells nothing of any clinic.
create function wake_timers(timer text, companies uuid[]) returns boolean
language plpgsql security definer set search_path = clinic, pg_temp as $$
begin
  update clinic.timers t set fires_at = now()
  where t.kind = timer and t.company_id = any (companies) and t.fires_at > now()
    and t.claimed_until <= now();
  return found;
end
$$;
