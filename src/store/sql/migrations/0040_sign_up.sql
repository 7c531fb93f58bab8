-- Who signed up where the shop sends mail, until they follow the link in its letter: there is no
-- account before. One address may have several, each with its own link and password. '' stands for
-- an address that had an account already: as much is written, and nobody can follow it.
CREATE TABLE sign_up (
    link BLOB PRIMARY KEY, -- SHA-256 of what the letter's link holds
    email TEXT NOT NULL,   -- lower case
    name TEXT NOT NULL,
    password TEXT NOT NULL, -- argon2id, libsodium's encoding
    language TEXT NOT NULL,
    expires INTEGER NOT NULL
);
CREATE INDEX sign_up_email ON sign_up (email);
-- By what devices know whose passkey they have: random, '' until one is made. Those from before
-- this go by a hash of the account.
ALTER TABLE account ADD COLUMN passkey_user BLOB NOT NULL DEFAULT '';
ALTER TABLE passkey ADD COLUMN by_hash INTEGER NOT NULL DEFAULT 1;
