-- Feeds that partners sent: a queue, of which a server imports one after the other. The file
-- lies in the folder of the node that took it. Whose turn it is says the lease 'import'.
CREATE TABLE feed (
    id INTEGER PRIMARY KEY,
    shop_id INTEGER NOT NULL,
    name TEXT NOT NULL,   -- as it was sent
    file TEXT NOT NULL,   -- below the node's folder
    source TEXT NOT NULL, -- 'form', 'folder'
    account_id INTEGER NOT NULL, -- who sent it; 0: whoever can write to the folder
    received INTEGER NOT NULL,
    state TEXT NOT NULL,  -- 'waiting', 'running', 'taken', 'held'
    attempts INTEGER NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    bytes INTEGER NOT NULL,     -- read so far
    bytes_all INTEGER NOT NULL, -- of the file
    records INTEGER NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    reason TEXT NOT NULL -- why it is held, or will be tried again
);
CREATE INDEX feed_shop ON feed (shop_id, id);
CREATE INDEX feed_state ON feed (state, id);

-- What its sender is told, record by record.
CREATE TABLE feed_finding (
    feed_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    severity TEXT NOT NULL, -- 'error': the record was refused; 'warning'
    line INTEGER NOT NULL,
    reference TEXT NOT NULL,
    isbn TEXT NOT NULL,
    element TEXT NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (feed_id, n)
);
CREATE INDEX feed_finding_severity ON feed_finding (feed_id, severity, n);
