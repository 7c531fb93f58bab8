-- Staff and their second factor: no page is made of it.

-- name: factor_get
SELECT secret, confirmed, last_step FROM second_factor WHERE account_id = $1;

-- name: factor_begin
INSERT INTO second_factor (account_id, secret, confirmed, last_step) VALUES ($1, $2, 0, 0)
ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, confirmed = 0, last_step = 0;

-- name: factor_used
UPDATE second_factor SET last_step = $2, confirmed = CASE WHEN confirmed = 0 THEN $3 ELSE confirmed END
WHERE account_id = $1 AND last_step < $2;

-- name: factor_remove
DELETE FROM second_factor WHERE account_id = $1;

-- name: recovery_add
INSERT INTO recovery_code (account_id, hash) VALUES ($1, $2);

-- name: recovery_use
DELETE FROM recovery_code WHERE account_id = $1 AND hash = $2;

-- name: recovery_remove
DELETE FROM recovery_code WHERE account_id = $1;

-- name: recovery_count
SELECT COUNT(*) FROM recovery_code WHERE account_id = $1;

-- name: account_staff
SELECT a.id, a.email, a.name, a.role, COALESCE(f.confirmed, 0), COALESCE(s.slug, '')
FROM account AS a LEFT JOIN second_factor AS f ON f.account_id = a.id
LEFT JOIN partner AS t ON t.account_id = a.id LEFT JOIN shop AS s ON s.id = t.shop_id
WHERE a.role <> 'reader' ORDER BY a.email LIMIT $1;

-- name: account_last_operator
SELECT 1 FROM account AS a WHERE a.id = $1 AND a.role = 'operator'
    AND NOT EXISTS (SELECT 1 FROM account AS o WHERE o.role = 'operator' AND o.id <> a.id);

-- name: account_role_put
UPDATE account SET role = $2 WHERE id = $1;

-- name: session_remove_without_factor
DELETE FROM session WHERE account_id IN (
    SELECT a.id FROM account AS a LEFT JOIN second_factor AS f ON f.account_id = a.id
    WHERE a.role <> 'reader' AND COALESCE(f.confirmed, 0) = 0);

-- name: partner_put
INSERT INTO partner (account_id, shop_id) VALUES ($1, $2);

-- name: partner_remove
DELETE FROM partner WHERE account_id = $1;

-- name: partner_accounts
SELECT account_id FROM partner WHERE shop_id = $1 ORDER BY account_id LIMIT $2;
