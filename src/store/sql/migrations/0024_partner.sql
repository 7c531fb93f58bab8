-- Whose account works at a shop's own desk: staff of the role 'partner', bound to one shop.
CREATE TABLE partner (
    account_id INTEGER PRIMARY KEY,
    shop_id INTEGER NOT NULL
);
CREATE INDEX partner_shop ON partner (shop_id);
