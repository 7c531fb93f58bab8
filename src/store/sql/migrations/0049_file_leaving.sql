-- Files that no row names any more, written as the row goes and forgotten once the file is removed: who is
-- killed in between leaves it to the next one.
CREATE TABLE file_leaving (
    file TEXT PRIMARY KEY
);
