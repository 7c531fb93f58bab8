-- Keys by which programs of a shop use its API: each is for some duties (domain/shop_key.h), and opens nothing else.
CREATE TABLE shop_key (
    id INTEGER PRIMARY KEY,
    shop_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    duties INTEGER NOT NULL, -- a bit for each
    hash BLOB NOT NULL UNIQUE, -- SHA-256 of the key
    account_id INTEGER NOT NULL, -- who made it; it opens nothing once they are not of the shop any more
    made INTEGER NOT NULL,
    used INTEGER NOT NULL -- the day it was last; 0: never
);
CREATE INDEX shop_key_shop ON shop_key (shop_id);
