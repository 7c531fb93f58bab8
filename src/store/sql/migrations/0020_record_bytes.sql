-- What a record's bytes were, so that the same bytes pass unparsed (onix/onix.h).
ALTER TABLE product_record ADD COLUMN bytes BLOB;
