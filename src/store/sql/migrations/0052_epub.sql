-- EPUBs that partners gave, every one that ever was; a later one takes the place of the one before.
CREATE TABLE epub (
    id INTEGER PRIMARY KEY,
    edition_id INTEGER NOT NULL,
    file TEXT NOT NULL,
    digest BLOB NOT NULL,
    partial_md5 TEXT NOT NULL, -- as KOReader names a file
    bytes INTEGER NOT NULL,
    version TEXT NOT NULL,
    facts TEXT NOT NULL, -- JSON: what the package says, what was found
    added INTEGER NOT NULL,
    replaced INTEGER NOT NULL -- when; 0: it is the one
);
CREATE INDEX epub_edition ON epub (edition_id, replaced);

-- The sample of the one, made of it: its chapters as clean mark-up, its pictures in one file.
CREATE TABLE sample (
    edition_id INTEGER PRIMARY KEY,
    epub_id INTEGER NOT NULL,
    setting TEXT NOT NULL, -- 'across', 'vertical', 'rtl'
    chapters INTEGER NOT NULL,
    text INTEGER NOT NULL, -- characters, and of the whole book
    whole INTEGER NOT NULL,
    file TEXT NOT NULL, -- '' without pictures
    digest BLOB,
    bytes INTEGER NOT NULL,
    parts BLOB
);
CREATE TABLE sample_chapter (
    edition_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    direction TEXT NOT NULL,
    html TEXT NOT NULL,
    PRIMARY KEY (edition_id, n)
);
