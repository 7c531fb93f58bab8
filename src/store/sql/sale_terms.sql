-- What operator and shops state of selling: laws of fixed prices, shipping, vouchers.

-- name: price_laws
SELECT id, country, kind, starts, ends, discount, shipping_least, shipping_from, law, currency FROM price_law
ORDER BY country, kind, starts;

-- name: price_law_put (writers)
INSERT INTO price_law (id, country, kind, starts, ends, discount, shipping_least, shipping_from, law, stated, currency)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (country, kind, starts) DO UPDATE SET ends = excluded.ends, discount = excluded.discount,
    shipping_least = excluded.shipping_least, shipping_from = excluded.shipping_from, law = excluded.law,
    stated = excluded.stated, currency = excluded.currency;

-- name: shipping_methods
SELECT m.id, m.shop_id, s.slug, m.name, m.countries, m.currency, m.days_least, m.days_most, m.free_from, m.ended
FROM shipping_method AS m JOIN shop AS s ON s.id = m.shop_id
WHERE (m.shop_id = $1 OR $1 = 0) AND (m.ended = 0 OR $2 = 1) ORDER BY m.shop_id, m.ended > 0, m.id;

-- name: shipping_bands
SELECT grams, price FROM shipping_band WHERE method_id = $1 ORDER BY grams;

-- name: shipping_method_add (writers)
INSERT INTO shipping_method (id, shop_id, name, countries, currency, days_least, days_most, free_from, ended)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0);

-- name: shipping_band_add (writers)
INSERT INTO shipping_band (method_id, grams, price) VALUES ($1, $2, $3);

-- name: shipping_method_end (writers)
UPDATE shipping_method SET ended = $3 WHERE id = $1 AND (shop_id = $2 OR $2 = 0) AND ended = 0;

-- name: vouchers (writers)
SELECT v.id, v.name, v.shop_id, COALESCE(s.slug, ''), v.currency, v.amount, v.rate, v.least, v.starts, v.ends, v.uses, v.used
FROM voucher AS v LEFT JOIN shop AS s ON s.id = v.shop_id
WHERE v.shop_id = $1 OR $1 = 0 ORDER BY v.id DESC LIMIT $2;

-- name: voucher_by_hash (writers)
SELECT v.id, v.name, v.shop_id, '', v.currency, v.amount, v.rate, v.least, v.starts, v.ends, v.uses, v.used
FROM voucher AS v WHERE v.hash = $1;

-- name: voucher_by_id
SELECT v.id, v.name, v.shop_id, '', v.currency, v.amount, v.rate, v.least, v.starts, v.ends, v.uses, v.used
FROM voucher AS v WHERE v.id = $1;

-- name: voucher_add (writers)
INSERT INTO voucher (id, hash, name, shop_id, currency, amount, rate, least, starts, ends, uses, used, created)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12);

-- name: voucher_end (writers)
UPDATE voucher SET ends = $3 WHERE id = $1 AND (shop_id = $2 OR $2 = 0) AND ends > $3;

-- name: voucher_use (writers)
UPDATE voucher SET used = used + 1 WHERE id = $1 AND (uses = 0 OR used < uses);

-- name: voucher_give_back (writers)
UPDATE voucher SET used = used - 1 WHERE id = $1 AND used > 0;

-- name: voucher_use_add (writers)
INSERT INTO voucher_use (purchase_id, voucher_id, at) VALUES ($1, $2, $3);

-- name: voucher_use_of (writers)
SELECT u.voucher_id, v.shop_id FROM voucher_use AS u JOIN voucher AS v ON v.id = u.voucher_id WHERE u.purchase_id = $1;

-- name: voucher_use_remove (writers)
DELETE FROM voucher_use WHERE purchase_id = $1;
