-- The titles that each storefront listed, as signed: the last few lists.
CREATE TABLE listing (
    entry_id INTEGER PRIMARY KEY,
    storefront TEXT NOT NULL,
    root BLOB NOT NULL,
    titles BLOB NOT NULL, -- the list's lines (record/listing.h)
    changes BLOB NOT NULL -- against the list before
);
CREATE INDEX listing_root ON listing (root);
