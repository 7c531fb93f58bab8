-- Another address that an account wants, until the link that was sent there is followed. Account 0
-- stands for an address that somebody has: as much is written, and nobody can follow it.
CREATE TABLE address_change (
    link BLOB PRIMARY KEY, -- SHA-256 of what the letter's link holds
    account_id INTEGER NOT NULL,
    email TEXT NOT NULL, -- lower case
    expires INTEGER NOT NULL
);
CREATE INDEX address_change_account ON address_change (account_id);
