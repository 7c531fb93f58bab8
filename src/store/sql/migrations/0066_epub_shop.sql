-- Whose file it is: the shop that sent it sells it, or gives it away, and no other one does. 0: nobody stated it yet, as of
-- files from before that several shops list: whoever has one has it still, and no offer rests on it.
ALTER TABLE epub ADD COLUMN shop_id INTEGER NOT NULL DEFAULT 0;
UPDATE epub SET shop_id = COALESCE((SELECT CASE WHEN COUNT(DISTINCT r.shop_id) = 1 THEN MIN(r.shop_id) ELSE 0 END
    FROM product_record AS r WHERE r.edition_id = epub.edition_id AND r.deleted = 0), 0);
