-- By what the Record names an account that a restriction is about: a salted
-- commitment, another one for each restriction. Without its row it names nobody.
CREATE TABLE account_commitment (
    commitment TEXT PRIMARY KEY, -- hex
    account_id INTEGER NOT NULL,
    salt BLOB NOT NULL
);
CREATE INDEX account_commitment_account ON account_commitment (account_id);
