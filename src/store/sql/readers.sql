-- Accounts, sessions, ratings, reviews, comments.

-- name: account_add
INSERT INTO account (id, email, name, password, role, created, confirmed, language) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: account_by_email (writers)
SELECT id, email, name, password, role, created FROM account WHERE email = $1;

-- name: account_named (writers)
SELECT name, email FROM account WHERE id = $1;

-- name: session_add
INSERT INTO session (token, account_id, kind, created, expires, lacks, browser) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: session_get
SELECT a.id, a.email, a.name, a.role, a.created, s.kind, s.lacks, COALESCE(t.shop_id, 0)
FROM session AS s JOIN account AS a ON a.id = s.account_id
LEFT JOIN partner AS t ON t.account_id = a.id
WHERE s.token = $1 AND s.expires > $2;

-- name: session_remove
DELETE FROM session WHERE token = $1;

-- name: session_remove_all
DELETE FROM session WHERE account_id = $1;

-- name: session_remove_others (writers)
DELETE FROM session WHERE account_id = $1 AND token <> $2;

-- name: session_list
SELECT token, kind, created, browser FROM session WHERE account_id = $1 AND expires > $2
ORDER BY created DESC, token
LIMIT $3;

-- name: session_remove_expired
DELETE FROM session WHERE expires <= $1;

-- name: session_keep
DELETE FROM session WHERE token IN (
    SELECT token FROM session WHERE account_id = $1 ORDER BY created DESC, token LIMIT 1000 OFFSET $2);

-- name: session_count
SELECT COUNT(*) FROM session WHERE account_id = $1 AND expires > $2;

-- name: rating_of
SELECT id, stars, entry_id FROM rating WHERE work_id = $1 AND account_id = $2 AND state = 'shown';

-- name: rating_add (held)
INSERT INTO rating (id, work_id, account_id, stars, state, created, changed, entry_id, salt, said_entry_id)
VALUES ($1, $2, $3, $4, 'shown', $5, $5, $6, $7, $6);

-- name: rating_change (held)
UPDATE rating SET stars = $2, changed = $3, salt = $4, said_entry_id = $5 WHERE id = $1;

-- name: rating_withdraw (held)
UPDATE rating SET state = 'withdrawn', changed = $2 WHERE id = $1;

-- name: rating_sum_add (held)
INSERT INTO work_rating (work_id, stars1, stars2, stars3, stars4, stars5)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (work_id) DO UPDATE SET
    stars1 = work_rating.stars1 + excluded.stars1,
    stars2 = work_rating.stars2 + excluded.stars2,
    stars3 = work_rating.stars3 + excluded.stars3,
    stars4 = work_rating.stars4 + excluded.stars4,
    stars5 = work_rating.stars5 + excluded.stars5;

-- The stars beside the same reader's review, for its order: after each change of a rating.

-- name: review_stars (held)
UPDATE review SET stars = COALESCE((SELECT s.stars FROM rating AS s WHERE s.id = $1 AND s.state = 'shown'), 0)
WHERE state = 'shown' AND work_id = (SELECT s.work_id FROM rating AS s WHERE s.id = $1)
  AND account_id = (SELECT s.account_id FROM rating AS s WHERE s.id = $1);

-- name: rating_best_works
SELECT work_id FROM work_rating
WHERE stars1 + stars2 + stars3 + stars4 + stars5 >= $1
ORDER BY (stars1 + 2 * stars2 + 3 * stars3 + 4 * stars4 + 5 * stars5 + $2)
         * 1000 / (stars1 + stars2 + stars3 + stars4 + stars5 + 10) DESC, work_id
LIMIT $3;

-- name: review_add (held)
INSERT INTO review (id, work_id, account_id, title, text, language, isbn13, state, created, changed,
                    entry_id, salt, said_entry_id, print, author, source, written, stars)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'shown', $8, $8, $9, $10, $9, $11, $12, $13, $14,
        COALESCE((SELECT stars FROM rating WHERE work_id = $2 AND account_id = $3 AND state = 'shown'), 0));

