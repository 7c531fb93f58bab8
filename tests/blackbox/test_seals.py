"""What law forbids to name yet: sealed where two decide, and sealed in a demand."""
import html
import json
import re

from shop import EMMA, Browser, Shop

SECRET = "a long enough secret"
NAMES = ("Secret Office", "X 99/1")


def entries(shop, kind):
    return [e for e in map(json.loads, shop.get("/record/entries.jsonl").text.splitlines()) if e["type"] == kind]


def everything(shop, *more):
    paths = ("/record/", "/record/demands/", "/record/demands/feed.atom", "/record/feed.atom", "/api/v1/demands", "/api/v1/restrictions",
             "/record/entries.jsonl", "/record/countries/CN", "/record/report/", "/cn/en/books/" + EMMA, *more)
    return "".join(html.unescape(shop.get(p).text) for p in paths)


def names_nobody(text):
    return not any(name in text for name in NAMES)


def test_two_decide_on_what_is_sealed():
    with Shop() as shop:
        shop.env["COLOPHON_NOW"] = "2098-02-01T00:00:00Z"
        shop.serve()
        for name in "one", "two":
            shop.ok("account", "add", name + "@example.org", "--role", "operator", "--password-stdin", stdin=(SECRET + "\n").encode())
        add = ["restriction", "add", "--storefront", "cn", "--edition", EMMA, "--withhold", "sale", "--ground", "authority-order", "--authority", NAMES[0],
               "--legal-basis", "Act 1", "--reference", NAMES[1], "--reason", "r", "--until", "2099-12-31", "--json", "--as", "one@example.org"]
        for wrong in "soon", "2098-01-01":
            status, _, err = shop.run(*add, "--seal-until", wrong)
            assert status == 1 and "seal-until" in err, err
        status, _, err = shop.run(*[x for x in add if x not in ("--authority", NAMES[0])], "--seal-until", "2098-03-01")
        assert status == 1, err
        proposed = json.loads(shop.ok(*add, "--seal-until", "2098-03-01"))
        # Whoever approves is told the name, and until when nobody else is.
        desk = Browser(shop)
        assert desk.post("/desk/sign-in", "/desk/sign-in", {"email": "two@example.org", "password": SECRET}).status == 303
        page = desk.get("/desk/demands?language=en").text
        assert NAMES[0] in page and re.search(r"<dt>Sealed until</dt><dd>2098-03-01", page), page
        done = json.loads(shop.ok("restriction", "approve", str(proposed["proposal"]), "--as", "two@example.org", "--shown", proposed["shown"], "--json"))
        assert names_nobody(everything(shop, "/record/restrictions/%d" % done["id"]))
        assert len(entries(shop, "sealed")) == 1 and len(entries(shop, "restriction")[0]["approvals"]) == 2
        assert "sealed until 2098-03-01" in shop.get("/cn/en/books/" + EMMA).text
        # The desk's own form has it, too.
        form = {"target": "edition", "key": EMMA, "storefront": "cn", "feature": "delivery", "ground": "authority-order", "authority": NAMES[0],
                "legal_basis": "L", "reference": "R", "reason": "r", "until": "2099-12-31", "seal_until": "2098-01-01"}
        wrong = desk.post("/desk/restrictions/add", "/desk/restrictions/add", form)
        assert wrong.status == 422 and "date has to be one to come" in wrong.text and 'value="2098-01-01"' in wrong.text, wrong.text
        assert desk.post("/desk/restrictions/add", "/desk/restrictions/add", dict(form, seal_until="2098-03-01")).status == 303
        shop.stop()
        shop.env["COLOPHON_NOW"] = "2098-03-01T00:00:10Z"
        shop.serve()
        shop.until(lambda: entries(shop, "opened"), "the opening", 20)
        assert json.loads(entries(shop, "opened")[0]["entry"])["authority"] == NAMES[0]
        assert NAMES[0] in shop.get("/record/restrictions/%d" % done["id"]).text
        assert shop.audit()[0] == 0, shop.audit()


def test_a_sealed_demand_names_nobody_before_its_date():
    with Shop() as shop:
        shop.env["COLOPHON_NOW"] = "2098-02-01T00:00:00Z"
        shop.serve()
        shop.ok("account", "add", "one@example.org", "--role", "operator", "--password-stdin", stdin=(SECRET + "\n").encode())
        order = ["demand", "add", "--sender", "authority", "--country", "CN", "--edition", EMMA, "--withhold", "ratings", "--ground", "authority-order",
                 "--legal-basis", "Act 1", "--reference", NAMES[1], "--json"]
        sealed = ["--authority", NAMES[0], "--seal-until", "2098-03-01"]
        for more, word in [(["--seal-until", "2098-03-01"], "no authority"), (["--authority", "A", "--seal-until", "2098-01-01"], "over"),
                           ([*sealed, "--document", shop.file("o.txt", b"An order."), "--public-copy", shop.file("c.txt", b"A copy.")], "sealed")]:
            status, _, err = shop.run(*order, *more)
            assert status == 1 and word in err, (more, err)
        made = json.loads(shop.ok(*order, *sealed, "--explanation", "Do not tell."))
        page = "/record/demands/%d?language=en" % made["id"]
        said = entries(shop, "demand")[0]
        assert said["authority"] == "sealed until 2098-03-01" and said["reference"] == "seal 1" and "authority" not in made["missing"]
        assert names_nobody(everything(shop, page))
        # Staff know whom they decide about.
        desk = Browser(shop)
        assert desk.post("/desk/sign-in", "/desk/sign-in", {"email": "one@example.org", "password": SECRET}).status == 303
        assert NAMES[0] in desk.get("/desk/demands/%d" % made["id"]).text
        done = json.loads(shop.ok("demand", "decide", str(made["id"]), "--outcome", "granted", "--reason", "r", "--until", "2099-12-31", "--json"))
        assert names_nobody(everything(shop, page, "/record/restrictions/%d" % done["id"]))
        assert shop.audit()[0] == 0, shop.audit()
        # Nobody else seals: a sender cannot hide.
        body = {"sender": "authority", "country": "CN", "authority": "Loud Office", "target": {"kind": "edition", "key": EMMA}, "features": ["sale"],
                "ground": "authority-order", "seal_until": "2098-03-01"}
        loud = shop.api("POST", "/demands", body)
        assert loud.status == 201 and "Loud Office" in shop.get("/record/demands/%d?language=en" % loud.json()["id"]).text
        shop.stop()
        shop.env["COLOPHON_NOW"] = "2098-03-01T00:00:10Z"
        shop.serve()
        shop.until(lambda: entries(shop, "opened"), "the opening", 20)
        opened = json.loads(entries(shop, "opened")[0]["entry"])
        assert opened["type"] == "demand" and opened["authority"] == NAMES[0] and opened["id"] == made["id"]
        assert "%s (%s)" % NAMES in shop.get(page).text
        assert shop.audit()[0] == 0, shop.audit()
        assert shop.run("record", "verify")[0] == 0
