"""E-readers of an account: a name and a password for each, the shelf and the files that they open (Authentication for OPDS), and
KOReader's progress sync, by a client written from the protocol's description (../shared/reference/books.md, 3.6)."""
import base64
import hashlib
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

from shop import EMMA, Shop
from ebooks import add, book
from test_library import FREE, PLAIN, import_e_books, signed_up, take
from test_opds import ACQUISITION, NAMES, grammar, links, no_blanks, place, validators

OTHER = hashlib.md5(b"A book of my own.epub").hexdigest()


def basic(login, password):
    return {"Authorization": "Basic " + base64.b64encode(("%s:%s" % (login, password)).encode()).decode()}


def device(browser, name="Kobo"):
    """Its name and password, which stand on the page this once."""
    made = browser.post("/us/account/devices", "/us/account/devices", {"name": name, "password": "a long enough secret"})
    assert made.status == 200, made.text
    login, password = re.findall(r"<dd><code[^>]*>([a-z0-9-]+)</code></dd>", made.text)[:2]
    assert re.fullmatch(r"[a-km-np-z2-9]{8}", login) and re.fullmatch(r"([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}", password), (login, password)
    assert password not in browser.get("/us/account/devices").text
    return login, password


def partial_md5(content):
    """As KOReader names a file: samples of 1,024 bytes at 0, 1,024, 4,096 and so on."""
    digest = hashlib.md5()
    for offset in [0] + [1024 << 2 * i for i in range(11)]:
        if offset >= len(content):
            break
        digest.update(content[offset:offset + 1024])
    return digest.hexdigest()


def test_what_is_given_away_anybody_may_take():
    """Open access: a file without an account, until its delivery, or its sale, is withheld."""
    shop, content = stocked()
    with shop:
        entry = ET.fromstring(shop.get("/us/opds/books/" + FREE).body)
        link = links(entry, "http://opds-spec.org/acquisition/open-access")[0]
        path = place(shop, link.get("href"))
        assert link.get("type") == "application/epub+zip"
        for listed in (shop.get("/us/opds/search?q=free+one").text, shop.get("/us/opds2/search?query=free+one").text):
            assert "acquisition/open-access" in listed and path in listed
        file = shop.get(path)
        assert file.status == 200 and file.body == content and 'filename="%s.epub"' % FREE in file.headers["Content-Disposition"]
        part = shop.ask("GET", path, headers={"Range": "bytes=0-99"})
        assert part.status == 206 and part.body == content[:100]
        # What costs money, what is no e-book, what is not there.
        for isbn in (PLAIN, EMMA, "9780000000000"):
            assert shop.get("/us/opds/files/%s.epub" % isbn).status == 404
        assert shop.get("/us/opds/files/" + FREE).status == 404
        # In China its records have no right to it, or it has its own: whatever the entry says is so.
        there = ET.fromstring(shop.get("/cn/opds/books/" + FREE).body)
        assert shop.get("/cn/opds/files/%s.epub" % FREE).status == (200 if links(there, "http://opds-spec.org/acquisition/open-access") else 404)
        for feature, status in (("delivery", 451), ("sale", 404), ("listing", 451)):
            made = shop.authority("--storefront", "us", "--edition", FREE, "--withhold", feature)
            assert shop.get(path).status == status, feature
            assert "open-access" not in shop.get("/us/opds/books/" + FREE).text
            shop.ok("restriction", "lift", str(made["id"]), "--reason", "Mended.")
            assert shop.get(path).body == content


