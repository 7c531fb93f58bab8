-- What readers of a work liked, too: made from ratings, and put beside them.

-- name: liked_works_after
SELECT work_id FROM work_rating WHERE work_id > $1 ORDER BY work_id LIMIT $2;

-- name: liked_of
SELECT o.work_id FROM (SELECT account_id FROM rating
                       WHERE work_id = $1 AND state = 'shown' AND stars >= $2
                       ORDER BY id DESC LIMIT $3) AS r
JOIN rating AS o ON o.account_id = r.account_id
JOIN work_rating AS w ON w.work_id = o.work_id
WHERE o.state = 'shown' AND o.stars >= $2 AND o.work_id <> $1
GROUP BY o.work_id, w.stars4, w.stars5
HAVING COUNT(*) >= $4
ORDER BY COUNT(*) * COUNT(*) * 1000 / (w.stars4 + w.stars5 + 1) DESC, o.work_id
LIMIT $5;

-- name: liked_now
SELECT other_id FROM work_liked WHERE work_id = $1 ORDER BY place;

-- name: liked_remove
DELETE FROM work_liked WHERE work_id = $1;

-- name: liked_add
INSERT INTO work_liked (work_id, place, other_id) VALUES ($1, $2, $3);
