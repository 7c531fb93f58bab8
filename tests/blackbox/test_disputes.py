"""Decisions that are taken to bodies out of court, what those say, and what follows."""
import datetime
import json
import re

from shop import EMMA, Browser, Shop
from test_api import Described
from test_demands import demand
from test_public_face import counted
from test_statements import operator, signed_in
from test_targets import audit_is_clean, tallies, voices

TODAY = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
BODIES = ("redress", "set", "--body", "Appeals Centre=https://appeals.example/", "--body", "User Rights=https://rights.example/")


def entries(shop, *kinds):
    found = [json.loads(line)["entry"] for line in shop.ok("record", "export", "jsonl").splitlines() if '"log":"decisions"' in line]
    return [e for e in found if e["type"] in kinds]


def is_sound(shop):
    audit_is_clean(shop)
    assert shop.run("record", "verify")[0] == 0


def test_a_body_reverses_and_the_restriction_is_lifted_with_it():
    with Shop() as shop:
        shop.ok(*BODIES)
        shop.serve()
        work, readers, reviews, _ = voices(shop)
        made = shop.restrict("--ground", "terms", "--storefront", "cn", "--withhold", "reviews,ratings", "--target", "review:%d" % reviews["ann"]["record_index"])
        statement = shop.api("GET", "/us/statements", token=readers["ann"]).json()["statements"][0]["id"]
        assert shop.api("POST", "/statements/%d/complaint" % statement, {"text": "Mine."}, readers["ann"]).status == 201
        shop.ok("complaint", "decide", "1", "--rejected", "--reason", "It stays.")
        operator(shop, "olga")
        desk = signed_in(shop, "olga", "/desk/sign-in")
        add = "/desk/disputes?about=complaint&number=1"
        assert add.replace("&", "&amp;") in desk.get("/desk/complaints/1").text and 'value="1"' in desk.get(add).text
        good = {"about": "complaint", "number": "1", "body": "Appeals Centre", "submitted": TODAY}
        for change, said in (({"body": "Somebody"}, "none of the bodies"), ({"number": "x"}, "number is needed"), ({"number": "9"}, "no complaint 9"),
                             ({"submitted": "2199-01-01"}, "not come yet"), ({"submitted": "2020-01-01"}, "before it was decided"),
                             ({"submitted": "soon"}, "date is needed"), ({"about": "ghost"}, "about")):
            answer = desk.post(add, "/desk/disputes", {**good, **change})
            assert answer.status == 422 and said in answer.text and "Appeals Centre" in answer.text, (change, answer.status, answer.text)
        assert entries(shop, "dispute") == []
        answer = desk.post(add, "/desk/disputes", good)
        assert answer.status == 303 and answer.headers["Location"] == "/desk/disputes/1?done=1", answer.text
        assert 'class="done" role="status"' in desk.get("/desk/disputes/1?done=1").text and 'class="done"' not in desk.get("/desk/disputes/1").text
        assert 'data-dispute="1"' in desk.get("/desk/disputes").text and "/desk/disputes/1" in desk.get("/desk/complaints/1").text
        for page in "/desk/disputes", "/desk/disputes/1":
            assert shop.get(page).status == 303
        e, = entries(shop, "dispute")
        assert (e["of"], e["complaint"], e["body"]) == ({"restriction": made["id"]}, 1, "Appeals Centre"), e
        one = "/desk/disputes/1"
        settle = {"outcome": "reversed", "settled": TODAY}
        for change in {"outcome": "won"}, {"settled": ""}, {"settled": "2020-01-01"}, {"settled": "2199-01-01"}:
            assert desk.post(one, one, {**settle, **change}).status == 422, change
        assert desk.post("/desk/disputes", "/desk/disputes/7", settle).status == 404
        assert tallies(shop, work, "cn")["reviews"] == (2, 1)
        answer = desk.post(one, one, settle)
        assert answer.status == 303 and 'class="done" role="status"' in desk.get(answer.headers["Location"]).text
        assert tallies(shop, work, "cn")["reviews"] == (3, 0)
        assert desk.post("/desk/disputes", one, settle).status == 409
        assert [e["type"] for e in entries(shop, "dispute", "settlement", "lift")] == ["dispute", "settlement", "lift"]
        page = shop.get("/record/restrictions/%d?language=en" % made["id"]).text
        for step, word in ("dispute", "Taken to Appeals Centre, out of court"), ("reversed", "Appeals Centre reversed the decision"), ("lifted", "Lifted"):
            assert 'data-step="%s"' % step in page and word in page, (step, page)
        assert page.index('data-step="dispute"') < page.index('data-step="reversed"') < page.index('data-step="lifted"')
        is_sound(shop)


