-- The words of patients' names become keys of theirs (w:), so that a search finds those whom a word
-- fits exactly by equality, however many have a similar name. A word with digits, as test data
-- carry, is a key without them too.

-- Row security holds for the owner as well: each clinic is entered in its turn.
do $$
declare
  company uuid;
begin
  for company in select d.company_id from company_directory d loop
    perform enter(company);
    insert into patient_keys (company_id, patient_id, key, is_unique)
    select distinct p.company_id, p.id, 'w:' || forms.form, false
    from patients p
    cross join lateral unnest(string_to_array(p.search_names, ' ')) as words(word)
    cross join lateral (
      values (words.word), (regexp_replace(words.word, '[0-9]', '', 'g'))) as forms(form)
    where p.company_id = company and forms.form <> '';
  end loop;
end
$$;