class Kosync:
    """What KOReader's own client does: three headers, JSON, and nothing but 200 is success."""

    def __init__(self, shop, login, password):
        self.shop, self.login, self.key = shop, login, hashlib.md5(password.encode()).hexdigest()

    def ask(self, method, path, body=None):
        headers = {"Accept": "application/vnd.koreader.v1+json", "x-auth-user": self.login, "x-auth-key": self.key}
        if body is not None:
            headers["Content-Type"] = "application/json"
        answer = self.shop.ask(method, "/kosync" + path, None if body is None else json.dumps(body), headers)
        assert answer.status in (429,) or answer.headers["Content-Type"].startswith("application/json"), answer.headers
        return answer.status, answer.json()

    def authorize(self):
        return self.ask("GET", "/users/auth")

    def push(self, document, progress, percentage, **more):
        return self.ask("PUT", "/syncs/progress", {"document": document, "progress": progress, "percentage": percentage,
                                                   "device": "Kobo Libra", "device_id": "AB12", **more})

    def pull(self, document):
        return self.ask("GET", "/syncs/progress/" + document)


def stocked():
    shop = Shop()
    import_e_books(shop)
    content = book()
    assert add(shop, content, FREE)[0] == 0
    shop.serve()
    return shop, content


def test_a_device_opens_the_shelf_and_its_files_and_nothing_else():
    shop, content = stocked()
    with shop:
        of = validators()
        ann = signed_up(shop, "Ann")
        assert take(ann).status == 303
        # Nobody, and whoever guesses, is asked: never sent to a form.
        document = shop.get("/us/opds/authentication")
        assert document.status == 200 and document.headers["Content-Type"] == "application/opds-authentication+json"
        of("authentication").validate(document.json())
        no_blanks(document.json())
        assert document.json()["id"] == shop.url + "/us/opds/authentication"
        assert [a["type"] for a in document.json()["authentication"]] == ["http://opds-spec.org/auth/basic"]
        login, password = device(ann)
        for form in ("opds", "opds2"):
            for headers in ({}, basic(login, "wrong"), basic("nobody23", password), basic("ann@example.org", "a long enough secret"), {"Authorization": "Basic !"},
                            {"Authorization": "Basic"}):
                asked = shop.ask("GET", "/us/%s/shelf" % form, headers=headers)
                assert asked.status == 401 and asked.json() == document.json(), (headers, asked.text)
                assert asked.headers["WWW-Authenticate"].startswith("Basic realm=") and "Location" not in asked.headers and "Set-Cookie" not in asked.headers
                assert 'rel="http://opds-spec.org/auth/document"' in asked.headers["Link"]
        # With it: the library, in both forms, and the file of it, by the name that stays.
        shelf = shop.ask("GET", "/us/opds/shelf", headers=basic(login, password))
        assert shelf.status == 200 and shelf.headers["Content-Type"] == ACQUISITION and "no-store" in shelf.headers["Cache-Control"]
        feed = ET.fromstring(shelf.body)
        assert [e.findtext("a:title", namespaces=NAMES) for e in feed.findall("a:entry", NAMES)] == ["The Free One"]
        if shutil.which("jing"):
            done = subprocess.run(["jing", "-c", grammar(shop), shop.file("shelf.xml", shelf.body)], capture_output=True, text=True)
            assert done.returncode == 0, done.stdout
        link = links(feed.find("a:entry", NAMES), "http://opds-spec.org/acquisition")[0]
        assert link.get("type") == "application/epub+zip" and place(shop, link.get("href")) == "/us/library/%s.epub" % FREE
        file = shop.ask("GET", place(shop, link.get("href")), headers=basic(login, password))
        assert file.status == 200 and file.body == content and 'filename="%s.epub"' % FREE in file.headers["Content-Disposition"]
        assert shop.ask("GET", place(shop, link.get("href")), headers=basic(login, "wrong")).status == 401
        second = shop.ask("GET", "/us/opds2/shelf", headers=basic(login, password)).json()
        of("feed").validate(second)
        no_blanks(second)
        assert [l["href"] for l in second["publications"][0]["links"] if l["rel"] == "http://opds-spec.org/acquisition"] == [link.get("href")]
        # Nothing else: not the account, not the API.
        assert shop.ask("GET", "/us/account", headers=basic(login, password)).status == 303
        assert shop.ask("GET", "/api/v1/following", headers=basic(login, password)).status == 401
        assert shop.ask("GET", "/us/opds/shelf", headers={"Authorization": "Bearer " + password}).status == 401
        # Somebody else's device opens somebody else's shelf.
        ben = signed_up(shop, "Ben")
        theirs = device(ben, "Phone")
        assert "The Free One" not in shop.ask("GET", "/us/opds/shelf", headers=basic(*theirs)).text
        assert shop.ask("GET", "/us/library/%s.epub" % FREE, headers=basic(*theirs)).status == 404
        # The day it was last used is told; what is withheld of delivery is no file, and says by what.
        assert "never used" not in ann.get("/us/account/devices").text and shop.look("SELECT used % 86400 FROM device ORDER BY id LIMIT 1") == "0"
        made = shop.authority("--storefront", "us", "--edition", FREE, "--withhold", "delivery")
        entry = ET.fromstring(shop.ask("GET", "/us/opds/shelf", headers=basic(login, password)).body).find("a:entry", NAMES)
        assert links(entry, "http://opds-spec.org/acquisition") == [] and place(shop, links(entry, "describedby")[0].get("href")) == "/record/restrictions/%d" % made["id"]
        withheld = shop.ask("GET", "/us/opds2/shelf", headers=basic(login, password)).json()
        of("feed").validate(withheld)
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "Mended.")
        assert links(ET.fromstring(shop.ask("GET", "/us/opds/shelf", headers=basic(login, password)).body).find("a:entry", NAMES), "http://opds-spec.org/acquisition")
        # Taken back, it opens nothing from that moment on; others' are not taken back.
        data = ann.get("/us/account/data").json()
        assert [(d["name"], d["login"]) for d in data["devices"]] == [("Kobo", login)] and password not in json.dumps(data)
        number = re.search(r"/account/devices/(\d+)/remove", ann.get("/us/account/devices").text)[1]
        assert ben.post("/us/account/devices", "/us/account/devices/%s/remove" % number, {}).status == 303
        assert shop.ask("GET", "/us/opds/shelf", headers=basic(login, password)).status == 200
        assert ann.post("/us/account/devices", "/us/account/devices/%s/remove" % number, {}).status == 303
        assert shop.ask("GET", "/us/opds/shelf", headers=basic(login, password)).status == 401