def test_what_was_found_wrong_and_stands_is_an_alarm():
    """A shop that publishes that it was wrong, and goes on withholding."""
    for kind, wrong in ("complaint_decision", {"complaint": 1, "outcome": "upheld", "reasons": "2" * 64}), ("settlement", {"dispute": 1, "outcome": "reversed"}):
        with Shop() as shop:
            shop.ok(*BODIES)
            shop.serve()
            _, readers, reviews, _ = voices(shop)
            made = shop.restrict("--ground", "terms", "--storefront", "cn", "--withhold", "reviews", "--target", "review:%d" % reviews["ann"]["record_index"])
            statement = shop.api("GET", "/us/statements", token=readers["ann"]).json()["statements"][0]["id"]
            shop.api("POST", "/statements/%d/complaint" % statement, {"text": "Mine."}, readers["ann"])
            shop.ok("dispute", "add", "--restriction", str(made["id"]), "--body", "User Rights", "--submitted", TODAY)
            is_sound(shop)
            at = entries(shop, "dispute")[0]["at"]
            shop.stop()
            if kind == "settlement":
                wrong["settled"] = at
            entry = json.dumps({"type": kind, "v": 1, "at": at, "approvals": ["1" * 64], **wrong}, sort_keys=True, separators=(",", ":"))
            shop.tamper("INSERT INTO entry (id, log, idx, type, bytes) SELECT MAX(id) + 1000, 0, NULL, '%s', %s FROM entry" % (kind, shop.blob(entry.encode())))
            shop.serve()
            shop.until(lambda: entries(shop, kind), "its publication")
            status, out, err = shop.audit()
            assert status == 1 and "not-lifted" in out and "restriction %d" % made["id"] in out, out + err
            shop.ok("restriction", "lift", str(made["id"]), "--reason", "At last.")
            audit_is_clean(shop)


