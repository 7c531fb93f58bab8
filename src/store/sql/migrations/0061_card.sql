-- Payment by card. A purchase has a payment for each way in which it may be paid, and each time that a reader is
-- sent to the provider's page is a session of the one by card.
CREATE TABLE card_session (
    payment_id INTEGER NOT NULL,
    attempt INTEGER NOT NULL, -- asked for again under the same number, it is the same session
    session TEXT NOT NULL, -- the provider's number; '' until it gave one
    intent TEXT NOT NULL,  -- the provider's number of what was paid by it; '' until it said
    state TEXT NOT NULL,   -- 'open', 'pending' (the money is on its way), 'paid', 'ended'
    begun INTEGER NOT NULL,
    ask INTEGER NOT NULL, -- when the provider is asked for it next
    PRIMARY KEY (payment_id, attempt)
);
CREATE INDEX card_session_number ON card_session (session);
CREATE INDEX card_session_ask ON card_session (state, ask);
ALTER TABLE refund ADD COLUMN intent TEXT NOT NULL DEFAULT ''; -- what it goes back by, at the provider; '': by transfer
ALTER TABLE refund ADD COLUMN asked INTEGER NOT NULL DEFAULT 0; -- 1: the provider was asked to send it, or is being asked
CREATE INDEX refund_provider ON refund (provider_id);
