-- Demands, proposals, what stands beside entries.

-- name: demand_add
INSERT INTO demand (id, entry_id, token, account_id, received, due, name, email, language, decision_entry_id,
    document_file, document_type, document_digest, copy_file, copy_type, copy_digest)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12, $13, $14, $15);

-- name: demand_get
SELECT d.id, e.idx, e.bytes, d.due, d.copy_file, d.copy_type, d.copy_digest, d.decision_entry_id, x.idx, x.bytes, t.text,
       b.content, b.salt
FROM demand AS d
JOIN entry AS e ON e.id = d.entry_id
LEFT JOIN entry_beside AS b ON b.entry_id = d.entry_id AND b.member = 'claims' AND b.n = 0
LEFT JOIN entry AS x ON x.id = d.decision_entry_id
LEFT JOIN entry_text AS t ON t.entry_id = d.decision_entry_id
WHERE d.id = $1;

-- name: demand_of_token
SELECT id FROM demand WHERE token = $1;

-- name: demand_link_add
INSERT INTO demand_link (token, demand_id) VALUES ($1, $2);

-- name: demand_of_link
SELECT demand_id FROM demand_link WHERE token = $1;

-- name: demands_before
SELECT d.id, e.idx, e.bytes, d.due, d.copy_file, d.copy_type, d.copy_digest, d.decision_entry_id, x.idx, x.bytes, t.text,
       b.content, b.salt
FROM demand AS d
JOIN entry AS e ON e.id = d.entry_id
LEFT JOIN entry_beside AS b ON b.entry_id = d.entry_id AND b.member = 'claims' AND b.n = 0
LEFT JOIN entry AS x ON x.id = d.decision_entry_id
LEFT JOIN entry_text AS t ON t.entry_id = d.decision_entry_id
WHERE d.id < $1 ORDER BY d.id DESC LIMIT $2;

-- name: demands_undecided
SELECT d.id, e.idx, e.bytes, d.due, d.copy_file, d.copy_type, d.copy_digest, d.decision_entry_id, e.idx, e.bytes, '',
       b.content, b.salt
FROM demand AS d
JOIN entry AS e ON e.id = d.entry_id
LEFT JOIN entry_beside AS b ON b.entry_id = d.entry_id AND b.member = 'claims' AND b.n = 0
WHERE d.decision_entry_id = 0 AND d.id > $1 ORDER BY d.id LIMIT $2;

-- name: demand_private (writers)
SELECT d.name, d.email, d.language, d.document_file, d.document_type, d.document_digest, t.text, t.salt, d.account_id
FROM demand AS d
JOIN entry_text AS t ON t.entry_id = d.entry_id
WHERE d.id = $1;

-- name: demand_papers_after (writers)
SELECT id, document_file, document_type, document_digest, copy_file, copy_type, copy_digest
FROM demand WHERE id > $1 ORDER BY id LIMIT $2;

-- name: demand_papers (writers)
SELECT id, document_file, document_type, document_digest, copy_file, copy_type, copy_digest
FROM demand WHERE id = $1;

-- name: agreement_paper_add
INSERT INTO agreement_paper (agreement_id, document_file, document_type, document_digest, copy_file, copy_type, copy_digest)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: agreement_papers_after (writers)
SELECT agreement_id, document_file, document_type, document_digest, copy_file, copy_type, copy_digest
FROM agreement_paper WHERE agreement_id > $1 ORDER BY agreement_id LIMIT $2;

-- name: agreement_papers (writers)
SELECT agreement_id, document_file, document_type, document_digest, copy_file, copy_type, copy_digest
FROM agreement_paper WHERE agreement_id = $1;

-- name: demand_decide
UPDATE demand SET decision_entry_id = $2 WHERE id = $1;

-- name: demand_sender_erase
UPDATE demand SET name = '', email = '' WHERE entry_id = $1;

-- name: demand_reopen (held)
UPDATE demand SET former_entry_id = decision_entry_id, decision_entry_id = 0, due = $2
WHERE id = $1 AND decision_entry_id = $3;

-- name: demand_acknowledge
UPDATE demand SET acknowledged_entry_id = $2 WHERE id = $1;

-- name: demand_acknowledged (writers)
SELECT acknowledged_entry_id FROM demand WHERE id = $1;

-- name: demands_told (writers)
SELECT d.id, MIN(l.ended) FROM letter AS l JOIN demand AS d ON d.entry_id = l.entry_id
WHERE l.kind = 'demand' AND l.state = 'sent' AND d.acknowledged_entry_id = 0
GROUP BY d.id ORDER BY d.id LIMIT $1;

-- name: demand_former (writers)
SELECT e.bytes FROM demand AS d JOIN entry AS e ON e.id = d.former_entry_id WHERE d.id = $1;

-- name: demands_of_account (writers)
SELECT d.id, e.idx, e.bytes, d.due, d.copy_file, d.copy_type, d.copy_digest, d.decision_entry_id, x.idx, x.bytes, t.text,
       b.content, b.salt
FROM demand AS d
JOIN entry AS e ON e.id = d.entry_id
LEFT JOIN entry_beside AS b ON b.entry_id = d.entry_id AND b.member = 'claims' AND b.n = 0
LEFT JOIN entry AS x ON x.id = d.decision_entry_id
LEFT JOIN entry_text AS t ON t.entry_id = d.decision_entry_id
WHERE d.account_id = $1 ORDER BY d.id DESC LIMIT $2;

-- name: demand_copy_put
UPDATE demand SET copy_file = $2, copy_type = $3, copy_digest = $4 WHERE id = $1;

-- name: proposal_add
INSERT INTO proposal (id, demand_id, body, account_id, created, state) VALUES ($1, $2, $3, $4, $5, 'open');

-- name: proposal_get (writers)
SELECT p.id, p.demand_id, p.body, p.account_id, p.created, p.state, a.name
FROM proposal AS p JOIN account AS a ON a.id = p.account_id
WHERE p.id = $1;

-- name: proposals_open (writers)
SELECT p.id, p.demand_id, p.body, p.account_id, p.created, p.state, a.name
FROM proposal AS p JOIN account AS a ON a.id = p.account_id
WHERE p.state = 'open' ORDER BY p.id LIMIT $1;

-- name: proposal_end
UPDATE proposal SET state = $2 WHERE id = $1 AND state = 'open';

-- name: proposals_drop
UPDATE proposal SET state = 'dropped' WHERE demand_id = $1 AND state = 'open';

-- name: proposals_of_account_drop
UPDATE proposal SET state = 'dropped' WHERE account_id = $1 AND state = 'open';

-- name: operator_is (writers)
SELECT COUNT(*) FROM account WHERE id = $1 AND role = 'operator';

-- name: operator_count (writers)
SELECT COUNT(*) FROM account WHERE role = 'operator';

-- name: entry_beside_put
INSERT INTO entry_beside (entry_id, member, n, content, salt)
VALUES ($1, $2, (SELECT COUNT(*) FROM entry_beside WHERE entry_id = $1 AND member = $2), $3, $4);

-- name: claims_erase
DELETE FROM entry_beside WHERE entry_id = $1 AND member = 'claims';
