"""A shop to test: the real binary on a folder of its own, over the command line
and HTTP. Nothing here knows more than somebody outside."""
import fcntl
import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse

from postgres import READER, WRITER, as_role, drop_database, make_database, psql

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
COLOPHON = os.path.abspath(os.environ.get("COLOPHON", os.path.join(ROOT, "build", "colophon")))
SAMPLES = os.path.join(ROOT, "samples")
# Where tests run on PostgreSQL: its URL (run.py --postgres).
POSTGRES = os.environ.get("COLOPHON_TEST_POSTGRES")
# Where shops lie that tests get copies of (run.py); without, each makes its own.
PREPARED = os.environ.get("COLOPHON_TEST_PREPARED")
SHARED = os.environ.get("COLOPHON_SHARED", os.path.join(ROOT, "..", "shared"))
# How many times longer than alone things may take: sanitizers, valgrind.
SLOWNESS = float(os.environ.get("COLOPHON_SLOWNESS", "1"))
EMMA = "9780000000040"  # a paperback of the samples
JOURNEY_CN = "西游记"


class Skipped(Exception):
    pass


def shared(*parts):
    path = os.path.join(SHARED, "data", *parts)
    if not os.path.exists(path):
        raise Skipped("../shared is absent")
    return path


def moment(t):
    """Seconds since 1970 as COLOPHON_NOW wants them."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t))


def run(*args, stdin=None, env=None, timeout=120):
    """The command's exit status, standard output and error."""
    done = subprocess.run([COLOPHON, *args], input=stdin, capture_output=True, timeout=timeout * SLOWNESS,
                          env={**os.environ, **(env or {})})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body
        self.text = body.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.body)


