-- E-books that an account has, and where it is in them.

-- name: library_shop_of_line (writers)
SELECT s.slug FROM sales_line AS l JOIN sales_order AS o ON o.id = l.order_id JOIN shop AS s ON s.id = o.shop_id WHERE l.id = $1;

-- name: library_add (writers)
INSERT INTO library (account_id, edition_id, source, line_id, since, ended, hidden, work_id, isbn, title, contributor, language, shop, words, sorted, opened, place)
VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0)
ON CONFLICT (account_id, edition_id) DO UPDATE SET source = excluded.source, line_id = excluded.line_id,
    since = excluded.since, ended = 0, hidden = 0, work_id = excluded.work_id, isbn = excluded.isbn, title = excluded.title,
    contributor = excluded.contributor, language = excluded.language, shop = excluded.shop, words = excluded.words, sorted = excluded.sorted
WHERE library.ended <> 0 OR (library.source = 'free' AND excluded.source <> 'free');

-- name: library_end (writers)
UPDATE library SET ended = $3 WHERE account_id = $1 AND edition_id = $2 AND ended = 0;

-- name: library_hide (writers)
UPDATE library SET hidden = $3 WHERE account_id = $1 AND edition_id = $2 AND ended = 0;

-- name: library_get
SELECT edition_id, work_id, isbn, title, contributor, language, shop, source, since, hidden, opened, place
FROM library WHERE account_id = $1 AND edition_id = $2 AND ended = 0;

-- name: library_by_isbn
SELECT edition_id, work_id, isbn, title, contributor, language, shop, source, since, hidden, opened, place
FROM library WHERE account_id = $1 AND isbn = $2 AND ended = 0;

-- name: library_by_title
SELECT edition_id, work_id, isbn, title, contributor, language, shop, source, since, hidden, opened, place
FROM library WHERE account_id = $1 AND ended = 0 AND hidden = $2 AND words LIKE $3 ESCAPE '\'
ORDER BY sorted, edition_id LIMIT $4 OFFSET $5;

-- name: library_by_since
SELECT edition_id, work_id, isbn, title, contributor, language, shop, source, since, hidden, opened, place
FROM library WHERE account_id = $1 AND ended = 0 AND hidden = $2 AND words LIKE $3 ESCAPE '\'
ORDER BY since DESC, edition_id DESC LIMIT $4 OFFSET $5;

-- name: library_by_opened
SELECT edition_id, work_id, isbn, title, contributor, language, shop, source, since, hidden, opened, place
FROM library WHERE account_id = $1 AND ended = 0 AND hidden = $2 AND words LIKE $3 ESCAPE '\'
ORDER BY opened DESC, since DESC, edition_id DESC LIMIT $4 OFFSET $5;

-- name: library_count
SELECT COUNT(*) FROM library WHERE account_id = $1 AND ended = 0 AND hidden = $2 AND words LIKE $3 ESCAPE '\';

-- name: library_begun
SELECT edition_id, work_id, isbn, title, contributor, language, shop, source, since, hidden, opened, place
FROM library WHERE account_id = $1 AND ended = 0 AND opened > 0 AND hidden = 0 AND place < $2
ORDER BY opened DESC LIMIT $3;

-- name: library_readers_of (writers)
SELECT (SELECT COUNT(*) FROM library WHERE edition_id = $1 AND ended = 0 AND source = 'bought'
        AND ($2 = 0 OR shop IN (SELECT slug FROM shop WHERE id = $2)))
    + (SELECT COUNT(*) FROM sales_line AS l JOIN sales_order AS o ON o.id = l.order_id
        WHERE l.edition_id = $1 AND l.digital = 1 AND o.state = 'placed' AND ($2 = 0 OR o.shop_id = $2));

-- name: reading_place_put (writers)
INSERT INTO reading_place (account_id, edition_id, kind, millionths, locator, device, device_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (account_id, edition_id, kind) DO UPDATE SET millionths = excluded.millionths, locator = excluded.locator,
    device = excluded.device, device_id = excluded.device_id, at = excluded.at;

-- name: library_opened_at (writers)
UPDATE library SET opened = $3, place = $4 WHERE account_id = $1 AND edition_id = $2;

-- name: reading_place_latest
SELECT edition_id, kind, millionths, locator, device, device_id, at FROM reading_place
WHERE account_id = $1 AND edition_id = $2 ORDER BY at DESC LIMIT 1;

-- name: reading_place_of_kind
SELECT edition_id, kind, millionths, locator, device, device_id, at FROM reading_place
WHERE account_id = $1 AND edition_id = $2 AND kind = $3;

-- name: reading_places_of
SELECT edition_id, kind, millionths, locator, device, device_id, at FROM reading_place
WHERE account_id = $1 AND edition_id > $2 ORDER BY edition_id, kind LIMIT $3;

-- name: reading_is_off
SELECT since FROM reading_off WHERE account_id = $1;

-- name: reading_off_set (writers)
INSERT INTO reading_off (account_id, since) VALUES ($1, $2) ON CONFLICT (account_id) DO NOTHING;

-- name: reading_off_end (writers)
DELETE FROM reading_off WHERE account_id = $1;

-- name: reading_mark_add (writers)
INSERT INTO reading_mark (id, account_id, edition_id, kind, locator, millionths, excerpt, note, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: reading_mark_note (writers)
UPDATE reading_mark SET note = $3 WHERE account_id = $1 AND id = $2;

-- name: reading_mark_remove (writers)
DELETE FROM reading_mark WHERE account_id = $1 AND id = $2;

-- name: reading_mark_count
SELECT COUNT(*) FROM reading_mark WHERE account_id = $1 AND edition_id = $2;

-- name: reading_mark_count_all
SELECT COUNT(*) FROM reading_mark WHERE account_id = $1;

-- In books that are in the library no more.
-- name: reading_marks_left
SELECT m.id, m.edition_id, m.kind, m.locator, m.millionths, m.excerpt, m.note, m.created, COALESCE(l.title, '')
FROM reading_mark AS m LEFT JOIN library AS l ON l.account_id = m.account_id AND l.edition_id = m.edition_id
WHERE m.account_id = $1 AND m.id > $2 AND COALESCE(l.ended, 1) <> 0 ORDER BY m.id LIMIT $3;

-- name: reading_marks
SELECT id, edition_id, kind, locator, millionths, excerpt, note, created FROM reading_mark
WHERE account_id = $1 AND edition_id = $2 AND id > $3 ORDER BY id LIMIT $4;

-- name: reading_marks_all
SELECT id, edition_id, kind, locator, millionths, excerpt, note, created FROM reading_mark
WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3;

-- What was read, at its reader's wish; and all of it, with the account.

-- name: reading_places_remove (writers)
DELETE FROM reading_place WHERE account_id = $1;

-- name: library_forget_places (writers)
UPDATE library SET opened = 0, place = 0 WHERE account_id = $1;

-- name: reading_marks_of_account_remove (writers)
DELETE FROM reading_mark WHERE account_id = $1;

-- name: library_of_account_remove (writers)
DELETE FROM library WHERE account_id = $1;
