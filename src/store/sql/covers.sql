-- Covers that were given, and where shops keep their files.

-- name: cover_put
INSERT INTO cover (edition_id, file, digest, bytes, width, height, created, source, parts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (edition_id) DO UPDATE SET file = excluded.file, digest = excluded.digest,
    bytes = excluded.bytes, width = excluded.width, height = excluded.height, created = excluded.created,
    source = excluded.source, parts = excluded.parts;

-- name: cover_get
SELECT file, digest, bytes, width, height, created, source, parts FROM cover WHERE edition_id = $1;

-- name: cover_remove
DELETE FROM cover WHERE edition_id = $1;

-- name: cover_leaves (writers)
INSERT INTO file_leaving (file) SELECT file FROM cover WHERE edition_id = $1;

-- name: files_leaving (writers)
SELECT file FROM file_leaving ORDER BY file LIMIT $1;

-- name: file_left (writers)
DELETE FROM file_leaving WHERE file = $1;

-- name: covers_after (writers)
SELECT c.edition_id, e.product_key, c.file, c.digest, c.bytes
FROM cover AS c JOIN edition AS e ON e.id = c.edition_id
WHERE c.edition_id > $1 ORDER BY c.edition_id LIMIT $2;

-- name: place_get
SELECT address FROM place WHERE name = $1;

-- name: place_put
INSERT INTO place (name, address) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET address = excluded.address;

-- name: place_remove
DELETE FROM place WHERE name = $1;
