-- Who has yet to be told that what they wrote is withheld with much else (app/telling.h),
-- and how far that has come.
CREATE TABLE telling (
    entry_id INTEGER PRIMARY KEY, -- of the restriction, or of what extended it
    restriction_id INTEGER NOT NULL,
    features INTEGER NOT NULL,
    work_id INTEGER NOT NULL,     -- 0: the works of the list
    root BLOB NOT NULL,
    position INTEGER NOT NULL,    -- so many works are done
    last_account INTEGER NOT NULL -- of the next one, accounts up to this
);
CREATE INDEX statement_restriction ON statement (restriction_id, account_id);
CREATE INDEX comment_author ON comment (work_id, account_id);
