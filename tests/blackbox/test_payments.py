"""Money: what is told of it settles a purchase once, and what is not what was asked for is held for people."""
import json
import os
import time

from ebooks import give_files
from shop import Shop, moment
from test_operations import fetch, free_port
from test_sales import EBOOK, PRINT, READER, charge, order, place

COLUMNS = "date,amount,currency,text,payer,id\n"


def payments(shop, *state):
    return json.loads(shop.ok("payment", "list", "--json", *state))


def waits(shop, *editions, **more):
    """A purchase, and the payment it waits for."""
    placed = place(shop, *editions, **more)
    return placed, next(p for p in payments(shop) if p["purchase"] == placed["purchase"])


def plain(minor):
    return "%d.%02d" % divmod(minor, 100)


def statement(shop, *lines, text=None):
    path = os.path.join(shop.dir, "statement")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text or COLUMNS + "".join("2026-11-30,%s,%s,%s,A reader,%s\n" % line for line in lines))
    return json.loads(shop.ok("payment", "statement", "--json", path))


def state(shop, placed):
    return order(shop, placed["orders"][0]["number"])["state"]


def ledger(shop, account):
    return int(shop.look("SELECT COALESCE(SUM(amount), 0) FROM ledger_line WHERE account = '%s'" % account))


def balanced(shop):
    return shop.look("SELECT COUNT(*) FROM (SELECT transaction_id FROM ledger_line GROUP BY transaction_id HAVING SUM(amount) <> 0) AS x") == "0"


def counts(told):
    return {k: told[k] for k in ("settled", "partly", "over", "unclear", "known") if told[k]}


