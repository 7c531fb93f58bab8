-- The catalogue as it is read.

-- name: storefront_add
INSERT INTO storefront (id, slug, country, currency, languages, tax_included, print_without_rights,
    unresearched)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: storefront_all
SELECT id, slug, country, currency, languages, tax_included, print_without_rights, host,
    unresearched
FROM storefront ORDER BY id;

-- name: storefront_host_put
UPDATE storefront SET host = $2 WHERE slug = $1;

-- name: storefront_unstated_put
UPDATE storefront SET print_without_rights = $2 WHERE slug = $1;

-- name: storefront_languages_put
UPDATE storefront SET languages = $2 WHERE slug = $1;

-- name: storefront_prices_put
UPDATE storefront SET currency = $2, tax_included = $3 WHERE slug = $1;

-- name: storefront_version (writers)
SELECT COUNT(*), COALESCE((SELECT next FROM counter WHERE name = 'host'), 0) FROM storefront;

-- name: shop_add
INSERT INTO shop (id, slug, name, controlled_by, created) VALUES ($1, $2, $3, $4, $5);

-- name: shop_by_slug
SELECT id, slug, name, controlled_by, created FROM shop WHERE slug = $1;

-- name: shop_all
SELECT id, slug, name, controlled_by, created FROM shop ORDER BY slug LIMIT $1;

-- name: shop_works
SELECT DISTINCT e.work_id FROM product_record AS r
JOIN edition AS e ON e.id = r.edition_id
WHERE r.shop_id = $1 AND r.deleted = 0
ORDER BY e.work_id;

-- name: edition_by_id
SELECT e.id, e.work_id, e.product_key, r.shop_id, r.facts, r.id,
       e.others,
       s.id, s.slug, s.name, s.controlled_by, s.created,
       c.file, c.digest, c.width, c.height, c.parts
FROM edition AS e
JOIN product_record AS r ON r.id = e.record_id
JOIN shop AS s ON s.id = r.shop_id
LEFT JOIN cover AS c ON c.edition_id = e.id
WHERE e.id = $1;

-- name: edition_by_key
SELECT e.id, e.work_id, e.product_key, r.shop_id, r.facts, r.id,
       e.others,
       s.id, s.slug, s.name, s.controlled_by, s.created,
       c.file, c.digest, c.width, c.height, c.parts
FROM edition AS e
JOIN product_record AS r ON r.id = e.record_id
JOIN shop AS s ON s.id = r.shop_id
LEFT JOIN cover AS c ON c.edition_id = e.id
WHERE e.product_key = $1;

-- name: edition_known
SELECT id, work_id, record_id FROM edition WHERE product_key = $1;

-- name: edition_of_work
SELECT e.id, e.work_id, e.product_key, r.shop_id, r.facts, r.id,
       e.others,
       s.id, s.slug, s.name, s.controlled_by, s.created,
       c.file, c.digest, c.width, c.height, c.parts
FROM edition AS e
JOIN product_record AS r ON r.id = e.record_id
JOIN shop AS s ON s.id = r.shop_id
LEFT JOIN cover AS c ON c.edition_id = e.id
WHERE e.work_id = $1 AND e.id <> $3 ORDER BY e.id LIMIT $2;

-- Of several works at once.
-- name: edition_of_works
SELECT e.id, e.work_id, e.product_key, r.shop_id, r.facts, r.id,
       e.others,
       s.id, s.slug, s.name, s.controlled_by, s.created,
       c.file, c.digest, c.width, c.height, c.parts
FROM edition AS e
JOIN product_record AS r ON r.id = e.record_id
JOIN shop AS s ON s.id = r.shop_id
LEFT JOIN cover AS c ON c.edition_id = e.id
WHERE e.work_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                    $19, $20, $21, $22, $23, $24, $25)
ORDER BY e.work_id, e.id LIMIT $1;

-- name: edition_keys_of_work
SELECT product_key FROM edition WHERE work_id = $1 AND record_id <> 0 ORDER BY id;

-- name: edition_latest
SELECT e.id, e.work_id, e.product_key, r.shop_id, r.facts, r.id,
       e.others,
       s.id, s.slug, s.name, s.controlled_by, s.created,
       c.file, c.digest, c.width, c.height, c.parts
