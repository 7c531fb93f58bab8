-- What somebody points out on a title's page, for the shop whose record it is.
CREATE TABLE hint (
    id INTEGER PRIMARY KEY,
    shop_id INTEGER NOT NULL,
    product_key TEXT NOT NULL,
    storefront_id INTEGER NOT NULL,
    what TEXT NOT NULL, -- 'title', 'contributor', 'cover', 'description', 'price', 'other'
    words TEXT NOT NULL, -- '' once it is done
    address TEXT NOT NULL, -- the same
    at INTEGER NOT NULL,
    done INTEGER NOT NULL, -- 0: open
    account_id INTEGER NOT NULL -- who did it; 0: it grew old
);
CREATE INDEX hint_shop ON hint (shop_id, done);
CREATE INDEX hint_done ON hint (done, at);
