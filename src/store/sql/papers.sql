-- Sellers, and the papers of what was sold. Pages see who sells, and neither accounts nor papers.

-- name: seller_get (writers)
SELECT s.name, s.address, s.country, s.email, s.tax_number, s.account, s.fee, s.changed, s.remits FROM seller AS s WHERE s.shop_id = $1;

-- name: seller_shown
SELECT s.name, s.address, s.country, s.email, s.tax_number FROM seller AS s WHERE s.shop_id = $1;

-- name: seller_put (writers)
INSERT INTO seller (shop_id, name, address, country, email, tax_number, account, fee, changed, remits)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (shop_id) DO UPDATE SET name = excluded.name, address = excluded.address, country = excluded.country,
email = excluded.email, tax_number = excluded.tax_number, account = excluded.account, fee = excluded.fee, changed = excluded.changed,
remits = excluded.remits;

-- name: invoice_series_take (writers)
INSERT INTO invoice_series (shop_id, series, last) VALUES ($1, $2, 1)
ON CONFLICT (shop_id, series) DO UPDATE SET last = invoice_series.last + 1 RETURNING last;

-- name: invoice_series_all (writers)
SELECT s.shop_id, s.series, s.last, (SELECT COUNT(*) FROM invoice AS i WHERE i.shop_id = s.shop_id AND i.series = s.series),
(SELECT COALESCE(MAX(i.number), 0) FROM invoice AS i WHERE i.shop_id = s.shop_id AND i.series = s.series)
FROM invoice_series AS s ORDER BY s.shop_id, s.series;

-- name: invoice_add (writers)
INSERT INTO invoice (id, shop_id, series, number, kind, order_id, refund_id, currency, total, tax, facts, issued)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: invoices_of_order (writers)
SELECT i.id, i.shop_id, i.series, i.number, i.kind, i.order_id, i.refund_id, i.currency, i.total, i.tax, i.facts, i.issued
FROM invoice AS i WHERE i.order_id = $1 ORDER BY i.id LIMIT $2;

-- name: invoices_of_shop (writers)
SELECT i.id, i.shop_id, i.series, i.number, i.kind, i.order_id, i.refund_id, i.currency, i.total, i.tax, i.facts, i.issued
FROM invoice AS i WHERE i.shop_id = $1 AND i.id > $2 ORDER BY i.id LIMIT $3;

-- name: orders_without_invoice (writers)
SELECT o.id FROM sales_order AS o WHERE o.shop_id = $1 AND o.paid > 0 AND o.total > 0 AND NOT EXISTS
(SELECT 1 FROM invoice AS i WHERE i.order_id = o.id AND i.kind = 'invoice') ORDER BY o.paid, o.id LIMIT $2;

-- name: refunds_without_note (writers)
SELECT r.id FROM refund AS r JOIN sales_order AS o ON o.id = r.order_id WHERE o.shop_id = $1 AND r.reason <> 'overpaid' AND NOT EXISTS
(SELECT 1 FROM invoice AS i WHERE i.order_id = o.id AND i.refund_id = r.id) ORDER BY r.id LIMIT $2;

-- name: purchase_link_add (writers)
INSERT INTO purchase_link (id, hash, purchase_id, created) VALUES ($1, $2, $3, $4);

-- name: purchase_link_get
SELECT l.purchase_id FROM purchase_link AS l WHERE l.hash = $1;

-- name: shipment_latest (writers)
SELECT s.id, s.carrier, s.tracking, s.sent FROM shipment AS s WHERE s.order_id = $1 ORDER BY s.id DESC LIMIT 1;

-- name: shipment_content (writers)
SELECT l.title, c.quantity FROM shipment_line AS c JOIN sales_line AS l ON l.id = c.line_id WHERE c.shipment_id = $1 ORDER BY c.line_id LIMIT $2;

-- name: refund_latest (writers)
SELECT r.amount, r.reason FROM refund AS r WHERE r.order_id = $1 ORDER BY r.id DESC LIMIT 1;

-- Of an account that goes: what has ended loses whose it was; what is under way, once it ends.

-- name: sales_returns_of_account_forget (writers)
UPDATE sales_return SET words = '' WHERE order_id IN
(SELECT o.id FROM sales_order AS o JOIN purchase AS p ON p.id = o.purchase_id WHERE p.account_id = $1);

-- name: purchases_of_account_close (writers)
UPDATE purchase SET account_id = 0, email = '', delivery = '', billing = '' WHERE account_id = $1 AND NOT EXISTS
(SELECT 1 FROM sales_order AS o WHERE o.purchase_id = purchase.id AND o.state IN ('placed', 'paid'));

-- name: purchases_of_account_remember (writers)
INSERT INTO purchase_forget (purchase_id) SELECT p.id FROM purchase AS p WHERE p.account_id = $1;

-- name: purchases_of_account_leave (writers)
UPDATE purchase SET account_id = 0 WHERE account_id = $1;

-- name: sales_events_of_account_leave (writers)
UPDATE sales_event SET account_id = 0 WHERE account_id = $1 AND actor = 'reader';

-- name: purchases_forget (writers)
UPDATE purchase SET email = '', delivery = '', billing = '' WHERE id IN (SELECT f.purchase_id FROM purchase_forget AS f) AND NOT EXISTS
(SELECT 1 FROM sales_order AS o WHERE o.purchase_id = purchase.id AND o.state IN ('placed', 'paid'));

-- name: purchases_forgotten (writers)
DELETE FROM purchase_forget WHERE NOT EXISTS
(SELECT 1 FROM sales_order AS o WHERE o.purchase_id = purchase_forget.purchase_id AND o.state IN ('placed', 'paid'));

-- name: purchases_to_forget (writers)
SELECT COUNT(*) FROM purchase_forget;

-- Of a guest: what nobody paid, and what ended long ago, with what they said of it.

-- name: purchases_of_guests_unpaid_forget (writers)
UPDATE purchase SET email = '', delivery = '', billing = '', evidence = ''
WHERE account_id = 0 AND email <> '' AND state = 'ended' AND placed < $1;

-- name: purchases_of_guests_forget (writers)
UPDATE purchase SET email = '', delivery = '', billing = '', evidence = ''
WHERE account_id = 0 AND email <> '' AND state = 'paid' AND placed < $1 AND NOT EXISTS
(SELECT 1 FROM sales_order AS o WHERE o.purchase_id = purchase.id AND (o.state IN ('placed', 'paid') OR o.ended >= $1));

-- name: sales_returns_forget (writers)
UPDATE sales_return SET words = '' WHERE words <> '' AND order_id IN
(SELECT o.id FROM sales_order AS o JOIN purchase AS p ON p.id = o.purchase_id WHERE p.email = '');
