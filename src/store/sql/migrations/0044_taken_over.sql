-- What was taken over from another shop: no account has it, and a number below zero, of its own,
-- stands in the place of one. `mark` is by what the same row of a file is known again.
CREATE TABLE taken_over (
    mark BLOB PRIMARY KEY,
    number INTEGER NOT NULL
);
-- Its author there, that shop, and the day it was written (20190531); '' and 0 of what was written here.
ALTER TABLE review ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE review ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE review ADD COLUMN written INTEGER NOT NULL DEFAULT 0;
