"""Killed where demands, approvals, complaints, lists, sealed entries and the head's file are written: what was
answered is there, what was not has left nothing half-done, and the same again goes through."""
import http.client
import json
import os
import signal
import time

from shop import EMMA, moment
from test_crash import MemoryShop
from test_demands import SECRET, operators

OTHERS = True  # see run.py

KILLED = -signal.SIGKILL
DAY = 86400


def killed(shop, point, *args):
    """The command dies there, and not for another reason."""
    status, out, err = shop.run(*args, env={"COLOPHON_CRASH": point})
    assert status == KILLED, (point, status, out, err)


def kinds(shop):
    """How many entries of each kind are published."""
    found = {}
    for line in shop.ok("record", "export", "jsonl").splitlines():
        line = json.loads(line)
        if line["log"] == "decisions":
            kind = line["entry"]["type"]
            found[kind] = found.get(kind, 0) + 1
    return found


def sound(shop):
    """By everybody who checks, after a restart."""
    shop.stop()
    shop.ok("record", "verify")
    shop.serve()
    status, out, err = shop.audit()
    assert status == 0, out + err


DEMAND = ("demand", "add", "--sender", "court", "--country", "CN", "--authority", "District Court", "--edition", EMMA, "--withhold", "reviews",
          "--ground", "court-order", "--legal-basis", "Act 3", "--reference", "7", "--json")


def test_demands_and_approvals():
    with MemoryShop() as shop:
        shop.serve()
        papers = ["--document", shop.file("order.pdf", b"%PDF-1.4 the order"), "--public-copy", shop.file("copy.pdf", b"%PDF-1.4 redacted")]
        # Its papers are written, it is not filed: files that nobody names, and no demand.
        killed(shop, "paper-written", *DEMAND, *papers)
        assert json.loads(shop.ok("demand", "list", "--json"))["demands"] == []
        assert shop.ok("files", "check").startswith("0 files")
        # Filed, not published yet: the server publishes it.
        killed(shop, "entry-pending", *DEMAND, *papers)
        shop.until(lambda: kinds(shop).get("demand") == 1, "the demand that was committed")
        made = json.loads(shop.ok(*DEMAND, *papers))
        assert shop.ok("files", "check").startswith("4 files")
        assert shop.get("/record/demands/%d/document" % made["id"]).body == b"%PDF-1.4 redacted"
        # Approved within a transaction that never ends: nobody approved it; then somebody does.
        operators(shop, "one", "two")
        proposed = json.loads(shop.ok("demand", "decide", str(made["id"]), "--outcome", "granted", "--reason", "r", "--until", "2099-12-31",
                                      "--as", "one@example.org", "--json"))
        approve = ("demand", "approve", str(proposed["proposal"]), "--as", "two@example.org", "--json")
        killed(shop, "approved", *approve)
        assert "decision" not in kinds(shop) and shop.edition(EMMA, "cn")["withheld"] == []
        # Decision and restriction are one: both come, though whoever asked has died.
        killed(shop, "entry-pending", *approve)
        shop.until(lambda: kinds(shop).get("decision") == 1, "the decision that was committed")
        assert kinds(shop)["restriction"] == 1
        shop.until(lambda: [w["feature"] for w in shop.edition(EMMA, "cn")["withheld"]] == ["reviews"], "its effect")
        assert shop.run(*approve)[0] == 1
        sound(shop)


