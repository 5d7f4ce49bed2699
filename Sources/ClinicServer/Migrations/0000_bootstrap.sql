-- Roles, schema and extensions: run on every start of `clinicd migrate` by an administrator of the
-- database, before the numbered migrations. Each statement can be repeated.
--
--   clinic_owner  owns the schema and runs migrations; nobody logs in as it.
--   clinic_app    the running server: no DDL, owns nothing, row security always applies to it.

do $$
begin
  if not exists (select from pg_roles where rolname = 'clinic_owner') then
    create role clinic_owner nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'clinic_app') then
    create role clinic_app login nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
end
$$;

grant clinic_owner to current_user;

do $$
begin
  execute format('grant create on database %I to clinic_owner', current_database());
  -- Everybody may make temporary tables, unless told otherwise; the server makes nothing at all.
  execute format('revoke temporary on database %I from public', current_database());
end
$$;

create schema if not exists clinic authorization clinic_owner;
grant usage on schema clinic to clinic_app;

create extension if not exists pg_trgm with schema public;
create extension if not exists btree_gin with schema public;

-- Typo tolerance: how alike a word of the query and a word of the name must be. The role's own
-- setting, so that every connection of the server has it from the start.
alter role clinic_app set pg_trgm.word_similarity_threshold = 0.45;
-- Every statement has an index that begins with the company. A plan that reads a whole table reads
-- all clinics' rows, and is never the better one for long.
alter role clinic_app set enable_seqscan = off;
alter role clinic_app set search_path = clinic, public;

-- Row security lets only leakproof operators search an index beside the policy. The trigram
-- operator looks at its two texts alone and raises no error about them, so it can be declared
-- so; that takes a superuser. Without one, searches are as right and as separate, and slower.
do $$
begin
  alter function public.word_similarity_op(text, text) leakproof;
  alter function public.word_similarity_commutator_op(text, text) leakproof;
exception when insufficient_privilege then
  raise notice 'not a superuser: name searches will not use their index';
end
$$;
