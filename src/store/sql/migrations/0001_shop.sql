-- The shop, its catalogue, its readers and its Record.
--
-- Ids are given out by `counter`, in the transaction that uses them, so that no
-- engine's own numbering is relied on. Times are seconds since 1970 (UTC),
-- dates yyyymmdd. Facts that no SQL asks for are packed into one column. Tables
-- found by a text or by two ids alone need no rowid, which saves a second tree.

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    next INTEGER NOT NULL
) WITHOUT ROWID;

-- What happened, in commit order: derived data (search index, caches) follows it.
CREATE TABLE change (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL, -- 'edition', 'work', 'storefront', 'collection', 'shop'
    key INTEGER NOT NULL
);

CREATE TABLE storefront (
    id INTEGER PRIMARY KEY, -- 0, 1, 2 …: also the index's price column
    slug TEXT NOT NULL UNIQUE,
    country TEXT NOT NULL,
    currency TEXT NOT NULL,
    languages TEXT NOT NULL, -- BCP 47, comma between, the first is the default
    tax_included INTEGER NOT NULL, -- prices are shown with tax
    print_without_rights INTEGER NOT NULL
);

CREATE TABLE shop (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    controlled_by TEXT NOT NULL, -- the disclosure; '' where nothing was said
    created INTEGER NOT NULL
);

-- Who sends records to a shop: a claim of the message's header, kept apart per shop.
CREATE TABLE sender (
    id INTEGER PRIMARY KEY,
    shop_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (shop_id, key)
);

CREATE TABLE work (
    id INTEGER PRIMARY KEY
);

-- What makes two editions one work (domain/work_key.h). An edition's own ISBN is
-- no row here: edition.product_key finds its work.
CREATE TABLE work_key (
    key TEXT PRIMARY KEY,
    work_id INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE edition (
    id INTEGER PRIMARY KEY,
    product_key TEXT NOT NULL UNIQUE, -- ISBN-13, else 'type:name:value' of another identifier
    work_id INTEGER NOT NULL,
    record_id INTEGER NOT NULL -- that describes it, by precedence; 0: all deleted, not shown
);
CREATE INDEX edition_work ON edition (work_id);

-- One supplier's record of one product, (sender, reference) being its key.
CREATE TABLE product_record (
    id INTEGER PRIMARY KEY,
    sender_id INTEGER NOT NULL,
    reference TEXT NOT NULL,
    shop_id INTEGER NOT NULL,
    edition_id INTEGER NOT NULL,
    precedence INTEGER NOT NULL, -- 1 publisher, 2 its distributor, 3 aggregator and others
    sent INTEGER NOT NULL,       -- the message's SentDateTime
    deleted INTEGER NOT NULL,    -- NotificationType 05: kept as a tombstone
    digest BLOB NOT NULL,
    facts BLOB NOT NULL,         -- struct edition, packed (store/pack.h)
    UNIQUE (sender_id, reference)
);
CREATE INDEX product_record_edition ON product_record (edition_id);
CREATE INDEX product_record_shop ON product_record (shop_id, edition_id);

CREATE TABLE contributor (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE, -- ISNI or ORCID, else the folded name
    name TEXT NOT NULL
);

CREATE TABLE work_contributor (
    contributor_id INTEGER NOT NULL,
    work_id INTEGER NOT NULL,
    PRIMARY KEY (contributor_id, work_id)
) WITHOUT ROWID;
CREATE INDEX work_contributor_work ON work_contributor (work_id);

CREATE TABLE collection (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE, -- 'onix:<folded name>' from feeds, 'own:<slug>' from staff
    created INTEGER NOT NULL
);

CREATE TABLE collection_work (
    collection_id INTEGER NOT NULL,
    work_id INTEGER NOT NULL,
    part TEXT NOT NULL,        -- the number as printed
    position INTEGER NOT NULL, -- its place: thousandths of the number, else last
    PRIMARY KEY (collection_id, work_id)
) WITHOUT ROWID;
CREATE INDEX collection_work_work ON collection_work (work_id);
CREATE INDEX collection_work_position ON collection_work (collection_id, position, work_id);

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE, -- lower case
    name TEXT NOT NULL,
    password TEXT NOT NULL, -- argon2id, libsodium's encoding
    role TEXT NOT NULL,     -- 'reader', 'operator'
    created INTEGER NOT NULL
);

CREATE TABLE session (
    token BLOB PRIMARY KEY, -- SHA-256 of the token
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL, -- 'cookie', 'bearer'
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
);
CREATE INDEX session_account ON session (account_id);

-- Ratings, reviews and comments. `state`: 'shown', 'withdrawn', 'erased'. What a
-- restriction withholds is not written here: it is never in the data.
CREATE TABLE rating (
    id INTEGER PRIMARY KEY,
    work_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    stars INTEGER NOT NULL,
    state TEXT NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    entry_id INTEGER NOT NULL, -- of the 'accepted' entry in the voices log
    salt BLOB NOT NULL         -- of the latest commitment
);
CREATE UNIQUE INDEX rating_one ON rating (work_id, account_id) WHERE state = 'shown';
CREATE INDEX rating_work ON rating (work_id, state);
CREATE INDEX rating_account ON rating (account_id);

CREATE TABLE review (
    id INTEGER PRIMARY KEY,
    work_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,     -- Markdown, as written
    language TEXT NOT NULL, -- BCP 47
    isbn13 TEXT NOT NULL,   -- the edition read; '' where not said
    state TEXT NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    salt BLOB NOT NULL
);
CREATE UNIQUE INDEX review_one ON review (work_id, account_id) WHERE state = 'shown';
CREATE INDEX review_work ON review (work_id, state, created);
CREATE INDEX review_account ON review (account_id);

CREATE TABLE comment (
    id INTEGER PRIMARY KEY,
    review_id INTEGER NOT NULL,
    work_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    created INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    salt BLOB NOT NULL
);
CREATE INDEX comment_review ON comment (review_id, state, created);
CREATE INDEX comment_work ON comment (work_id);
CREATE INDEX comment_account ON comment (account_id);

-- How many gave how many stars: kept in the transaction that changes a rating.
CREATE TABLE work_rating (
    work_id INTEGER PRIMARY KEY,
    stars1 INTEGER NOT NULL,
    stars2 INTEGER NOT NULL,
    stars3 INTEGER NOT NULL,
    stars4 INTEGER NOT NULL,
    stars5 INTEGER NOT NULL
);

-- The Record. log 0: decisions, 1: voices. idx is NULL while an entry is pending.
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    log INTEGER NOT NULL,
    idx INTEGER,
    type TEXT NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (log, idx)
);
CREATE INDEX entry_pending ON entry (log, id) WHERE idx IS NULL;
CREATE INDEX entry_type ON entry (log, type, idx);

-- The hashes of a tile as far as it is filled; narrower ones are its prefixes.
CREATE TABLE tile (
    log INTEGER NOT NULL,
    level INTEGER NOT NULL,
    n INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (log, level, n)
);

CREATE TABLE checkpoint (
    log INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    at INTEGER NOT NULL,
    note TEXT NOT NULL
);

-- The works behind a signed root, big-endian 64-bit ids, ascending.
CREATE TABLE work_list (
    root BLOB PRIMARY KEY,
    works BLOB NOT NULL
);

-- Texts by staff that stand beside an entry, which holds their commitment.
CREATE TABLE entry_text (
    entry_id INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    salt BLOB NOT NULL
);

-- A restriction's entries; what it means is in the entries alone.
CREATE TABLE restriction_entry (
    restriction_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    PRIMARY KEY (restriction_id, entry_id)
);
