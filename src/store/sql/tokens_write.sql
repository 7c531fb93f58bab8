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

-- Who signed up, and whose address is not confirmed: no account before. Without an address: what is
-- written where it was taken.

-- name: sign_up_add
INSERT INTO sign_up (link, email, name, password, language, expires) VALUES ($1, $2, $3, $4, $5, $6);

-- name: sign_up_get
SELECT email, name, password, language FROM sign_up WHERE link = $1 AND expires > $2 AND email <> '';

-- name: sign_up_remove_of
DELETE FROM sign_up WHERE email = $1;

-- name: sign_up_remove_expired
DELETE FROM sign_up WHERE expires <= $1;

-- Another address for an account.

-- name: address_change_add
INSERT INTO address_change (link, account_id, email, expires) VALUES ($1, $2, $3, $4);

-- name: address_change_get
SELECT account_id, email FROM address_change WHERE link = $1 AND expires > $2 AND account_id <> 0;

-- name: address_change_remove_of
DELETE FROM address_change WHERE account_id = $1;

-- name: address_change_remove_expired
DELETE FROM address_change WHERE expires <= $1;

-- name: account_email_put
UPDATE account SET email = $2, confirmed = $3 WHERE id = $1;
