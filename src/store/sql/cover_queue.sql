-- Covers that feeds name, and when they are fetched.

-- name: cover_fetch_put (writers)
INSERT INTO cover_fetch (edition_id, link, host, due) VALUES ($1, $2, $3, $4)
ON CONFLICT (edition_id) DO UPDATE SET link = excluded.link, host = excluded.host, due = excluded.due,
    failures = 0, said = '', status = 0, etag = '', modified = '', digest = NULL
WHERE cover_fetch.link <> excluded.link;

-- name: cover_fetch_get
SELECT edition_id, link, host, due, failures, said, status, etag, modified, digest, checked
FROM cover_fetch WHERE edition_id = $1;

-- Walks all that wait for servers which are not free: outside of write transactions.
-- name: cover_fetch_next (writers)
SELECT f.edition_id, f.link, f.host, f.due, f.failures, f.said, f.status, f.etag, f.modified, f.digest, f.checked
FROM cover_fetch AS f LEFT JOIN cover_host AS h ON h.host = f.host
WHERE f.due <= $1 AND COALESCE(h.free, 0) <= $1
ORDER BY f.due, f.edition_id LIMIT 1;

-- name: cover_fetch_ready (writers)
SELECT f.edition_id, f.link, f.host, f.due, f.failures, f.said, f.status, f.etag, f.modified, f.digest, f.checked
FROM cover_fetch AS f LEFT JOIN cover_host AS h ON h.host = f.host
WHERE f.edition_id = $1 AND f.due <= $2 AND COALESCE(h.free, 0) <= $2;

-- name: cover_fetch_claim (writers)
UPDATE cover_fetch SET due = $2, claimed = 1 WHERE edition_id = $1;

-- name: cover_fetch_end (writers)
UPDATE cover_fetch SET due = $3, failures = $4, said = $5, status = $6, etag = $7, modified = $8, digest = $9,
    checked = $10, claimed = 0
WHERE edition_id = $1 AND link = $2;

-- name: cover_fetch_remove (writers)
DELETE FROM cover_fetch WHERE edition_id = $1;

-- name: cover_fetch_anew (writers)
UPDATE cover_fetch SET due = $2, failures = 0, said = '', status = 0, etag = '', modified = '', digest = NULL
WHERE edition_id = $1;

-- name: cover_fetch_failed_anew (writers)
UPDATE cover_fetch SET due = $1 WHERE failures > 0;

-- name: cover_fetch_all_anew (writers)
UPDATE cover_fetch SET due = $1 WHERE said <> 'given';

-- name: cover_fetch_release (writers)
UPDATE cover_fetch SET due = $1, claimed = 0 WHERE claimed = 1;

-- name: cover_host_release (writers)
UPDATE cover_host SET free = $1, claimed = 0 WHERE claimed = 1;

-- name: cover_host_put (writers)
INSERT INTO cover_host (host, free, claimed) VALUES ($1, $2, $3)
ON CONFLICT (host) DO UPDATE SET free = excluded.free, claimed = excluded.claimed;
