-- Links in letters: no page is made of them.

-- name: token_add
INSERT INTO account_token (hash, account_id, kind, expires) VALUES ($1, $2, $3, $4);

-- name: token_get
SELECT account_id FROM account_token WHERE hash = $1 AND kind = $2 AND expires > $3;

-- name: token_remove_all
DELETE FROM account_token WHERE account_id = $1 AND kind = $2;

-- name: token_remove_expired
DELETE FROM account_token WHERE expires <= $1;

-- name: account_password_put
UPDATE account SET password = $2 WHERE id = $1;
