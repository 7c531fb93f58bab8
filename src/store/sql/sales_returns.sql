-- What buyers state of what they bought: that they withdraw, or that something is wrong with it.

-- name: sales_return_add (writers)
INSERT INTO sales_return (id, key, order_id, reason, words, state, asked, ended)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: sales_return_line_add (writers)
INSERT INTO sales_return_line (return_id, line_id, quantity, expected, came) VALUES ($1, $2, $3, $4, 0);

-- name: sales_return_by_key (writers)
SELECT r.id FROM sales_return AS r WHERE r.key = $1;

-- name: sales_returns_of (writers)
SELECT r.id, r.reason, r.words, r.state, r.asked, r.ended, l.line_id, l.quantity, l.expected, l.came
FROM sales_return AS r JOIN sales_return_line AS l ON l.return_id = r.id
WHERE r.order_id = $1 ORDER BY r.id, l.line_id LIMIT $2;

-- name: sales_return_came (writers)
UPDATE sales_return_line SET came = CASE WHEN came + $3 < expected THEN came + $3 ELSE expected END
WHERE return_id = $1 AND line_id = $2;

-- name: sales_return_end (writers)
UPDATE sales_return SET state = $3, ended = $4 WHERE id = $1 AND order_id = $2 AND state = 'expected'
  AND ($3 = 'closed' OR NOT EXISTS (SELECT 1 FROM sales_return_line AS l WHERE l.return_id = sales_return.id AND l.came < l.expected));

-- name: sales_returns_expected (writers)
SELECT r.order_id FROM sales_return AS r JOIN sales_order AS o ON o.id = r.order_id
WHERE (o.shop_id = $1 OR $1 = 0) AND r.state = 'expected' AND r.order_id > $2 GROUP BY r.order_id ORDER BY r.order_id LIMIT $3;

-- name: sales_returns_count (writers)
SELECT COUNT(*) FROM sales_return AS r JOIN sales_order AS o ON o.id = r.order_id
WHERE (o.shop_id = $1 OR $1 = 0) AND r.state = 'expected';

-- name: sales_order_least_put (writers)
UPDATE sales_order SET shipping_least = $2 WHERE id = $1;

-- name: sales_order_least (writers)
SELECT o.shipping_least FROM sales_order AS o WHERE o.id = $1;
