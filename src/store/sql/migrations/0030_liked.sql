-- Which works readers of one liked, too: derived from ratings, without anybody's name or number.
CREATE TABLE work_liked (
    work_id INTEGER NOT NULL,
    place INTEGER NOT NULL, -- from 1
    other_id INTEGER NOT NULL,
    PRIMARY KEY (work_id, place)
) WITHOUT ROWID;
