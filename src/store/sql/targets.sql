-- What a restriction can be about, and the works it covers.

-- name: target_edition
SELECT work_id FROM edition WHERE product_key = $1;

-- name: target_work
SELECT 1 FROM work WHERE id = $1;

-- name: target_collection
SELECT name FROM collection WHERE slug = $1;

-- name: target_contributor
SELECT name FROM contributor WHERE id = $1;

-- name: target_shop
SELECT name FROM shop WHERE slug = $1;

-- name: target_collection_works
SELECT w.work_id FROM collection AS c
JOIN collection_work AS w ON w.collection_id = c.id
WHERE c.slug = $1
ORDER BY w.work_id;

-- name: target_contributor_works
SELECT work_id FROM work_contributor WHERE contributor_id = $1 ORDER BY work_id;

-- name: target_shop_works
SELECT DISTINCT e.work_id FROM shop AS s
JOIN product_record AS r ON r.shop_id = s.id
JOIN edition AS e ON e.id = r.edition_id
WHERE s.slug = $1 AND r.deleted = 0
ORDER BY e.work_id;

-- name: target_review
SELECT r.work_id, r.id, r.account_id, COALESCE(s.stars, 0)
FROM entry AS e
JOIN review AS r ON r.entry_id = e.id
LEFT JOIN rating AS s ON s.work_id = r.work_id AND s.account_id = r.account_id AND s.state = 'shown'
WHERE e.log = 1 AND e.idx = $1 AND r.state = 'shown';

-- name: target_comment
SELECT c.work_id, c.review_id, c.account_id, 0
FROM entry AS e
JOIN comment AS c ON c.entry_id = e.id
WHERE e.log = 1 AND e.idx = $1 AND c.state = 'shown';

-- name: target_account
SELECT account_id FROM account_commitment WHERE commitment = $1;

-- name: target_account_put
INSERT INTO account_commitment (commitment, account_id, salt) VALUES ($1, $2, $3);

-- name: target_review_created (writers)
SELECT r.created FROM entry AS e JOIN review AS r ON r.entry_id = e.id WHERE e.log = 1 AND e.idx = $1;

-- name: target_comment_created (writers)
SELECT c.created FROM entry AS e JOIN comment AS c ON c.entry_id = e.id WHERE e.log = 1 AND e.idx = $1;

-- name: target_account_created (writers)
SELECT a.created FROM account_commitment AS c JOIN account AS a ON a.id = c.account_id WHERE c.commitment = $1;

-- name: target_shop_created (writers)
SELECT created FROM shop WHERE slug = $1;