def test_what_was_noted_wrongly_is_corrected():
    """By an entry in its place: story and report count what is so, and what was noted before stays where it was."""
    year = TODAY[:4]
    with Shop() as shop:
        shop.ok(*BODIES)
        shop.serve()
        work, _, reviews, _ = voices(shop)
        made = shop.restrict("--ground", "terms", "--storefront", "cn", "--withhold", "reviews", "--target", "review:%d" % reviews["ann"]["record_index"])
        add = ["dispute", "add", "--restriction", str(made["id"]), "--body", "Appeals Centre", "--submitted", TODAY]
        shop.ok(*add)
        shop.ok("dispute", "settle", "1", "--outcome", "confirmed", "--settled", TODAY)
        correct = lambda *args: shop.run("dispute", "correct", "1", *args)
        for args, status, word in (((), 1, "what was noted"), (("--void", "--open"), 2, "one of them"), (("--outcome", "won"), 2, "won"),
                                   (("--void", "--body", "User Rights"), 2, "one of them"), (("--body", "Somebody"), 1, "none of those"),
                                   (("--settled", "2020-01-01"), 1, "before it was brought"), (("--submitted", "2020-01-01"), 1, "before it was decided"),
                                   (("--submitted", "2199-01-01"), 1, "not come yet"), (("--outcome", "confirmed", "--settled", "x"), 1, "date is needed")):
            done = correct(*args)
            assert done[0] == status and word in done[2], (args, done)
        assert shop.run("dispute", "correct", "7", "--void")[0] == 1
        assert entries(shop, "dispute_corrected") == []
        # It was another body, and it reversed the decision: what follows from that, follows.
        assert counted(shop, year)["disputes"][0][:5] == ["Appeals Centre", "1", "0", "1", "0"]
        operator(shop, "olga")
        desk, one = signed_in(shop, "olga", "/desk/sign-in"), "/desk/disputes/1"
        page = desk.get(one).text
        assert "What was noted is wrong" in page and 'value="%s"' % TODAY in page
        is_so = {"body": "User Rights", "submitted": TODAY, "state": "reversed", "ended": TODAY}
        for change, said in (({"state": "won"}, "Choose one"), ({"state": "open", "body": "Somebody"}, "none of the bodies"),
                             ({"ended": "2020-01-01"}, "before it was brought"), ({"state": "confirmed", "body": "Appeals Centre"}, "stands there already")):
            answer = desk.post(one, one + "/correction", {**is_so, **change})
            assert answer.status in (409, 422) and said in answer.text and "<details class=\"correct\" open>" in answer.text, (change, answer.text)
        assert desk.post(one, one + "/correction", {**is_so, "submitted": ""}).status == 303, "what is empty stays as it was noted"
        e, = entries(shop, "dispute_corrected")
        assert {k: e[k] for k in ("dispute", "state", "body", "outcome")} == {"dispute": 1, "state": "settled", "body": "User Rights", "outcome": "reversed"}, e
        assert len(e["approvals"]) == 1 and [x["type"] for x in entries(shop, "dispute", "settlement", "dispute_corrected", "lift")] == [
            "dispute", "settlement", "dispute_corrected", "lift"]
        assert tallies(shop, work, "cn")["reviews"] == (3, 0)
        assert "Corrected" in desk.get(one).text and "corrected, entry" in shop.ok("dispute", "list")
        page = shop.get("/record/restrictions/%d?language=en" % made["id"]).text
        former = re.findall(r'<li data-step="([a-z-]+)" class="former">\s*<s>([^<]*)', page)
        assert former == [("dispute", "Taken to Appeals Centre, out of court"), ("confirmed", "Appeals Centre confirmed the decision")], page
        assert "<b>Taken to User Rights, out of court" in page and "<b>User Rights reversed the decision" in page and 'data-step="corrected"' in page
        assert counted(shop, year)["disputes"] == [["User Rights", "1", "0", "0", "1", "0", "0", "1", "1", "0"]]
        # Open again, and settled as it is; what was lifted stays lifted.
        assert correct("--open")[0] == 0 and shop.ok("dispute", "list").split("\t")[1] == "open"
        assert counted(shop, year)["disputes"][0][:3] == ["User Rights", "1", "1"]
        shop.ok("dispute", "settle", "1", "--outcome", "none", "--settled", TODAY)
        assert counted(shop, year)["disputes"][0][6] == "1" and correct("--body", "Appeals Centre")[0] == 0
        assert counted(shop, year)["disputes"][0][:7] == ["Appeals Centre", "1", "0", "0", "0", "0", "1"]
        assert tallies(shop, work, "cn")["reviews"] == (3, 0)
        # There was none at all.
        assert correct("--void")[0] == 0 and counted(shop, year)["disputes"] == []
        for args in (["correct", "1", "--open"], ["settle", "1", "--outcome", "none", "--settled", TODAY]):
            status, _, err = shop.run("dispute", *args)
            assert status == 1 and "noted by mistake" in err, err
        page = shop.get("/record/restrictions/%d?language=en" % made["id"]).text
        assert "it was noted by mistake" in shop.get(one).text or 'data-step="void"' in page
        assert not re.search(r'data-step="(dispute|reversed|no-result|confirmed)"(?! class="former")', page), page
        assert "What was noted is wrong" not in desk.get(one).text and "there was no dispute" in desk.get(one).text
        assert "更正" in shop.get("/record/restrictions/%d?language=zh-Hans" % made["id"]).text
        is_sound(shop)


