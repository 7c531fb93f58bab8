-- Statements of reasons and complaints.

-- name: statement_add
INSERT INTO statement (id, restriction_id, account_id, shop_id, token, at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: statement_get (writers)
SELECT s.id, s.restriction_id, s.account_id, s.shop_id, s.at, COALESCE(h.name, ''), COALESCE(c.id, 0)
FROM statement AS s
LEFT JOIN shop AS h ON h.id = s.shop_id
LEFT JOIN complaint AS c ON c.statement_id = s.id
WHERE s.id = $1;

-- name: statement_of_token (writers)
SELECT id FROM statement WHERE token = $1;

-- name: statement_list_of_account (writers)
SELECT s.id, s.restriction_id, s.account_id, s.shop_id, s.at, '', COALESCE(c.id, 0)
FROM statement AS s LEFT JOIN complaint AS c ON c.statement_id = s.id
WHERE s.account_id = $1 ORDER BY s.id DESC LIMIT $2;

-- name: statement_list (writers)
SELECT s.id, s.restriction_id, s.account_id, s.shop_id, s.at, COALESCE(h.name, ''), COALESCE(c.id, 0)
FROM statement AS s
LEFT JOIN shop AS h ON h.id = s.shop_id
LEFT JOIN complaint AS c ON c.statement_id = s.id
ORDER BY s.id DESC LIMIT $1;

-- name: statement_shops_of_work (writers)
SELECT DISTINCT r.shop_id FROM edition AS e
JOIN product_record AS r ON r.edition_id = e.id
WHERE e.work_id = $1 AND r.deleted = 0;

-- name: statement_shops_of_edition (writers)
SELECT DISTINCT r.shop_id FROM edition AS e
JOIN product_record AS r ON r.edition_id = e.id
WHERE e.product_key = $1 AND r.deleted = 0;

-- name: statement_shops_of_collection (writers)
SELECT DISTINCT r.shop_id FROM collection AS c
JOIN collection_work AS w ON w.collection_id = c.id
JOIN edition AS e ON e.work_id = w.work_id
JOIN product_record AS r ON r.edition_id = e.id
WHERE c.slug = $1 AND r.deleted = 0;

-- name: statement_shops_of_contributor (writers)
SELECT DISTINCT r.shop_id FROM work_contributor AS w
JOIN edition AS e ON e.work_id = w.work_id
JOIN product_record AS r ON r.edition_id = e.id
WHERE w.contributor_id = $1 AND r.deleted = 0;

-- name: statement_shops_of_shop (writers)
SELECT id FROM shop WHERE slug = $1;

-- name: telling_add
INSERT INTO telling (entry_id, restriction_id, features, work_id, root, position, last_account) VALUES ($1, $2, $3, $4, $5, 0, 0);

-- name: telling_next (writers)
SELECT t.entry_id, t.restriction_id, t.features, t.work_id, t.root, t.position, t.last_account
FROM telling AS t JOIN entry AS e ON e.id = t.entry_id
WHERE e.idx IS NOT NULL ORDER BY t.entry_id LIMIT 1;

-- name: telling_move
UPDATE telling SET position = $2, last_account = $3 WHERE entry_id = $1;

-- name: telling_remove
DELETE FROM telling WHERE entry_id = $1;

-- name: telling_authors (writers)
SELECT account_id FROM (SELECT account_id FROM review
    WHERE work_id = $1 AND account_id > $2 AND state = 'shown' AND $3 = 1 ORDER BY account_id LIMIT $6) AS r
UNION
SELECT account_id FROM (SELECT account_id FROM comment
    WHERE work_id = $1 AND account_id > $2 AND state = 'shown' AND $4 = 1 ORDER BY account_id LIMIT $6) AS c
UNION
SELECT account_id FROM (SELECT account_id FROM rating
    WHERE work_id = $1 AND account_id > $2 AND state = 'shown' AND $5 = 1 ORDER BY account_id LIMIT $6) AS s
ORDER BY account_id LIMIT $6;

-- name: statement_told (writers)
SELECT COUNT(*) FROM statement WHERE restriction_id = $1 AND account_id = $2;

-- name: shop_contact (writers)
SELECT contact, contact_language FROM shop WHERE id = $1;

-- name: shop_contact_put
UPDATE shop SET contact = $2, contact_language = $3 WHERE slug = $1;

-- name: complaint_add
INSERT INTO complaint (id, statement_id, restriction_id, at, entry_id, decision_entry_id, decided, outcome, demand_id, about_entry_id)
VALUES ($1, $2, $3, $4, $5, 0, 0, '', $6, $7);

-- name: complaint_get (writers)
SELECT c.id, c.statement_id, c.restriction_id, c.at, COALESCE(e.idx, -1), CASE WHEN d.idx IS NULL THEN 0 ELSE c.decided END,
       CASE WHEN d.idx IS NULL THEN '' ELSE c.outcome END, COALESCE(d.idx, -1),
       t.text, t.salt, CASE WHEN d.idx IS NULL THEN '' ELSE COALESCE(x.text, '') END, c.demand_id, c.decision_entry_id, c.about_entry_id
FROM complaint AS c
JOIN entry AS e ON e.id = c.entry_id
LEFT JOIN entry AS d ON d.id = c.decision_entry_id
LEFT JOIN entry_text AS t ON t.entry_id = c.entry_id
LEFT JOIN entry_text AS x ON x.entry_id = c.decision_entry_id
WHERE c.id = $1;

-- name: complaint_list (writers)
SELECT c.id, c.statement_id, c.restriction_id, c.at, COALESCE(e.idx, -1), CASE WHEN d.idx IS NULL THEN 0 ELSE c.decided END,
       CASE WHEN d.idx IS NULL THEN '' ELSE c.outcome END, COALESCE(d.idx, -1),
       '', NULL, '', c.demand_id, c.decision_entry_id, c.about_entry_id
FROM complaint AS c
JOIN entry AS e ON e.id = c.entry_id
LEFT JOIN entry AS d ON d.id = c.decision_entry_id
ORDER BY CASE WHEN c.decision_entry_id = 0 THEN 0 ELSE 1 END, c.id
LIMIT $1;

-- name: complaint_of_restriction
SELECT c.id, 0, c.restriction_id, c.at, COALESCE(e.idx, -1), CASE WHEN d.idx IS NULL THEN 0 ELSE c.decided END,
       CASE WHEN d.idx IS NULL THEN '' ELSE c.outcome END, COALESCE(d.idx, -1),
       '', NULL, CASE WHEN d.idx IS NULL THEN '' ELSE COALESCE(x.text, '') END, c.demand_id, c.decision_entry_id, c.about_entry_id
FROM complaint AS c
JOIN entry AS e ON e.id = c.entry_id
LEFT JOIN entry AS d ON d.id = c.decision_entry_id
LEFT JOIN entry_text AS x ON x.entry_id = c.decision_entry_id
WHERE c.restriction_id = $1
ORDER BY c.id
LIMIT $2;

-- name: complaint_about (writers)
SELECT id FROM complaint WHERE about_entry_id = $1 AND demand_id <> 0;

-- name: complaint_latest (writers)
SELECT COALESCE(MAX(id), 0) FROM complaint WHERE demand_id = $1;

-- name: complaint_decide
UPDATE complaint SET decision_entry_id = $2, decided = $3, outcome = $4 WHERE id = $1 AND decision_entry_id = 0;

-- name: entry_decided_by (writers)
SELECT COUNT(*), COALESCE(SUM(CASE WHEN n = 0 THEN 1 ELSE 0 END), 0)
FROM entry_beside WHERE entry_id = $1 AND member = 'approval' AND content = $2;

-- name: restriction_decided_by (writers)
SELECT COUNT(*), COALESCE(SUM(CASE WHEN b.n = 0 THEN 1 ELSE 0 END), 0) FROM restriction_entry AS r
JOIN entry AS e ON e.id = r.entry_id
JOIN entry_beside AS b ON b.entry_id = e.id
WHERE r.restriction_id = $1 AND e.type = 'restriction' AND b.member = 'approval' AND b.content = $2;
