-- What somebody points out on a title's page. Pages of readers see how many are open, and no more.

-- name: hint_shop (writers)
SELECT r.shop_id FROM edition AS e JOIN product_record AS r ON r.id = e.record_id WHERE e.id = $1;

-- name: hint_open_count
SELECT COUNT(*) FROM hint WHERE shop_id = $1 AND done = 0;

-- name: hint_add (writers)
INSERT INTO hint (id, shop_id, product_key, storefront_id, what, words, address, at, done, account_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0);

-- name: hints_open (writers)
SELECT h.id, h.what, h.storefront_id, h.product_key, h.words, h.address, h.at, h.done, ''
FROM hint AS h WHERE h.shop_id = $1 AND h.done = 0 ORDER BY h.id LIMIT $2;

-- name: hints_done (writers)
SELECT h.id, h.what, h.storefront_id, h.product_key, h.words, h.address, h.at, h.done, COALESCE(a.name, '')
FROM hint AS h LEFT JOIN account AS a ON a.id = h.account_id
WHERE h.shop_id = $1 AND h.done > 0 ORDER BY h.done DESC, h.id DESC LIMIT $2;

-- name: hint_do (writers)
UPDATE hint SET words = '', address = '', done = $3, account_id = $4 WHERE id = $1 AND shop_id = $2 AND done = 0;

-- name: hints_do_all (writers)
UPDATE hint SET words = '', address = '', done = $3, account_id = $4 WHERE shop_id = $1 AND id <= $2 AND done = 0;

-- name: hints_do_unanswered (writers)
UPDATE hint SET words = '', done = $3, account_id = $4 WHERE shop_id = $1 AND id <= $2 AND done = 0 AND address = '';

-- name: hints_expire (writers)
UPDATE hint SET words = '', address = '', done = $2 WHERE done = 0 AND at < $1;
