"""Random histories of buying through the binary: whatever is done in whatever order, twice, late or by a kill, money, stock and
libraries agree. By hand: COLOPHON_STEPS=2000 COLOPHON_SEED=7 python3 run.py test_histories"""
import os
import random
import re
import time

from ebooks import give_files
from shop import EMMA, Browser, Shop, moment
from test_desk_payments import PAGE, upload
from test_partner import operator, sign_in
from test_payments import balanced, plain, waits
from test_sales import EBOOK, PRINT, charge

OTHERS = True
STEPS, SEED = int(os.environ.get("COLOPHON_STEPS", "100")), int(os.environ.get("COLOPHON_SEED", "20261201"))
ORDERS = "/desk/orders/"
PASSWORD = "a long enough secret"


class History:
    """What the test itself says must have come of it: money by currency, and copies; all else is asked of the shop."""

    def __init__(self, shop, seed):
        self.shop, self.chance, self.ada = shop, random.Random(seed), None
        self.money = {"CNY": 0, "EUR": 0}
        self.bought, self.lines, self.said, self.unconfirmed = [], [], set(), {}
        self.forms, self.readers, self.days = [], [], 0
        self.on_hand = {PRINT: 0}
        self.did = []

    def serve(self, days=0):
        self.days += days
        self.shop.stop()
        self.env = {"COLOPHON_NOW": moment(time.time() + self.days * 86400)} if self.days else {}
        self.shop.serve(env=self.env)
        self.ada = operator(self.shop) if self.ada is None else sign_in(self.shop, "ada@books.example")
        self.token = re.search(r'name="token" value="([^"]+)"', self.ada.get(PAGE).text)[1]

    def post(self, path, fields, ok=(303, 409, 422)):
        answer = self.ada.ask("POST", path, {**fields, "token": self.token})
        assert answer.status in ok, (path, fields, answer.status, answer.text[:300])
        return answer.status

    # -- steps

    def place(self):
        who, wishes = ("--email", "guest@example.org"), [PRINT + "=%d" % self.chance.randint(1, 4)]
        if self.readers and self.chance.random() < 0.5:
            who = ("--as", self.chance.choice(self.readers)[1])
            wishes = self.chance.choice([wishes, [EBOOK], wishes + [EBOOK]])
        status, out, err = self.shop.run("sales", "place", "--storefront", "cn", "--json", "--consent", *who, *wishes, env=self.env)
        assert status == 0 or "are left" in err or "has it already" in err or "waits" in err, err
        if status == 0:
            last = self.shop.look("SELECT p.id || ' ' || p.reference || ' ' || p.amount || ' ' || o.number FROM payment AS p JOIN sales_order AS o ON o.purchase_id = p.purchase_id ORDER BY p.id DESC LIMIT 1")
            number, reference, amount, order = last.split()
            self.bought.append({"reference": reference, "amount": int(amount), "order": order})

    def some(self):
        recent = self.bought[-6:]
        return self.chance.choice(recent if self.chance.random() < 0.8 else self.bought)

    def sum_of(self, one):
        return self.chance.choice([one["amount"]] * 5 + [one["amount"] // 2, one["amount"] - one["amount"] // 2, one["amount"] + 250, 100])

    def statement(self):
        """Some lines of now, some of before; known ones are nothing."""
        fresh = []
        for _ in range(self.chance.randint(1, 3)):
            one = self.some()
            currency = "EUR" if self.chance.random() < 0.1 else "CNY"
            reference = one["reference"] if self.chance.random() < 0.9 else "nobody knows"
            fresh.append((self.sum_of(one), currency, reference, len(self.lines) + len(fresh)))
        replayed = self.chance.sample(self.lines, min(len(self.lines), 2))
        text = "date,amount,currency,text,payer,id\n" + "".join("2026-11-30,%s,%s,%s,x,%d\n" % (plain(a), c, r, n) for a, c, r, n in fresh + replayed)
        seen = upload(self.ada, text)
        content = {"content": re.search(r'name="content" value="([^"]+)"', seen.text)[1]}
        for _ in range(self.chance.randint(1, 2)):
            self.post(PAGE + "/statement/take", content, (303,))
        for amount, currency, reference, _ in fresh:
            told = self.unconfirmed.setdefault(reference, [])
            if currency == "CNY" and ("staff", amount) in told and reference != "nobody knows":
                told.remove(("staff", amount))
                continue
            self.money[currency] += amount
            if currency == "CNY":
                told.append(("statement", amount))
        self.lines += fresh

    def say(self):
        one = self.some()
        amount, reference = self.sum_of(one), one["reference"]
        self.post(PAGE + "/said", {"reference": reference, "amount": plain(amount)})
        told = self.unconfirmed.setdefault(reference, [])
        if reference in self.said or amount == 0:
            return
        self.said.add(reference)
        if ("statement", amount) in told:
            told.remove(("statement", amount))
            return
        told.append(("staff", amount))
        self.money["CNY"] += amount

    def desk(self):
        """A form of the order's page, sent once or twice; or one of before, once more."""
        one = self.some()
        line = self.shop.look("SELECT MIN(l.id) || ' ' || MAX(l.id) FROM sales_line AS l JOIN sales_order AS o ON o.id = l.order_id WHERE o.number = '%s'" % one["order"]).split()
        act = self.chance.choice(["send", "send", "cancel", "return", "refund"])
        form = {"key": "k%d" % len(self.forms), "reason": self.chance.choice(["returned", "withdrawn"]), "note": "why", "line": self.chance.choice(line), "amount": "1.50"}
        form["line_" + self.chance.choice(line)] = str(self.chance.randint(1, 3))
        if self.chance.random() < 0.5:
            form.update(shelf="1", delivery="1")
        self.forms.append((ORDERS + one["order"] + "/" + act, form))
        for path, fields in [self.forms[-1]] * self.chance.randint(1, 2) + self.chance.sample(self.forms, 1):
            self.post(path, fields)

    def take_back(self):
        """Whoever bought calls it off."""
        one = self.some()
        lee = self.readers[0][0] if self.readers else Browser(self.shop)
        page = "/cn/account/orders/" + one["order"]
        assert lee.post("/cn/account", page + "/cancel", {}).status in (303, 403, 404, 409)

    def held(self):
        events = re.findall(r'data-event="([^"]+)"', self.ada.get(PAGE).text)
        for event in events[:2]:
            if self.chance.random() < 0.5:
                what = self.shop.look("SELECT e.kind || ' ' || e.currency || ' ' || e.amount || ' ' || COALESCE((SELECT p.reference FROM payment AS p WHERE p.id = e.payment_id), 'nobody knows') FROM payment_event AS e WHERE e.event = '%s'" % event)
                kind, currency, amount, before = what.split(" ", 3)
                reference, one = self.some()["reference"], (kind, int(amount))
                assigned = self.post(PAGE + "/assign", {"method": "transfer", "event": event, "reference": reference}) == 303
                if assigned and kind == "statement" and one in self.unconfirmed.get(before, []):  # what staff said goes on by its reference
                    self.unconfirmed[before].remove(one)
                    self.unconfirmed.setdefault(reference, []).append(one)
            else:
                self.post(PAGE + "/back", {"method": "transfer", "event": event})

    def pay_out(self):
        for path, ids, sql in ((PAGE + "/refunds", r'data-refund="(\d+)"', "SELECT COALESCE(MAX(currency || ' ' || amount), '') FROM refund WHERE id = %s AND state = 'owed'"),
                               ("/desk/payouts/sent", None, "SELECT COALESCE(MAX(currency || ' ' || amount), '') FROM payout WHERE id = %s AND sent = 0")):
            if ids is None:
                self.post("/desk/payouts/make", {}, (303,))
                found = self.shop.look("SELECT COALESCE(MAX(id), 0) FROM payout").split()
            else:
                found = re.findall(ids, self.ada.get(PAGE).text)[:2]
            for number in found:
                row = self.shop.look(sql % number)
                if self.post(path, {"id": number}) == 303 and row:
                    currency, amount = row.split()
                    self.money[currency] -= int(amount)

    def come(self):
        lee = Browser(self.shop)
        name = "reader%d" % self.chance.randint(0, 10 ** 9)
        assert lee.sign_up("cn", name).status == 303
        self.readers.insert(0, (lee, name + "@example.org"))

    def go(self):
        if len(self.readers) > 1:
            lee, _ = self.readers.pop()
            assert lee.post("/cn/account/erase", "/cn/account/erase", {"password": PASSWORD}).status in (200, 303, 403)  # their session may have ended

    # -- what holds

    def holds(self):
        money = "SELECT SUM(l.amount) FROM ledger_line AS l JOIN ledger_transaction AS t ON t.id = l.transaction_id WHERE l.account = 'money/transfer' AND t.currency = '%s'"
        bought = "FROM sales_line AS l JOIN sales_order AS o ON o.id = l.order_id JOIN purchase AS p ON p.id = o.purchase_id"
        is_there = numbers(self.shop, [money % c for c in self.money] + [
            "SELECT SUM(total - refunded) FROM sales_order WHERE paid > 0",
            "SELECT -SUM(amount) FROM ledger_line WHERE account IN ('shop', 'fee', 'tax')", "SELECT SUM(amount) FROM payout",
            # Nought, each. Paid is what came for it, and no more goes back than was paid; transactions sum to nought.
            "SELECT COUNT(*) FROM (SELECT transaction_id FROM ledger_line GROUP BY transaction_id HAVING SUM(amount) <> 0) AS x",
            "SELECT COUNT(*) FROM payment AS p JOIN purchase AS u ON u.id = p.purchase_id WHERE (p.state = 'paid') <> (u.state = 'paid') OR (p.state = 'paid' AND p.received < p.amount)",
            "SELECT COUNT(*) FROM sales_order WHERE refunded > total OR refunded < 0",
            "SELECT COUNT(*) FROM sales_line WHERE refunded > total OR returned > sent OR sent + cancelled > quantity",
            "SELECT COUNT(*) FROM stock WHERE on_hand < 0 OR promised < 0",
            # An e-book is there once it is paid, and never before; once.
            "SELECT COUNT(*) FROM library AS b WHERE b.source = 'bought' AND b.ended = 0 AND NOT EXISTS (SELECT 1 %s WHERE l.id = b.line_id AND o.paid > 0 AND l.returned = 0)" % bought,
            "SELECT COUNT(*) %s WHERE l.digital = 1 AND o.paid > 0 AND l.returned = 0 AND p.account_id > 0 AND NOT EXISTS (SELECT 1 FROM library AS b "
            "WHERE b.account_id = p.account_id AND b.edition_id = l.edition_id AND b.line_id = l.id AND b.ended = 0)" % bought])
        assert is_there[:2] == list(self.money.values()), (is_there, self.money)
        assert is_there[2] == is_there[3] + is_there[4] and not any(is_there[5:]), is_there
        status, said, err = self.shop.run("sales", "check")
        assert status == 0, said + err


def numbers(shop, questions):
    """Of each, in one journey."""
    return [int(n) for n in shop.look("SELECT " + " || ' ' || ".join("CAST(COALESCE((%s), 0) AS BIGINT)" % q for q in questions)).split()]


def test_whatever_is_done_in_whatever_order_all_of_it_agrees():
    with Shop() as shop:
        charge(shop, print="0", e_book="9")
        shop.ok("seller", "set", "--shop", "main", "--name", "Riverside", "--address", "1 River Street", "--country", "CN", "--email", "b@example.org", "--account", "CN1", "--fee", "10")
        shop.ok("stock", "set", "--shop", "main", PRINT, "60")
        give_files(shop, EBOOK)
        h = History(shop, SEED)
        h.serve()
        for _ in range(2):
            h.come()
        steps = [h.place] * 6 + [h.statement] * 4 + [h.say] * 3 + [h.desk] * 7 + [h.held] * 2 + [h.pay_out, h.take_back, h.go, h.come]
        for n in range(STEPS):
            step = h.chance.choice(steps) if h.bought else h.place
            h.did.append(step.__name__)
            try:
                step()
                if n % 25 == 24:
                    h.holds()
                if n % 100 == 60:  # what nobody paid by then ends
                    h.serve(days=15)
                    shop.until(lambda: shop.look("SELECT COUNT(*) FROM purchase WHERE state = 'waiting'") == "0", "the end of what nobody paid")
                    h.holds()
            except AssertionError as error:
                raise AssertionError("seed %d, step %d of %s: %s" % (SEED, n, h.did[-12:], error)) from error
        h.holds()


def test_what_is_killed_on_its_way_is_whole_or_nothing():
    with Shop() as shop:
        charge(shop, country="US", print="10")
        shop.ok("stock", "set", "--shop", "main", EMMA, "9")
        tables = "purchase", "sales_order", "payment", "payment_event", "ledger_transaction", "ledger_line", "refund", "payout", "sales_event", "sales_act"
        sums = lambda: numbers(shop, ["SELECT COUNT(*) FROM " + t for t in tables] + ["SELECT SUM(received) FROM payment", "SELECT on_hand FROM stock", "SELECT promised FROM stock"])

        def killed(point, *command):
            before = sums()
            assert shop.run(*command, env={"COLOPHON_CRASH": point})[0] == -9 and sums() == before, point
            return shop.ok(*command)

        killed("purchase-placed", "sales", "place", "--storefront", "us", "--email", "buyer@example.org", EMMA + "=3")
        assert shop.look("SELECT COUNT(*) FROM purchase") == "1" and sums()[-2:] == [9, 3]
        number, reference, amount = shop.look("SELECT o.number || ' ' || p.reference || ' ' || p.amount FROM payment AS p, sales_order AS o").split()
        path = shop.file("bank.csv", "date,amount,currency,text,id\n2026-11-30,%s,USD,%s,1\n" % (plain(int(amount)), reference))
        before = sums()
        assert shop.run("payment", "settle", reference, "--amount", plain(int(amount)), env={"COLOPHON_CRASH": "payment-settled"})[0] == -9 and sums() == before
        killed("payment-booked", "payment", "statement", path)
        assert shop.look("SELECT state FROM purchase") == "paid" and "0 settled" in shop.ok("payment", "statement", path)
        # A desk's act, in the server.
        line, one = shop.look("SELECT id FROM sales_line"), ORDERS + number
        for point in "refund-asked", None:
            before = sums()
            shop.serve(env={"COLOPHON_CRASH": point} if point else {})
            ada = operator(shop) if point else ada
            form = {"line_" + line: "1", "key": "one", "token": re.search(r'name="token" value="([^"]+)"', ada.get(one).text)[1]}
            if point:
                try:
                    ada.ask("POST", one + "/cancel", form)
                    raise AssertionError("it lives")
                except OSError:
                    pass
                shop.server.wait()
                shop.kill()
                assert sums() == before
        assert [ada.ask("POST", one + "/cancel", form).status for _ in range(2)] == [303, 303]
        assert [shop.look("SELECT COUNT(*) FROM refund"), shop.look("SELECT on_hand || ' ' || promised FROM stock")] == ["1", "9 2"]
        shop.stop()
        killed("payout-made", "payout", "make")
        assert shop.look("SELECT COUNT(*) FROM payout") == "1" and balanced(shop)
        shop.ok("sales", "check")
