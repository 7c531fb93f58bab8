-- Texts that a storefront owes its readers, in versions.

-- name: shop_text_all
SELECT t.storefront_id, t.kind, t.language, t.version, t.starts, t.saved, t.gone,
       CASE WHEN t.kind = 'about' THEN (SELECT b.body FROM shop_text AS b WHERE b.id = t.id) ELSE '' END
FROM shop_text AS t ORDER BY t.storefront_id, t.kind, t.language, t.version;

-- name: shop_text_versions
SELECT t.version, t.starts, t.saved, t.gone, COALESCE(a.name, '')
FROM shop_text AS t LEFT JOIN account AS a ON a.id = t.account_id
WHERE t.storefront_id = $1 AND t.kind = $2 AND t.language = $3 ORDER BY t.version DESC LIMIT $4;

-- name: shop_text_body
SELECT body FROM shop_text WHERE storefront_id = $1 AND kind = $2 AND language = $3 AND version = $4;

-- name: shop_text_add (writers)
INSERT INTO shop_text (id, storefront_id, kind, language, version, body, gone, starts, saved, account_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);
