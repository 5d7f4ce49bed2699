-- The directory is mirrored by its trigger alone: a trigger of somebody else's table could otherwise
-- have the owner write into it.
revoke execute on function mirror_company() from public;

-- Each kind of count of failed logins is forgotten after a while of its own.
alter table login_failures add column forgotten_at timestamptz;
update login_failures set forgotten_at = last_failed_at + interval '1 day';
alter table login_failures alter column forgotten_at set not null;

-- An account that is closed takes its feeds along.
create index calendar_feeds_of_creator on calendar_feeds (company_id, creator_id);
