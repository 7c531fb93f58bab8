-- Disputes before bodies out of court, about a restriction or a demand's decision.
CREATE TABLE dispute (
    id INTEGER PRIMARY KEY,
    restriction_id INTEGER NOT NULL,      -- 0: about a demand's decision
    demand_id INTEGER NOT NULL,           -- 0: about a restriction
    about_entry_id INTEGER NOT NULL,      -- that decision; 0
    complaint_id INTEGER NOT NULL,        -- what was decided here before; 0: nothing
    body TEXT NOT NULL,
    submitted INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    settlement_entry_id INTEGER NOT NULL, -- 0: open
    settled INTEGER NOT NULL,             -- 0: not
    outcome TEXT NOT NULL                 -- '', 'confirmed', 'reversed', 'partly', 'none'
);
CREATE INDEX dispute_open ON dispute (settlement_entry_id, id);
CREATE INDEX dispute_complaint ON dispute (complaint_id, id);
-- A demand that is undecided again: what had been decided; 0: nothing.
ALTER TABLE demand ADD COLUMN former_entry_id INTEGER NOT NULL DEFAULT 0;