def test_what_bodies_say_of_a_demand():
    with Shop() as shop:
        def at(when):
            shop.env["COLOPHON_NOW"] = when

        def decide(outcome, *more):
            shop.ok("demand", "decide", "1", "--outcome", outcome, "--reason", "r", *more)
        shop.ok(*BODIES)
        demand(shop)
        add = ["dispute", "add", "--demand", "1", "--body", "User Rights", "--submitted", TODAY]
        status, _, err = shop.run(*add)
        assert status == 1 and "not decided" in err, err
        decide("narrowed", "--storefront", "cn", "--withhold", "ratings", "--until", "2099-12-31")
        first = entries(shop, "restriction")[-1]["id"]
        for _ in range(4):
            shop.ok(*add)
        assert shop.run("dispute", "add", "--demand", "1", "--restriction", str(first), "--body", "User Rights", "--submitted", TODAY)[0] == 2
        assert shop.run("dispute", "add", "--restriction", "77", "--body", "User Rights", "--submitted", TODAY)[0] == 1
        assert shop.run("dispute", "settle", "1", "--outcome", "won", "--settled", TODAY)[0] == 2
        for number, outcome in (1, "confirmed"), (2, "none"), (3, "partly"):
            shop.ok("dispute", "settle", str(number), "--outcome", outcome, "--settled", TODAY)
        assert "narrowed" in shop.ok("demand", "list")
        shop.ok(*add)
        shop.ok("dispute", "settle", "4", "--outcome", "reversed", "--settled", TODAY)
        assert shop.run("dispute", "settle", "4", "--outcome", "none", "--settled", TODAY)[0] == 1
        assert "undecided" in shop.ok("demand", "list")
        # Decided anew: what had been granted before is over; what is said of the former decision has no effect on this one.
        decide("granted", "--until", "2099-12-31")
        states = {r["id"]: r["state"] for r in json.loads(shop.ok("restriction", "list", "--json"))["restrictions"]}
        assert states.pop(first) == "lifted" and set(states.values()) == {"in effect"}, states
        shop.ok("dispute", "settle", "5", "--outcome", "reversed", "--settled", TODAY)
        assert "granted" in shop.ok("demand", "list")
        listed = shop.ok("dispute", "list")
        assert listed.count("demand 1") == 5 and listed.count("reversed") == 2 and "open" not in listed, listed
        shop.serve()
        is_sound(shop)
        page = shop.get("/record/demands/1?language=en").text
        for step in "dispute", "confirmed", "no-result", "partly", "reversed":
            assert 'data-step="%s"' % step in page, step
        assert "User Rights ended the dispute without a result" in page
        assert "争议" in shop.get("/record/demands/1?language=zh-Hans").text


def test_a_narrowed_demand_is_complained_about_by_its_sender():
    with Shop() as shop:
        shop.serve()
        sender = Browser(shop)
        fields = {"sender": "reader", "target": "edition", "key": EMMA, "feature": "reviews", "storefront": "us", "ground": "law",
                  "legal_basis": "Act 3", "explanation": "words", "name": "N", "email": "n@example.org"}
        filed = sender.post("/us/demand", "/us/demand", {**fields, "feature": ["reviews", "ratings"]})
        own = filed.headers["Location"]
        shop.ok("demand", "decide", "1", "--outcome", "narrowed", "--withhold", "reviews", "--legal-basis", "Act 3", "--reason", "Not the stars.", "--until", "2099-12-31")
        first = entries(shop, "restriction")[-1]["id"]
        assert "Why it is wrong" in sender.get(own).text
        assert sender.post(own, own + "/complaint", {"text": ""}).status == 422
        assert sender.post(own, own + "/complaint", {"text": "The stars, too."}).status == 303
        assert "The stars, too." in sender.get(own).text
        assert sender.post("/us/demand", own + "/complaint", {"text": "Again."}).status == 409
        operator(shop, "olga")
        desk = signed_in(shop, "olga", "/desk/sign-in")
        page = desk.get("/desk/complaints/1?language=en").text
        assert "The stars, too." in page and "Not the stars." in page and "waits for a decision again" in page
        assert desk.post("/desk/complaints/1", "/desk/complaints/1", {"outcome": "upheld", "reasons": "So it is."}).status == 303
        # Until it is decided anew, what was granted stays.
        assert "undecided" in sender.get(own).text
        state = lambda: {r["id"]: r["state"] for r in shop.api("GET", "/restrictions").json()["restrictions"]}
        assert state() == {first: "in effect"}
        decide = {"outcome": "granted", "legal_basis": "Act 3", "reason": "Both.", "storefront": "us", "feature": ["reviews", "ratings"], "until": "2099-12-31"}
        answer = desk.post("/desk/demands/1", "/desk/demands/1", decide)
        assert answer.status == 303, answer.text
        assert state() == {first: "lifted", first + 1: "in effect"}, state()
        assert [e["type"] for e in entries(shop, "complaint", "complaint_decision", "restriction", "decision", "lift")] == [
            "restriction", "decision", "complaint", "complaint_decision", "restriction", "decision", "lift"]
        # Granted whole: there is nothing to complain of.
        assert "Why it is wrong" not in sender.get(own).text
        assert sender.post("/us/demand", own + "/complaint", {"text": "More."}).status == 409
        is_sound(shop)


