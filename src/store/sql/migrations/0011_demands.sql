-- Demands. What the Record says of one is in its entry alone; here is who sent it,
-- the way back to it, and its papers.
CREATE TABLE demand (
    id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL,
    token BLOB NOT NULL,         -- SHA-256 of the secret in the sender's link
    account_id INTEGER NOT NULL, -- who was signed in; 0: nobody
    received INTEGER NOT NULL,
    due INTEGER NOT NULL,        -- when it is to be decided
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    decision_entry_id INTEGER NOT NULL, -- 0: undecided
    document_file TEXT NOT NULL, -- '': none
    document_type TEXT NOT NULL,
    document_digest BLOB NOT NULL,
    copy_file TEXT NOT NULL,     -- the redacted one, which is public
    copy_type TEXT NOT NULL,
    copy_digest BLOB NOT NULL
);
CREATE INDEX demand_token ON demand (token);
CREATE INDEX demand_undecided ON demand (decision_entry_id, id);

-- What one of the staff wants done and another has to approve: the whole of it, as
-- canonical JSON, so that what is approved is what was shown.
CREATE TABLE proposal (
    id INTEGER PRIMARY KEY,
    demand_id INTEGER NOT NULL, -- 0: a restriction without a demand
    body TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    created INTEGER NOT NULL,
    state TEXT NOT NULL -- 'open', 'approved', 'dropped'
);
CREATE INDEX proposal_state ON proposal (state, id);

-- What else an entry holds commitments of: who decided, why it reaches so far.
CREATE TABLE entry_beside (
    entry_id INTEGER NOT NULL,
    member TEXT NOT NULL,
    n INTEGER NOT NULL,
    content TEXT NOT NULL,
    salt BLOB NOT NULL,
    PRIMARY KEY (entry_id, member, n)
);
