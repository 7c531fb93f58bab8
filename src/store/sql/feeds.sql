-- Feeds that partners sent, and what became of them.

-- name: feed_add
INSERT INTO feed (id, shop_id, name, file, source, account_id, received, state, attempts, started, ended, bytes, bytes_all,
                  records, added, changed, unchanged, deleted, refused, reason, node, failures)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, 0, 0, 0, $8, 0, 0, 0, 0, 0, 0, '', $9, 0);

-- name: feed_by_id
SELECT id, shop_id, name, file, source, account_id, received, state, attempts, started, ended, bytes, bytes_all,
       records, added, changed, unchanged, deleted, refused, reason, node, failures, halted
FROM feed WHERE id = $1;

-- name: feed_of_shop
SELECT id, shop_id, name, file, source, account_id, received, state, attempts, started, ended, bytes, bytes_all,
       records, added, changed, unchanged, deleted, refused, reason, node, failures, halted
FROM feed WHERE shop_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3;

-- The one of the same name before it, and what was found in one and not in another.
-- name: feed_before
SELECT id, shop_id, name, file, source, account_id, received, state, attempts, started, ended, bytes, bytes_all,
       records, added, changed, unchanged, deleted, refused, reason, node, failures, halted
FROM feed WHERE shop_id = $1 AND name = $2 AND id < $3 AND state = 'taken' ORDER BY id DESC LIMIT 1;

-- name: feed_finding_beyond
SELECT COUNT(*) FROM (SELECT f.code, f.reference, f.element FROM feed_finding AS f WHERE f.feed_id = $1 AND f.severity <> 'information'
                      EXCEPT SELECT g.code, g.reference, g.element FROM feed_finding AS g WHERE g.feed_id = $2) AS t;

-- name: feed_count
SELECT COUNT(*) FROM feed WHERE shop_id = $1;

-- What wants an eye, of each shop: feeds that were held since, and those that wait since before.
-- name: feed_trouble
SELECT s.slug, s.name,
       COALESCE(SUM(CASE WHEN f.state = 'held' AND f.halted = 0 AND f.ended >= $1 THEN 1 ELSE 0 END), 0),
       COALESCE(SUM(CASE WHEN f.state IN ('waiting', 'running') AND f.received < $2 THEN 1 ELSE 0 END), 0)
FROM feed AS f JOIN shop AS s ON s.id = f.shop_id
WHERE (f.state = 'held' AND f.halted = 0 AND f.ended >= $1) OR (f.state IN ('waiting', 'running') AND f.received < $2)
GROUP BY s.slug, s.name
ORDER BY s.slug
LIMIT $3;

-- name: feed_open
SELECT id, shop_id, name, file, source, account_id, received, state, attempts, started, ended, bytes, bytes_all,
       records, added, changed, unchanged, deleted, refused, reason, node, failures, halted
FROM feed WHERE state IN ('waiting', 'running') AND id > $1 ORDER BY id LIMIT $2;

-- name: feed_open_of_shop (writers)
SELECT id, shop_id, name, file, source, account_id, received, state, attempts, started, ended, bytes, bytes_all,
       records, added, changed, unchanged, deleted, refused, reason, node, failures, halted
FROM feed WHERE shop_id = $1 AND state IN ('waiting', 'running') ORDER BY id LIMIT $2;

-- name: feed_file_named (writers)
SELECT COUNT(*) FROM feed WHERE file = $1 AND state IN ('waiting', 'running');

-- name: feed_shop_slug (writers)
SELECT slug FROM shop WHERE id = $1;

-- name: feed_begin
UPDATE feed SET state = 'running', attempts = attempts + 1, started = $2, ended = 0, bytes = 0, records = 0, reason = ''
WHERE id = $1;

-- name: feed_progress
UPDATE feed SET bytes = $2, bytes_all = $3, records = $4 WHERE id = $1;

-- Where all of it was taken, whoever would have stopped it came too late.
-- name: feed_end
UPDATE feed SET state = $2, ended = $3, records = $4, added = $5, changed = $6, unchanged = $7, deleted = $8,
                refused = $9, reason = $10, attempts = $11, failures = $12,
                halted = CASE WHEN $2 = 'taken' THEN 0 ELSE halted END
WHERE id = $1;

-- name: feed_halt
UPDATE feed SET halted = 1 WHERE id = $1 AND state IN ('waiting', 'running');

-- name: feed_halted (writers)
SELECT halted FROM feed WHERE id = $1;

-- name: feed_finding_times
UPDATE feed_finding SET times = $3 WHERE feed_id = $1 AND n = $2;

-- name: feed_finding_add
INSERT INTO feed_finding (feed_id, n, severity, line, reference, isbn, element, code, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (feed_id, n) DO NOTHING;

-- name: feed_finding_clear
DELETE FROM feed_finding WHERE feed_id = $1;

-- name: feed_findings
SELECT n, severity, line, reference, isbn, element, code, reason, times FROM feed_finding
WHERE feed_id = $1 AND n > $2 ORDER BY n LIMIT $3;

-- name: feed_findings_of
SELECT n, severity, line, reference, isbn, element, code, reason, times FROM feed_finding
WHERE feed_id = $1 AND severity = $2 AND n > $3 ORDER BY n LIMIT $4;

-- name: feed_finding_count
SELECT severity, COUNT(*) FROM feed_finding WHERE feed_id = $1 GROUP BY severity;

-- name: feed_old (writers)
SELECT id FROM feed WHERE shop_id = $1 AND state IN ('taken', 'held') ORDER BY id DESC LIMIT 100 OFFSET $2;

-- name: feed_remove
DELETE FROM feed WHERE id = $1;
