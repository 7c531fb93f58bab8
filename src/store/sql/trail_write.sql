-- What staff did: rows are added, and never changed.

-- name: trail_last
SELECT id, hash FROM trail ORDER BY id DESC LIMIT 1;

-- name: trail_add
INSERT INTO trail (id, at, account_id, who, what, subject, hash) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: trail_after
SELECT id, at, account_id, who, what, subject, hash FROM trail WHERE id > $1 ORDER BY id LIMIT $2;

-- name: trail_list
SELECT id, at, account_id, who, what, subject, hash FROM trail
WHERE ($1 = '' OR who = $1) AND at >= $2 AND at < $3
ORDER BY id DESC LIMIT $4 OFFSET $5;

-- name: trail_count
SELECT COUNT(*) FROM trail WHERE ($1 = '' OR who = $1) AND at >= $2 AND at < $3;
