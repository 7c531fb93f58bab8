-- The node by which a feed's file lies, and how often its import failed: kills count apart.
ALTER TABLE feed ADD COLUMN node TEXT NOT NULL DEFAULT '';
ALTER TABLE feed ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
