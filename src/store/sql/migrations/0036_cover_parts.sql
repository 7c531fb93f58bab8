-- The forms of a cover that lie in its file, one behind the other (domain/rendition.h); none: the
-- file is one JPEG. And where it came from: somebody gave it, or it was fetched for a feed.
ALTER TABLE cover ADD COLUMN parts BLOB;
ALTER TABLE cover ADD COLUMN source TEXT NOT NULL DEFAULT 'given';
