-- Lists that readers keep.

-- name: reader_list_by_secret
SELECT l.id, l.account_id, a.name, l.kind, l.name, l.secret, l.shared,
       (SELECT COUNT(*) FROM reader_list_work AS w WHERE w.list_id = l.id),
       (SELECT COUNT(*) FROM reader_list_work AS w WHERE w.list_id = l.id AND w.work_id = $2)
FROM reader_list AS l JOIN account AS a ON a.id = l.account_id
WHERE l.secret = $1;

-- name: reader_lists_of
SELECT l.id, l.account_id, a.name, l.kind, l.name, l.secret, l.shared,
       (SELECT COUNT(*) FROM reader_list_work AS w WHERE w.list_id = l.id),
       (SELECT COUNT(*) FROM reader_list_work AS w WHERE w.list_id = l.id AND w.work_id = $2)
FROM reader_list AS l JOIN account AS a ON a.id = l.account_id
WHERE l.account_id = $1
ORDER BY l.kind DESC, l.id
LIMIT $3;

-- name: reader_list_works
SELECT work_id FROM reader_list_work WHERE list_id = $1
ORDER BY place DESC
LIMIT $2 OFFSET $3;

-- Of some works, which the account wants to read (0 stars), and what it gave them.

-- name: reader_marks
SELECT w.work_id, 0
FROM reader_list AS l JOIN reader_list_work AS w ON w.list_id = l.id
WHERE l.account_id = $1 AND l.kind = 'want'
  AND w.work_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
UNION ALL
SELECT work_id, stars FROM rating
WHERE account_id = $1 AND state = 'shown'
  AND work_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: reader_list_add (writers)
INSERT INTO reader_list (id, account_id, kind, name, secret, shared, created)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: reader_list_change (writers)
UPDATE reader_list SET name = $2, shared = $3 WHERE id = $1;

-- name: reader_list_remove (writers)
DELETE FROM reader_list WHERE id = $1;

-- name: reader_list_empty (writers)
DELETE FROM reader_list_work WHERE list_id = $1;

-- name: reader_list_work_add (writers)
INSERT INTO reader_list_work (list_id, work_id, place) VALUES ($1, $2, $3)
ON CONFLICT (list_id, work_id) DO NOTHING;

-- name: reader_list_work_remove (writers)
DELETE FROM reader_list_work WHERE list_id = $1 AND work_id = $2;

-- With their account.

-- name: reader_lists_of_account_empty (writers)
DELETE FROM reader_list_work WHERE list_id IN (SELECT id FROM reader_list WHERE account_id = $1);

-- name: reader_lists_of_account_remove (writers)
DELETE FROM reader_list WHERE account_id = $1;
