-- What a shop's staff corrected of a title, over what its feeds say: kept by the product, so
-- that it outlives the record.
CREATE TABLE correction (
    id INTEGER PRIMARY KEY,
    shop_id INTEGER NOT NULL,
    product_key TEXT NOT NULL,
    field TEXT NOT NULL, -- 'title', 'subtitle', 'contributor', 'description', 'cover'
    said TEXT NOT NULL,  -- of a contributor, the name in the feed; else ''
    value TEXT NOT NULL,
    account_id INTEGER NOT NULL, -- whose it is
    at INTEGER NOT NULL,
    UNIQUE (shop_id, product_key, field, said)
);

-- A record's facts as its sender sent them, where corrections stand in product_record.
CREATE TABLE record_said (
    record_id INTEGER PRIMARY KEY,
    facts BLOB NOT NULL
);
