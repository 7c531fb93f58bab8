-- The lists of titles that storefronts signed.

-- name: listing_put (writers)
INSERT INTO listing (entry_id, storefront, root, titles, changes) VALUES ($1, $2, $3, $4, $5);

-- name: listing_prune (writers)
DELETE FROM listing WHERE storefront = $1 AND entry_id <
    (SELECT k.entry_id FROM listing AS k WHERE k.storefront = $1
     ORDER BY k.entry_id DESC LIMIT 1 OFFSET $2);

-- name: listing_latest (writers)
SELECT l.root, l.titles, e.bytes FROM listing AS l JOIN entry AS e ON e.id = l.entry_id
WHERE l.storefront = $1 ORDER BY l.entry_id DESC LIMIT 1;

-- name: listing_titles
SELECT l.titles FROM listing AS l JOIN entry AS e ON e.id = l.entry_id
WHERE l.root = $1 AND e.idx IS NOT NULL;

-- name: listing_changes
SELECT l.changes FROM listing AS l JOIN entry AS e ON e.id = l.entry_id
WHERE l.root = $1 AND e.idx IS NOT NULL;

-- name: listing_all
SELECT l.root, e.idx, e.bytes FROM listing AS l JOIN entry AS e ON e.id = l.entry_id
WHERE e.idx IS NOT NULL ORDER BY e.idx DESC;

-- name: listing_editions
SELECT id, work_id, product_key FROM edition WHERE record_id <> 0 ORDER BY product_key;

-- name: listing_range
SELECT id, work_id, product_key FROM edition WHERE id > $1 AND id <= $2 AND record_id <> 0 ORDER BY id;

-- name: listing_edition_last
SELECT COALESCE(MAX(id), 0) FROM edition;

-- The works behind pages of contributors, and of series and collections.
-- name: listing_people
SELECT contributor_id, work_id, '', '' FROM work_contributor
WHERE contributor_id > $1 AND contributor_id <= $2 ORDER BY contributor_id, work_id;

-- name: listing_sets
SELECT c.id, w.work_id, c.slug, w.part FROM collection AS c
JOIN collection_work AS w ON w.collection_id = c.id
WHERE c.id > $1 AND c.id <= $2 ORDER BY c.id, w.work_id;

-- name: listing_people_last
SELECT COALESCE(MAX(contributor_id), 0) FROM work_contributor;

-- name: listing_sets_last
SELECT COALESCE(MAX(id), 0) FROM collection;
