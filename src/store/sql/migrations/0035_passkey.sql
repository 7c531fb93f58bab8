-- Passkeys (Web Authentication): public keys of devices that sign an account in, each for one host.
CREATE TABLE passkey (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    rp TEXT NOT NULL,            -- the host: 'books.example'
    credential BLOB NOT NULL,    -- by which a device knows it
    algorithm INTEGER NOT NULL,  -- COSE: -7, -8, -257
    public_key BLOB NOT NULL,
    counter INTEGER NOT NULL,    -- of the last signature; 0: it does not count
    name TEXT NOT NULL,          -- its owner's
    created INTEGER NOT NULL,
    used INTEGER NOT NULL        -- the day it was last; 0: never
);
CREATE UNIQUE INDEX passkey_credential ON passkey (credential);
CREATE INDEX passkey_account ON passkey (account_id);
-- What a device is to sign: for the browser that asked, once, for some minutes.
CREATE TABLE passkey_challenge (
    hash BLOB PRIMARY KEY,
    bound BLOB NOT NULL,
    expires INTEGER NOT NULL
);
