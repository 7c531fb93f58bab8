-- Devices of accounts and places that they keep here.

-- name: device_get
SELECT d.id, d.account_id, d.used, a.name, a.email, a.created FROM device AS d JOIN account AS a ON a.id = d.account_id WHERE d.login = $1;

-- name: device_list
SELECT id, name, login, made, used FROM device WHERE account_id = $1 ORDER BY id LIMIT $2;

-- name: device_password (writers)
SELECT password FROM device WHERE id = $1;

-- name: device_count (writers)
SELECT COUNT(*) FROM device WHERE account_id = $1;

-- name: device_add (writers)
INSERT INTO device (id, account_id, name, login, password, made, used) VALUES ($1, $2, $3, $4, $5, $6, 0);

-- name: device_used (writers)
UPDATE device SET used = $2 WHERE id = $1;

-- name: device_remove (writers)
DELETE FROM device WHERE id = $1 AND account_id = $2;

-- name: devices_of_account_remove (writers)
DELETE FROM device WHERE account_id = $1;

-- Which of the reader's e-books a file is, by KOReader's name for it; also one that was replaced.

-- name: sync_edition
SELECT e.edition_id FROM epub AS e JOIN library AS l ON l.edition_id = e.edition_id
WHERE e.partial_md5 = $2 AND l.account_id = $1 AND l.ended = 0 ORDER BY e.id DESC LIMIT 1;

-- name: sync_place_get
SELECT document, progress, share, device, device_id, at FROM sync_place WHERE account_id = $1 AND document = $2;

-- name: sync_place_count (writers)
SELECT COUNT(*) FROM sync_place WHERE account_id = $1;

-- name: sync_place_put (writers)
INSERT INTO sync_place (account_id, document, progress, share, device, device_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (account_id, document) DO UPDATE SET progress = excluded.progress, share = excluded.share, device = excluded.device,
    device_id = excluded.device_id, at = excluded.at;

-- name: sync_place_list
SELECT document, progress, share, device, device_id, at FROM sync_place WHERE account_id = $1 AND document > $2
ORDER BY document LIMIT $3;

-- name: sync_places_of_account_remove (writers)
DELETE FROM sync_place WHERE account_id = $1;
