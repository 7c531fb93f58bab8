-- What was noted of a dispute was wrong: the latest entry that says so, and whether there was none.
ALTER TABLE dispute ADD COLUMN correction_entry_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dispute ADD COLUMN void INTEGER NOT NULL DEFAULT 0;
