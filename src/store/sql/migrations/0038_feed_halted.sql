-- Whether somebody at the desk stopped a feed; and how many records a finding stands for.
ALTER TABLE feed ADD COLUMN halted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed_finding ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
