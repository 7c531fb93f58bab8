-- Where a payout goes, as it was when it was made ('': nobody had said), and how much of it is tax.
ALTER TABLE payout ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE payout ADD COLUMN tax INTEGER NOT NULL DEFAULT 0;
UPDATE payout SET account = COALESCE((SELECT s.account FROM seller AS s WHERE s.shop_id = payout.shop_id), '');

-- What people look at.
CREATE INDEX payment_event_outcome ON payment_event (outcome);

-- Who pays the taxes of its sales to the countries: 'shop', which is paid them out, or 'operator'.
ALTER TABLE seller ADD COLUMN remits TEXT NOT NULL DEFAULT 'shop';
