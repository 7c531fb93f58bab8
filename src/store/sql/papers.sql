-- Sellers, and the papers of what was sold. Pages see who sells, and neither accounts nor papers.

-- name: seller_get (writers)
SELECT s.name, s.address, s.country, s.email, s.tax_number, s.account, s.fee, s.changed FROM seller AS s WHERE s.shop_id = $1;

-- name: seller_shown
SELECT s.name, s.address, s.country, s.email, s.tax_number FROM seller AS s WHERE s.shop_id = $1;

-- name: seller_put (writers)
INSERT INTO seller (shop_id, name, address, country, email, tax_number, account, fee, changed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (shop_id) DO UPDATE SET name = excluded.name, address = excluded.address, country = excluded.country,
email = excluded.email, tax_number = excluded.tax_number, account = excluded.account, fee = excluded.fee, changed = excluded.changed;
