-- What pages are told of purchases, and no more of them: that a review's author had paid for the work
-- before they wrote it, and has it still; that an account waits for an e-book that it ordered.
CREATE VIEW bought_review (review_id) AS
SELECT r.id FROM review AS r
JOIN purchase AS p ON p.account_id = r.account_id
JOIN sales_order AS o ON o.purchase_id = p.id
JOIN sales_line AS l ON l.order_id = o.id
WHERE r.account_id > 0 AND l.work_id = r.work_id
  AND o.paid > 0 AND o.paid <= r.created AND l.refunded < l.total AND l.cancelled + l.returned < l.quantity;

CREATE VIEW awaited_book (account_id, edition_id) AS
SELECT p.account_id, l.edition_id FROM purchase AS p
JOIN sales_order AS o ON o.purchase_id = p.id
JOIN sales_line AS l ON l.order_id = o.id
WHERE p.account_id > 0 AND p.state = 'waiting' AND l.digital = 1;

-- A library of thousands, a page at a time, in each of its orders.
CREATE INDEX library_read_last ON library (account_id, ended, hidden, opened, since, edition_id);
CREATE INDEX library_newest ON library (account_id, ended, hidden, since, edition_id);
CREATE INDEX library_titles ON library (account_id, ended, hidden, sorted, edition_id);