FROM edition AS e
JOIN product_record AS r ON r.id = e.record_id
JOIN shop AS s ON s.id = r.shop_id
LEFT JOIN cover AS c ON c.edition_id = e.id
ORDER BY e.id DESC LIMIT $1;

-- name: edition_after
SELECT e.id, e.work_id, e.product_key, r.shop_id, r.facts, r.id,
       e.others,
       s.id, s.slug, s.name, s.controlled_by, s.created,
       c.file, c.digest, c.width, c.height, c.parts
FROM edition AS e
JOIN product_record AS r ON r.id = e.record_id
JOIN shop AS s ON s.id = r.shop_id
LEFT JOIN cover AS c ON c.edition_id = e.id
WHERE e.id > $1 ORDER BY e.id LIMIT $2;

-- In the order of its indexes, so that who has seen enough has cost no more. Of so many works
-- that is at most: those after the one at $3 are not looked at.
-- name: edition_of_contributor
SELECT e.id, e.work_id, e.product_key, r.shop_id, r.facts, r.id,
       e.others,
       s.id, s.slug, s.name, s.controlled_by, s.created,
       c.file, c.digest, c.width, c.height, c.parts
FROM work_contributor AS w
JOIN edition AS e ON e.work_id = w.work_id
JOIN product_record AS r ON r.id = e.record_id
JOIN shop AS s ON s.id = r.shop_id
LEFT JOIN cover AS c ON c.edition_id = e.id
WHERE w.contributor_id = (SELECT id FROM contributor WHERE key = $1) AND w.work_id <> $2
  AND w.work_id > COALESCE((SELECT f.work_id FROM work_contributor AS f
                            WHERE f.contributor_id = (SELECT id FROM contributor WHERE key = $1)
                              AND f.work_id <> $2
                            ORDER BY f.work_id DESC LIMIT 1 OFFSET $3), 0)
ORDER BY w.work_id DESC, e.id LIMIT $4;

-- name: edition_liked
SELECT e.id, e.work_id, e.product_key, r.shop_id, r.facts, r.id,
       e.others,
       s.id, s.slug, s.name, s.controlled_by, s.created,
       c.file, c.digest, c.width, c.height, c.parts
FROM work_liked AS l
JOIN edition AS e ON e.work_id = l.other_id
JOIN product_record AS r ON r.id = e.record_id
JOIN shop AS s ON s.id = r.shop_id
LEFT JOIN cover AS c ON c.edition_id = e.id
WHERE l.work_id = $1
ORDER BY l.place, e.id LIMIT $2;

-- name: edition_any
SELECT 1 FROM edition LIMIT 1;

-- name: edition_count
SELECT COUNT(*) FROM edition WHERE record_id <> 0;

-- name: edition_shops
SELECT s.id, s.slug, s.name, s.controlled_by, s.created,
       CASE WHEN r.id = $2 THEN NULL ELSE r.facts END, r.id
FROM product_record AS r JOIN shop AS s ON s.id = r.shop_id
WHERE r.edition_id = $1 AND r.deleted = 0
ORDER BY r.shop_id, r.precedence, r.sent DESC, r.id;

-- name: shop_titles_after
SELECT e.id, e.work_id, e.product_key, r.id, r.facts, COALESCE(c.bytes, 0), e.record_id,
    (SELECT COUNT(*) FROM epub AS f WHERE f.edition_id = e.id AND f.replaced = 0 AND f.shop_id = r.shop_id AND f.file <> '')
FROM product_record AS r JOIN edition AS e ON e.id = r.edition_id
LEFT JOIN cover AS c ON c.edition_id = e.id
WHERE r.shop_id = $1 AND r.deleted = 0 AND r.edition_id > $2
ORDER BY r.edition_id, r.precedence, r.sent DESC, r.id LIMIT $3;

-- name: shop_title_by_key
SELECT e.id, e.work_id, e.product_key, r.id, r.facts, COALESCE(c.bytes, 0), e.record_id,
    (SELECT COUNT(*) FROM epub AS f WHERE f.edition_id = e.id AND f.replaced = 0 AND f.shop_id = r.shop_id AND f.file <> '')
FROM edition AS e JOIN product_record AS r ON r.edition_id = e.id
LEFT JOIN cover AS c ON c.edition_id = e.id
WHERE e.product_key = $2 AND r.shop_id = $1 AND r.deleted = 0
ORDER BY r.precedence, r.sent DESC, r.id LIMIT 1;

