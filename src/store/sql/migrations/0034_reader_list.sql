-- Lists that readers keep: what they want to read, and others under names of their own. The
-- secret is the list's address; without `shared` it leads its owner alone there.
CREATE TABLE reader_list (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL, -- 'want', one of each account, or 'own'
    name TEXT NOT NULL, -- of its own; '' of the other
    secret TEXT NOT NULL UNIQUE,
    shared INTEGER NOT NULL,
    created INTEGER NOT NULL
);
CREATE INDEX reader_list_account ON reader_list (account_id);
CREATE UNIQUE INDEX reader_list_want ON reader_list (account_id) WHERE kind = 'want';
CREATE TABLE reader_list_work (
    list_id INTEGER NOT NULL,
    work_id INTEGER NOT NULL,
    place INTEGER NOT NULL, -- rises with each that is put anywhere
    PRIMARY KEY (list_id, work_id)
) WITHOUT ROWID;
