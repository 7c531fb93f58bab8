-- The ledger: rows are added, by ledger_add (store/ledger.c) alone, and never changed.

-- name: ledger_transaction_add
INSERT INTO ledger_transaction (id, key, kind, currency, order_id, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (key) DO NOTHING;

-- name: ledger_line_add
INSERT INTO ledger_line (transaction_id, n, account, shop_id, country, amount) VALUES ($1, $2, $3, $4, $5, $6);

-- name: ledger_has
SELECT id FROM ledger_transaction WHERE key = $1;

-- name: ledger_amount
SELECT l.amount FROM ledger_transaction AS t JOIN ledger_line AS l ON l.transaction_id = t.id
WHERE t.key = $1 AND l.account = $2 ORDER BY l.n LIMIT 1;

-- name: ledger_sums
SELECT l.account, l.shop_id, l.country, t.currency, CAST(SUM(l.amount) AS BIGINT), CAST(COUNT(*) AS BIGINT)
FROM ledger_transaction AS t JOIN ledger_line AS l ON l.transaction_id = t.id
WHERE t.at >= $1 AND t.at < $2
GROUP BY l.account, l.shop_id, l.country, t.currency ORDER BY t.currency, l.account, l.shop_id, l.country LIMIT $3;

-- name: ledger_shop_balances
SELECT 'shop', l.shop_id, '', t.currency, CAST(SUM(l.amount) AS BIGINT), CAST(MAX(t.id) AS BIGINT)
FROM ledger_line AS l JOIN ledger_transaction AS t ON t.id = l.transaction_id
WHERE l.account = 'shop' AND ($1 = 0 OR l.shop_id = $1) AND t.at < $2
GROUP BY l.shop_id, t.currency ORDER BY l.shop_id, t.currency LIMIT $3;

-- name: ledger_taxes
SELECT 'tax', l.shop_id, l.country, t.currency, CAST(SUM(l.amount) AS BIGINT), CAST(MAX(t.id) AS BIGINT)
FROM ledger_line AS l JOIN ledger_transaction AS t ON t.id = l.transaction_id
WHERE l.account = 'tax' AND ($1 = 0 OR l.shop_id = $1) AND (t.at < $2 OR t.kind = 'tax-remitted')
GROUP BY l.shop_id, l.country, t.currency ORDER BY l.country, t.currency, l.shop_id LIMIT $3;

-- name: ledger_of_shop
SELECT t.id, t.kind, t.currency, t.order_id, COALESCE(o.number, ''), t.at,
       CAST(SUM(CASE WHEN l.account = 'shop' THEN l.amount ELSE 0 END) AS BIGINT),
       CAST(SUM(CASE WHEN l.account = 'fee' THEN l.amount ELSE 0 END) AS BIGINT),
       CAST(SUM(CASE WHEN l.account = 'tax' THEN l.amount ELSE 0 END) AS BIGINT)
FROM ledger_line AS l JOIN ledger_transaction AS t ON t.id = l.transaction_id
LEFT JOIN sales_order AS o ON o.id = t.order_id
WHERE l.account IN ('fee', 'shop', 'tax') AND l.shop_id = $1 AND t.at >= $2 AND t.at < $3
GROUP BY t.id, t.kind, t.currency, t.order_id, o.number, t.at ORDER BY t.id LIMIT $4;

-- name: ledger_lines_all
SELECT t.id, t.key, t.kind, t.currency, t.order_id, t.at, l.account, l.shop_id, l.country, l.amount
FROM ledger_transaction AS t JOIN ledger_line AS l ON l.transaction_id = t.id
WHERE t.at >= $1 AND t.at < $2 AND t.id > $3 ORDER BY t.id, l.n LIMIT $4;

-- name: ledger_unbalanced
SELECT t.id, t.key FROM ledger_transaction AS t LEFT JOIN ledger_line AS l ON l.transaction_id = t.id
GROUP BY t.id, t.key HAVING COALESCE(SUM(l.amount), 1) <> 0 ORDER BY t.id LIMIT $1;