def test_a_senders_own_demands_as_json():
    with Shop() as shop:
        shop.serve()
        api, ann, ben = Described(shop), shop.reader("ann"), shop.reader("ben")
        order = {"sender": "reader", "target": {"kind": "edition", "key": EMMA}, "features": ["reviews"], "storefronts": ["us"], "ground": "law",
                 "legal_basis": "Act 3", "explanation": "words"}
        made = api.ask("addDemand", order, ann).json()
        other = api.ask("addDemand", {**order, "name": "N", "email": "n@example.org"}).json()
        assert api.ask("ownDemands").status == 401
        assert api.ask("ownDemands", token=ben).json() == {"demands": []}
        own, = api.ask("ownDemands", token=ann).json()["demands"]
        assert (own["id"], own["state"], own["complaint"], own["complain_until"], own["demand"]["outcome"]) == (made["id"], "published", None, None, "open"), own
        mine = {"id": made["id"], "token": ann}
        assert api.ask("complainOfDemand", {"text": "Too early."}, **mine).status == 409
        for demand in made, other:
            shop.ok("demand", "decide", str(demand["id"]), "--outcome", "refused", "--reason", "No such law.")
        own, = api.ask("ownDemands", token=ann).json()["demands"]
        assert own["complain_until"] is not None and own["demand"]["reasons"] == "No such law."
        assert api.ask("complainOfDemand", {"text": "It is one."}, id=made["id"]).status == 401
        for token, number in (ben, made["id"]), (ann, other["id"]), (ann, 77):
            assert api.ask("complainOfDemand", {"text": "It is one."}, token, id=number).status == 404
        assert api.ask("complainOfDemand", {"text": " "}, **mine).status == 422
        assert api.ask("complainOfDemand", raw=b"[]", **mine).status == 400
        complaint = api.ask("complainOfDemand", {"text": "It is one."}, **mine)
        assert complaint.status == 201
        assert api.ask("complainOfDemand", {"text": "Again."}, **mine).status == 409
        own, = api.ask("ownDemands", token=ann).json()["demands"]
        assert own["complain_until"] is None and own["complaint"]["text"] == "It is one." and own["complaint"]["outcome"] is None
        assert own["complaint"]["record_index"] == complaint.json()["record_index"]
        shop.ok("complaint", "decide", "1", "--upheld", "--reason", "So it is.")
        own, = api.ask("ownDemands", token=ann).json()["demands"]
        assert (own["complaint"]["outcome"], own["complaint"]["reasons"], own["demand"]["outcome"]) == ("upheld", "So it is.", "open"), own
        # Who was not signed in has the secret, as with the page.
        assert api.ask("demandBySecret", secret="x" * 43).status == 404
        assert api.ask("complainBySecret", {"text": "t"}, secret="x" * 43).status == 404
        assert api.ask("demandBySecret", secret=other["secret"]).json()["complain_until"] is not None
        assert api.ask("complainBySecret", raw=b"{", secret=other["secret"]).status == 400
        assert api.ask("complainBySecret", {"text": "Hear me."}, secret=other["secret"]).status == 201
        assert api.ask("complainBySecret", {"text": "Again."}, secret=other["secret"]).status == 409
        one = api.ask("demandBySecret", secret=other["secret"]).json()
        assert one["id"] == other["id"] and one["complaint"]["text"] == "Hear me." and one["complain_until"] is None
        assert "Hear me." not in shop.get("/api/v1/demands").text
        audit_is_clean(shop)
