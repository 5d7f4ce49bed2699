-- Record numbers that only look different, and refresh tokens that prove whose they were.

-- Takes numbers from a clinic's series, passing over those that patients have already, however
-- they are written: numbers are unique without their blanks and hyphens, as `r:` keys hold them.
-- Whatever others write in the clinic refers to its row: `for update` is at odds with that, and had
-- new patients and new entries of the change log wait for each other in a circle.
create or replace function take_record_numbers(company uuid, wanted integer) returns text[]
language plpgsql as $$
declare
  numbers text[] := '{}';
  next_number bigint;
  candidate text;
begin
  select next_record_number into strict next_number from clinic.companies c
  where c.company_id = company for no key update;
  while cardinality(numbers) < wanted loop
    candidate := case when next_number < 1000000 then lpad(next_number::text, 6, '0')
      else next_number::text end;
    next_number := next_number + 1;
    if not exists (
      select from clinic.patients p where p.company_id = company and p.record_number = candidate
    ) and not exists (
      select from clinic.patient_keys k where k.company_id = company and k.is_unique
        and k.key = 'r:' || candidate
    ) then
      numbers := numbers || candidate;
    end if;
  end loop;
  update clinic.companies c set next_record_number = next_number where c.company_id = company;
  return numbers;
end
$$;

-- A record number that is taken is told apart from an identifier that is.
drop index patient_keys_unique;
create unique index patient_keys_unique on patient_keys (company_id, key)
  where is_unique and left(key, 2) <> 'r:';
create unique index patient_keys_record_number_unique on patient_keys (company_id, key)
  where is_unique and left(key, 2) = 'r:';

-- What all refresh tokens of a session have in common, hashed: whoever shows a token of an earlier
-- generation proves by it that they have held one. Null for sessions that began before.
alter table sessions add column family_hash bytea;
