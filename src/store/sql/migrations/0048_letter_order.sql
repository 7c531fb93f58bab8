-- Letters are sent in this order: what somebody waits for, and then the day's news of many readers.
DROP INDEX letter_due;
CREATE INDEX letter_due ON letter (state, (CASE WHEN kind = 'news' THEN 1 ELSE 0 END), due, id);
