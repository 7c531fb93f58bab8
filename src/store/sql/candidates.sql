-- Checkpoints that wait for witnesses, effects that wait with them, and the policy.

-- name: candidate_get (writers)
SELECT size, last_entry, at, note FROM candidate WHERE log = $1;

-- name: candidate_add
INSERT INTO candidate (log, size, last_entry, at, note) VALUES ($1, $2, $3, $4, $5);

-- name: candidate_remove
DELETE FROM candidate WHERE log = $1;

-- name: candidate_stands (writers)
SELECT COALESCE(MAX(last_entry), 0) FROM candidate;

-- name: witness_policy_add
INSERT INTO witness_policy (entry_id, text) VALUES ($1, $2);

-- name: witness_policy_get
-- The few policies first: by the log, which every batch would walk whole, SQLite spares itself their order.
SELECT p.text FROM witness_policy AS p CROSS JOIN entry AS e
WHERE e.id = p.entry_id AND e.idx IS NOT NULL ORDER BY e.idx DESC LIMIT 1;

-- name: held_add
INSERT INTO held (id, entry_id, work_id, account_id, review_id, statements) VALUES ($1, $2, $3, $4, $5, $6);

-- name: held_waits (writers)
SELECT (SELECT COUNT(*) FROM held WHERE work_id = $1 AND account_id = $2)
       + (SELECT COUNT(*) FROM held WHERE review_id = $3 AND review_id <> 0);

-- name: held_of_account (writers)
SELECT COUNT(*) FROM held WHERE account_id = $1;

-- name: held_until (writers)
SELECT id, statements FROM held WHERE entry_id <= $1 ORDER BY id LIMIT $2;

-- name: held_remove
DELETE FROM held WHERE id = $1;
