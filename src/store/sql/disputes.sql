-- Disputes before bodies out of court.

-- name: dispute_add
INSERT INTO dispute (id, restriction_id, demand_id, about_entry_id, complaint_id, body, submitted, entry_id,
    settlement_entry_id, settled, outcome)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, '');

-- name: dispute_get (writers)
SELECT d.id, d.restriction_id, d.demand_id, d.about_entry_id, d.complaint_id, d.body, d.submitted, COALESCE(e.idx, -1),
       CASE WHEN s.idx IS NULL THEN 0 ELSE d.settled END, CASE WHEN s.idx IS NULL THEN '' ELSE d.outcome END,
       COALESCE(s.idx, -1), d.settlement_entry_id, COALESCE(k.idx, -1), d.correction_entry_id, d.void
FROM dispute AS d
JOIN entry AS e ON e.id = d.entry_id
LEFT JOIN entry AS s ON s.id = d.settlement_entry_id
LEFT JOIN entry AS k ON k.id = d.correction_entry_id
WHERE d.id = $1;

-- name: dispute_list (writers)
SELECT d.id, d.restriction_id, d.demand_id, d.about_entry_id, d.complaint_id, d.body, d.submitted, COALESCE(e.idx, -1),
       CASE WHEN s.idx IS NULL THEN 0 ELSE d.settled END, CASE WHEN s.idx IS NULL THEN '' ELSE d.outcome END,
       COALESCE(s.idx, -1), d.settlement_entry_id, COALESCE(k.idx, -1), d.correction_entry_id, d.void
FROM dispute AS d
JOIN entry AS e ON e.id = d.entry_id
LEFT JOIN entry AS s ON s.id = d.settlement_entry_id
LEFT JOIN entry AS k ON k.id = d.correction_entry_id
ORDER BY CASE WHEN d.settlement_entry_id = 0 THEN 0 ELSE 1 END, d.id
LIMIT $1;

-- name: dispute_of_complaint (writers)
SELECT d.id, d.restriction_id, d.demand_id, d.about_entry_id, d.complaint_id, d.body, d.submitted, COALESCE(e.idx, -1),
       CASE WHEN s.idx IS NULL THEN 0 ELSE d.settled END, CASE WHEN s.idx IS NULL THEN '' ELSE d.outcome END,
       COALESCE(s.idx, -1), d.settlement_entry_id, COALESCE(k.idx, -1), d.correction_entry_id, d.void
FROM dispute AS d
JOIN entry AS e ON e.id = d.entry_id
LEFT JOIN entry AS s ON s.id = d.settlement_entry_id
LEFT JOIN entry AS k ON k.id = d.correction_entry_id
WHERE d.complaint_id = $1
ORDER BY d.id
LIMIT $2;

-- name: dispute_settle
UPDATE dispute SET settlement_entry_id = $2, settled = $3, outcome = $4 WHERE id = $1 AND settlement_entry_id = 0;

-- name: dispute_correcting
UPDATE dispute SET correction_entry_id = $2 WHERE id = $1;

-- name: dispute_correct (held)
UPDATE dispute SET body = $2, submitted = $3, settlement_entry_id = $4, settled = $5, outcome = $6, void = $7 WHERE id = $1;
