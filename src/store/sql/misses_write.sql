-- What was searched for and not found: folded words, of nobody.

-- name: miss_raise
UPDATE missed_query SET asked = asked + $4 WHERE day = $1 AND storefront_id = $2 AND query = $3 RETURNING asked;

-- name: miss_count
SELECT COUNT(*) FROM missed_query WHERE day = $1 AND storefront_id = $2;

-- name: miss_add
INSERT INTO missed_query (day, storefront_id, query, asked) VALUES ($1, $2, $3, $4);

-- name: misses_forget
DELETE FROM missed_query WHERE day < $1;

-- name: misses_most
SELECT query, storefront_id, CAST(SUM(asked) AS BIGINT), MIN(day), MAX(day) FROM missed_query
GROUP BY query, storefront_id ORDER BY SUM(asked) DESC, MAX(day) DESC, query, storefront_id LIMIT $1;
