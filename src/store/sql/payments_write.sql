-- Payments, what banks and providers told of them, refunds, payouts.

-- name: payment_add
INSERT INTO payment (id, purchase_id, method, reference, provider_id, currency, amount, received, refunded, state, created, ended)
VALUES ($1, $2, $3, $4, '', $5, $6, 0, 0, 'waiting', $7, 0) ON CONFLICT (reference) DO NOTHING;

-- name: payment_by_id
SELECT id, purchase_id, method, reference, provider_id, currency, amount, received, refunded, state, created, ended
FROM payment WHERE id = $1;

-- name: payment_by_reference
SELECT id, purchase_id, method, reference, provider_id, currency, amount, received, refunded, state, created, ended
FROM payment WHERE reference = $1;

-- name: payment_of_purchase
SELECT id, purchase_id, method, reference, provider_id, currency, amount, received, refunded, state, created, ended
FROM payment WHERE purchase_id = $1 ORDER BY CASE state WHEN 'paid' THEN 0 ELSE 1 END, id DESC LIMIT 1;

-- name: payment_by_method
SELECT id, purchase_id, method, reference, provider_id, currency, amount, received, refunded, state, created, ended
FROM payment WHERE purchase_id = $1 AND method = $2 ORDER BY id DESC LIMIT 1;

-- name: payments_of_purchase
SELECT id, purchase_id, method, reference, provider_id, currency, amount, received, refunded, state, created, ended
FROM payment WHERE purchase_id = $1 ORDER BY id LIMIT $2;

-- name: payments_before
SELECT id, purchase_id, method, reference, provider_id, currency, amount, received, refunded, state, created, ended
FROM payment WHERE id < $1 AND ($2 = '' OR state = $2) ORDER BY id DESC LIMIT $3;

-- name: payment_count
SELECT COUNT(*) FROM payment WHERE state = $1;

-- name: payment_set
UPDATE payment SET provider_id = $2, received = $3, refunded = $4, state = $5, ended = $6 WHERE id = $1;

-- name: payment_event_add
INSERT INTO payment_event (method, event, payment_id, kind, currency, amount, text, outcome, told, taken)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (method, event) DO NOTHING;

-- name: payment_event_get
SELECT method, event, payment_id, kind, currency, amount, text, outcome, told, taken
FROM payment_event WHERE method = $1 AND event = $2;

-- name: payment_events_of
SELECT method, event, payment_id, kind, currency, amount, text, outcome, told, taken
FROM payment_event WHERE payment_id = $1 ORDER BY taken, event LIMIT $2;

-- name: payment_events_held
SELECT method, event, payment_id, kind, currency, amount, text, outcome, told, taken
FROM payment_event WHERE outcome IN ('held', 'over') ORDER BY taken, event LIMIT $1;

-- name: payment_events_held_count
SELECT COUNT(*) FROM payment_event WHERE outcome IN ('held', 'over');

-- name: payment_event_set
UPDATE payment_event SET payment_id = $3, outcome = $4 WHERE method = $1 AND event = $2;

-- name: payment_event_confirm
UPDATE payment_event SET kind = 'confirmed' WHERE method = $1 AND event = (SELECT MIN(e.event) FROM payment_event AS e
    WHERE e.method = $1 AND e.kind = $5 AND e.outcome <> 'confirmed' AND e.currency = $3 AND e.amount = $4
    AND (($5 = 'staff' AND e.text = $6) OR ($5 <> 'staff' AND e.payment_id = $2)));

-- name: payment_event_said
SELECT COUNT(*) FROM payment_event AS e WHERE e.method = $1 AND e.kind = $5 AND e.outcome <> 'confirmed' AND e.currency = $3 AND e.amount = $4
    AND (($5 = 'staff' AND e.text = $6) OR ($5 <> 'staff' AND e.payment_id = $2));

-- name: refund_add
INSERT INTO refund (id, key, order_id, payment_id, currency, amount, reason, state, provider_id, created, ended, intent)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'owed', '', $8, 0, $9);

-- name: refund_by_id
SELECT id, key, order_id, payment_id, currency, amount, reason, state, provider_id, created, ended, intent, asked FROM refund WHERE id = $1;

-- name: refund_by_key
SELECT id, key, order_id, payment_id, currency, amount, reason, state, provider_id, created, ended, intent, asked FROM refund WHERE key = $1;

-- name: refunds_of_payment
SELECT id, key, order_id, payment_id, currency, amount, reason, state, provider_id, created, ended, intent, asked
FROM refund WHERE payment_id = $1 ORDER BY id LIMIT $2;

