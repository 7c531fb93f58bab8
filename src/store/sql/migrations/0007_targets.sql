-- By what the Record names an account that a restriction is about: a salted
-- commitment, another one for each restriction. Without its row it names nobody.
CREATE TABLE account_commitment (
    commitment TEXT PRIMARY KEY, -- hex
    account_id INTEGER NOT NULL,
    salt BLOB NOT NULL
);
CREATE INDEX account_commitment_account ON account_commitment (account_id);

-- Reviews and comments are found by the index of their entry.
CREATE INDEX review_entry ON review (entry_id);
CREATE INDEX comment_entry ON comment (entry_id);
