-- Stock that shops count. What is promised stands in sales_line (0055): what is open of the sales orders
-- that were placed or paid.

-- name: stock_of
SELECT on_hand, promised, changed FROM stock WHERE shop_id = $1 AND edition_id = $2;

-- name: stock_list
SELECT s.edition_id, e.product_key, s.on_hand, s.promised, s.changed
FROM stock AS s JOIN edition AS e ON e.id = s.edition_id
WHERE s.shop_id = $1 AND s.edition_id > $2 AND s.on_hand - s.promised <= $3 ORDER BY s.edition_id LIMIT $4;

-- name: stock_by_key
SELECT s.edition_id, e.product_key, s.on_hand, s.promised, s.changed
FROM edition AS e JOIN stock AS s ON s.edition_id = e.id WHERE s.shop_id = $1 AND e.product_key = $2;

-- name: stock_sums
SELECT COUNT(*), COALESCE(SUM(CASE WHEN on_hand <= promised THEN 1 ELSE 0 END), 0),
       COALESCE(SUM(CASE WHEN on_hand < promised THEN 1 ELSE 0 END), 0)
FROM stock WHERE shop_id = $1;

-- name: stock_open (writers)
SELECT CAST(COALESCE(SUM(l.quantity - l.sent - l.cancelled), 0) AS BIGINT)
FROM sales_line AS l JOIN sales_order AS o ON o.id = l.order_id
WHERE l.edition_id = $2 AND o.shop_id = $1 AND o.state IN ('placed', 'paid') AND l.digital = 0;

-- name: stock_holds_make (writers)
INSERT INTO stock_hold (purchase_id, shop_id, edition_id, quantity, expires)
SELECT p.id, o.shop_id, l.edition_id, CAST(SUM(l.quantity - l.sent - l.cancelled) AS BIGINT), p.expires
FROM sales_line AS l JOIN sales_order AS o ON o.id = l.order_id JOIN purchase AS p ON p.id = o.purchase_id
WHERE l.edition_id = $2 AND o.shop_id = $1 AND o.state = 'placed' AND p.state = 'waiting' AND l.digital = 0
GROUP BY p.id, o.shop_id, l.edition_id, p.expires
ON CONFLICT (purchase_id, shop_id, edition_id) DO NOTHING;

-- name: stock_add (writers)
INSERT INTO stock (shop_id, edition_id, on_hand, promised, changed) VALUES ($1, $2, $3, $4, $5);

-- name: stock_put (writers)
UPDATE stock SET on_hand = $3, changed = $4 WHERE shop_id = $1 AND edition_id = $2 AND (on_hand <> $3 OR changed < $4);

-- name: stock_remove (writers)
DELETE FROM stock WHERE shop_id = $1 AND edition_id = $2;

-- name: stock_holds_drop (writers)
DELETE FROM stock_hold WHERE shop_id = $1 AND edition_id = $2;

-- name: stock_promise (writers)
UPDATE stock SET promised = promised + $3 WHERE shop_id = $1 AND edition_id = $2 AND on_hand - promised >= $3;

-- name: stock_hold_add (writers)
INSERT INTO stock_hold (purchase_id, shop_id, edition_id, quantity, expires) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (purchase_id, shop_id, edition_id)
DO UPDATE SET quantity = stock_hold.quantity + excluded.quantity, expires = excluded.expires;

-- name: stock_holds_give_back (writers)
UPDATE stock SET promised = promised - COALESCE((SELECT h.quantity FROM stock_hold AS h
    WHERE h.purchase_id = $1 AND h.shop_id = stock.shop_id AND h.edition_id = stock.edition_id), 0)
WHERE (shop_id, edition_id) IN (SELECT h.shop_id, h.edition_id FROM stock_hold AS h WHERE h.purchase_id = $1);

-- name: stock_holds_end (writers)
DELETE FROM stock_hold WHERE purchase_id = $1;

-- name: stock_unpromise (writers)
UPDATE stock SET promised = promised - $3 WHERE shop_id = $1 AND edition_id = $2 AND promised >= $3;

-- name: stock_leave (writers)
UPDATE stock SET on_hand = on_hand - $3, promised = promised - $3
WHERE shop_id = $1 AND edition_id = $2 AND on_hand >= $3 AND promised >= $3;

-- name: stock_come_back (writers)
UPDATE stock SET on_hand = on_hand + $3 WHERE shop_id = $1 AND edition_id = $2;
