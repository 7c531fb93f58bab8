-- The entry that says when the sender was told that their demand came in; 0: none.
ALTER TABLE demand ADD COLUMN acknowledged_entry_id INTEGER NOT NULL DEFAULT 0;
