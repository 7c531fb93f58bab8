-- What a buyer states: that they withdraw from a contract, or that something is wrong with what
-- came. What had not left was called off with it; what has is expected back.
CREATE TABLE sales_return (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE, -- of the form: whatever is stated twice is one
    order_id INTEGER NOT NULL,
    reason TEXT NOT NULL, -- as of a refund: 'withdrawn', 'cancelled', 'returned'
    words TEXT NOT NULL,  -- of the buyer, for staff alone; they go with the purchase's address
    state TEXT NOT NULL,  -- 'expected', 'received' (all of it, or there was nothing to expect), 'closed'
    asked INTEGER NOT NULL,
    ended INTEGER NOT NULL
);
CREATE INDEX sales_return_order ON sales_return (order_id, id);
CREATE INDEX sales_return_state ON sales_return (state, id);
CREATE TABLE sales_return_line (
    return_id INTEGER NOT NULL,
    line_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL, -- that it was stated of
    expected INTEGER NOT NULL, -- of these, to come back
    came INTEGER NOT NULL,
    PRIMARY KEY (return_id, line_id)
);
-- What the cheapest way to send cost that was offered, with its tax; -1: nobody kept it.
ALTER TABLE sales_order ADD COLUMN shipping_least INTEGER NOT NULL DEFAULT -1;