-- name: refunds_of_order
SELECT id, key, order_id, payment_id, currency, amount, reason, state, provider_id, created, ended, intent, asked
FROM refund WHERE order_id = $1 AND state = $2 ORDER BY id LIMIT $3;

-- name: refunds_after
SELECT id, key, order_id, payment_id, currency, amount, reason, state, provider_id, created, ended, intent, asked
FROM refund WHERE state = $1 AND id > $2 ORDER BY id LIMIT $3;

-- name: refund_set
UPDATE refund SET state = $2, provider_id = $3, ended = $4, asked = $5 WHERE id = $1;

-- name: refund_by_provider
SELECT id, key, order_id, payment_id, currency, amount, reason, state, provider_id, created, ended, intent, asked
FROM refund WHERE provider_id = $1 AND provider_id <> '' ORDER BY id DESC LIMIT 1;

-- name: refunds_by_card
SELECT id, key, order_id, payment_id, currency, amount, reason, state, provider_id, created, ended, intent, asked
FROM refund WHERE state = 'owed' AND intent <> '' AND id > $1 ORDER BY id LIMIT $2;

-- name: bank_account_put
INSERT INTO bank_account (currency, holder, account, bank, changed) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (currency) DO UPDATE SET holder = excluded.holder, account = excluded.account, bank = excluded.bank, changed = excluded.changed;

-- name: bank_account_get
SELECT currency, holder, account, bank, changed FROM bank_account WHERE currency = $1;

-- name: bank_accounts
SELECT currency, holder, account, bank, changed FROM bank_account ORDER BY currency LIMIT $1;

-- name: payout_add
INSERT INTO payout (id, shop_id, currency, amount, until, reference, created, sent, tax, account) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8,
    COALESCE((SELECT x.account FROM seller AS x WHERE x.shop_id = $2), ''));

-- name: payout_get
SELECT p.id, p.shop_id, p.currency, p.amount, p.until, p.reference, p.created, p.sent,
       s.slug, COALESCE(x.name, s.name), CASE WHEN p.account = '' AND p.sent = 0 THEN COALESCE(x.account, '') ELSE p.account END, p.tax,
       COALESCE((SELECT b.account FROM payout AS b WHERE b.shop_id = p.shop_id AND b.id < p.id AND b.account <> '' ORDER BY b.id DESC LIMIT 1), '')
FROM payout AS p JOIN shop AS s ON s.id = p.shop_id LEFT JOIN seller AS x ON x.shop_id = p.shop_id
WHERE p.id = $1;

-- name: payouts_before
SELECT p.id, p.shop_id, p.currency, p.amount, p.until, p.reference, p.created, p.sent,
       s.slug, COALESCE(x.name, s.name), CASE WHEN p.account = '' AND p.sent = 0 THEN COALESCE(x.account, '') ELSE p.account END, p.tax,
       COALESCE((SELECT b.account FROM payout AS b WHERE b.shop_id = p.shop_id AND b.id < p.id AND b.account <> '' ORDER BY b.id DESC LIMIT 1), '')
FROM payout AS p JOIN shop AS s ON s.id = p.shop_id LEFT JOIN seller AS x ON x.shop_id = p.shop_id
WHERE p.id < $1 AND ($2 = 0 OR p.shop_id = $2) AND ($3 = 0 OR p.sent = 0) ORDER BY p.id DESC LIMIT $4;

-- name: payout_sent
UPDATE payout SET sent = $2, account = CASE WHEN account = '' THEN
    COALESCE((SELECT x.account FROM seller AS x WHERE x.shop_id = payout.shop_id), '') ELSE account END WHERE id = $1 AND sent = 0;

-- name: order_fee
SELECT fee FROM sales_order WHERE id = $1;

-- name: payment_open_events
SELECT COUNT(*) FROM payment_event WHERE payment_id = $1 AND outcome IN ('held', 'part');

-- name: payment_parts_held
UPDATE payment_event SET outcome = 'held' WHERE payment_id = $1 AND outcome = 'part';

-- name: purchase_undeliverable
SELECT 1 FROM sales_order AS o JOIN sales_line AS l ON l.order_id = o.id
WHERE o.purchase_id = $1 AND l.digital = 1 AND ($2 = 0 OR EXISTS
    (SELECT 1 FROM library AS b WHERE b.account_id = $2 AND b.edition_id = l.edition_id AND b.ended = 0 AND b.source = 'bought'))
LIMIT 1;