-- name: review_change (held)
UPDATE review SET title = $2, text = $3, language = $4, isbn13 = $5, changed = $6, salt = $7, said_entry_id = $8, print = $9
WHERE id = $1;

-- The same words under another name, or of another work: of no review that was withdrawn.

-- name: review_printed (writers)
SELECT id FROM review WHERE print = $1 AND state = 'shown' AND NOT (work_id = $2 AND account_id = $3)
ORDER BY id LIMIT 1;

-- Whether a partner's shop has the work in its catalogue.

-- name: work_of_partner (writers)
SELECT COUNT(*) FROM partner AS t
JOIN edition AS e ON e.work_id = $2
JOIN product_record AS r ON r.edition_id = e.id AND r.shop_id = t.shop_id AND r.deleted = 0
WHERE t.account_id = $1;

-- Who found a review helpful. No statement of the Record: it withholds nothing, and only the order
-- that a reader asks for rests on it.

-- Whether its author had paid for an edition of the work here before they wrote it, and has it still.
-- name: review_bought
SELECT COUNT(*) FROM review AS r
JOIN purchase AS p ON p.account_id = r.account_id
JOIN sales_order AS o ON o.purchase_id = p.id
JOIN sales_line AS l ON l.order_id = o.id
WHERE r.id = $1 AND r.account_id = $2 AND r.account_id > 0 AND l.work_id = r.work_id
  AND o.paid > 0 AND o.paid <= r.created AND l.refunded < l.total AND l.cancelled + l.returned < l.quantity;

-- Those of a work of which that is so, the latest.
-- name: review_marks_bought
SELECT r.id, r.language, r.stars, -1, r.helpful, r.created FROM review AS r
WHERE r.work_id = $1 AND r.state = 'shown' AND r.account_id > 0 AND EXISTS
  (SELECT 1 FROM purchase AS p JOIN sales_order AS o ON o.purchase_id = p.id JOIN sales_line AS l ON l.order_id = o.id
   WHERE p.account_id = r.account_id AND l.work_id = r.work_id AND o.paid > 0 AND o.paid <= r.created
     AND l.refunded < l.total AND l.cancelled + l.returned < l.quantity)
ORDER BY r.created DESC, r.id DESC LIMIT $2;

-- name: helpful_add (writers)
INSERT INTO helpful (review_id, account_id, created) VALUES ($1, $2, $3);

-- name: helpful_remove (writers)
DELETE FROM helpful WHERE review_id = $1 AND account_id = $2;

-- name: helpful_count (writers)
UPDATE review SET helpful = helpful + $2 WHERE id = $1;

-- name: helpful_by
SELECT COUNT(*) FROM helpful WHERE review_id = $1 AND account_id = $2;

-- name: helpful_of_account
SELECT review_id, created FROM helpful WHERE account_id = $1 AND review_id > $2
ORDER BY review_id LIMIT $3;

-- name: helpful_of_account_uncount (writers)
UPDATE review SET helpful = helpful - 1 WHERE id IN (SELECT review_id FROM helpful WHERE account_id = $1);

-- name: helpful_of_account_remove (writers)
DELETE FROM helpful WHERE account_id = $1;

-- name: helpful_of_review_remove (writers)
DELETE FROM helpful WHERE review_id = $1;

-- name: review_withdraw (held)
UPDATE review SET state = 'withdrawn', changed = $2 WHERE id = $1;

-- name: review_by_id
SELECT r.id, r.work_id, r.account_id, COALESCE(a.name, r.author), r.title, r.text, r.language, r.isbn13, r.state,
       r.created, r.changed, r.entry_id, COALESCE(s.stars, 0), COALESCE(e.idx, -1), r.helpful, r.source, r.written
FROM review AS r
LEFT JOIN account AS a ON a.id = r.account_id
LEFT JOIN rating AS s ON s.work_id = r.work_id AND s.account_id = r.account_id AND s.state = 'shown'
LEFT JOIN entry AS e ON e.id = r.entry_id
WHERE r.id = $1 AND (r.source <> '' OR a.id IS NOT NULL);

