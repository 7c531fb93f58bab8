-- What staff did, each row bound to the one before by its hash (store/trail.h).
CREATE TABLE trail (
    id INTEGER PRIMARY KEY, -- 1, 2, 3 … without a gap
    at INTEGER NOT NULL,
    account_id INTEGER NOT NULL, -- 0: on the command line
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    hash BLOB NOT NULL
);
CREATE INDEX trail_who ON trail (who, id);
CREATE INDEX trail_at ON trail (at, id);
