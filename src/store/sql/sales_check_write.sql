-- What must hold between sales orders, payments, ledger, stock and libraries: each statement finds
-- what does not, by number.

-- name: check_ledger
SELECT t.id, t.key FROM ledger_transaction AS t LEFT JOIN ledger_line AS l ON l.transaction_id = t.id
GROUP BY t.id, t.key HAVING COALESCE(SUM(l.amount), 1) <> 0 ORDER BY t.id LIMIT $1;

-- name: check_payment_received
SELECT p.id, p.reference FROM payment AS p WHERE p.state = 'paid' AND p.received < p.amount ORDER BY p.id LIMIT $1;

-- name: check_purchase_paid
SELECT u.id, '' FROM purchase AS u WHERE u.state = 'paid' AND NOT EXISTS
(SELECT 1 FROM payment AS p WHERE p.purchase_id = u.id AND p.state = 'paid') ORDER BY u.id LIMIT $1;

-- name: check_payment_purchase
SELECT p.id, p.reference FROM payment AS p JOIN purchase AS u ON u.id = p.purchase_id
WHERE p.state = 'paid' AND u.state <> 'paid' ORDER BY p.id LIMIT $1;

-- name: check_order_booked
SELECT o.id, o.number FROM sales_order AS o WHERE o.paid > 0 AND o.total > 0 AND NOT EXISTS
(SELECT 1 FROM ledger_transaction AS t WHERE t.key = 'paid/' || o.id AND t.order_id = o.id AND t.currency = o.currency)
ORDER BY o.id LIMIT $1;

-- name: check_order_amount
SELECT o.id, o.number FROM ledger_transaction AS t JOIN sales_order AS o ON o.id = t.order_id
JOIN ledger_line AS l ON l.transaction_id = t.id
WHERE t.kind = 'paid' AND l.amount > 0 GROUP BY o.id, o.number, o.total, o.paid
HAVING SUM(l.amount) <> o.total OR o.paid = 0 ORDER BY o.id LIMIT $1;

-- name: check_order_refunded
SELECT o.id, o.number FROM sales_order AS o WHERE o.refunded <>
COALESCE((SELECT SUM(r.amount) FROM refund AS r WHERE r.order_id = o.id), 0) OR o.refunded > o.total ORDER BY o.id LIMIT $1;

-- name: check_refund_booked
SELECT r.id, r.key FROM refund AS r WHERE NOT EXISTS (SELECT 1 FROM ledger_transaction AS t WHERE t.key = 'refund/' || r.id)
OR (r.state = 'sent' AND NOT EXISTS (SELECT 1 FROM ledger_transaction AS t WHERE t.key = 'refund-sent/' || r.id)) ORDER BY r.id LIMIT $1;

-- name: check_payout_booked
SELECT p.id, p.reference FROM payout AS p WHERE NOT EXISTS (SELECT 1 FROM ledger_transaction AS t WHERE t.key = 'payout/' || p.id)
OR (p.sent > 0 AND NOT EXISTS (SELECT 1 FROM ledger_transaction AS t WHERE t.key = 'payout-sent/' || p.id)) ORDER BY p.id LIMIT $1;

-- What came and counts for it: a part until the whole is there, and what was too much, given back or not.
-- name: check_payment_events
SELECT p.id, p.reference FROM payment AS p WHERE p.received <> COALESCE((SELECT SUM(e.amount) FROM payment_event AS e
WHERE e.payment_id = p.id AND e.outcome IN ('settled', 'part', 'over', 'over-back')), 0) ORDER BY p.id LIMIT $1;

-- name: check_payment_refunded
SELECT p.id, p.reference FROM payment AS p WHERE p.refunded <> COALESCE((SELECT SUM(r.amount) FROM refund AS r
WHERE r.payment_id = p.id AND r.order_id > 0), 0) OR p.refunded > p.received ORDER BY p.id LIMIT $1;

-- By currency: what lies in the account 'unclear', and what is held, or came in part for what is not paid yet.
-- name: check_unclear
SELECT 0, x.currency FROM
(SELECT t.currency AS currency, -l.amount AS amount FROM ledger_line AS l JOIN ledger_transaction AS t ON t.id = l.transaction_id
 WHERE l.account = 'unclear'
 UNION ALL
 SELECT e.currency, -e.amount FROM payment_event AS e WHERE e.outcome = 'held' OR (e.outcome = 'part' AND EXISTS
 (SELECT 1 FROM payment AS p WHERE p.id = e.payment_id AND p.state <> 'paid'))) AS x
GROUP BY x.currency HAVING SUM(x.amount) <> 0 ORDER BY x.currency LIMIT $1;

-- name: check_stock
SELECT s.edition_id, '' FROM stock AS s WHERE s.on_hand < 0 OR s.promised < 0 ORDER BY s.edition_id LIMIT $1;

-- More promised than there is, where people counted fewer than were sold: that is no contradiction, and the list of stock shows it.
-- name: check_stock_promised
SELECT s.edition_id, COALESCE((SELECT e.product_key FROM edition AS e WHERE e.id = s.edition_id), '') FROM stock AS s WHERE s.promised <>
COALESCE((SELECT SUM(l.quantity - l.sent - l.cancelled) FROM sales_line AS l JOIN sales_order AS o ON o.id = l.order_id
WHERE l.edition_id = s.edition_id AND o.shop_id = s.shop_id AND o.state IN ('placed', 'paid') AND l.digital = 0), 0)
ORDER BY s.edition_id LIMIT $1;

-- name: check_delivered
SELECT x.id, o.number FROM sales_line AS x JOIN sales_order AS o ON o.id = x.order_id JOIN purchase AS u ON u.id = o.purchase_id
WHERE x.digital = 1 AND o.paid > 0 AND NOT EXISTS
(SELECT 1 FROM library AS b WHERE b.account_id = u.account_id AND b.edition_id = x.edition_id)
AND EXISTS (SELECT 1 FROM account AS a WHERE a.id = u.account_id) ORDER BY x.id LIMIT $1;

-- name: check_delivered_unpaid
SELECT b.line_id, '' FROM library AS b WHERE b.source = 'bought' AND b.line_id > 0 AND NOT EXISTS
(SELECT 1 FROM sales_line AS x JOIN sales_order AS o ON o.id = x.order_id WHERE x.id = b.line_id AND o.paid > 0)
ORDER BY b.line_id LIMIT $1;

-- name: sales_checked_at
SELECT COALESCE(MAX(at), 0) FROM sales_checked;

-- name: sales_any
SELECT COUNT(*) FROM (SELECT id FROM payment LIMIT 1) AS x;

-- name: sales_checked_put
INSERT INTO sales_checked (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at;

-- name: sales_finding_put
INSERT INTO sales_finding (code, number, name, since, seen) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (code, number) DO UPDATE SET name = excluded.name, seen = excluded.seen;

-- name: sales_findings_gone
DELETE FROM sales_finding WHERE seen <> $1;

-- name: sales_findings
SELECT code, number, name, since FROM sales_finding ORDER BY since DESC, code, number LIMIT $1;

-- name: sales_findings_count
SELECT COUNT(*) FROM sales_finding;
