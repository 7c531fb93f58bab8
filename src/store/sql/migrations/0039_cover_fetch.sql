-- Covers that feeds name, to be fetched: by the machine's clock, in seconds. `claimed`: somebody
-- fetches it, and is taken for gone once it is due again. `said` is empty before
-- the first time, then 'fetched', 'given' (somebody gave another) or what was wrong; `etag`, `modified`
-- and `digest` are of the bytes that came last.
CREATE TABLE cover_fetch (
    edition_id INTEGER PRIMARY KEY,
    link TEXT NOT NULL,
    host TEXT NOT NULL,
    due INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    said TEXT NOT NULL DEFAULT '',
    status INTEGER NOT NULL DEFAULT 0,
    etag TEXT NOT NULL DEFAULT '',
    modified TEXT NOT NULL DEFAULT '',
    digest BLOB,
    checked INTEGER NOT NULL DEFAULT 0,
    claimed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX cover_fetch_due ON cover_fetch (due);

-- When a server may be asked again: one request at a time, and none where it asked for a rest.
CREATE TABLE cover_host (
    host TEXT PRIMARY KEY,
    free INTEGER NOT NULL,
    claimed INTEGER NOT NULL
);
