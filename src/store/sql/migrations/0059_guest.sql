-- Guests of whom something is known still, for the day on which it is forgotten.
CREATE INDEX purchase_guest ON purchase (state, placed) WHERE account_id = 0 AND email <> '';
