-- Statements of reasons: whom a restriction affects and who was told so. What one says
-- is in the restriction's entry and in the reasons beside it.
CREATE TABLE statement (
    id INTEGER PRIMARY KEY,
    restriction_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL, -- 0: a shop's
    shop_id INTEGER NOT NULL,    -- 0: an account's
    token BLOB NOT NULL,         -- SHA-256 of the secret in the letter's link
    at INTEGER NOT NULL
);
CREATE INDEX statement_account ON statement (account_id, id);
CREATE INDEX statement_token ON statement (token);

-- Complaints about them. The text stands beside the entry.
CREATE TABLE complaint (
    id INTEGER PRIMARY KEY,
    statement_id INTEGER NOT NULL,
    restriction_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    decision_entry_id INTEGER NOT NULL, -- 0: open
    decided INTEGER NOT NULL,           -- when; 0: not
    outcome TEXT NOT NULL               -- '', 'upheld', 'rejected'
);
CREATE INDEX complaint_statement ON complaint (statement_id);
CREATE INDEX complaint_restriction ON complaint (restriction_id);
CREATE INDEX complaint_open ON complaint (decision_entry_id, id);

-- Whom to write to about a shop, and in which language; '' where nobody said.
ALTER TABLE shop ADD COLUMN contact TEXT NOT NULL DEFAULT '';
ALTER TABLE shop ADD COLUMN contact_language TEXT NOT NULL DEFAULT '';
