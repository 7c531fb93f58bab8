-- Whether a storefront sells though nobody stated which licences its country asks for: those that
-- are there already go on as they did, and say so; new ones do not.
ALTER TABLE storefront ADD COLUMN unresearched INTEGER NOT NULL DEFAULT 0;
UPDATE storefront SET unresearched = 1;
