-- Whom and what readers follow, and what is new of it.

-- name: arrival_of
SELECT at FROM arrival WHERE last_id >= $1 ORDER BY last_id LIMIT 1;

-- name: arrival_last
SELECT last_id, at FROM arrival ORDER BY last_id DESC LIMIT 1;

-- name: arrival_until
SELECT last_id FROM arrival WHERE at <= $1 ORDER BY last_id DESC LIMIT 1;

-- name: arrival_add (writers)
INSERT INTO arrival (last_id, at) VALUES ($1, $2) ON CONFLICT (last_id) DO NOTHING;

-- name: follow_list
SELECT f.kind, f.target_id, f.created, COALESCE(c.key, ''), COALESCE(c.name, s.name, ''), COALESCE(s.slug, ''),
    CASE WHEN f.kind = 'series'
        THEN (SELECT COUNT(*) FROM (SELECT 1 FROM collection_work AS x WHERE x.collection_id = f.target_id LIMIT $3) AS n)
        ELSE (SELECT COUNT(*) FROM (SELECT 1 FROM work_contributor AS x WHERE x.contributor_id = f.target_id LIMIT $3) AS n)
    END
FROM follow AS f
LEFT JOIN contributor AS c ON f.kind = 'contributor' AND c.id = f.target_id
LEFT JOIN collection AS s ON f.kind = 'series' AND s.id = f.target_id
WHERE f.account_id = $1
ORDER BY f.created DESC, f.kind, f.target_id DESC
LIMIT $2;

-- name: follow_works_of_contributor
SELECT COUNT(*) FROM (SELECT 1 FROM work_contributor WHERE contributor_id = $1 LIMIT $2) AS n;

-- name: follow_works_of_series
SELECT COUNT(*) FROM (SELECT 1 FROM collection_work WHERE collection_id = $1 LIMIT $2) AS n;

-- name: follow_has
SELECT 1 FROM follow WHERE account_id = $1 AND kind = $2 AND target_id = $3;

-- name: follow_add (writers)
INSERT INTO follow (account_id, kind, target_id, after_edition, created)
VALUES ($1, $2, $3, (SELECT COALESCE(MAX(id), 0) FROM edition), $4)
ON CONFLICT (account_id, kind, target_id) DO NOTHING;

-- name: follow_remove (writers)
DELETE FROM follow WHERE account_id = $1 AND kind = $2 AND target_id = $3;

-- The latest first; an edition once for each reason. What has $4 works or more is passed over.
-- name: news_of_account
SELECT e.id, f.kind, f.target_id
FROM follow AS f
JOIN work_contributor AS w ON w.contributor_id = f.target_id
JOIN edition AS e ON e.work_id = w.work_id
WHERE f.account_id = $1 AND f.kind = 'contributor' AND e.id > f.after_edition AND e.record_id <> 0
  AND (e.id > $2 OR EXISTS (SELECT 1 FROM news_owed AS o WHERE o.account_id = $1 AND o.edition_id = e.id))
  AND (SELECT COUNT(*) FROM (SELECT 1 FROM work_contributor AS x WHERE x.contributor_id = f.target_id LIMIT $4) AS n) < $4
UNION ALL
SELECT e.id, f.kind, f.target_id
FROM follow AS f
JOIN collection_work AS w ON w.collection_id = f.target_id
JOIN edition AS e ON e.work_id = w.work_id
WHERE f.account_id = $1 AND f.kind = 'series' AND e.id > f.after_edition AND e.record_id <> 0
  AND (e.id > $2 OR EXISTS (SELECT 1 FROM news_owed AS o WHERE o.account_id = $1 AND o.edition_id = e.id))
  AND (SELECT COUNT(*) FROM (SELECT 1 FROM collection_work AS x WHERE x.collection_id = f.target_id LIMIT $4) AS n) < $4
ORDER BY 1 DESC, 2, 3
LIMIT $3;

-- name: news_of_contributor
SELECT e.id, 'contributor', w.contributor_id
FROM work_contributor AS w JOIN edition AS e ON e.work_id = w.work_id
WHERE w.contributor_id = $1 AND e.record_id <> 0
ORDER BY e.id DESC
LIMIT $2;

-- name: news_of_series
SELECT e.id, 'series', w.collection_id
FROM collection_work AS w JOIN edition AS e ON e.work_id = w.work_id
WHERE w.collection_id = $1 AND e.record_id <> 0
ORDER BY e.id DESC
LIMIT $2;

-- name: follower_of
SELECT feed, storefront FROM follower WHERE account_id = $1;

-- name: follower_by_feed
SELECT account_id FROM follower WHERE feed = $1;

-- name: follower_add (writers)
INSERT INTO follower (account_id, feed, stop, storefront, root, mailed, told) VALUES ($1, $2, $3, '', '', 0, 0)
ON CONFLICT (account_id) DO NOTHING;

-- name: follower_feed_put (writers)
UPDATE follower SET feed = $2 WHERE account_id = $1;

-- Letters tell of what comes from now on.
-- name: follower_mail_put (writers)
UPDATE follower SET storefront = $2, root = $3, told = (SELECT COALESCE(MAX(id), 0) FROM edition) WHERE account_id = $1;

-- name: follower_by_stop (writers)
SELECT account_id FROM follower WHERE stop = $1;

-- name: follower_due (writers)
SELECT account_id, storefront, root, stop, told, (SELECT COUNT(*) FROM news_owed AS o WHERE o.account_id = follower.account_id)
FROM follower
WHERE storefront <> '' AND mailed <= $1 AND account_id > $3
  AND (told < $2 OR ($5 = 1 AND EXISTS (SELECT 1 FROM news_owed AS o WHERE o.account_id = follower.account_id)))
ORDER BY account_id
LIMIT $4;

-- name: follower_told (writers)
UPDATE follower SET told = $3 WHERE account_id = $1 AND told = $2 AND storefront <> '';

-- name: follower_mailed (writers)
UPDATE follower SET mailed = $2 WHERE account_id = $1;

-- What was withheld when a letter told of the others: told of in a later one.
-- name: news_owed_add (writers)
INSERT INTO news_owed (account_id, edition_id) SELECT account_id, $2 FROM follower WHERE account_id = $1 AND storefront <> ''
ON CONFLICT (account_id, edition_id) DO NOTHING;

-- name: news_owed_clear (writers)
DELETE FROM news_owed WHERE account_id = $1;

-- With their account.

-- name: follows_of_account_remove (writers)
DELETE FROM follow WHERE account_id = $1;

-- name: follower_of_account_remove (writers)
DELETE FROM follower WHERE account_id = $1;
