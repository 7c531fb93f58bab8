-- What staff do to a sales order by a form, once: its key, and a hash of all that it asked for.
CREATE TABLE sales_act (
    order_id INTEGER NOT NULL,
    key TEXT NOT NULL, -- 'send/…', 'cancel/…'
    asked BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (order_id, key)
);

-- What the daily check of sales found (domain/sales_check.h), and when it was made last.
CREATE TABLE sales_finding (
    code TEXT NOT NULL,
    number INTEGER NOT NULL, -- of what it is about
    name TEXT NOT NULL,      -- as people know that; may be empty
    since INTEGER NOT NULL,
    seen INTEGER NOT NULL, -- by the latest check
    PRIMARY KEY (code, number)
);
CREATE TABLE sales_checked (
    id INTEGER PRIMARY KEY, -- 1
    at INTEGER NOT NULL
);

-- The check compares payments with what was told of them, and the checkout counts what waits.
CREATE INDEX payment_event_payment ON payment_event (payment_id);
CREATE INDEX refund_payment ON refund (payment_id);
CREATE INDEX purchase_email ON purchase (email, state);

-- What came in parts for what ended belongs to no payment any more: it is held.
UPDATE payment SET received = 0 WHERE state = 'failed';
UPDATE payment_event SET outcome = 'over-back' WHERE outcome = 'looked' AND EXISTS
    (SELECT 1 FROM ledger_transaction AS t WHERE t.key = 'overpaid/' || payment_event.method || '/' || payment_event.event);
UPDATE payment SET state = CASE WHEN (SELECT u.state FROM purchase AS u WHERE u.id = payment.purchase_id) = 'waiting' THEN 'waiting' ELSE 'failed' END
    WHERE state = 'held' AND NOT EXISTS
    (SELECT 1 FROM payment_event AS e WHERE e.payment_id = payment.id AND e.outcome IN ('held', 'part'));
