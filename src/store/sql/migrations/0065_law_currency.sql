-- Of the amounts that a law of fixed prices asks delivery to cost; '': that of whoever sells there.
ALTER TABLE price_law ADD COLUMN currency TEXT NOT NULL DEFAULT '';
