-- The row whose lock is the turn to write, on engines where many could write at
-- once (postgres.c): it is there before anything was ever changed.
INSERT INTO counter (name, next) VALUES ('change', 1) ON CONFLICT (name) DO NOTHING;
