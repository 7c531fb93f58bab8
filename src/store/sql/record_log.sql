-- The Record: entries, tiles, checkpoints, lists, the texts beside entries.

-- name: entry_add
INSERT INTO entry (id, log, idx, type, bytes) VALUES ($1, $2, NULL, $3, $4);

-- name: entry_pending
SELECT id, bytes FROM entry WHERE log = $1 AND idx IS NULL AND id <= $3 ORDER BY id LIMIT $2;

-- name: entry_pending_latest
SELECT COALESCE(MAX(id), 0) FROM entry WHERE log IN (0, 1) AND idx IS NULL;

-- name: entry_pending_until
SELECT COUNT(*) FROM entry WHERE log IN (0, 1) AND idx IS NULL AND id <= $1;

-- name: entry_pending_lift_latest
SELECT COALESCE(MAX(id), 0) FROM entry WHERE log = 0 AND idx IS NULL AND type = 'lift';

-- name: entry_retractions
-- What was said and is said no more: pages from before must not be shown again.
SELECT COALESCE((SELECT MAX(idx) + 1 FROM entry WHERE log = 1 AND type = 'withdrawn'), 0)
       + COALESCE((SELECT MAX(idx) + 1 FROM entry WHERE log = 1 AND type = 'erased'), 0);

-- name: entry_publish
UPDATE entry SET idx = $2 WHERE id = $1;

-- name: entry_index
SELECT log, idx FROM entry WHERE id = $1;

-- name: entry_at
SELECT id, bytes FROM entry WHERE log = $1 AND idx = $2;

-- name: entry_range
SELECT idx, bytes, id FROM entry WHERE log = $1 AND idx >= $2 AND idx < $3 ORDER BY idx LIMIT $4;

-- name: entry_of_type
SELECT idx, bytes, id FROM entry WHERE log = $1 AND idx >= $2 AND type = $3 ORDER BY idx LIMIT $4;

-- name: entry_licences
-- What licences rest on, in order; what waits for publication behind it.
SELECT COALESCE(idx, -1), bytes, id FROM entry
WHERE log = 0 AND type IN ('licence', 'licence_changed', 'licence_need', 'licence_gap')
ORDER BY COALESCE(idx, 9007199254740991), id;

-- name: entry_latest_of_type
SELECT idx, bytes, id FROM entry WHERE log = $1 AND type = $2 AND idx IS NOT NULL ORDER BY idx DESC LIMIT 1;

-- name: tile_put
INSERT INTO tile (log, level, n, hashes) VALUES ($1, $2, $3, $4)
ON CONFLICT (log, level, n) DO UPDATE SET hashes = excluded.hashes;

-- name: tile_get
SELECT hashes FROM tile WHERE log = $1 AND level = $2 AND n = $3;

-- name: checkpoint_add
INSERT INTO checkpoint (log, size, at, note) VALUES ($1, $2, $3, $4);

-- name: checkpoint_replace
UPDATE checkpoint SET size = $2, at = $3, note = $4 WHERE log = $1 AND size = $5;

-- name: checkpoint_get
SELECT size, at, note FROM checkpoint WHERE log = $1;

-- name: work_list_put
INSERT INTO work_list (root, works) VALUES ($1, $2) ON CONFLICT (root) DO NOTHING;

-- name: work_list_get
SELECT works FROM work_list WHERE root = $1;

-- name: entry_text_put
INSERT INTO entry_text (entry_id, text, salt) VALUES ($1, $2, $3);

-- name: entry_text_erase
UPDATE entry_text SET text = '', salt = $2 WHERE entry_id = $1;

-- name: entry_beside_erase
DELETE FROM entry_beside WHERE entry_id = $1 AND member = 'scope';

-- name: entry_text_get (writers)
SELECT text, salt FROM entry_text WHERE entry_id = $1;

-- name: restriction_entry_add
INSERT INTO restriction_entry (restriction_id, entry_id) VALUES ($1, $2);

-- name: restriction_entries
SELECT e.id, e.idx, e.type, e.bytes, COALESCE(t.text, '')
FROM restriction_entry AS r
JOIN entry AS e ON e.id = r.entry_id
LEFT JOIN entry_text AS t ON t.entry_id = e.id
WHERE r.restriction_id = $1
ORDER BY CASE WHEN e.type = 'extended' THEN 1 ELSE 0 END, e.id;

-- name: restriction_lift
SELECT e.idx FROM restriction_entry AS r
JOIN entry AS e ON e.id = r.entry_id
WHERE r.restriction_id = $1 AND e.type = 'lift'
ORDER BY e.id;

-- name: restriction_pending
SELECT r.restriction_id, e.type, e.bytes
FROM entry AS e
JOIN restriction_entry AS r ON r.entry_id = e.id
WHERE e.log = 0 AND e.idx IS NULL
ORDER BY e.id;

-- name: entry_decisions
SELECT idx, bytes, id FROM entry
WHERE log = 0 AND idx >= $1 AND type IN ('restriction', 'lift', 'extended', 'demand', 'decision', 'complaint', 'complaint_decision', 'acknowledged',
    'dispute', 'settlement', 'dispute_corrected', 'refusal_key', 'sealed', 'opened')
ORDER BY idx LIMIT $2;

-- name: entry_demands
SELECT idx, bytes, id FROM entry
WHERE log = 0 AND idx >= $1 AND type IN ('demand', 'decision', 'complaint', 'complaint_decision', 'dispute', 'settlement', 'dispute_corrected')
ORDER BY idx LIMIT $2;

-- name: entry_decisions_latest
SELECT COALESCE(MAX(idx) + 1, 0) FROM entry
WHERE log = 0 AND idx IS NOT NULL AND type IN ('restriction', 'lift', 'extended', 'disclosure', 'licence', 'licence_changed', 'licence_need');
