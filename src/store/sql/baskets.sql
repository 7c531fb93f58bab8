-- What readers have put into their baskets.

-- name: basket_of_account
SELECT id, account_id, voucher_id FROM basket WHERE account_id = $1 ORDER BY id LIMIT 1;

-- name: basket_by_hash
SELECT id, account_id, voucher_id FROM basket WHERE hash = $1 AND account_id = 0;

-- name: basket_add (writers)
INSERT INTO basket (id, hash, account_id, storefront_id, voucher_id, created, touched) VALUES ($1, $2, $3, $4, 0, $5, $5);

-- name: basket_touch (writers)
UPDATE basket SET storefront_id = $2, touched = $3 WHERE id = $1;

-- name: basket_voucher_put (writers)
UPDATE basket SET voucher_id = $2 WHERE id = $1;

-- name: basket_remove (writers)
DELETE FROM basket WHERE id = $1;

-- name: basket_lines_remove (writers)
DELETE FROM basket_line WHERE basket_id = $1;

-- name: basket_lines_of_account_remove (writers)
DELETE FROM basket_line WHERE basket_id IN (SELECT id FROM basket WHERE account_id = $1);

-- name: baskets_of_account_remove (writers)
DELETE FROM basket WHERE account_id = $1;

-- name: basket_lines_forget (writers)
DELETE FROM basket_line WHERE basket_id IN (SELECT id FROM basket WHERE touched < $1);

-- name: baskets_forget (writers)
DELETE FROM basket WHERE touched < $1;

-- name: basket_lines
SELECT l.edition_id, l.quantity, l.later, l.price, l.currency, l.added, COALESCE(e.product_key, '')
FROM basket_line AS l LEFT JOIN edition AS e ON e.id = l.edition_id
WHERE l.basket_id = $1 ORDER BY l.added, l.edition_id LIMIT $2;

-- name: basket_count_of_account
SELECT COUNT(*) FROM basket_line AS l JOIN basket AS b ON b.id = l.basket_id WHERE b.account_id = $1 AND l.later = 0;

-- name: basket_count_by_hash
SELECT COUNT(*) FROM basket_line AS l JOIN basket AS b ON b.id = l.basket_id
WHERE b.hash = $1 AND b.account_id = 0 AND l.later = 0;

-- name: basket_line_put (writers)
INSERT INTO basket_line (basket_id, edition_id, quantity, later, price, currency, added) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (basket_id, edition_id) DO UPDATE SET quantity = excluded.quantity, later = excluded.later,
    price = excluded.price, currency = excluded.currency;

-- name: basket_line_remove (writers)
DELETE FROM basket_line WHERE basket_id = $1 AND edition_id = $2;