-- name: review_of
SELECT id FROM review WHERE work_id = $1 AND account_id = $2 AND state = 'shown';

-- name: review_list
SELECT r.id, r.work_id, r.account_id, COALESCE(a.name, r.author), r.title, r.text, r.language, r.isbn13, r.state,
       r.created, r.changed, r.entry_id, COALESCE(s.stars, 0), COALESCE(e.idx, -1), r.helpful, r.source, r.written
FROM review AS r
LEFT JOIN account AS a ON a.id = r.account_id
LEFT JOIN rating AS s ON s.work_id = r.work_id AND s.account_id = r.account_id AND s.state = 'shown'
LEFT JOIN entry AS e ON e.id = r.entry_id
WHERE r.work_id = $1 AND r.state = 'shown' AND (r.source <> '' OR a.id IS NOT NULL)
ORDER BY r.created DESC, r.id DESC
LIMIT $2 OFFSET $3;

-- name: review_marks
SELECT r.id, r.language, COALESCE(s.stars, 0), COALESCE(e.idx, -1), r.helpful, r.created
FROM review AS r
LEFT JOIN rating AS s ON s.work_id = r.work_id AND s.account_id = r.account_id AND s.state = 'shown'
LEFT JOIN entry AS e ON e.id = r.entry_id
WHERE r.work_id = $1 AND r.state = 'shown'
ORDER BY r.created DESC, r.id DESC
LIMIT $2;

-- What a choice leaves, by indexes that hold all of it: $3 is '' where any language does.

-- name: review_sums
SELECT language, stars, COUNT(*) FROM review WHERE work_id = $1 AND state = 'shown' GROUP BY language, stars;

-- name: review_mark
SELECT r.id, r.language, r.stars, e.idx, r.helpful, r.created
FROM entry AS e JOIN review AS r ON r.entry_id = e.id
WHERE e.log = 1 AND e.idx = $2 AND r.work_id = $1 AND r.state = 'shown';

-- name: review_newest
SELECT id, language, stars, -1, 0, created FROM review
WHERE work_id = $1 AND state = 'shown' AND ($3 = '' OR LOWER(language) IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23))
  AND stars IN ($24, $25, $26, $27, $28, $29)
ORDER BY created DESC, id DESC LIMIT $2;

-- name: review_most_helpful
SELECT id, language, stars, -1, helpful, created FROM review
WHERE work_id = $1 AND state = 'shown' AND ($3 = '' OR LOWER(language) IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23))
  AND stars IN ($24, $25, $26, $27, $28, $29)
ORDER BY helpful DESC, created DESC, id DESC LIMIT $2;

-- name: review_newest_of_stars
SELECT id, language, stars, -1, 0, created FROM review
WHERE work_id = $1 AND state = 'shown' AND ($3 = '' OR LOWER(language) IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23))
  AND stars = $24
ORDER BY created DESC, id DESC LIMIT $2;

-- name: review_lately
SELECT work_id FROM review WHERE state = 'shown' AND source = '' ORDER BY id DESC LIMIT $1;

-- name: review_list_by_account
SELECT r.id, r.work_id, r.account_id, COALESCE(a.name, r.author), r.title, r.text, r.language, r.isbn13, r.state,
       r.created, r.changed, r.entry_id, COALESCE(s.stars, 0), COALESCE(e.idx, -1), r.helpful, r.source, r.written
FROM review AS r
LEFT JOIN account AS a ON a.id = r.account_id
LEFT JOIN rating AS s ON s.work_id = r.work_id AND s.account_id = r.account_id AND s.state = 'shown'
LEFT JOIN entry AS e ON e.id = r.entry_id
WHERE r.account_id = $1
ORDER BY r.created DESC, r.id DESC
LIMIT $2;

-- name: rating_list_by_account
SELECT r.work_id, r.stars, r.created, COALESCE(e.idx, -1)
FROM rating AS r LEFT JOIN entry AS e ON e.id = r.entry_id
WHERE r.account_id = $1 AND r.state = 'shown'
ORDER BY r.created DESC, r.id DESC
LIMIT $2;

