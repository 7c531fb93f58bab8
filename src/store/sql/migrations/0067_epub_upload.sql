-- EPUBs that partners sent and nobody has looked at yet, and what became of the last one of each title.
CREATE TABLE epub_upload (
    id INTEGER PRIMARY KEY,
    edition_id INTEGER NOT NULL,
    shop_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    node TEXT NOT NULL, -- that took it, and looks at it
    file TEXT NOT NULL, -- below that one's folder
    bytes INTEGER NOT NULL,
    received INTEGER NOT NULL,
    begun INTEGER NOT NULL, -- looked at so often
    due INTEGER NOT NULL,   -- not before then
    state TEXT NOT NULL,    -- 'waiting', 'taken', 'refused'
    ended INTEGER NOT NULL,
    reason TEXT NOT NULL,
    problems TEXT NOT NULL -- JSON: what was found in one that was refused
);
CREATE INDEX epub_upload_open ON epub_upload (state, node, id);
CREATE INDEX epub_upload_of ON epub_upload (edition_id, shop_id, id);
