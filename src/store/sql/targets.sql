-- What a restriction can be about, and the works it covers.

-- name: target_edition
SELECT work_id FROM edition WHERE product_key = $1;

-- name: target_work
SELECT 1 FROM work WHERE id = $1;

-- name: target_collection
SELECT name FROM collection WHERE slug = $1;

-- name: target_contributor
SELECT name FROM contributor WHERE id = $1;

-- name: target_shop
SELECT name FROM shop WHERE slug = $1;

-- name: target_collection_works
SELECT w.work_id FROM collection AS c
JOIN collection_work AS w ON w.collection_id = c.id
WHERE c.slug = $1
ORDER BY w.work_id;

-- name: target_contributor_works
SELECT work_id FROM work_contributor WHERE contributor_id = $1 ORDER BY work_id;

-- name: target_shop_works
SELECT DISTINCT e.work_id FROM shop AS s
JOIN product_record AS r ON r.shop_id = s.id
JOIN edition AS e ON e.id = r.edition_id
WHERE s.slug = $1 AND r.deleted = 0
ORDER BY e.work_id;
