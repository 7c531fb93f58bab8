-- Who found a review helpful, and how many did; by what the same words are known again: a hash of
-- a long text without its spaces, '' where it is short, or was written before this.
CREATE TABLE helpful (
    review_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (review_id, account_id)
) WITHOUT ROWID;
CREATE INDEX helpful_account ON helpful (account_id);
ALTER TABLE review ADD COLUMN helpful INTEGER NOT NULL DEFAULT 0;
ALTER TABLE review ADD COLUMN print TEXT NOT NULL DEFAULT '';
CREATE INDEX review_print ON review (print, state);
