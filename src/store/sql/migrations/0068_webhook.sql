-- What a shop's program is told by itself: one address for each shop, and what is told, once it happened.
CREATE TABLE webhook (
    shop_id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    secret TEXT NOT NULL, -- signs what is sent; shown once
    made INTEGER NOT NULL
);
CREATE TABLE webhook_event (
    id INTEGER PRIMARY KEY,
    shop_id INTEGER NOT NULL,
    kind TEXT NOT NULL, -- 'order.paid', 'stock.low', 'feed.ended', ...
    subject TEXT NOT NULL, -- an order's number, an edition's, a feed's: nothing about persons
    at INTEGER NOT NULL,
    due INTEGER NOT NULL, -- when it is sent; 0: it is over
    attempts INTEGER NOT NULL,
    tried INTEGER NOT NULL, -- 0: never
    said TEXT NOT NULL, -- what came of the last try: 'taken', 'status', 'unreachable', ...
    status INTEGER NOT NULL -- HTTP's; 0: none came
);
CREATE INDEX webhook_event_due ON webhook_event (due);
CREATE INDEX webhook_event_shop ON webhook_event (shop_id, id);
CREATE INDEX webhook_event_subject ON webhook_event (shop_id, subject, kind, at);
