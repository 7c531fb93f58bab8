-- EPUBs and their samples.

-- name: epub_get
SELECT id, edition_id, file, digest, partial_md5, bytes, version, facts, added, replaced
FROM epub WHERE edition_id = $1 AND replaced = 0;

-- name: epubs_of (writers)
SELECT id, edition_id, file, digest, partial_md5, bytes, version, facts, added, replaced
FROM epub WHERE edition_id = $1 ORDER BY id DESC LIMIT $2;

-- Those whose files are kept, for whoever has the e-book.

-- name: epub_files_of
SELECT id, edition_id, file, digest, partial_md5, bytes, version, '', added, replaced
FROM epub WHERE edition_id = $1 AND file <> '' ORDER BY id DESC LIMIT $2;

-- name: epubs_after (writers)
SELECT id, edition_id, file, digest, partial_md5, bytes, version, facts, added, replaced
FROM epub WHERE id > $1 ORDER BY id LIMIT $2;

-- name: epub_replace (writers)
UPDATE epub SET replaced = $2 WHERE edition_id = $1 AND replaced = 0;

-- name: epub_add (writers)
INSERT INTO epub (id, edition_id, file, digest, partial_md5, bytes, version, facts, added, replaced)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0);

-- name: epub_files_leave (writers)
INSERT INTO file_leaving (file) SELECT file FROM epub WHERE edition_id = $1 AND file <> ''
    AND id NOT IN (SELECT id FROM epub WHERE edition_id = $1 ORDER BY id DESC LIMIT $2);

-- name: epub_files_left (writers)
UPDATE epub SET file = '' WHERE edition_id = $1 AND file <> ''
    AND id NOT IN (SELECT id FROM epub WHERE edition_id = $1 ORDER BY id DESC LIMIT $2);

-- name: epub_bytes_of_shop (writers)
SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM epub WHERE file <> '' AND edition_id IN
    (SELECT e.id FROM edition AS e JOIN product_record AS r ON r.id = e.record_id WHERE r.shop_id = $1 AND r.deleted = 0);

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
