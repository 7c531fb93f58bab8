-- Complaints about demands that were refused: which decision, and of which demand. 0: about
-- a restriction.
ALTER TABLE complaint ADD COLUMN demand_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN about_entry_id INTEGER NOT NULL DEFAULT 0;
CREATE INDEX complaint_about ON complaint (about_entry_id);
CREATE INDEX complaint_demand ON complaint (demand_id, id);
-- A reader's own demands.
CREATE INDEX demand_account ON demand (account_id, id);
