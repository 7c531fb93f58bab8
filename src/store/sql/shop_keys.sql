-- Keys of shops for programs.

-- name: shop_key_get
SELECT k.id, k.shop_id, k.account_id, k.name, a.name, k.duties,
    CASE WHEN a.role = 'operator' OR (a.role = 'partner' AND t.shop_id = k.shop_id) THEN 1 ELSE 0 END, k.made, k.used
FROM shop_key AS k JOIN account AS a ON a.id = k.account_id LEFT JOIN partner AS t ON t.account_id = a.id
WHERE k.hash = $1;

-- name: shop_key_list
SELECT k.id, k.shop_id, k.account_id, k.name, a.name, k.duties,
    CASE WHEN a.role = 'operator' OR (a.role = 'partner' AND t.shop_id = k.shop_id) THEN 1 ELSE 0 END, k.made, k.used
FROM shop_key AS k JOIN account AS a ON a.id = k.account_id LEFT JOIN partner AS t ON t.account_id = a.id
WHERE k.shop_id = $1 ORDER BY k.id LIMIT $2;

-- name: shop_key_count (writers)
SELECT COUNT(*) FROM shop_key WHERE shop_id = $1;

-- name: shop_key_add (writers)
INSERT INTO shop_key (id, shop_id, name, duties, hash, account_id, made, used) VALUES ($1, $2, $3, $4, $5, $6, $7, 0);

-- name: shop_key_used (writers)
UPDATE shop_key SET used = $2 WHERE id = $1;

-- name: shop_key_remove (writers)
DELETE FROM shop_key WHERE id = $1 AND shop_id = $2;
