-- name: migration_all (writers)
SELECT number, checksum FROM migration ORDER BY number;

-- name: migration_add
INSERT INTO migration (number, checksum) VALUES ($1, $2);

-- name: setting_get (writers)
SELECT value FROM setting WHERE name = $1;

-- name: setting_put
INSERT INTO setting (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: counter_get (writers)
SELECT next FROM counter WHERE name = $1;

-- name: counter_put
INSERT INTO counter (name, next) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET next = excluded.next;

-- name: change_add
INSERT INTO change (seq, kind, key) VALUES ($1, $2, $3);

-- name: change_after (writers)
SELECT seq, kind, key FROM change WHERE seq > $1 ORDER BY seq LIMIT $2;

-- name: change_of_all
-- What makes every document another one.
SELECT 1 FROM change WHERE seq > $1 AND kind IN ('storefront', 'rebuild') LIMIT 1;

-- name: change_latest
SELECT COALESCE(MAX(seq), 0) FROM change;

-- name: setting_remove
DELETE FROM setting WHERE name = $1;

-- name: store_version
-- What grows with every change that caches or the index must hear of; never 0.
SELECT 1 + COALESCE((SELECT MAX(seq) FROM change), 0) + COALESCE((SELECT MAX(id) FROM entry), 0)
       + CAST(COALESCE((SELECT SUM(size) FROM checkpoint), 0) AS BIGINT);

-- name: lease_get (writers)
SELECT holder, term, beat, at FROM lease WHERE name = $1;

-- name: lease_first
INSERT INTO lease (name, holder, term, beat, at) VALUES ($1, '', 0, 0, 0) ON CONFLICT (name) DO NOTHING;

-- name: lease_take
UPDATE lease SET holder = $2, term = term + 1, beat = 0, at = $5
WHERE name = $1 AND term = $3 AND beat = $4;

-- name: lease_beat
UPDATE lease SET beat = beat + 1, at = CASE WHEN at < $3 THEN $3 ELSE at END WHERE name = $1 AND term = $2 AND holder <> '';

-- name: lease_end
UPDATE lease SET holder = '' WHERE name = $1 AND term = $2;
