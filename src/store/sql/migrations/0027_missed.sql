-- What was searched for and not found, for those who buy books: folded words, a day and how
-- often; never who asked.
CREATE TABLE missed_query (
    day INTEGER NOT NULL,
    storefront_id INTEGER NOT NULL,
    query TEXT NOT NULL,
    asked INTEGER NOT NULL,
    PRIMARY KEY (day, storefront_id, query)
);
