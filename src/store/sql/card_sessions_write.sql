-- Sessions of payments by card.

-- name: card_session_add
INSERT INTO card_session (payment_id, attempt, session, intent, state, begun, ask) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: card_session_set
UPDATE card_session SET session = $3, intent = $4, state = $5, ask = $6 WHERE payment_id = $1 AND attempt = $2;

-- name: card_session_latest
SELECT payment_id, attempt, session, intent, state, begun, ask FROM card_session WHERE payment_id = $1 ORDER BY attempt DESC LIMIT 1;

-- name: card_session_by_number
SELECT payment_id, attempt, session, intent, state, begun, ask FROM card_session WHERE session = $1 AND session <> '' LIMIT 1;

-- name: card_sessions_due
SELECT payment_id, attempt, session, intent, state, begun, ask FROM card_session
WHERE state IN ('open', 'pending') AND session <> '' AND ask <= $1 ORDER BY ask, payment_id LIMIT $2;