def test_devices_are_made_by_whom_the_account_belongs_to():
    with Shop() as shop:
        shop.serve()
        assert shop.get("/us/account/devices").status == 303
        # A file is asked for by who shows forms, or by who would keep the form as the book.
        asked = shop.get("/us/library/%s.epub" % FREE, Accept="application/epub+zip, */*")
        assert asked.status == 401 and "Basic" in asked.headers["WWW-Authenticate"] and asked.headers["Content-Type"].startswith("application/opds-authentication+json")
        assert shop.get("/us/library/%s.epub" % FREE).status == 401 and shop.get("/us/library/%s.epub" % FREE, Accept="text/html,*/*;q=0.8").status == 303
        ann = signed_up(shop, "Ann")
        for fields, wrong in (({"name": "Kobo", "password": "not this one"}, "password"), ({"name": " ", "password": "a long enough secret"}, "name"),
                              ({"name": "K" * 61, "password": "a long enough secret"}, "name")):
            refused = ann.post("/us/account/devices", "/us/account/devices", fields)
            assert refused.status == 422 and 'role="alert"' in refused.text and 'aria-invalid="true"' in refused.text, (wrong, refused.text)
        login, password = device(ann, "<Kobo> & \u96fb\u5b50")
        assert "&lt;Kobo&gt; &amp; \u96fb\u5b50" in ann.get("/us/account/devices").text
        # At rest it is a slow hash of what KOReader sends.
        assert shop.look("SELECT password FROM device").startswith("$argon2id$")
        # Guessing is slowed down; what was right lately goes on.
        assert shop.ask("GET", "/us/opds/shelf", headers=basic(login, password)).status == 200
        answers = [shop.ask("GET", "/us/opds/shelf", headers=basic(login, "guess-%d" % n)) for n in range(12)]
        assert [a.status for a in answers[:10]] == [401] * 10 and answers[-1].status == 429 and int(answers[-1].headers["Retry-After"]) > 0
        assert shop.ask("GET", "/us/opds/shelf", headers=basic(login, password)).status == 200
        # The account takes them along when it goes.
        assert ann.post("/us/account/erase", "/us/account/erase", {"password": "a long enough secret"}).status == 303
        assert shop.look("SELECT COUNT(*) FROM device") == "0"
        assert shop.ask("GET", "/us/opds/shelf", headers=basic(login, password)).status in (401, 429)  # as for whoever guesses