def test_a_statement_settles_what_it_names_and_holds_the_rest():
    with Shop() as shop:
        charge(shop, print="0", e_book="9")
        shop.ok("account", "add", READER, "--name", "Reader", "--password-stdin", stdin=b"a long enough password\n")
        shop.ok("bank-account", "set", "--currency", "CNY", "--holder", "The Shops", "--account", "CN00 1234")
        assert "CN00 1234" in shop.ok("bank-account", "list")
        give_files(shop, EBOOK)
        one, asked = waits(shop, PRINT, EBOOK, who=("--as", READER))
        assert asked["state"] == "waiting" and asked["amount"] == one["orders"][0]["total"] and asked["method"] == "transfer"
        # What somebody is about to pay is not taken away meanwhile.
        status, _, err = shop.run("epub", "remove", EBOOK)
        assert status == 1 and "readers have bought it" in err, err
        library = lambda: shop.look("SELECT COUNT(*) FROM library WHERE source = 'bought' AND ended = 0")
        assert library() == "0", "an e-book is delivered once it is paid, and never before"
        # In whatever case, between other words; what left, and what names nothing.
        told = statement(shop, (plain(asked["amount"]), "CNY", "my books %s thanks" % asked["reference"].lower().replace("-", " "), "1"),
                         ("-5.00", "CNY", "a fee", "2"), ("7.00", "CNY", "for nothing known", "3"))
        assert counts(told) == {"settled": 1, "unclear": 1} and told["left"] == 1 and told["told"][0]["line"] == 4, told
        assert state(shop, one) == "paid" and library() == "1"
        # However often the publisher sends another one, what was bought is kept; three that nobody bought are enough.
        bought = shop.look("SELECT file FROM epub")
        shop.tamper("UPDATE library SET since = since - 10", "UPDATE epub SET added = added - 10")
        give_files(shop, *[EBOOK] * 4)
        assert shop.look("SELECT COUNT(*) FROM epub WHERE file = '%s'" % bought) == "1" and os.path.exists(os.path.join(shop.dir, "files", bought))
        assert shop.look("SELECT COUNT(*) FROM epub WHERE file <> ''") == "4" and shop.run("epub", "remove", EBOOK)[0] == 1
        seen = json.loads(shop.ok("payment", "show", "--json", asked["reference"]))
        assert seen["state"] == "paid" and seen["received"] == asked["amount"] and seen["purchase_state"] == "paid", seen
        assert ledger(shop, "money/transfer") == asked["amount"] + 700 and ledger(shop, "unclear") == -700 and balanced(shop)
        tax = sum(l["tax"] for l in order(shop, one["orders"][0]["number"])["lines"])
        assert ledger(shop, "tax") == -tax < 0 and ledger(shop, "shop") + ledger(shop, "fee") == tax - asked["amount"]
        # The same statement again is nothing.
        again = statement(shop, (plain(asked["amount"]), "CNY", "my books %s thanks" % asked["reference"].lower().replace("-", " "), "1"),
                          ("7.00", "CNY", "for nothing known", "3"))
        assert counts(again) == {"known": 2} and ledger(shop, "money/transfer") == asked["amount"] + 700, again
        # Part of it is held until the rest comes; two who pay the same on one day are two.
        two, due = waits(shop, PRINT)
        half = due["amount"] // 2
        assert counts(statement(shop, (plain(half), "CNY", due["reference"], ""))) == {"partly": 1}
        assert state(shop, two) == "placed" and payments(shop, "--state", "held")[0]["received"] == half
        rest = (plain(half), "CNY", due["reference"], "")
        more = statement(shop, rest, rest, rest)
        assert counts(more)["known"] == 1 and state(shop, two) == "paid", more
        assert 3 * half - due["amount"] == -ledger(shop, "unclear") - ledger(shop, "overpaid") - 700 and balanced(shop)
        # Another currency, and money for what is paid already, are people's to look at.
        three, due = waits(shop, PRINT)
        other = statement(shop, (plain(due["amount"]), "EUR", due["reference"], "9"), ("1.00", "CNY", asked["reference"], "10"))
        assert counts(other) == {"unclear": 2} and state(shop, three) == "placed", other
        held = json.loads(shop.ok("payment", "held", "--json"))
        assert {h["currency"] for h in held} == {"CNY", "EUR"}, held
        # What was held of another currency goes back, and its payment waits as before.
        foreign = next(h for h in held if h["currency"] == "EUR")
        of_three = lambda: next(p["state"] for p in payments(shop) if p["purchase"] == three["purchase"])
        assert of_three() == "held"
        shop.ok("payment", "give-back", foreign["event"])
        assert of_three() == "waiting" and "agree" in shop.ok("sales", "check")
        shop.ok("refund", "sent", str(json.loads(shop.ok("refund", "list", "--json"))[0]["id"]))
        # Staff say whose the nameless money is, or that it goes back.
        nameless = next(h for h in held if h["text"] == "for nothing known")
        wrong = shop.run("payment", "assign", nameless["event"], asked["reference"])
        assert wrong[0] != 0 and "waits for no such money" in wrong[2], wrong
        shop.ok("payment", "give-back", nameless["event"])
        assert shop.run("payment", "give-back", nameless["event"])[0] != 0
        owed = json.loads(shop.ok("refund", "list", "--json"))
        assert [(r["amount"], r["reason"]) for r in owed] == [(700, "overpaid")] and ledger(shop, "refunds-owed") == -700
        assert "7.00" in shop.ok("refund", "list", "--csv").splitlines()[1]
        before = ledger(shop, "money/transfer")
        shop.ok("refund", "sent", str(owed[0]["id"]))
        shop.ok("refund", "sent", str(owed[0]["id"]))
        assert ledger(shop, "refunds-owed") == 0 and ledger(shop, "money/transfer") == before - 700 and balanced(shop)
        assert READER not in "".join(l for l in shop.ok("staff", "trail").splitlines() if "payment" in l)