-- name: work_known
SELECT 1 FROM work WHERE id = $1;

-- name: contributor_by_id
SELECT id, key, name FROM contributor WHERE id = $1;

-- name: contributor_all
SELECT id, key, name FROM contributor;

-- Of several at once, up to the one after the $25 first of each; pages of names have no more.
-- name: contributor_works_of_keys
SELECT c.key, c.id, '', w.work_id FROM contributor AS c
JOIN work_contributor AS w ON w.contributor_id = c.id
WHERE c.key IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
AND w.work_id <= COALESCE((SELECT f.work_id FROM work_contributor AS f WHERE f.contributor_id = c.id ORDER BY f.work_id LIMIT 1 OFFSET $25), 9223372036854775807)
ORDER BY c.id, w.work_id;

-- name: collection_works_of_keys
SELECT c.key, c.id, c.slug, w.work_id FROM collection AS c
JOIN collection_work AS w ON w.collection_id = c.id
WHERE c.key IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
AND w.work_id <= COALESCE((SELECT f.work_id FROM collection_work AS f WHERE f.collection_id = c.id ORDER BY f.work_id LIMIT 1 OFFSET $25), 9223372036854775807)
ORDER BY c.id, w.work_id;

-- name: contributor_works
SELECT work_id FROM work_contributor WHERE contributor_id = $1 ORDER BY work_id;

-- name: contributor_of_work
SELECT c.id, c.key, c.name FROM work_contributor AS w
JOIN contributor AS c ON c.id = w.contributor_id
WHERE w.work_id = $1 ORDER BY w.contributor_id;

-- name: collection_add
INSERT INTO collection (id, slug, name, key, created) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- name: collection_by_slug
SELECT id, slug, name, created, CASE WHEN substr(key, 1, 4) = 'own:' THEN 1 ELSE 0 END FROM collection WHERE slug = $1;

-- name: collection_by_id
SELECT id, slug, name, created FROM collection WHERE id = $1;

-- The shop's own before those that feeds brought.
-- name: collection_latest
SELECT id, slug, name, created, CASE WHEN substr(key, 1, 4) = 'own:' THEN 1 ELSE 0 END FROM collection
ORDER BY CASE WHEN substr(key, 1, 4) = 'own:' THEN 0 ELSE 1 END, id DESC LIMIT $1;

-- name: collection_works
SELECT work_id FROM collection_work WHERE collection_id = $1 ORDER BY work_id;

-- name: collection_has
SELECT 1 FROM collection_work WHERE collection_id = $1 AND work_id = $2;

-- name: collection_members
SELECT work_id FROM collection_work WHERE collection_id = $1
ORDER BY position, work_id LIMIT $2 OFFSET $3;

-- name: collection_parts
SELECT work_id, part, position FROM collection_work WHERE collection_id = $1
ORDER BY position, work_id LIMIT $2 OFFSET $3;

-- name: collection_next
SELECT n.work_id, n.part FROM collection_work AS w
JOIN collection_work AS n ON n.collection_id = w.collection_id AND n.position > w.position
WHERE w.collection_id = $1 AND w.work_id = $2 AND w.part <> '' AND n.part <> ''
ORDER BY n.position, n.work_id LIMIT 1;

-- name: collection_count
SELECT COUNT(*) FROM collection_work WHERE collection_id = $1;

-- name: collection_of_work
SELECT c.id, c.slug, c.name, c.created, w.part, c.key FROM collection_work AS w
JOIN collection AS c ON c.id = w.collection_id
WHERE w.work_id = $1 ORDER BY c.name, c.id;

-- name: work_stars
SELECT stars1, stars2, stars3, stars4, stars5 FROM work_rating WHERE work_id = $1;

-- name: all_stars
SELECT CAST(COALESCE(SUM(stars1), 0) AS BIGINT), CAST(COALESCE(SUM(stars2), 0) AS BIGINT),
       CAST(COALESCE(SUM(stars3), 0) AS BIGINT), CAST(COALESCE(SUM(stars4), 0) AS BIGINT),
       CAST(COALESCE(SUM(stars5), 0) AS BIGINT)
FROM work_rating;
