-- EPUBs and their samples.

-- name: epub_get
SELECT id, edition_id, file, digest, partial_md5, bytes, version, facts, added, replaced, shop_id
FROM epub WHERE edition_id = $1 AND replaced = 0 ORDER BY CASE WHEN shop_id = $2 THEN 0 ELSE 1 END, id DESC LIMIT 1;

-- name: epubs_of (writers)
SELECT id, edition_id, file, digest, partial_md5, bytes, version, facts, added, replaced, shop_id
FROM epub WHERE edition_id = $1 ORDER BY id DESC LIMIT $2;

-- The files for whoever has the e-book of a shop since then: the latest ones that it sent, or of which nobody stated whose they
-- are, and the one of that time.

-- name: epub_files_of
SELECT id, edition_id, file, digest, partial_md5, bytes, version, '', added, replaced, shop_id
FROM epub WHERE edition_id = $1 AND file <> '' AND (shop_id = 0 OR shop_id IN (SELECT id FROM shop WHERE slug = $3))
    AND (added <= $4 AND replaced >= $4 OR id IN (SELECT id FROM epub WHERE edition_id = $1 AND file <> ''
        AND (shop_id = 0 OR shop_id IN (SELECT id FROM shop WHERE slug = $3)) ORDER BY id DESC LIMIT $2))
ORDER BY id DESC;

-- name: epub_of_shop
SELECT id, edition_id, file, digest, partial_md5, bytes, version, '', added, replaced, shop_id
FROM epub WHERE edition_id = $1 AND shop_id = $2 AND replaced = 0 AND file <> '';

-- Which shops have sent one.

-- name: epub_senders
SELECT shop_id FROM epub WHERE edition_id = $1 AND replaced = 0 AND shop_id <> 0 AND file <> '';

-- name: epubs_after (writers)
SELECT id, edition_id, file, digest, partial_md5, bytes, version, facts, added, replaced, shop_id
FROM epub WHERE id > $1 ORDER BY id LIMIT $2;

-- name: epub_replace (writers)
UPDATE epub SET replaced = $2 WHERE edition_id = $1 AND replaced = 0 AND shop_id IN ($3, 0);

-- name: epub_add (writers)
INSERT INTO epub (id, edition_id, file, digest, partial_md5, bytes, version, facts, added, replaced, shop_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10);

-- But for the latest ones of the shop, and for what was the file when a reader bought it of the shop: that stays.

-- name: epub_files_leave (writers)
INSERT INTO file_leaving (file) SELECT file FROM epub WHERE edition_id = $1 AND shop_id IN ($3, 0) AND file <> ''
    AND id NOT IN (SELECT id FROM epub WHERE edition_id = $1 AND shop_id IN ($3, 0) ORDER BY id DESC LIMIT $2)
    AND NOT EXISTS (SELECT 1 FROM library AS l JOIN shop AS s ON s.slug = l.shop WHERE l.edition_id = epub.edition_id
        AND l.source = 'bought' AND l.ended = 0 AND (epub.shop_id = 0 OR s.id = epub.shop_id) AND l.since >= epub.added AND l.since <= epub.replaced);

-- name: epub_files_left (writers)
UPDATE epub SET file = '' WHERE edition_id = $1 AND shop_id IN ($3, 0) AND file <> ''
    AND id NOT IN (SELECT id FROM epub WHERE edition_id = $1 AND shop_id IN ($3, 0) ORDER BY id DESC LIMIT $2)
    AND NOT EXISTS (SELECT 1 FROM library AS l JOIN shop AS s ON s.slug = l.shop WHERE l.edition_id = epub.edition_id
        AND l.source = 'bought' AND l.ended = 0 AND (epub.shop_id = 0 OR s.id = epub.shop_id) AND l.since >= epub.added AND l.since <= epub.replaced);

-- name: epub_bytes_of_shop (writers)
SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM epub WHERE file <> '' AND (shop_id = $1 OR shop_id = 0 AND edition_id IN
    (SELECT e.id FROM edition AS e JOIN product_record AS r ON r.id = e.record_id WHERE r.shop_id = $1 AND r.deleted = 0));

-- name: sample_get
SELECT edition_id, epub_id, setting, chapters, text, whole, file, digest, bytes, parts FROM sample WHERE edition_id = $1;

-- name: samples_after (writers)
SELECT edition_id, epub_id, setting, chapters, text, whole, file, digest, bytes, parts FROM sample
WHERE edition_id > $1 ORDER BY edition_id LIMIT $2;

-- name: sample_leaves (writers)
INSERT INTO file_leaving (file) SELECT file FROM sample WHERE edition_id = $1 AND file <> '';

-- name: sample_remove (writers)
DELETE FROM sample WHERE edition_id = $1;

-- name: sample_chapters_remove (writers)
DELETE FROM sample_chapter WHERE edition_id = $1;

-- name: sample_add (writers)
INSERT INTO sample (edition_id, epub_id, setting, chapters, text, whole, file, digest, bytes, parts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: sample_chapter_add (writers)
INSERT INTO sample_chapter (edition_id, n, title, language, direction, html) VALUES ($1, $2, $3, $4, $5, $6);

-- name: sample_contents
SELECT n, title, language, direction, '' FROM sample_chapter WHERE edition_id = $1 ORDER BY n LIMIT $2;

-- name: sample_chapter_get
SELECT n, title, language, direction, html FROM sample_chapter WHERE edition_id = $1 AND n = $2;
