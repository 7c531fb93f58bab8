-- E-readers and reading apps of an account: each has a password of its own, which signs in to the
-- catalogue and to the sync of places, and to nothing else.
CREATE TABLE device (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    login TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL, -- argon2id of the MD5 in hex, which is all that KOReader sends
    made INTEGER NOT NULL,
    used INTEGER NOT NULL -- the day it was last; 0: never
);
CREATE INDEX device_account ON device (account_id);

-- Places in documents that are none of the shop's e-books, by KOReader's name for each.
CREATE TABLE sync_place (
    account_id INTEGER NOT NULL,
    document TEXT NOT NULL,
    progress TEXT NOT NULL, -- where exactly, as the device says it
    share INTEGER NOT NULL, -- of the whole, in millionths
    device TEXT NOT NULL,
    device_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, document)
);
CREATE INDEX epub_partial ON epub (partial_md5);