class Prepared:
    """A shop as the commands left it, made once in a run, by the first test that
    wants one like it; the others get copies. They share its key."""

    def __init__(self, samples, origin, cluster):
        kind = "%s-%s-%s" % ("samples" if samples else "empty", origin, "postgres" if cluster else "sqlite")
        self.place = os.path.join(PREPARED, kind)
        with open(self.place + ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not os.path.exists(self.place):
                self.make(samples, origin, cluster)

    def make(self, samples, origin, cluster):
        shop = Shop.__new__(Shop)
        shop.base, shop.server, shop.env = PREPARED, None, {}
        shop.dir = tempfile.mkdtemp(prefix="making-", dir=PREPARED)
        shop.database = make_database(cluster) if cluster else None
        shop.make(samples, origin, roles=True)
        with open(self.place + ".url", "w", encoding="utf-8") as f:
            f.write(shop.database or "")
        os.rename(shop.dir, self.place)

    def copy(self, to):
        """The copy's database, where that is not in the folder."""
        # An index is mostly holes, which cp leaves holes.
        subprocess.run(["cp", "-a", self.place, to], check=True)
        pointer = os.path.join(to, "database")
        if not os.path.exists(pointer):
            return None
        with open(self.place + ".url", encoding="utf-8") as f:
            made = f.read()
        url = make_database(POSTGRES, template=made)
        with open(pointer, encoding="utf-8") as f:
            lines = f.read().replace(made.rsplit("/", 1)[1], url.rsplit("/", 1)[1])
        with open(pointer, "w", encoding="utf-8") as f:
            f.write(lines)
        return url


class Shop:
    host = "127.0.0.1"  # where it listens
    never_served = False
    before = ()         # what its server is started by

    def __init__(self, samples=True, origin="books.example", database=True):
        """`database`: False for a file in any case; a cluster's URL for one there.
        Where the run is on PostgreSQL, each duty has its role."""
        self.base = tempfile.mkdtemp(prefix="colophon-test-")
        self.dir = os.path.join(self.base, "shop")
        self.server = None
        self.env = {}
        cluster = POSTGRES if database is True else database
        prepared = Prepared(samples, origin, cluster) if PREPARED and cluster in (POSTGRES, False, None) else None
        if prepared:
            self.database = prepared.copy(self.dir)
        else:
            self.database = make_database(cluster) if cluster else None
            self.make(samples, origin, roles=cluster == POSTGRES)
        self.never_served = True

    def make(self, samples, origin, roles):
        self.ok("init", "--origin", origin, *(["--database", self.database] if self.database else []))
        if self.database and roles:
            self.ok("database", "grant", "--owner", self.database, "--writer", as_role(self.database, WRITER),
                    "--reader", as_role(self.database, READER))
        self.ok("staff", "require-second-factor", "off")  # test_staff.py has it on
        self.ok("storefront", "add", "us", "--unresearched", "sell", "--country", "US", "--language", "en", "--currency", "USD")
        self.ok("storefront", "add", "cn", "--unresearched", "sell", "--country", "CN", "--language", "zh-Hans", "--language", "en",
                "--currency", "CNY")
        self.ok("shop", "add", "main", "--name", "Riverside")
        # The first start publishes the ranking rule, and a first head after it. That was days ago: where tests
        # begin, the Record rests.
        self.serve(wait=False, env={"COLOPHON_NOW": moment(time.time() - 3 * 86400)})
        self.until(lambda: {"ranking_version", "head"} <= self.kinds(), "the ranking rule's entry and the head after it")
        self.stop()
        if samples:
            self.ok("import", "--shop", "main", os.path.join(SAMPLES, "classics.xml"),
                    os.path.join(SAMPLES, "chinese-classics.xml"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)
        if self.database:
            drop_database(self.database)

    def tamper(self, *statements):
        """Changes the database behind Colophon's back."""
        for statement in statements:
            if self.database:
                psql(self.database, statement)
                continue
            with sqlite3.connect(os.path.join(self.dir, "colophon.db")) as db:
                db.execute(statement)
            db.close()

    def look(self, question):
        """The first value that SQL finds behind Colophon's back, as text."""
        if self.database:
            return psql(self.database, question).split("\n")[0].split("|")[0]
        with sqlite3.connect(os.path.join(self.dir, "colophon.db")) as db:
            value = db.execute(question).fetchone()[0]
        db.close()
        return str(value)

    def blob(self, value):
        """Bytes as a literal of the database's SQL."""
        return "'\\x%s'" % value.hex() if self.database else "x'%s'" % value.hex()

    # -- the command line

    def run(self, *args, **keywords):
        return run("-d", self.dir, *args, env={**self.env, **keywords.pop("env", {})}, **keywords)

    def ok(self, *args, **keywords):
        status, out, err = self.run(*args, **keywords)
        assert status == 0, "%s: exit %d: %s" % (" ".join(args), status, err)
        return out

    def file(self, name, content):
        path = os.path.join(self.base, name)
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        return path

    def import_feed(self, *paths, report=True, **keywords):
        """Exit status, summary and findings."""
        report_path = os.path.join(self.base, "report.jsonl")
        status, out, err = self.run("import", "--shop", "main", "--json", "--report", report_path, *paths, **keywords)
        with open(report_path, encoding="utf-8") as f:
            findings = [json.loads(line) for line in f]
        return status, json.loads(out) if out.strip() else None, findings, err

    # -- serving

    def serve(self, *options, env=None, wait=True):
        self.stop()
        before = self.decisions() if wait and self.never_served else 0
        self.never_served = False
        self.server = subprocess.Popen([*self.before, COLOPHON, "-d", self.dir, "serve", "--listen", self.host + ":0", *options],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       env={**os.environ, **self.env, **(env or {})})
        line = self.server.stdout.readline().decode()
        if not line:
            raise AssertionError("serve: " + self.server.stderr.read().decode())
        self.port = int(re.search(r":(\d+)", line)[1])
        self.url = "http://%s:%d" % (self.host, self.port)
        if wait:
            self.until(lambda: self.get("/api/v1/us/search?q=").status == 200, "the index")
            self.until(lambda: '"pages"' not in self.get("/readyz").text, "the first pages")
        if before > 0:
            self.await_head(before)
        return self

    def decisions(self):
        """How many are published; 0 where that cannot be told."""
        status, out, _ = self.run("record", "export", "jsonl")
        return out.count('"log":"decisions"') if status == 0 else 0

    def await_head(self, before):
        """The last head is days old where a test begins: its server signs one as soon as it can, if it can."""
        end = time.time() + 2 * SLOWNESS
        while time.time() < end and int(self.get("/healthz").headers.get("Colophon-Record", "0").split()[0]) <= before:
            time.sleep(0.02)

    def stop(self):
        if self.server is None:
            return
        server, self.server = self.server, None
        server.send_signal(signal.SIGTERM)
        try:
            said = server.communicate(timeout=20 * SLOWNESS)[1].decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            server.kill()
            server.communicate()
            raise AssertionError("serve does not end")
        self.said = said
        # Leaks and the like are told at the end, by the status alone.
        assert server.returncode == 0, "serve ended with %d: %s" % (server.returncode, said)

    def kill(self):
        self.server.kill()
        self.server.wait()
        self.server.stdout.close()
        self.server.stderr.close()
        self.server = None

    def until(self, condition, what, seconds=10):
        """A list that is still too short, a pattern that does not stand there yet: `condition` looks again."""
        end, missing = time.time() + seconds * SLOWNESS, None
        while time.time() < end:
            try:
                if condition():
                    return
                missing = None
            except (LookupError, TypeError) as error:
                missing = error
            time.sleep(0.02)
        raise AssertionError("%s did not come within %d s" % (what, seconds)) from missing

    def at_one_head(self, check):
        """What `check` returns, and whether it holds while the head of the Record is the same: one is signed at a start
        and every minute, and every page names it."""
        def head():
            return self.get("/healthz").headers["Colophon-Record"]
        while True:
            before = head()
            try:
                return check()
            except AssertionError:
                time.sleep(0.2)  # what is committed a moment ago is not in memory yet
                if head() == before:
                    raise

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60 * SLOWNESS)
        connection.request(method, urllib.parse.quote(path, safe="/?&=%:+,~.-_#"), body=body, headers=headers or {})
        response = connection.getresponse()
        answer = Answer(response, response.read())
        connection.close()
        return answer

    def get(self, path, **headers):
        """As a browser does, which keeps a link's fragment to itself."""
        return self.ask("GET", path.partition("#")[0], headers={k.replace("_", "-"): v for k, v in headers.items()})

    def api(self, method, path, body=None, token=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = "Bearer " + token
        return self.ask(method, "/api/v1" + path, None if body is None else json.dumps(body), headers)

    def raw(self, request):
        """Bytes as they are; the answer's bytes."""
        with socket.create_connection((self.host, self.port), timeout=10) as s:
            out = b""
            try:
                s.sendall(request)
                s.shutdown(socket.SHUT_WR)
            except OSError:  # refused before all of it was sent
                pass
            while True:
                try:
                    part = s.recv(65536)
                except ConnectionResetError:
                    return out
                if not part:
                    return out
                out += part

    # -- readers

    def reader(self, name):
        email, password = "%s@example.org" % name, "a long enough secret"
        made = self.api("POST", "/accounts", {"email": email, "password": password, "name": name.title()})
        assert made.status == 201, made.text
        signed = self.api("POST", "/session", {"email": email, "password": password})
        assert signed.status == 201, signed.text
        return signed.json()["token"]

    def edition(self, isbn, storefront="us"):
        return self.api("GET", "/%s/editions/%s" % (storefront, isbn)).json()

    def work(self, isbn):
        return self.edition(isbn)["work"]["id"]

    def restrict(self, *args, until="2099-12-31"):
        if "terms" in args and "--legal-basis" not in args:  # no such ground without its clause
            args = (*args, "--legal-basis", "Terms, § 3")
        out = self.ok("restriction", "add", "--reason", "Because we were told to.", "--until", until, "--json", *args)
        return json.loads(out)

    def authority(self, *args, **keywords):
        if args.count("--storefront") > 1:  # beyond one country an order says why
            args = ("--scope-reason", "The order names each of them.", *args)
        return self.restrict("--ground", "authority-order", "--authority", "Example Authority",
                             "--legal-basis", "Act 1, § 4", "--reference", "2026/17", *args, **keywords)

    def kinds(self):
        """Of the entries that are published."""
        return {json.loads(line)["entry"].get("type") for line in self.ok("record", "export", "jsonl").splitlines()}

    def audit(self, *options, url=None):
        status, out, err = run("audit", url or self.url, *options, timeout=300)
        return status, out, err


class Node(Shop):
    """Another node of a shop that lies in PostgreSQL: a folder of its own, and with
    `key` the key of the first, so that it may lead."""

    def __init__(self, first, name, key=True, database=None):
        self.base, self.dir = first.base, os.path.join(first.base, name)
        self.server, self.env, self.database = None, dict(first.env), None
        self.first, self.key = first, os.path.join(first.dir, "key") if key else None
        self.ok("join", "--database", database or first.database)

    def __exit__(self, *_):
        self.stop()

    def serve(self, *options, **keywords):
        return super().serve(*(["--key-file", self.key] if self.key else []), *options, **keywords)


class Browser:
    """A reader with cookies and forms, without JavaScript."""

    def __init__(self, shop):
        self.shop, self.cookies = shop, {}

    def ask(self, method, path, fields=None, headers=None):
        headers = dict(headers or {})
        if self.cookies:
            headers["Cookie"] = "; ".join("%s=%s" % c for c in self.cookies.items())
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.shop.ask(method, path, body, headers)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            if "Max-Age=0" in cookie:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer

    def get(self, path):
        return self.ask("GET", path)

    def post(self, page, action, fields):
        """Sends a form that stands on `page`, with its token."""
        token = re.search(r'name="token" value="([^"]*)"', self.get(page).text)
        return self.ask("POST", action, {**fields, "token": token[1] if token else ""})

    def sign_up(self, storefront, name):
        return self.post("/%s/sign-up" % storefront, "/%s/sign-up" % storefront,
                         {"name": name, "email": "%s@example.org" % name.lower(), "password": "a long enough secret"})


def onix(*products, header="", release="3.0", declaration='<?xml version="1.0" encoding="UTF-8"?>\n'):
    return ('%s<ONIXMessage release="%s"><Header><Sender><SenderName>Test</SenderName></Sender>'
            '<SentDateTime>20261120T0900Z</SentDateTime>%s</Header>%s</ONIXMessage>' % (
                declaration, release, header, "".join(products)))


def product(reference, isbn, title="A title", notification="03", source="01", rights="WORLD", extra="", amount="9.90",
            blocks=True):
    body = ""
    if blocks:
        body = (
            '<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>BC</ProductForm><TitleDetail>'
            '<TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>%s</TitleText>'
            '</TitleElement></TitleDetail><Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01'
            '</ContributorRole><PersonName>Somebody</PersonName></Contributor><Language><LanguageRole>01</LanguageRole>'
            '<LanguageCode>eng</LanguageCode></Language></DescriptiveDetail>'
            '<PublishingDetail><PublishingStatus>04</PublishingStatus><SalesRights><SalesRightsType>01</SalesRightsType>'
            '<Territory><RegionsIncluded>%s</RegionsIncluded></Territory></SalesRights>%s</PublishingDetail>'
            '<ProductSupply><SupplyDetail><Supplier><SupplierRole>01</SupplierRole><SupplierName>S</SupplierName></Supplier>'
            '<ProductAvailability>20</ProductAvailability><Price><PriceType>01</PriceType><PriceAmount>%s</PriceAmount>'
            '<CurrencyCode>USD</CurrencyCode></Price></SupplyDetail></ProductSupply>' % (title, rights, extra, amount))
    return ('<Product><RecordReference>%s</RecordReference><NotificationType>%s</NotificationType><RecordSourceType>%s'
            '</RecordSourceType><ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>%s</IDValue>'
            '</ProductIdentifier>%s</Product>' % (reference, notification, source, isbn, body))
