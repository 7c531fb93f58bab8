-- The catalogue as an import writes it.

-- name: sender_find
SELECT id FROM sender WHERE shop_id = $1 AND key = $2;

-- name: senders_named (writers)
SELECT id FROM sender WHERE shop_id = $1 AND lower(name) = $2 ORDER BY id LIMIT 2;

-- name: sender_add
INSERT INTO sender (id, shop_id, key, name) VALUES ($1, $2, $3, $4);

-- name: sender_message (writers)
SELECT message_number, message_before FROM sender WHERE id = $1;

-- name: sender_message_put (writers)
UPDATE sender SET message_before = message_number, message_number = $2 WHERE id = $1 AND message_number < $2;

-- name: sender_has_records
SELECT 1 FROM product_record WHERE sender_id = $1 LIMIT 1;

-- name: record_find
SELECT id, edition_id, precedence, sent, deleted, digest, bytes FROM product_record
WHERE sender_id = $1 AND reference = $2;

-- name: records_known
SELECT reference, bytes FROM product_record
WHERE sender_id = $1 AND deleted = 0 AND bytes IS NOT NULL;

-- name: record_bytes
UPDATE product_record SET bytes = $2 WHERE id = $1;

-- name: record_facts
SELECT facts FROM product_record WHERE id = $1;

-- name: record_add
INSERT INTO product_record (id, sender_id, reference, shop_id, edition_id, precedence, sent,
                            deleted, digest, facts, bytes)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10);

-- name: record_replace
UPDATE product_record SET edition_id = $2, precedence = $3, sent = $4, deleted = 0, digest = $5,
                          facts = $6, bytes = $7
WHERE id = $1;

-- name: record_delete
UPDATE product_record SET deleted = 1, sent = $2, digest = $3 WHERE id = $1;

-- name: record_of_edition
SELECT id, sender_id, precedence, sent, deleted FROM product_record WHERE edition_id = $1;

-- name: edition_key
SELECT product_key, work_id FROM edition WHERE id = $1;

-- name: edition_add
INSERT INTO edition (id, product_key, work_id, record_id) VALUES ($1, $2, $3, $4);

-- name: edition_describe
UPDATE edition SET record_id = $2, others = $3 WHERE id = $1;

-- name: work_add
INSERT INTO work (id) VALUES ($1);

-- name: work_key_find
SELECT work_id FROM work_key WHERE key = $1;

-- name: work_key_add
INSERT INTO work_key (key, work_id) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING;

-- name: contributor_find
SELECT id FROM contributor WHERE key = $1;

-- name: contributor_add
INSERT INTO contributor (id, key, name) VALUES ($1, $2, $3);

-- name: work_contributor_add
INSERT INTO work_contributor (contributor_id, work_id) VALUES ($1, $2)
ON CONFLICT (contributor_id, work_id) DO NOTHING;

-- name: work_contributor_remove
DELETE FROM work_contributor WHERE contributor_id = $1 AND work_id = $2;

-- name: collection_find
SELECT id FROM collection WHERE key = $1;

-- name: collection_work_set
INSERT INTO collection_work (collection_id, work_id, part, position) VALUES ($1, $2, $3, $4)
ON CONFLICT (collection_id, work_id) DO UPDATE SET part = excluded.part,
                                                  position = excluded.position;

-- name: collection_work_remove
DELETE FROM collection_work WHERE collection_id = $1 AND work_id = $2;
