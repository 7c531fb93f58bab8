-- Editions that were withheld when a letter told a reader of what was new: told of once that is lifted.
CREATE TABLE news_owed (
    account_id INTEGER NOT NULL,
    edition_id INTEGER NOT NULL,
    PRIMARY KEY (account_id, edition_id)
) WITHOUT ROWID;
