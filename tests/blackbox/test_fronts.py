"""Caddy and nginx before a shop, as deploy/ configures them: Debian's own packages,
on free ports, with a certificate of the tests' own."""
import base64
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

from shop import EMMA, ROOT, Shop, Skipped, SLOWNESS

OTHERS = True  # see run.py

HOST, CHINA = "books.example", "books.example.cn"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def replaced(text, *pairs):
    """What stands in the file we ship, but for places and names; each must be there."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def make_certificate(folder, names):
    pem, key = os.path.join(folder, "front.pem"), os.path.join(folder, "front.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", "/CN=front", "-addext", "subjectAltName=" + ",".join("DNS:" + n for n in names),
                    "-keyout", key, "-out", pem], check=True, capture_output=True)
    return pem, key


class Answer:
    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.version, self.status = lines[0].split()[0], int(lines[0].split()[1])
        self.headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:] if ":" in line]
        self.body, self.text = body, body.decode("utf-8", "replace")

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def one(self, name):
        return (self.all(name) or [None])[0]


class Front:
    names = (HOST,)

    def __init__(self, shop, names=(HOST,)):
        self.shop, self.names = shop, names
        self.dir = os.path.join(shop.base, "front")
        os.makedirs(self.dir, exist_ok=True)
        os.chmod(shop.base, 0o755)
        self.https, self.http = free_port(), free_port()
        self.pem, self.key = make_certificate(self.dir, names)
        self.log = open(os.path.join(self.dir, "log"), "wb")
        self.process = subprocess.Popen(self.command(), stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL,
                                        env={**os.environ, "HOME": self.dir, "XDG_DATA_HOME": self.dir,
                                             "XDG_CONFIG_HOME": self.dir})
        end = time.time() + 20 * SLOWNESS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.https), timeout=1).close()
                return
            except OSError:
                assert self.process.poll() is None and time.time() < end, self.said()
                time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def said(self):
        with open(os.path.join(self.dir, "log"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def ask(self, path, *options, host=HOST, cookies=None):
        """Through curl, which speaks HTTP/2."""
        head, body = os.path.join(self.dir, "head"), os.path.join(self.dir, "body")
        for file in head, body:
            if os.path.exists(file):
                os.unlink(file)
        jar = ["-b", cookies, "-c", cookies] if cookies else []
        done = subprocess.run(["curl", "-s", "--http2", "--max-time", "30", "--cacert", self.pem, "--resolve",
                               "%s:%d:127.0.0.1" % (host, self.https), "-D", head, "-o", body, *jar, *options,
                               "https://%s:%d%s" % (host, self.https, urllib.parse.quote(path, safe="/?&=%"))],
                              capture_output=True)
        if done.returncode != 0 or not os.path.exists(head):
            return None
        with open(head, "rb") as f:
            heads = f.read().strip().split(b"\r\n\r\n")
        content = b""
        if os.path.exists(body):
            with open(body, "rb") as f:
                content = f.read()
        return Answer(heads[-1], content)


class Nginx(Front):
    def command(self):
        if not shutil.which("nginx", path="/usr/sbin:" + os.environ["PATH"]):
            raise Skipped("nginx is not installed")
        with open(os.path.join(ROOT, "deploy", "nginx", "colophon.conf"), encoding="utf-8") as f:
            site = f.read()
        site = replaced(site, ("127.0.0.1:8080", "127.0.0.1:%d" % self.shop.port),
                        ("listen 443 ssl", "listen 127.0.0.1:%d ssl" % self.https),
                        ("listen 80", "listen 127.0.0.1:%d" % self.http), ("server_name " + HOST, "server_name " + " ".join(self.names)),
                        ("/var/cache/nginx/colophon", os.path.join(self.dir, "cache")),
                        ("/etc/ssl/books.example.pem", self.pem), ("/etc/ssl/private/books.example.key", self.key))
        path = os.path.join(self.dir, "nginx.conf")
        with open(path, "w", encoding="utf-8") as f:
            # What Debian's nginx.conf has around it, in a folder of ours.
            f.write("daemon off; %s pid %s/pid; error_log stderr; worker_processes 1;\nevents {}\nhttp {\n"
                    "access_log off; include /etc/nginx/mime.types; client_body_temp_path %s/t1; proxy_temp_path %s/t2;\n"
                    "fastcgi_temp_path %s/t3; uwsgi_temp_path %s/t4; scgi_temp_path %s/t5;\n%s}\n"
                    % ("user root;" if os.getuid() == 0 else "", *[self.dir] * 6, site))
        return [shutil.which("nginx", path="/usr/sbin:" + os.environ["PATH"]), "-p", self.dir, "-c", path]


class Caddy(Front):
    def command(self):
        if not shutil.which("caddy"):
            raise Skipped("caddy is not installed")
        with open(os.path.join(ROOT, "deploy", "caddy", "Caddyfile"), encoding="utf-8") as f:
            site = f.read()
        names = ", ".join("https://%s:%d" % (name, self.https) for name in self.names)
        site = replaced(site, ("127.0.0.1:8080", "127.0.0.1:%d" % self.shop.port),
                        ("\n%s {" % HOST, "\n%s {\n\tbind 127.0.0.1\n\ttls %s %s\n\tlog {\n\t\toutput file %s/access\n\t}" % (
                            names, self.pem, self.key, self.dir)))
        path = os.path.join(self.dir, "Caddyfile")
        with open(path, "w", encoding="utf-8") as f:
            f.write("{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n\tstorage file_system %s/store\n}\n%s"
                    % (self.dir, site))
        return [shutil.which("caddy"), "run", "--config", path, "--adapter", "caddyfile"]


def behind(front, check):
    with Shop() as shop:
        shop.serve("--public-url", "https://" + HOST, "--trust-proxy")
        with front(shop, (HOST, CHINA)) as f:
            check(shop, f)


def passes_through(shop, front):
    shop.at_one_head(lambda: pages_pass_through(shop, front))


def pages_pass_through(shop, front):
    """HTTP/2; what Colophon compressed and tagged comes as it is, and 304 works."""
    path = "/us/books/" + EMMA
    direct = shop.get(path, Accept_Encoding="gzip", Host=HOST)
    page = front.ask(path, "-H", "Accept-Encoding: gzip")
    assert page.version == "HTTP/2" and page.status == 200, (page.version, page.status)
    assert page.one("Content-Encoding") == "gzip" and page.body == direct.body
    for name in "ETag", "Cache-Control", "Vary", "Content-Security-Policy", "Colophon-Record", "Content-Language":
        assert page.one(name) == direct.headers[name], name
    assert page.one("Strict-Transport-Security")
    assert "<html" in front.ask(path).text
    again = front.ask(path, "-H", "If-None-Match: " + page.one("ETag"))
    assert (again.status, again.body, again.one("ETag")) == (304, b"", page.one("ETag")), (again.status, again.body[:50], again.one("ETag"), page.one("ETag"))
    assert front.ask(path, "-I").one("ETag") == page.one("ETag")
    # Assets for ever, also out of a cache, in both forms.
    asset = re.search(r'href="(/static/[^"]+)"', front.ask(path).text)[1]
    for encoding in "gzip", "identity", "gzip", "identity":
        answer = front.ask(asset, "-H", "Accept-Encoding: " + encoding)
        assert answer.status == 200 and "immutable" in answer.one("Cache-Control")
        assert answer.one("Content-Encoding") == (encoding if encoding == "gzip" else None)
        assert answer.body == shop.get(asset, Accept_Encoding=encoding).body
    checkpoint = front.ask("/record/checkpoint")
    assert checkpoint.status == 200 and checkpoint.text.startswith("books.example\n")
    tile = front.ask("/record/tile/entries/000.p/%s" % checkpoint.text.split("\n")[1])
    assert tile.status == 200


def withholds_at_once(shop, front):
    path = "/cn/books/" + EMMA
    before = front.ask(path)
    assert before.status == 200 and 'class="slip' not in before.text
    entry = shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "ratings,reviews,comments")
    for options in (), ("-H", "If-None-Match: " + before.one("ETag")):
        now = front.ask(path, *options)
        assert now.status == 200 and 'class="slip' in now.text and "/record/restrictions/%d" % entry["id"] in now.text
    other = shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "listing")
    gone = front.ask(path)
    assert gone.status == 451
    assert '<https://%s/>; rel="blocked-by"' % HOST in ", ".join(gone.all("Link")), gone.all("Link")
    shop.ok("restriction", "lift", str(other["id"]), "--reason", "Withdrawn.")
    assert front.ask(path).status == 200


def readers_sign_in(shop, front):
    jar = os.path.join(shop.base, "jar")
    form = front.ask("/us/sign-up", cookies=jar)
    assert all(word in form.one("Set-Cookie") for word in ("__Host-form=", "Secure", "HttpOnly", "Path=/"))
    token = re.search(r'name="token" value="([^"]*)"', form.text)[1]
    fields = ["--data-urlencode", "token=" + token, "--data-urlencode", "name=Ann", "--data-urlencode",
              "email=ann@example.org", "--data-urlencode", "password=a long enough secret"]
    signed = front.ask("/us/sign-up", "-H", "Origin: https://" + HOST, *fields, cookies=jar)
    assert signed.status == 303, signed.text
    account = front.ask("/us/account", cookies=jar)
    assert account.status == 200 and "Ann" in account.text and "no-store" in account.one("Cache-Control")
    assert front.ask("/us/account").status == 303  # nobody else is shown it
    foreign = front.ask("/us/sign-up", "-H", "Origin: https://elsewhere.example", *fields, cookies=jar)
    assert foreign.status == 403


def takes_nothing_else(shop, front):
    large = os.path.join(shop.base, "large")
    with open(large, "wb") as f:
        f.write(b"x" * (2 << 20))
    refused = front.ask("/us/sign-up", "--data-binary", "@" + large)
    assert refused is None or refused.status == 413, refused.status
    for method in "PROPFIND", "MKCOL", "COPY", "LOCK", "TRACE", "PATCH":
        answer = front.ask("/us/", "-X", method)
        assert answer is None or answer.status in (405, 501), (method, answer.status)
    assert shop.get("/us/").status == 200
    other = front.ask("/us/", "-k", host="other.example")
    assert other is None or other.status in (400, 404, 421) or other.body == b"", other.status
    mixed = front.ask("/us/", "-H", "Host: other.example")
    assert mixed is None or mixed.status in (400, 404, 421) or mixed.body == b"", mixed.status


def tells_who_asks(shop, front):
    """Whoever forges X-Forwarded-For is limited all the same."""
    statuses = []
    for i in range(12):
        answer = front.ask("/api/v1/accounts", "-H", "Content-Type: application/json", "-H", "X-Forwarded-For: 192.0.2.%d" % i,
                           "--data", json.dumps({"email": "taken@example.org", "password": "long enough", "name": "N"}))
        statuses.append(answer.status)
    assert statuses[:2] == [201, 409] and 429 in statuses, statuses


def names_a_country(shop, front):
    shop.ok("storefront", "set", "cn", "--host", CHINA)
    shop.until(lambda: shop.get("/books/" + EMMA, Host=CHINA).status == 200, "the host name")
    page = front.ask("/books/" + EMMA, host=CHINA)
    assert page.status == 200 and page.version == "HTTP/2" and page.one("Content-Language") == "zh-Hans"
    assert front.ask("/books/" + EMMA).status == 404
    asset = re.search(r'href="(/static/[^"]+)"', page.text)[1]
    assert front.ask(asset, host=CHINA).status == 200
    assert "__Host-form=" in front.ask("/sign-up", host=CHINA).one("Set-Cookie")


CHECKS = (passes_through, withholds_at_once, readers_sign_in, takes_nothing_else, tells_who_asks, names_a_country)


def test_nginx():
    behind(Nginx, lambda shop, front: [check(shop, front) for check in CHECKS])


def test_caddy():
    behind(Caddy, lambda shop, front: [check(shop, front) for check in CHECKS])


def test_caddy_speaks_http_3():
    """Chromium is the client: Debian's curl has no HTTP/3."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        raise Skipped("there is no chromium to ask with")

    def check(shop, front):
        assert 'h3=":%d"' % front.https in front.ask("/us/").one("Alt-Svc")
        key = subprocess.run(["openssl", "x509", "-in", front.pem, "-pubkey", "-noout"], check=True, capture_output=True).stdout
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=key, check=True, capture_output=True).stdout
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-binary"], input=der, check=True, capture_output=True).stdout
        url = "https://%s:%d/us/books/%s" % (HOST, front.https, EMMA)
        place = tempfile.mkdtemp(prefix="h3-", dir="/tmp")  # its socket's path must be short
        page = subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + place,
             "--enable-quic", "--origin-to-force-quic-on=%s:%d" % (HOST, front.https),
             "--host-resolver-rules=MAP %s 127.0.0.1" % HOST,
             "--ignore-certificate-errors-spki-list=" + base64.b64encode(digest).decode(), "--dump-dom", url],
            capture_output=True, timeout=120 * SLOWNESS, env={**os.environ, "TMPDIR": place, "HOME": place})
        shutil.rmtree(place, ignore_errors=True)
        assert b"Emma" in page.stdout, page.stderr.decode("utf-8", "replace")[-2000:] + front.said()[-1500:]
        with open(os.path.join(front.dir, "access"), encoding="utf-8") as f:
            asked = [json.loads(line)["request"] for line in f]
        assert any(r["proto"] == "HTTP/3.0" and r["uri"].endswith(EMMA) for r in asked), [r["proto"] for r in asked]
    behind(Caddy, check)
