-- Links in letters that do one thing once: the hash of what stands in them.
CREATE TABLE account_token (
    hash BLOB PRIMARY KEY,
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL, -- 'reset'
    expires INTEGER NOT NULL
);
CREATE INDEX account_token_account ON account_token (account_id);
