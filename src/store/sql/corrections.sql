-- Corrections of titles, over what feeds say.

-- name: correction_add
INSERT INTO correction (id, shop_id, product_key, field, said, value, account_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: correction_remove
DELETE FROM correction WHERE shop_id = $1 AND product_key = $2 AND field = $3 AND said = $4;

-- name: corrections_of
SELECT c.field, c.said, c.value, c.at, COALESCE(a.name, '')
FROM correction AS c LEFT JOIN account AS a ON a.id = c.account_id
WHERE c.shop_id = $1 AND c.product_key = $2 ORDER BY c.id LIMIT $3;

-- name: correction_count (writers)
SELECT COUNT(*), COALESCE(MAX(id), 0) FROM correction WHERE shop_id = $1;

-- name: correction_keys (writers)
SELECT DISTINCT product_key FROM correction WHERE shop_id = $1;

-- name: record_said_get
SELECT facts FROM record_said WHERE record_id = $1;

-- name: record_said_put
INSERT INTO record_said (record_id, facts) VALUES ($1, $2)
ON CONFLICT (record_id) DO UPDATE SET facts = excluded.facts;

-- name: record_said_remove
DELETE FROM record_said WHERE record_id = $1;

-- name: record_facts_put
UPDATE product_record SET facts = $2 WHERE id = $1;

-- name: shop_records_by_key (writers)
SELECT r.id, r.edition_id FROM product_record AS r JOIN edition AS e ON e.id = r.edition_id
WHERE r.shop_id = $1 AND e.product_key = $2 AND r.deleted = 0 ORDER BY r.id LIMIT $3;
