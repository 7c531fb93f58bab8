-- What is charged on what is sold, by country, kind and day.

-- name: tax_rates_of
SELECT id, country, region, kind, starts, rate, code, source FROM tax_rate
WHERE country = $1 OR $1 = ''
ORDER BY country, region, kind, starts;

-- name: tax_rate_put (writers)
INSERT INTO tax_rate (id, country, region, kind, starts, rate, code, source, stated)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (country, region, kind, starts)
DO UPDATE SET rate = excluded.rate, code = excluded.code, source = excluded.source, stated = excluded.stated;
