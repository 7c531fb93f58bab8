-- Which entry holds the commitment that a voice's salt opens: the one of its latest
-- change. Of a voice that was changed before this was kept it is not known.
ALTER TABLE rating ADD COLUMN said_entry_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE review ADD COLUMN said_entry_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comment ADD COLUMN said_entry_id INTEGER NOT NULL DEFAULT 0;
UPDATE rating SET said_entry_id = entry_id;
UPDATE review SET said_entry_id = entry_id;
UPDATE comment SET said_entry_id = entry_id;
-- A receipt is asked for by its entry.
CREATE INDEX rating_entry ON rating (entry_id);
CREATE INDEX review_entry ON review (entry_id);
CREATE INDEX comment_entry ON comment (entry_id);
