-- EPUBs that partners sent, until somebody has looked at them.

-- name: epub_upload_add (writers)
INSERT INTO epub_upload (id, edition_id, shop_id, account_id, node, file, bytes, received, begun, due, state, ended, reason, problems)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 'waiting', 0, '', '');

-- Of a title the last one is remembered.

-- name: epub_upload_forget (writers)
DELETE FROM epub_upload WHERE edition_id = $1 AND shop_id = $2 AND state <> 'waiting';

-- name: epub_upload_next (writers)
SELECT u.id, u.edition_id, u.shop_id, u.account_id, u.node, u.file, u.bytes, u.received, u.begun, u.state, u.ended, u.reason, u.problems, e.product_key
FROM epub_upload AS u JOIN edition AS e ON e.id = u.edition_id
WHERE u.state = 'waiting' AND u.node = $1 AND u.due <= $2 ORDER BY u.id LIMIT 1;

-- name: epub_upload_latest
SELECT u.id, u.edition_id, u.shop_id, u.account_id, u.node, u.file, u.bytes, u.received, u.begun, u.state, u.ended, u.reason, u.problems, ''
FROM epub_upload AS u WHERE u.edition_id = $1 AND u.shop_id = $2 ORDER BY u.id DESC LIMIT 1;

-- name: epub_upload_begin (writers)
UPDATE epub_upload SET begun = begun + 1 WHERE id = $1;

-- name: epub_upload_later (writers)
UPDATE epub_upload SET due = $2 WHERE id = $1;

-- name: epub_upload_end (writers)
UPDATE epub_upload SET state = $2, ended = $3, reason = $4, problems = $5 WHERE id = $1;

-- Whose node is gone.

-- name: epub_uploads_give_up (writers)
UPDATE epub_upload SET state = 'refused', ended = $2, reason = $3 WHERE state = 'waiting' AND received < $1;

-- name: epub_uploads_open (writers)
SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM epub_upload WHERE shop_id = $1 AND state = 'waiting';

-- name: epub_upload_named (writers)
SELECT COUNT(*) FROM epub_upload WHERE file = $1 AND state = 'waiting';
