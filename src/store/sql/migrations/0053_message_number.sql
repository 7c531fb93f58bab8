-- The highest number of a sender's messages, and the one before it: what did not come in between is told.
ALTER TABLE sender ADD COLUMN message_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sender ADD COLUMN message_before INTEGER NOT NULL DEFAULT 0;
