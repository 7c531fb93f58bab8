-- Passkeys: no page is made of them by those who only read.

-- name: passkey_add
INSERT INTO passkey (id, account_id, rp, credential, algorithm, public_key, counter, name, created, used, by_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0);

-- name: passkey_user_get
SELECT passkey_user FROM account WHERE id = $1;

-- name: passkey_user_put
UPDATE account SET passkey_user = $2 WHERE id = $1;

-- name: passkey_by_credential
SELECT p.id, p.account_id, p.rp, p.algorithm, p.public_key, p.counter, a.email, a.role, a.passkey_user, p.by_hash
FROM passkey AS p JOIN account AS a ON a.id = p.account_id
WHERE p.credential = $1;

-- name: passkeys_of_account
SELECT id, rp, credential, name, created, used FROM passkey WHERE account_id = $1 ORDER BY id LIMIT $2;

-- A count that stands still is one device too many, unless it never counts.

-- name: passkey_used
UPDATE passkey SET counter = $2, used = $3 WHERE id = $1 AND (counter < $2 OR counter + $2 = 0);

-- name: passkey_remove
DELETE FROM passkey WHERE id = $1 AND account_id = $2;

-- name: passkeys_of_account_remove
DELETE FROM passkey WHERE account_id = $1;

-- name: passkey_challenge_add
INSERT INTO passkey_challenge (hash, bound, expires) VALUES ($1, $2, $3);

-- name: passkey_challenge_take
DELETE FROM passkey_challenge WHERE hash = $1 AND bound = $2 AND expires > $3;

-- name: passkey_challenge_remove_expired
DELETE FROM passkey_challenge WHERE expires <= $1;
