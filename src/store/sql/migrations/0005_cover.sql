-- The picture that was given as an edition's cover: its file, whose name is its
-- own and is never used again, and the SHA-256 of its bytes.
CREATE TABLE cover (
    edition_id INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    digest BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created INTEGER NOT NULL
);

-- Where things are that are no rows: 'files' (app/site_files.h). No row: the folder's own place.
CREATE TABLE place (
    name TEXT PRIMARY KEY,
    address TEXT NOT NULL
);
