-- What a book was called when it came into a library: the reader's own, whatever becomes of the
-- title or is withheld, and what their list is put in order and searched by.
ALTER TABLE library ADD COLUMN work_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE library ADD COLUMN isbn TEXT NOT NULL DEFAULT ''; -- the product's key
ALTER TABLE library ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE library ADD COLUMN contributor TEXT NOT NULL DEFAULT '';
ALTER TABLE library ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE library ADD COLUMN shop TEXT NOT NULL DEFAULT ''; -- whose e-book it is, by its slug
ALTER TABLE library ADD COLUMN words TEXT NOT NULL DEFAULT ''; -- title and contributor, folded
ALTER TABLE library ADD COLUMN sorted BLOB; -- by title: 16 bytes
ALTER TABLE library ADD COLUMN opened INTEGER NOT NULL DEFAULT 0; -- read last; 0: never, or nobody keeps it
ALTER TABLE library ADD COLUMN place INTEGER NOT NULL DEFAULT 0;  -- how far, in millionths
CREATE INDEX library_opened ON library (account_id, opened);

-- Where a reader is in a book: how far, and exactly by who can say it. A browser's place and a
-- device's stand beside each other, since neither understands the other's.
CREATE TABLE reading_place (
    account_id INTEGER NOT NULL,
    edition_id INTEGER NOT NULL,
    kind TEXT NOT NULL, -- 'web', 'kosync'
    millionths INTEGER NOT NULL,
    locator TEXT NOT NULL, -- EPUB CFI, XPointer …
    device TEXT NOT NULL,
    device_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, edition_id, kind)
);
CREATE TABLE reading_mark (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    edition_id INTEGER NOT NULL,
    kind TEXT NOT NULL, -- 'bookmark', 'highlight'
    locator TEXT NOT NULL,
    millionths INTEGER NOT NULL,
    excerpt TEXT NOT NULL, -- of the book
    note TEXT NOT NULL,    -- the reader's own
    created INTEGER NOT NULL
);
CREATE INDEX reading_mark_of ON reading_mark (account_id, edition_id, id);
-- Readers of whom no places are kept.
CREATE TABLE reading_off (
    account_id INTEGER PRIMARY KEY,
    since INTEGER NOT NULL
);
