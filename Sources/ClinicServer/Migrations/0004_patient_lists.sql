-- The lists of a patient's record as protobuf instead of JSON: they are only ever read and written
-- whole, and a read spends as long on the JSON of three lists as on all other columns together.

-- A Patient that holds only its lists (other names, identifiers, contact points, addresses,
-- related persons, consents), in protobuf's binary form.
alter table patients add column record_lists bytea not null default '';

-- The same as proto3 JSON, in records that were last written before this migration; null in all
-- others. A record moves when it is written next.
alter table patients alter column lists drop not null, alter column lists drop default;