-- name: comment_add (held)
INSERT INTO comment (id, review_id, work_id, account_id, text, state, created, entry_id, salt, said_entry_id)
VALUES ($1, $2, $3, $4, $5, 'shown', $6, $7, $8, $7);

-- name: comment_by_id
SELECT c.id, c.review_id, c.work_id, c.account_id, a.name, c.text, c.created, c.entry_id,
       COALESCE(e.idx, -1)
FROM comment AS c JOIN account AS a ON a.id = c.account_id LEFT JOIN entry AS e ON e.id = c.entry_id
WHERE c.id = $1 AND c.state = 'shown';

-- name: comment_same (writers)
SELECT c.id, c.review_id, c.work_id, c.account_id, a.name, c.text, c.created, c.entry_id,
       COALESCE(e.idx, -1)
FROM comment AS c JOIN account AS a ON a.id = c.account_id LEFT JOIN entry AS e ON e.id = c.entry_id
WHERE c.review_id = $1 AND c.account_id = $2 AND c.text = $3 AND c.state = 'shown'
ORDER BY c.id
LIMIT 1;

-- name: comment_change (held)
UPDATE comment SET text = $2, salt = $3, said_entry_id = $4 WHERE id = $1;

-- name: comment_withdraw (held)
UPDATE comment SET state = 'withdrawn' WHERE id = $1;

-- name: comment_list
SELECT c.id, c.review_id, c.work_id, c.account_id, a.name, c.text, c.created, c.entry_id,
       COALESCE(e.idx, -1)
FROM comment AS c JOIN account AS a ON a.id = c.account_id LEFT JOIN entry AS e ON e.id = c.entry_id
WHERE c.review_id = $1 AND c.state = 'shown'
ORDER BY c.created, c.id
LIMIT $2 OFFSET $3;

-- name: comment_count
SELECT COUNT(*) FROM comment WHERE review_id = $1 AND state = 'shown';

-- name: comment_list_of_work
SELECT c.id, c.review_id, c.work_id, c.account_id, a.name, c.text, c.created, c.entry_id,
       COALESCE(e.idx, -1)
FROM comment AS c JOIN account AS a ON a.id = c.account_id LEFT JOIN entry AS e ON e.id = c.entry_id
WHERE c.work_id = $1 AND c.state = 'shown'
ORDER BY c.created, c.id
LIMIT $2 OFFSET $3;

-- name: comment_list_by_account
SELECT c.id, c.review_id, c.work_id, c.account_id, a.name, c.text, c.created, c.entry_id,
       COALESCE(e.idx, -1)
FROM comment AS c JOIN account AS a ON a.id = c.account_id LEFT JOIN entry AS e ON e.id = c.entry_id
WHERE c.account_id = $1 AND c.state = 'shown'
ORDER BY c.created DESC, c.id DESC
LIMIT $2 OFFSET $3;

-- Of a work that there is: no row without.
-- name: voice_counts
-- In the order of an index each, and no row where nobody said anything; the last one says that there is such a work.
SELECT 0, state, COUNT(*) FROM rating WHERE work_id = $1 GROUP BY state
UNION ALL SELECT 1, state, COUNT(*) FROM review WHERE work_id = $1 GROUP BY state
UNION ALL SELECT 2, state, COUNT(*) FROM comment WHERE work_id = $1 GROUP BY state
UNION ALL SELECT 3, 'known', 1 FROM work WHERE id = $1;

-- What somebody said, by the entry that accepted it, with what opens the latest
-- commitment. Kinds as in record/entry.h: 0 rating, 1 review, 2 comment.

-- name: voice_of_rating (writers)
SELECT id, account_id, work_id, stars, '', '', '', '', state, created, entry_id, said_entry_id, salt
FROM rating WHERE entry_id = $1;

-- name: voice_of_review (writers)
SELECT id, account_id, work_id, 0, title, text, language, isbn13, state, created, entry_id, said_entry_id, salt
FROM review WHERE entry_id = $1;

