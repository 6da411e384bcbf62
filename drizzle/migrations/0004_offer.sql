-- To whom a passed incident was offered, until that person or another takes it.

ALTER TABLE incident ADD COLUMN offered_to jsonb;
