-- More ways to a sender's page: the hash of the secret that stands in a letter.
CREATE TABLE demand_link (
    token BLOB PRIMARY KEY,
    demand_id INTEGER NOT NULL
);
