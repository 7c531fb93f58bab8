-- Where several nodes share one database, one of them leads: it alone gives the
-- Record its order. Who takes over raises the term; who leads raises the beat.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL, -- '' where it was given back
    term INTEGER NOT NULL,
    beat INTEGER NOT NULL,
    at INTEGER NOT NULL -- of the last beat or so, by the database's clock: a hint, no more
);