def test_complaints():
    with MemoryShop() as shop:
        shop.serve()
        token, work = shop.reader("ann"), shop.work(EMMA)
        review = shop.api("POST", "/us/works/%d/reviews" % work, {"title": "t", "text": "MINE", "language": "en"}, token).json()
        made = shop.restrict("--ground", "terms", "--storefront", "us", "--withhold", "reviews", "--target", "review:%d" % review["record_index"])
        statement = shop.api("GET", "/us/statements", token=token).json()["statements"][0]["id"]
        complaint = shop.api("POST", "/statements/%d/complaint" % statement, {"text": "It was fair."}, token).json()["id"]
        decide = ("complaint", "decide", str(complaint), "--upheld", "--reason", "So it was.")
        killed(shop, "complaint-decided", *decide)
        assert "complaint_decision" not in kinds(shop) and "MINE" not in shop.get("/us/books/" + EMMA).text
        # Upheld and lifted are one.
        killed(shop, "entry-pending", *decide)
        shop.until(lambda: kinds(shop).get("complaint_decision") == 1, "the decision that was committed")
        assert kinds(shop)["lift"] == 1
        shop.until(lambda: "MINE" in shop.get("/us/books/" + EMMA).text, "its effect")
        assert [r["state"] for r in shop.api("GET", "/restrictions").json()["restrictions"] if r["id"] == made["id"]] == ["lifted"]
        assert shop.run(*decide)[0] == 1
        sound(shop)


def test_lists_of_titles():
    with MemoryShop() as shop:
        shop.ok("record", "list")
        before = kinds(shop).get("listing", 0)
        now = int(time.time())
        shop.env["COLOPHON_NOW"] = moment(now + 2 * DAY)
        # In a shared database the lead of who was killed outlives it by seconds: the next one leaves its lists to it,
        # and they are published by whoever comes then.
        alone = shop.database is None
        for point in ("listing-put", "tiles-written", "before-commit") if alone else ("listing-put",):
            killed(shop, point, "record", "list")
            assert kinds(shop).get("listing", 0) == before, point
        killed(shop, "committed", "record", "list")
        assert not alone or kinds(shop)["listing"] == before + 2
        shop.until(lambda: shop.ok("record", "list") and kinds(shop).get("listing", 0) == before + 2, "the lists")
        sound(shop)


def test_what_is_sealed_opens_once():
    with MemoryShop() as shop:
        now = int(time.time())
        shop.env["COLOPHON_NOW"] = moment(now)
        shop.serve()
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "sale", "--seal-until", moment(now + DAY))
        assert "2026/17" not in shop.get("/record/entries.jsonl").text
        shop.stop()
        shop.env["COLOPHON_NOW"] = moment(now + 2 * DAY)
        for point in ("sealed-opened", "checkpoint-written", "before-commit"):
            shop.serve(env={"COLOPHON_CRASH": point}, wait=False)
            assert shop.server.wait(30) == KILLED, point
            shop.kill()
            assert "opened" not in kinds(shop), point
        shop.serve()
        shop.until(lambda: kinds(shop).get("opened") == 1, "the opening")
        sound(shop)
        assert kinds(shop)["opened"] == 1 and "2026/17" in shop.get("/record/entries.jsonl").text


def test_the_head_kept_apart():
    with MemoryShop(database=False) as shop:
        apart = os.path.join(shop.base, "apart")
        os.mkdir(apart)
        head = os.path.join(apart, "head")
        for point in ("head-to-keep", "head-kept"):
            killed(shop, point, "record", "keep", head)
        shop.ok("record", "keep", head)
        shop.serve()
        tokens, work = [shop.reader("r%d" % i) for i in range(5)], shop.work(EMMA)
        shop.stop()
        done = 0
        for point in ("head-to-keep:1", "head-kept:1", "head-to-keep:2", "head-kept:2"):
            shop.serve(env={"COLOPHON_CRASH": point}, wait=False)
            try:
                for stars in (3, 2, 1, 5):
                    status = shop.api("PUT", "/us/works/%d/rating" % work, {"stars": stars}, tokens[done]).status
                    assert status == 200, (point, status)
            except (OSError, http.client.HTTPException):
                pass  # it died of it
            assert shop.server.wait(60) == KILLED, point
            shop.kill()
            shop.serve()
            # Published or not, the next one goes on where the file and the database agree.
            assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 4}, tokens[done]).status == 200, point
            done += 1
            assert shop.edition(EMMA)["rating"]["histogram"] == [0, 0, 0, done, 0], point
            with open(head + ".voices", encoding="utf-8") as f:
                assert f.read() == shop.get("/record/voices/checkpoint").text, point
            shop.stop()
        sound(shop)
