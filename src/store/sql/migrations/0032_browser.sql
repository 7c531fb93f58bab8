-- The kind of browser a session was begun with, in names that people know ("Firefox/Android"); empty: of another
-- kind, or a program.
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';
