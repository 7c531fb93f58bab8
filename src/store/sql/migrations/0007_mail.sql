-- Letters that wait to be sent, and what became of the others. What a letter says
-- is made of its values when it is sent, in the receiver's language; they may hold
-- a token, and are gone once it is sent.
CREATE TABLE letter (
    id INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL, -- stable, so that a receiver can tell a second copy
    kind TEXT NOT NULL,
    account_id INTEGER NOT NULL, -- 0: nobody's here
    recipient TEXT NOT NULL,
    language TEXT NOT NULL,
    content TEXT NOT NULL,     -- JSON object
    entry_id INTEGER NOT NULL, -- sent only once that is published; 0: at once
    state TEXT NOT NULL,       -- 'waiting', 'sent', 'failed'
    created INTEGER NOT NULL,
    due INTEGER NOT NULL,      -- not before
    until INTEGER NOT NULL,    -- given up afterwards
    claimed INTEGER NOT NULL,  -- 1 while somebody hands it to the mail server
    attempts INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    reason TEXT NOT NULL       -- why it is not sent yet, or will not be
);
CREATE INDEX letter_due ON letter (state, due, id);
CREATE INDEX letter_account ON letter (account_id);
-- The language that a reader is written to in; '' is English.
ALTER TABLE account ADD COLUMN language TEXT NOT NULL DEFAULT '';
