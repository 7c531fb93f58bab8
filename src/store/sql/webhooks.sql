-- What programs of shops are told.

-- name: webhook_url
SELECT url, made FROM webhook WHERE shop_id = $1;

-- name: webhook_get (writers)
SELECT url, secret FROM webhook WHERE shop_id = $1;

-- name: webhook_put (writers)
INSERT INTO webhook (shop_id, url, secret, made) VALUES ($1, $2, $3, $4)
ON CONFLICT (shop_id) DO UPDATE SET url = excluded.url, secret = excluded.secret, made = excluded.made;

-- name: webhook_remove (writers)
DELETE FROM webhook WHERE shop_id = $1;

-- name: webhook_events_end (writers)
UPDATE webhook_event SET due = 0 WHERE shop_id = $1 AND due > 0;

-- name: webhook_shop_of_order (writers)
SELECT o.shop_id, o.number FROM sales_order AS o JOIN webhook AS w ON w.shop_id = o.shop_id WHERE o.id = $1;

-- name: webhook_event_is_there (writers)
SELECT id FROM webhook_event WHERE shop_id = $1 AND kind = $2 AND subject = $3 AND at = $4;

-- name: webhook_event_add (writers)
INSERT INTO webhook_event (id, shop_id, kind, subject, at, due, attempts, tried, said, status)
VALUES ($1, $2, $3, $4, $5, $5, 0, 0, '', 0);

-- name: webhook_event_next (writers)
SELECT id, shop_id, kind, subject, at, due, attempts, tried, said, status FROM webhook_event
WHERE due > 0 AND due <= $1 ORDER BY due, id LIMIT 1;

-- name: webhook_event_claim (writers)
UPDATE webhook_event SET due = $2 WHERE id = $1 AND due = $3;

-- name: webhook_event_end (writers)
UPDATE webhook_event SET due = $2, attempts = $3, tried = $4, said = $5, status = $6 WHERE id = $1;

-- name: webhook_event_again (writers)
UPDATE webhook_event SET due = $3, attempts = 0 WHERE id = $1 AND shop_id = $2;

-- name: webhook_event_list
SELECT id, shop_id, kind, subject, at, due, attempts, tried, said, status FROM webhook_event
WHERE shop_id = $1 ORDER BY id DESC LIMIT $2;

-- name: webhook_events_forget (writers)
DELETE FROM webhook_event WHERE due = 0 AND at < $1;
