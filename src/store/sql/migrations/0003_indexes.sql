-- Signing in removes what has expired; a work's comments are read a page at a time.
CREATE INDEX session_expires ON session (expires);
DROP INDEX comment_work;
CREATE INDEX comment_work ON comment (work_id, state, created, id);
