-- The papers of agreements, as those of demands.
CREATE TABLE agreement_paper (
    agreement_id INTEGER PRIMARY KEY,
    document_file TEXT NOT NULL,
    document_type TEXT NOT NULL,
    document_digest BLOB NOT NULL,
    copy_file TEXT NOT NULL, -- '': none is public
    copy_type TEXT NOT NULL,
    copy_digest BLOB NOT NULL
);
