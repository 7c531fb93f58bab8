-- Whether more than one living record says something of an edition, kept where the edition is read: to look
-- for them cost a page a look-up for every card of its shelves. And the editions of a work with all that a shelf
-- needs to know before it reads their facts, so that it does not touch their rows.
ALTER TABLE edition ADD COLUMN others INTEGER NOT NULL DEFAULT 0;
UPDATE edition SET others = 1
WHERE id IN (SELECT edition_id FROM product_record WHERE deleted = 0 GROUP BY edition_id HAVING COUNT(*) > 1);
DROP INDEX edition_work;
CREATE INDEX edition_work ON edition (work_id, id, record_id, others, product_key);
