-- A review's stars beside it, and indexes by which any order and choice of a work's reviews is read.
ALTER TABLE review ADD COLUMN stars INTEGER NOT NULL DEFAULT 0;
UPDATE review SET stars = COALESCE((SELECT s.stars FROM rating AS s WHERE s.work_id = review.work_id
    AND s.account_id = review.account_id AND s.state = 'shown'), 0)
WHERE state = 'shown';
CREATE INDEX review_by_time ON review (work_id, state, created, id, stars, language);
CREATE INDEX review_by_helpful ON review (work_id, state, helpful, created, id, stars, language);
CREATE INDEX review_by_stars ON review (work_id, state, stars, created, id, language);
CREATE INDEX review_by_language ON review (work_id, state, language, stars);
DROP INDEX review_work;
