-- The second factor of staff: the secret that their device shares (RFC 6238), and codes
-- for the day that it is lost, kept as hashes.
CREATE TABLE second_factor (
    account_id INTEGER PRIMARY KEY,
    secret BLOB NOT NULL,
    confirmed INTEGER NOT NULL, -- when it was set up; 0: begun, not yet
    last_step INTEGER NOT NULL  -- of the last code that was taken: none is taken twice
);
CREATE TABLE recovery_code (
    account_id INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (account_id, hash)
);
-- What a session still lacks for the desk: 0 nothing, 1 a code, 2 a second factor.
ALTER TABLE session ADD COLUMN lacks INTEGER NOT NULL DEFAULT 0;
