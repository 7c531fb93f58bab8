-- Sales orders at the desk: looking for them, what is to be sent, what was.

-- name: sales_desk_find (writers)
SELECT o.id FROM sales_order AS o JOIN purchase AS p ON p.id = o.purchase_id
WHERE (o.shop_id = $1 OR $1 = 0) AND (o.state = $2 OR $2 = '') AND o.id < $3
  AND ($4 = '' OR o.number = $4
       OR (LOWER(p.delivery) LIKE $5 AND ($6 = 1 OR EXISTS (SELECT 1 FROM sales_line AS l WHERE l.order_id = o.id AND l.digital = 0)))
       OR ($6 = 1 AND LOWER(p.email) LIKE $5)
       OR EXISTS (SELECT 1 FROM sales_line AS l WHERE l.order_id = o.id AND l.isbn = $4))
ORDER BY o.id DESC LIMIT $7;

-- name: sales_desk_waiting (writers)
SELECT o.id FROM sales_order AS o
WHERE (o.shop_id = $1 OR $1 = 0) AND o.state = 'paid' AND o.id > $2
  AND EXISTS (SELECT 1 FROM sales_line AS l WHERE l.order_id = o.id AND l.digital = 0 AND l.sent + l.cancelled < l.quantity)
ORDER BY o.id LIMIT $3;

-- name: sales_desk_waiting_count (writers)
SELECT COUNT(*) FROM sales_order AS o
WHERE (o.shop_id = $1 OR $1 = 0) AND o.state = 'paid'
  AND EXISTS (SELECT 1 FROM sales_line AS l WHERE l.order_id = o.id AND l.digital = 0 AND l.sent + l.cancelled < l.quantity);

-- name: sales_desk_picks (writers)
SELECT l.isbn, l.title, l.contributor, l.quantity - l.sent - l.cancelled, o.number, s.name, l.available
FROM sales_order AS o JOIN sales_line AS l ON l.order_id = o.id JOIN shop AS s ON s.id = o.shop_id
WHERE (o.shop_id = $1 OR $1 = 0) AND o.state = 'paid' AND l.digital = 0 AND l.sent + l.cancelled < l.quantity
  AND l.available <= $2
ORDER BY l.title, l.isbn, o.id LIMIT $3;

-- name: shipment_add (writers)
INSERT INTO shipment (id, order_id, carrier, tracking, sent) VALUES ($1, $2, $3, $4, $5);

-- name: shipment_line_add (writers)
INSERT INTO shipment_line (shipment_id, line_id, quantity) VALUES ($1, $2, $3);

-- name: shipments_of (writers)
SELECT s.id, s.carrier, s.tracking, s.sent, l.line_id, l.quantity
FROM shipment AS s JOIN shipment_line AS l ON l.shipment_id = s.id
WHERE s.order_id = $1 ORDER BY s.id, l.line_id LIMIT $2;