def test_staff_settle_by_reference():
    with Shop() as shop:
        charge(shop, print="0")
        placed, asked = waits(shop, PRINT)
        for args, why in (("ACD-EFG-HJK",), "mistyped"), ((asked["reference"], "--currency", "XX"), "no amount"):
            status, _, err = shop.run("payment", "settle", *args, "--amount", "1.00")
            assert status != 0 and why in err, err
        settle = lambda amount, note: json.loads(shop.ok("payment", "settle", asked["reference"], "--amount", amount, "--event", note, "--json"))["outcome"]
        assert settle(plain(asked["amount"] + 500), "cash-1") == "over" and state(shop, placed) == "paid"
        assert settle(plain(asked["amount"] + 500), "cash-1") == "known"
        assert ledger(shop, "overpaid") == -500 and balanced(shop)
        assert "agree" in shop.ok("sales", "check")
        owed = -ledger(shop, "shop")
        assert shop.ok("payout", "make") == "1 payouts\n" and shop.ok("payout", "make") == "0 payouts\n"
        listed = shop.ok("payout", "list", "--owed")
        number = shop.look("SELECT id FROM payout")
        assert plain(owed) in listed and ledger(shop, "shop") == 0 and ledger(shop, "payouts-owed") == -owed < 0
        shop.ok("payout", "sent", number)
        assert shop.run("payout", "sent", number)[0] != 0 and ledger(shop, "payouts-owed") == 0 and balanced(shop)
        assert "payout-sent" not in shop.ok("payout", "statement", "main") and plain(owed) in shop.ok("payout", "statement", "main")
        assert len(shop.ok("payout", "list", "--owed").splitlines()) == 1 and "agree" in shop.ok("sales", "check")
        shop.ok("payment", "give-back", "cash-1")
        assert ledger(shop, "overpaid") == 0 and ledger(shop, "refunds-owed") == -500
        assert "payment settle" in shop.ok("staff", "trail")


def test_a_wrong_statement_changes_nothing():
    with Shop() as shop:
        path = os.path.join(shop.dir, "statement")
        good = COLUMNS + "2026-11-30,5.00,EUR,somebody,x,1\n"
        for text, why in (("", "line 1"), (good + "2026-11-31,5.00,EUR,x,y,2\n", "line 3: date"), (good + "2026-11-30,5,EUR\n", "line 3: 3 fields"),
                          ("<Document/>", "no camt.053")):
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            status, _, err = shop.run("payment", "statement", path)
            assert status != 0 and why in err, (text, err)
        assert shop.look("SELECT COUNT(*) FROM payment_event") == "0" and shop.look("SELECT COUNT(*) FROM ledger_line") == "0"


def test_the_check_says_what_does_not_agree_by_number():
    with Shop() as shop:
        charge(shop, print="0")
        placed, asked = waits(shop, PRINT)
        shop.ok("payment", "settle", asked["reference"], "--amount", plain(asked["amount"]))
        shop.ok("stock", "set", "--shop", "main", PRINT, "0")  # fewer than were sold: people counted, and nothing contradicts it
        assert "agree" in shop.ok("sales", "check")
        number = placed["orders"][0]["number"]
        for broken, code in (("UPDATE sales_order SET refunded = 1", "order-refunded-otherwise"), ("UPDATE payment SET received = received - 1", "payment-short"),
                             ("UPDATE ledger_line SET amount = amount + 1 WHERE n = 0", "ledger-unbalanced")):
            shop.tamper(broken)
            status, out, _ = shop.run("sales", "check")
            assert status != 0 and code in out, (broken, out)
        for broken, code in (("UPDATE payment SET refunded = 1", "payment-refunded-otherwise"), ("UPDATE ledger_line SET amount = amount - 1, account = 'unclear' WHERE n = 0", "unclear-otherwise"),
                             ("UPDATE stock SET promised = 3", "stock-promised-otherwise")):
            shop.tamper(broken)
            assert code in shop.run("sales", "check")[1], broken
        status, said, _ = shop.run("sales", "check")
        assert number in said and "payment-received-otherwise" in said, said
        # Who leads makes it once a day, without being asked: it is kept, told in the log and counted.
        found, port = len(said.splitlines()), free_port()
        kept = lambda: int(shop.look("SELECT COUNT(*) FROM sales_finding"))
        shop.serve("--metrics-listen", "127.0.0.1:%d" % port)
        shop.until(lambda: kept() == found, "the daily check")
        shop.until(lambda: "colophon_sales_findings %d\n" % found in fetch(port, "/metrics")[2], "its number")
        shop.stop()
        assert "sales do not agree: order-refunded-otherwise: sales order" in shop.said, shop.said
        # Once: what was mended meanwhile is gone on the next day.
        shop.tamper("UPDATE payment SET refunded = 0", "UPDATE stock SET promised = 1")
        shop.serve(env={"COLOPHON_NOW": moment(time.time() + 86400)})
        shop.until(lambda: kept() == found - 2, "the check of the day after")


