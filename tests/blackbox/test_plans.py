"""What a table that grows would make slow, at each page or each commit: such statements find their rows by an index."""
import glob
import os
import re
import sqlite3

from shop import ROOT, Shop, Skipped


def plan_of(shop, name):
    """How SQLite goes about a statement of Colophon's."""
    texts = [open(path, encoding="utf-8").read() for path in glob.glob(os.path.join(ROOT, "src/store/sql/*.sql"))]
    statement = next(found[1] for text in texts if (found := re.search(r"^-- name: %s\b[^\n]*\n(.*?;)$" % name, text, re.S | re.M)))
    with sqlite3.connect(os.path.join(shop.dir, "colophon.db")) as db:
        plan = "\n".join(row[3] for row in db.execute("EXPLAIN QUERY PLAN " + statement, {n: 1 for n in re.findall(r"\$(\d+)", statement)}))
    db.close()
    return plan


def test_statements_that_read_no_more_than_they_show():
    with Shop() as shop:
        if shop.database:
            raise Skipped("of SQLite's plans")
        for name, index in ("review_lately", "review_own"), ("shop_text_all", "COVERING INDEX shop_text_versions"):
            plan = plan_of(shop, name)
            assert index in plan and "TEMP B-TREE" not in plan, (name, plan)