-- name: voice_of_comment (writers)
SELECT id, account_id, work_id, 0, '', text, '', '', state, created, entry_id, said_entry_id, salt
FROM comment WHERE entry_id = $1;

-- name: voices_of_account (writers)
SELECT 0, v.id, v.work_id, v.stars, '' AS title, '' AS text, v.state, v.created, COALESCE(a.idx, -1), COALESCE(s.idx, -1), '' AS language, '' AS isbn13
FROM rating AS v LEFT JOIN entry AS a ON a.id = v.entry_id LEFT JOIN entry AS s ON s.id = v.said_entry_id
WHERE v.account_id = $1
UNION ALL
SELECT 1, v.id, v.work_id, 0, v.title, v.text, v.state, v.created, COALESCE(a.idx, -1), COALESCE(s.idx, -1), v.language, v.isbn13
FROM review AS v LEFT JOIN entry AS a ON a.id = v.entry_id LEFT JOIN entry AS s ON s.id = v.said_entry_id
WHERE v.account_id = $1
UNION ALL
SELECT 2, v.id, v.work_id, 0, '', v.text, v.state, v.created, COALESCE(a.idx, -1), COALESCE(s.idx, -1), '', ''
FROM comment AS v LEFT JOIN entry AS a ON a.id = v.entry_id LEFT JOIN entry AS s ON s.id = v.said_entry_id
WHERE v.account_id = $1
ORDER BY 8 DESC, 9 DESC
LIMIT $2 OFFSET $3;

-- Nothing of it is left but that there was one.

-- name: rating_erase (writers)
UPDATE rating SET state = 'erased', stars = 0, salt = $2, said_entry_id = $3, changed = $4 WHERE id = $1;

-- name: review_erase (writers)
UPDATE review SET state = 'erased', title = '', text = '', language = '', isbn13 = '', salt = $2, said_entry_id = $3,
    changed = $4, print = '', helpful = 0, author = ''
WHERE id = $1;

-- name: comment_erase (writers)
UPDATE comment SET state = 'erased', text = '', salt = $2, said_entry_id = $3 WHERE id = $1;

-- name: voices_to_erase (writers)
SELECT 1 AS kind, entry_id FROM review WHERE account_id = $1 AND state <> 'erased'
UNION ALL
SELECT 0, entry_id FROM rating WHERE account_id = $1 AND state <> 'erased'
UNION ALL
SELECT 2, entry_id FROM comment WHERE account_id = $1 AND state <> 'erased'
ORDER BY 1 DESC, 2
LIMIT $2;

-- Whose they were is forgotten with the account.

-- name: ratings_leave (writers)
UPDATE rating SET account_id = 0 WHERE account_id = $1;

-- name: reviews_leave (writers)
UPDATE review SET account_id = 0 WHERE account_id = $1;

-- name: comments_leave (writers)
UPDATE comment SET account_id = 0 WHERE account_id = $1;

-- name: letters_of_account_remove (writers)
DELETE FROM letter WHERE account_id = $1 OR recipient = (SELECT email FROM account WHERE id = $1);

-- name: tokens_of_account_remove (writers)
DELETE FROM account_token WHERE account_id = $1;

-- name: commitments_of_account_remove (writers)
DELETE FROM account_commitment WHERE account_id = $1;

-- name: demands_leave (writers)
UPDATE demand SET account_id = 0, name = '', email = '' WHERE account_id = $1;

-- name: account_leaving (writers)
UPDATE account SET leaving = 1 WHERE id = $1;

-- name: account_stays (writers)
SELECT COUNT(*) FROM account WHERE id = $1 AND leaving = 0;

-- name: account_remove (writers)
DELETE FROM account WHERE id = $1;

-- What was taken over from another shop.

-- name: voice_taken_known (writers)
SELECT COUNT(*) FROM taken_over WHERE mark = $1;

-- name: voice_taken_add (writers)
INSERT INTO taken_over (mark, number) VALUES ($1, $2);