def test_what_was_agreed_stays_and_what_came_in_part_is_looked_at():
    with Shop() as shop:
        charge(shop, print="0", e_book="0")
        give_files(shop, EBOOK)
        shop.ok("account", "add", READER, "--name", "Reader", "--password-stdin", stdin=b"a long enough password\n")
        fee = lambda percent: shop.ok("seller", "set", "--shop", "main", "--name", "Riverside", "--address", "1 River Street", "--country", "CN",
                                      "--email", "books@riverside.example", "--account", "CN1", "--fee", percent)
        # The fee is that of the day on which it was ordered.
        fee("10")
        _, due = waits(shop, PRINT)
        fee("20")
        statement(shop, (plain(due["amount"]), "CNY", due["reference"], "1"))
        assert -ledger(shop, "fee") == (due["amount"] * 10000 + 50000) // 100000 and balanced(shop)
        # An e-book that waits for its payment is not ordered twice; any other way than a transfer is no way.
        waits(shop, EBOOK, who=("--as", READER))
        for more, why in ((("--as", READER, EBOOK), "has it already"), (("--email", READER, "--method", "card", PRINT), "method: transfer")):
            status, _, err = shop.run("sales", "place", "--storefront", "cn", *more)
            assert status != 0 and why in err, (more, err)
        # What came in part for an order that ended is people's to look at, and can be given back.
        part, due = waits(shop, PRINT)
        statement(shop, ("1.00", "CNY", due["reference"], "2"))
        assert json.loads(shop.ok("payment", "held", "--json")) == []
        shop.serve(env={"COLOPHON_NOW": moment(time.time() + 15 * 86400)})
        shop.until(lambda: state(shop, part) == "cancelled", "the end of what was paid in part")
        held = json.loads(shop.ok("payment", "held", "--json"))
        assert [h["amount"] for h in held] == [100], held
        assert payments(shop, "--state", "held") == [] and "agree" in shop.ok("sales", "check")
        shop.ok("payment", "give-back", held[0]["event"])
        assert "agree" in shop.ok("sales", "check")
        assert balanced(shop) and json.loads(shop.ok("payment", "held", "--json")) == []


def test_what_staff_said_had_come_is_the_banks_line_of_it():
    with Shop() as shop:
        charge(shop, print="0", e_book="0")
        placed, due = waits(shop, PRINT)
        shop.ok("payment", "settle", due["reference"], "--amount", plain(due["amount"]))
        assert state(shop, placed) == "paid"
        line = (plain(due["amount"]), "CNY", due["reference"])
        for _ in range(2):
            assert counts(statement(shop, line + ("1",))) == {"known": 1}
        assert ledger(shop, "money/transfer") == due["amount"] and json.loads(shop.ok("payment", "held", "--json")) == []
        # So is what staff say of a line that the statement had.
        later, asked = waits(shop, PRINT)
        assert counts(statement(shop, (plain(asked["amount"]), "CNY", asked["reference"], "3"))) == {"settled": 1}
        said = [json.loads(shop.ok("payment", "settle", asked["reference"], "--amount", plain(asked["amount"]), "--json"))["outcome"] for _ in range(2)]
        assert said == ["known", "known"] and ledger(shop, "money/transfer") == due["amount"] + asked["amount"] and state(shop, later) == "paid"
        shop.ok("sales", "check")
        # What comes once more is more.
        assert counts(statement(shop, line + ("2",))) == {"unclear": 1} and ledger(shop, "money/transfer") == 2 * due["amount"] + asked["amount"] and balanced(shop)
        shop.ok("sales", "check")
