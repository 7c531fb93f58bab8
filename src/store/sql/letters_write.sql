-- Letters: no page is made of them.

-- name: letter_add
INSERT INTO letter (id, message_id, kind, account_id, recipient, language, content, entry_id, state,
    created, due, until, claimed, attempts, ended, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $9, $10, 0, 0, 0, '');

-- name: letter_due
SELECT l.id, l.message_id, l.kind, l.account_id, l.recipient, l.language, l.content, l.entry_id, l.state,
       l.created, l.due, l.until, l.attempts, l.ended, l.reason
FROM letter AS l
WHERE l.state = 'waiting' AND l.due <= $1 AND l.claimed = 0
  AND (l.entry_id = 0 OR EXISTS (SELECT 1 FROM entry AS e WHERE e.id = l.entry_id AND e.idx IS NOT NULL))
ORDER BY CASE WHEN l.kind = 'news' THEN 1 ELSE 0 END, l.due, l.id
LIMIT $2;

-- name: letter_list
SELECT l.id, l.message_id, l.kind, l.account_id, l.recipient, l.language, l.content, l.entry_id, l.state,
       l.created, l.due, l.until, l.attempts, l.ended, l.reason
FROM letter AS l
WHERE l.id < $1 AND ($2 = '' OR l.state = $2)
ORDER BY l.id DESC
LIMIT $3;

-- name: letter_count
SELECT COUNT(*) FROM letter WHERE state = $1;

-- name: letter_claim
UPDATE letter SET claimed = 1, attempts = attempts + 1 WHERE id = $1 AND state = 'waiting' AND claimed = 0;

-- name: letter_release
UPDATE letter SET claimed = 0 WHERE state = 'waiting' AND claimed = 1;

-- name: letter_sent
UPDATE letter SET state = 'sent', claimed = 0, content = '', ended = $2, reason = '' WHERE id = $1;

-- name: letter_later
UPDATE letter SET claimed = 0, due = $2, reason = $3 WHERE id = $1 AND state = 'waiting';

-- name: letter_failed
UPDATE letter SET state = 'failed', claimed = 0, ended = $2, reason = $3 WHERE id = $1;

-- name: letter_retry
UPDATE letter SET state = 'waiting', due = $2, until = CASE WHEN until < $3 THEN $3 ELSE until END, ended = 0
WHERE id = $1 AND state <> 'sent' AND content <> '' AND claimed = 0;

-- name: letter_forget
DELETE FROM letter WHERE state IN ('sent', 'failed') AND ended < $1;

-- name: account_contact
SELECT email, language, confirmed FROM account WHERE id = $1;

-- name: account_confirmed_put
UPDATE account SET confirmed = $2 WHERE id = $1;
