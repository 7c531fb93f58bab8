-- An account that is being erased: what it says from then on is not taken.
ALTER TABLE account ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0;
