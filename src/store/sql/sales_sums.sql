-- What a shop sold, by day of payment, country, kind and currency: nothing of it is about a person.

-- name: sales_sums (writers)
SELECT o.paid / 86400, p.country, l.kind, o.currency,
       CAST(SUM(l.quantity - l.cancelled - l.returned) AS BIGINT),
       CAST(SUM(l.total - l.refunded) AS BIGINT),
       CAST(SUM(CASE WHEN l.total > 0 THEN l.tax * (l.total - l.refunded) / l.total ELSE 0 END) AS BIGINT),
       CAST(SUM(l.refunded) AS BIGINT)
FROM sales_order AS o JOIN purchase AS p ON p.id = o.purchase_id JOIN sales_line AS l ON l.order_id = o.id
WHERE o.shop_id = $1 AND o.paid >= $2 AND o.paid < $3 AND o.paid > 0
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT $4;