def test_koreader_keeps_its_places_here():
    shop, content = stocked()
    with shop:
        ann, ben = signed_up(shop, "Ann"), signed_up(shop, "Ben")
        assert take(ann).status == 303
        kobo, phone, other = Kosync(shop, *device(ann, "Kobo")), Kosync(shop, *device(ann, "Phone")), Kosync(shop, *device(ben, "Kobo"))
        assert kobo.ask("GET", "/healthcheck") == (200, {"state": "OK"})
        # Nobody registers by it, and nobody is told who has.
        for name in ("somebody", kobo.login):
            assert kobo.ask("POST", "/users/create", {"username": name, "password": kobo.key})[0] == 402
        assert kobo.ask("POST", "/users/create", {"username": "somebody", "password": kobo.key})[1]["code"] == 2005
        for wrong in ({"username": "somebody"}, {"username": "some:body", "password": "x"}, {"username": 4, "password": "x"}, []):
            status, said = kobo.ask("POST", "/users/create", wrong)
            assert (status, said["code"]) == (403, 2003), wrong
        # Who it is.
        assert kobo.authorize() == (200, {"authorized": "OK"})
        unauthorized = (401, {"code": 2001, "message": "Unauthorized"})
        assert Kosync(shop, "\xff" * 8, "no text").authorize() == unauthorized  # whatever the database makes of such bytes
        for login, key in ((kobo.login, phone.key), ("nobody23", kobo.key), ("a:b", kobo.key), ("", ""), ("ann@example.org", hashlib.md5(b"a long enough secret").hexdigest())):
            wrong = Kosync(shop, login, "")
            wrong.key = key
            assert wrong.authorize() == wrong.pull(OTHER) == wrong.push(OTHER, "1", 0.5) == unauthorized, login
        # A document that is none of the shop's: kept as it was said, the last one counts, each reader has their own.
        assert kobo.pull(OTHER) == (200, {})
        status, kept = kobo.push(OTHER, "/body/DocFragment[12]/body/p[3]/text().0", 0.25, metadata={"title": "Mine"})
        assert status == 200 and kept["document"] == OTHER and kept["timestamp"] > 1700000000
        assert phone.pull(OTHER) == (200, {"document": OTHER, "percentage": 0.25, "progress": "/body/DocFragment[12]/body/p[3]/text().0", "device": "Kobo Libra",
                                           "device_id": "AB12", "timestamp": kept["timestamp"]})
        assert phone.push(OTHER, 31, 1)[0] == 200 and (kobo.pull(OTHER)[1]["progress"], kobo.pull(OTHER)[1]["percentage"]) == ("31", 1)
        assert other.pull(OTHER) == (200, {})
        # What is wrong is told by its code, and changes nothing.
        for more, code in (({"document": ""}, 2004), ({"document": "a:b"}, 2004), ({"document": None}, 2004), ({"progress": ""}, 2003), ({"progress": None}, 2003),
                           ({"percentage": "half"}, 2003), ({"percentage": 1.5}, 2003), ({"percentage": -1}, 2003), ({"device": ""}, 2003),
                           ({"device": "x" * 101}, 2003), ({"progress": "x" * 1001}, 2003), ({"document": "x" * 201}, 2003)):
            fields = {"document": OTHER, "progress": "7", "percentage": 0.1, "device": "Kobo", "device_id": "A", **more}
            status, said = kobo.ask("PUT", "/syncs/progress", fields)
            assert (status, said["code"]) == (403, code), (more, status, said)
        assert kobo.ask("PUT", "/syncs/progress", [1])[1]["code"] == 2003 and kobo.pull("a:b")[1]["code"] == 2004
        assert kobo.pull(OTHER)[1]["percentage"] == 1
        # A book of the library: how far it is read is one with the browser's.
        document = partial_md5(content)
        assert document == shop.look("SELECT partial_md5 FROM epub WHERE replaced = 0")
        assert kobo.pull(document) == (200, {}) and kobo.push(document, "/body/DocFragment[2]/body/p[1]/text().0", 0.4)[0] == 200
        assert shop.look("SELECT kind || ' ' || millionths || ' ' || device FROM reading_place") == "kosync 400000 Kobo Libra"
        assert shop.look("SELECT COUNT(*) FROM sync_place") == "1" and "40" in ann.get("/us/account/library").text
        assert phone.pull(document)[1]["progress"] == "/body/DocFragment[2]/body/p[1]/text().0"
        # The browser read on: the device is told how far, and the chapter, in its own way of saying where.
        edition = shop.look("SELECT edition_id FROM library")
        account = shop.look("SELECT account_id FROM library")
        shop.tamper("INSERT INTO reading_place (account_id, edition_id, kind, millionths, locator, device, device_id, at) "
                    "VALUES (%s, %s, 'web', 700000, 'epubcfi(/6/8!/4/2/1:0)', 'Firefox', '', 4000000000)" % (account, edition))
        status, there = phone.pull(document)
        assert (status, there["percentage"], there["progress"], there["device"]) == (200, 0.7, "/body/DocFragment[4]/body", "Firefox")
        # Where the browser's place says no part of the book, nothing is told: what a device said before would take its reader back.
        shop.tamper("UPDATE reading_place SET locator = '' WHERE kind = 'web'")
        assert phone.pull(document) == (200, {})
        # Whose library does not have it has a document like any other.
        assert other.push(document, "1", 0.1)[0] == 200 and shop.look("SELECT COUNT(*) FROM reading_place") == "2"
        # It is theirs: in their file, and gone with the account.
        data = ann.get("/us/account/data").json()
        assert [(p["document"], p["progress"]) for p in data["synced_places"]] == [(OTHER, "31")]
        assert ann.post("/us/account/erase", "/us/account/erase", {"password": "a long enough secret"}).status == 303
        assert shop.look("SELECT COUNT(*) FROM sync_place WHERE account_id = %s" % account) == "0" and shop.look("SELECT COUNT(*) FROM reading_place WHERE account_id = %s" % account) == "0"
        assert kobo.authorize() == unauthorized and other.pull(document)[1]["percentage"] == 0.1


def test_who_wants_no_places_kept_has_none():
    shop, _ = stocked()
    with shop:
        ann = signed_up(shop, "Ann")
        kobo = Kosync(shop, *device(ann))
        assert kobo.push(OTHER, "7", 0.5)[0] == 200
        account = shop.look("SELECT account_id FROM device")
        shop.tamper("INSERT INTO reading_off (account_id, since) VALUES (%s, 1)" % account)
        for answer in (kobo.authorize(), kobo.push(OTHER, "8", 0.6), kobo.pull(OTHER)):
            assert answer == (401, {"code": 2001, "message": "Unauthorized"})
        assert shop.ask("GET", "/us/opds/shelf", headers=basic(kobo.login, "x")).status == 401
        assert shop.look("SELECT progress FROM sync_place") == "7"
