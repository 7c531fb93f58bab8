-- Purchases, sales orders, their lines, and what happened to them.

-- name: purchase_add (writers)
INSERT INTO purchase (id, token, secret, account_id, storefront_id, country, currency, language, email, delivery,
    billing, evidence, consent, consent_text, method, total, state, placed, expires)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

-- name: sales_order_add (writers)
INSERT INTO sales_order (id, number, purchase_id, shop_id, currency, goods, discount, shipping, tax, total,
    shipping_name, shipping_tax, shipping_rate, state, refunded, placed, paid, ended, fee)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, 0, 0,
    COALESCE((SELECT fee FROM seller WHERE shop_id = $4), 0));

-- name: sales_line_add (writers)
INSERT INTO sales_line (id, order_id, edition_id, work_id, isbn, title, contributor, kind, digital, quantity, unit,
    discount, total, tax, rate, tax_country, tax_code, tax_id, price_type, fixed, available, sent, cancelled, returned, refunded)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 0, 0, 0, 0);

-- name: sales_event_add (writers)
INSERT INTO sales_event (id, order_id, line_id, kind, quantity, amount, actor, account_id, note, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: sales_act_add (writers)
INSERT INTO sales_act (order_id, key, asked, at) VALUES ($1, $2, $3, $4) ON CONFLICT (order_id, key) DO NOTHING;

-- name: sales_act_same (writers)
SELECT COUNT(*) FROM sales_act WHERE order_id = $1 AND key = $2 AND asked = $3;

-- name: purchase_state_put (writers)
UPDATE purchase SET state = $3 WHERE id = $1 AND state = $2;

-- name: purchase_method_put (writers)
UPDATE purchase SET method = $2 WHERE id = $1;

-- name: sales_order_state_put (writers)
UPDATE sales_order SET state = $3, paid = CASE WHEN $3 = 'paid' THEN $4 ELSE paid END,
    ended = CASE WHEN $3 IN ('done', 'cancelled') THEN $4 ELSE ended END
WHERE id = $1 AND state = $2;

-- name: sales_line_change (writers)
UPDATE sales_line SET sent = sent + $2, cancelled = cancelled + $3, returned = returned + $4, refunded = refunded + $5
WHERE id = $1 AND sent + $2 + cancelled + $3 <= quantity AND returned + $4 <= sent + $2 AND refunded + $5 <= total
  AND sent + $2 >= 0 AND cancelled + $3 >= 0 AND returned + $4 >= 0 AND refunded + $5 >= 0;

-- name: sales_order_refund (writers)
UPDATE sales_order SET refunded = refunded + $2 WHERE id = $1 AND refunded + $2 <= total AND refunded + $2 >= 0;

-- name: purchase_by_id (writers)
SELECT id, token, secret, account_id, storefront_id, country, currency, language, email, delivery, billing, evidence,
    consent, consent_text, method, total, state, placed, expires
FROM purchase WHERE id = $1;

-- name: purchase_by_token (writers)
SELECT id, token, secret, account_id, storefront_id, country, currency, language, email, delivery, billing, evidence,
    consent, consent_text, method, total, state, placed, expires
FROM purchase WHERE token = $1;

-- name: purchase_by_secret (writers)
SELECT id, token, secret, account_id, storefront_id, country, currency, language, email, delivery, billing, evidence,
    consent, consent_text, method, total, state, placed, expires
FROM purchase WHERE secret = $1;

-- name: purchases_of_account (writers)
SELECT id, token, secret, account_id, storefront_id, country, currency, language, email, delivery, billing, evidence,
    consent, consent_text, method, total, state, placed, expires
FROM purchase WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- name: purchases_expired (writers)
SELECT id FROM purchase WHERE state = 'waiting' AND expires <= $1 AND id > $2 ORDER BY id LIMIT $3;

-- name: purchases_of_account_undeliverable (writers)
SELECT p.id FROM purchase AS p WHERE p.account_id = $1 AND p.state = 'waiting' AND EXISTS
(SELECT 1 FROM sales_order AS o JOIN sales_line AS l ON l.order_id = o.id WHERE o.purchase_id = p.id AND l.digital = 1)
ORDER BY p.id LIMIT $2;

-- name: purchases_waiting (writers)
SELECT COUNT(*) FROM purchase WHERE email = $1 AND state = 'waiting' AND total > 0;

-- name: sales_order_by_id (writers)
SELECT o.id, o.number, o.purchase_id, o.shop_id, o.currency, o.goods, o.discount, o.shipping, o.tax, o.total,
    o.shipping_name, o.shipping_tax, o.shipping_rate, o.state, o.refunded, o.placed, o.paid, o.ended, s.slug, s.name
FROM sales_order AS o JOIN shop AS s ON s.id = o.shop_id WHERE o.id = $1;

-- name: sales_order_by_number (writers)
SELECT o.id, o.number, o.purchase_id, o.shop_id, o.currency, o.goods, o.discount, o.shipping, o.tax, o.total,
    o.shipping_name, o.shipping_tax, o.shipping_rate, o.state, o.refunded, o.placed, o.paid, o.ended, s.slug, s.name
FROM sales_order AS o JOIN shop AS s ON s.id = o.shop_id WHERE o.number = $1;

-- name: sales_orders_of_purchase (writers)
SELECT o.id, o.number, o.purchase_id, o.shop_id, o.currency, o.goods, o.discount, o.shipping, o.tax, o.total,
    o.shipping_name, o.shipping_tax, o.shipping_rate, o.state, o.refunded, o.placed, o.paid, o.ended, s.slug, s.name
FROM sales_order AS o JOIN shop AS s ON s.id = o.shop_id WHERE o.purchase_id = $1 ORDER BY o.id LIMIT $2;

-- name: sales_orders_list (writers)
SELECT o.id, o.number, o.purchase_id, o.shop_id, o.currency, o.goods, o.discount, o.shipping, o.tax, o.total,
    o.shipping_name, o.shipping_tax, o.shipping_rate, o.state, o.refunded, o.placed, o.paid, o.ended, s.slug, s.name
FROM sales_order AS o JOIN shop AS s ON s.id = o.shop_id
WHERE (o.shop_id = $1 OR $1 = 0) AND (o.state = $2 OR $2 = '') AND o.id < $3 ORDER BY o.id DESC LIMIT $4;

-- name: sales_lines (writers)
SELECT id, order_id, edition_id, work_id, isbn, title, contributor, kind, digital, quantity, unit, discount, total,
    tax, rate, tax_country, tax_code, tax_id, price_type, fixed, available, sent, cancelled, returned, refunded
FROM sales_line WHERE order_id = $1 ORDER BY id LIMIT $2;

-- name: sales_events (writers)
SELECT id, order_id, line_id, kind, quantity, amount, actor, account_id, note, at
FROM sales_event WHERE order_id = $1 ORDER BY id LIMIT $2;

-- name: library_has
SELECT 1 FROM library WHERE account_id = $1 AND edition_id = $2 AND ended = 0
UNION ALL
SELECT 1 FROM purchase AS p JOIN sales_order AS o ON o.purchase_id = p.id JOIN sales_line AS l ON l.order_id = o.id
WHERE p.account_id = $1 AND p.state = 'waiting' AND l.edition_id = $2 AND l.digital = 1
LIMIT 1;
