-- Checkpoints that wait for their witnesses (store/candidates.h), what a write does to
-- what is shown until its entry is published (store/held.h), and witness policies.

-- No other checkpoint of this size is signed ever.
CREATE TABLE candidate (
    log INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    last_entry INTEGER NOT NULL, -- the id of the last waiting entry that is in it
    at INTEGER NOT NULL,
    note TEXT NOT NULL
);

CREATE TABLE held (
    id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL, -- until this one is published
    work_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    review_id INTEGER NOT NULL, -- 0: none
    statements TEXT NOT NULL    -- JSON: [["name", parameter…]…]
);
CREATE INDEX held_entry ON held (entry_id);
CREATE INDEX held_work ON held (work_id, account_id);
CREATE INDEX held_review ON held (review_id);

-- The text behind a 'policy' entry.
CREATE TABLE witness_policy (
    entry_id INTEGER PRIMARY KEY,
    text TEXT NOT NULL
);
