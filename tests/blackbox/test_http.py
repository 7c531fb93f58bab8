"""HTTP: what is refused before anybody looks at it, and what answers carry."""
import base64
import gzip
import hashlib
import os
import re
import resource
import socket

from shop import EMMA, Browser, Shop

def split(answer):
    """Every answer on the connection: status, headers in lower case, body."""
    out = []
    while answer:
        head, _, rest = answer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", len(rest)))
        out.append((int(lines[0].split()[1]), headers, rest[:length]))
        if headers.get("connection") == "close":
            return out
        answer = rest[length:]
    return out


HOST = b"Host: x\r\n"


def test_requests_that_are_read_in_two_ways_are_refused():
    post = b"POST /us/sign-in HTTP/1.1\r\n" + HOST
    with Shop(samples=False) as shop:
        shop.serve(wait=False)
        for request, statuses in [
            (post + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", [400]),
            (post + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na", [400]),
            (post + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400]),
            (post + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", [400]),
            (post + b"Transfer-Encoding: identity\r\n\r\nab", [400]),
            (post + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400]),
            (post + b"Content-Length : 4\r\n\r\nabcd", [400]),
            (post + b"Content-Length: -1\r\n\r\n", [400]),
            (post + b"Content-Length: +4\r\n\r\nabcd", [400]),
            (post + b"Content-Length: 0x4\r\n\r\nabcd", [400]),
            (post + b"Content-Length: 4, 4\r\n\r\nabcd", [400]),
            (post + b"Content-Length: 18446744073709551617\r\n\r\na", [400, 413]),
            (post + b"Content-Length: 99999999\r\n\r\n", [413]),
            (b"POST /us/sign-in HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400]),
            (b"GET /us/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", [400]),
            (b"GET /us/ HTTP/1.1\r\nHost: a/b\r\n\r\n", [400]),
            (b"GET /us/ HTTP/1.1\r\nHost: a\"><b\r\n\r\n", [400]),
            (b"GET /us/ HTTP/1.1\r\nHost:\r\n\r\n", [400]),
            (b"GET /us/ HTTP/1.1\r\n\r\n", [400]),
            (b"GET /us/ HTTP/1.1\r\n" + HOST + b"X-Note: a\x01b\r\n\r\n", [400]),
            (b"GET /us/ HTTP/1.1\r\n" + HOST + b"X-Note: a\x7fb\r\n\r\n", [400]),
            (b"GET /us/ HTTP/1.1\r\n" + HOST + b"X(Note): a\r\n\r\n", [400]),
            (b"GET /us/ HTTP/1.1\r\n" + HOST + b"Cookie: a=1\r\nCookie: b=2\r\n\r\n", [400]),
            (b"GET /us/ HTTP/1.1\r\n" + HOST + b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", [400]),
            (b"GET /us/\x7f HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET /us/\x01 HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET /us/\xff HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            # One character, half of it escaped: fine once decoded, none as it stands.
            (b"GET /api/v1/\xc3%a9 HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET /us/%00 HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET /us/%0d%0aX:y HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET /us/%zz HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET /us/% HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET /us/%ff HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET /us/%c0%af HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET /us/search?q=%01 HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET /us/search?" + b"&".join(b"a=1" for _ in range(201)) + b" HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET /" + b"a/" * 40 + b" HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET us/ HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
            (b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", [414, 431]),
            (b"GET /us/ HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 70000 + b"\r\n\r\n", [431]),
            (b"GET /us/ HTTP/1.1\r\n" + HOST + b"Cookie: session=" + b"a" * 70000 + b"\r\n\r\n", [431]),
            (b"GET /us/ HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\nabcd", [413]),
            (b"BREW /us/ HTTP/1.1\r\n" + HOST + b"\r\n", [501]),
            (b"GET /us/ HTTP/2.0\r\n" + HOST + b"\r\n", [400, 505]),
            (b"GET /us/ HTTP/1.7\r\n" + HOST + b"\r\n", [400, 505]),
            (b"GET /us/\r\n\r\n", [400, 505]),
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", [400, 501, 505]),
        ]:
            # What follows must not be taken for a request of its own.
            answer = shop.raw(request + b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answers = split(answer)
            assert answer.count(b"Colophon-Record:") <= 1 and b"healthz" not in answer and b"ready" not in answer, (request[:90], answer)
            assert len(answers) <= 1 and all(a[0] in statuses for a in answers), (request[:90], answers)
            assert answers or len(request) > 60000 or request[0] == 0x16, request[:90]
            if answers and b"/api/" in request:
                assert answers[0][1]["content-type"] == "application/problem+json", answers
        assert shop.get("/healthz").status == 200


def test_what_is_odd_but_allowed():
    with Shop(samples=False) as shop:
        shop.serve(wait=False)
        for request, wanted in [
            (b"GET /healthz HTTP/1.0\r\n\r\n", 200),
            (b"GET http://elsewhere.example/us/ HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n", 200),
            (b"GET /cn/?q=\xe7\xba\xa2 HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n", 200),
            (b"GET /us/ HTTP/1.1\r\nConnection: close\r\n" + HOST + b"Range: bytes=0-10,5-\r\n\r\n", 200),
            (b"GET /us/../../etc/passwd HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n", 404),
            (b"GET /static/../../../etc/passwd HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n", 404),
            (b"GET /static/%2e%2e%2fstyle.css HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n", 404),
            (b"GET /record/tile/0/../../checkpoint HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n", 404),
            (b"GET //evil.example/us/ HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n", 404),
            (b"GET /us HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n", 308),
            (b"POST /us/sign-in HTTP/1.1\r\nConnection: close\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
             b"Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n", 403),
        ]:
            answers = split(shop.raw(request))
            assert [a[0] for a in answers] == [wanted], (request, answers)
        slow = socket.create_connection(("127.0.0.1", shop.port))
        slow.sendall(b"POST /us/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na")
        assert shop.get("/us/").status == 200  # others do not wait
        slow.close()
        assert shop.get("/us?x=1").headers["Location"] == "/us/?x=1"


def test_wrong_methods_say_what_is_allowed():
    with Shop(samples=False) as shop:
        shop.serve(wait=False)
        for method, path, allowed in [("POST", "/us/", "OPTIONS, GET, HEAD"), ("PATCH", "/us/", "OPTIONS, GET, HEAD"),
                                      ("TRACE", "/healthz", "OPTIONS, GET, HEAD"), ("GET", "/us/sign-out", "OPTIONS, POST"),
                                      ("DELETE", "/us/sign-in", "OPTIONS, GET, HEAD, POST"), ("PUT", "/record/checkpoint", "OPTIONS, GET, HEAD")]:
            answer = shop.ask(method, path)
            assert answer.status == 405 and answer.headers["Allow"] == allowed, (method, path, answer.status, answer.headers["Allow"])
        answer = shop.api("DELETE", "/restrictions")
        assert answer.status == 405 and answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Allow"] == "OPTIONS, GET, HEAD" and answer.json()["instance"] == "/api/v1/restrictions"
        answer = shop.ask("OPTIONS", "/api/v1/session")
        assert answer.status == 204 and answer.headers["Allow"] == "OPTIONS, POST, DELETE" and answer.body == b""
        assert shop.ask("OPTIONS", "/nothing").status == 404
        assert shop.ask("HEAD", "/nothing").body == b""


def test_headers_of_every_answer():
    with Shop() as shop:
        shop.serve()
        for path in ["/", "/us/", "/us/books/" + EMMA, "/record/", "/us/nothing", "/api/v1/restrictions", "/us/sign-in",
                     "/us/account", "/us/covers/" + EMMA, "/record/feed.atom", "/record/checkpoint", "/healthz", "/us"]:
            answer = shop.get(path)
            headers = answer.headers
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy, path
            # A script is a file of ours, where a page has one, and nowhere else; but for the line that fetches one later.
            body, lines = answer.body.decode("utf-8", "replace"), []
            for line in re.findall(r"<script>(.*?)</script>", body, re.S):
                hashed = "'sha256-%s'" % base64.b64encode(hashlib.sha256(line.encode()).digest()).decode()
                assert hashed in policy, (path, hashed)
                body, lines = body.replace("<script>%s</script>" % line, ""), lines + [hashed]
            assert len(lines) <= 1 and ("sha256" in policy) == ("script" in policy), path
            scripts = re.findall(r"<script[^>]*>", body.replace('<script type="application/ld+json">', "")) if b"<html" in answer.body else []
            assert all(re.fullmatch(r'<script src="/static/[0-9a-f]{16}/[a-z]+\.js" defer>', s) for s in scripts), (path, scripts)
            if scripts or lines:
                assert re.search(r"script-src 'self' 'sha256-[^' ]+';", policy) and "connect-src 'self';" in policy and "unsafe" not in policy, path
            else:
                assert "script" not in policy and "connect" not in policy and "unsafe" not in policy, path
            assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin", path
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
            assert "Cookie" in headers["Vary"] and "Accept-Language" in headers["Vary"], path
        assert "<script" not in shop.get("/record/").text
        assert shop.get("/us/sign-in").headers["Cache-Control"] == "private, no-store"
        cookie = shop.get("/us/sign-in").headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
        # What one reader sees is never another's.
        reader = Browser(shop)
        reader.sign_up("us", "Ann")
        for path in ["/us/", "/us/books/" + EMMA, "/us/search?q=emma"]:
            shop.get(path)
            own = reader.get(path)
            assert own.headers["Cache-Control"].startswith("private") and "/us/account" in own.text, path
            assert "/us/account" not in shop.get(path).text
            assert shop.get(path).headers["Cache-Control"] == "no-cache"
        # Nor one language another's, where the client chooses.
        assert shop.get("/record/", Accept_Language="zh-CN").headers["Content-Language"] == "zh-Hans"
        assert shop.get("/record/", Accept_Language="en").headers["Content-Language"] == "en"
        one = shop.get("/record/feed.atom", Host="one.example").text
        assert "one.example" not in shop.get("/record/feed.atom", Host="two.example").text and "one.example" in one


def test_cookies_over_https_and_no_secrets_in_logs():
    with Shop() as shop:
        shop.serve("--public-url", "https://books.example/")
        reader = Browser(shop)
        cookie = reader.get("/us/sign-in").headers["Set-Cookie"]
        assert cookie.startswith("__Host-form=") and "Secure" in cookie and "Path=/;" in cookie and "HttpOnly" in cookie
        signed = reader.sign_up("us", "Ann")
        assert signed.status == 303 and signed.headers["Set-Cookie"].startswith("__Host-session=")
        assert all(word in signed.headers["Set-Cookie"] for word in ("Secure", "HttpOnly", "SameSite=Lax"))
        token = shop.reader("bob")
        shop.api("POST", "/session", {"email": "bob@example.org", "password": "a wrong secret"})
        kept = list(reader.cookies.values())
        reader.get("/us/account?token=" + token)
        server = shop.server
        shop.server = None
        server.terminate()
        said = b"".join(server.communicate(timeout=20)).decode()
        for secret in [token, *kept, "a long enough secret", "a wrong secret", "bob@example.org"]:
            assert secret not in said
        for folder, _, files in os.walk(shop.dir):
            for name in filter(lambda n: os.path.isfile(os.path.join(folder, n)), files):
                with open(os.path.join(folder, name), "rb") as f:
                    held = f.read()
                for secret in [token, "a long enough secret", *kept]:
                    assert secret.encode() not in held, (name, secret)


def test_forwarded_addresses_count_only_from_a_proxy():
    guess = lambda shop, address: shop.ask("POST", "/api/v1/accounts", b'{"email":"taken@example.org","password":"long enough","name":"N"}',
                                           {"Content-Type": "application/json", "X-Forwarded-For": address}).status
    for options, alike in [((), True), (("--trust-proxy",), False)]:
        with Shop(samples=False) as shop:
            shop.serve(*options, wait=False)
            answers = [guess(shop, "192.0.2.%d" % i) for i in range(1, 11)]
            assert answers[:2] == [201, 409]
            assert (429 in answers) == alike, answers
            if not alike:  # the last address is the proxy's word; one IPv6 network is one client
                assert 429 in [guess(shop, "198.51.100.%d, 203.0.113.7" % i) for i in range(1, 11)]
                assert 429 in [guess(shop, "2001:db8::%x" % i) for i in range(1, 11)]
            limited = shop.ask("POST", "/api/v1/accounts", b'{"email":"taken@example.org","password":"long enough","name":"N"}',
                               {"Content-Type": "application/json", "X-Forwarded-For": "203.0.113.7"})
            assert limited.status == 429 and int(limited.headers["Retry-After"]) > 0
            assert limited.json()["title"] == "Too many requests"


def test_revalidation_head_and_gzip():
    with Shop() as shop:
        shop.serve()

        def revalidated():
            page = shop.get("/us/books/" + EMMA)
            assert page.headers["Cache-Control"] == "no-cache"
            again = shop.get("/us/books/" + EMMA, If_None_Match=page.headers["ETag"])
            assert again.status == 304 and again.body == b""
            head = shop.ask("HEAD", "/us/books/" + EMMA)
            assert head.status == 200 and head.body == b""
            packed = shop.get("/us/books/" + EMMA, Accept_Encoding="gzip")
            assert gzip.decompress(packed.body) == page.body
            # Kept in gzip form for who asked for that, and the same for who did not.
            first = shop.get("/us/books/%s?n=1" % EMMA, Accept_Encoding="gzip")
            for _ in range(2):
                plain = shop.get("/us/books/%s?n=1" % EMMA)
                assert plain.headers["Content-Encoding"] is None and gzip.decompress(first.body) == plain.body
                assert plain.headers["ETag"] == first.headers["ETag"]
            return page
        page = shop.at_one_head(revalidated)
        shop.restrict("--ground", "terms", "--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
        assert shop.get("/us/books/" + EMMA, If_None_Match=page.headers["ETag"]).status == 200


def test_forms_need_their_token():
    with Shop() as shop:
        shop.serve()
        reader = Browser(shop)
        assert reader.sign_up("us", "Ann").status == 303
        for fields in [{"stars": "5"}, {"stars": "5", "token": "forged"}, {"stars": "5", "token": "0" * 40}]:
            assert reader.ask("POST", "/us/books/%s/rating" % EMMA, fields).status == 403
        token = reader.get("/us/account").text.split('name="token" value="')[1].split('"')[0]
        foreign = reader.ask("POST", "/us/books/%s/rating" % EMMA, {"stars": "5", "token": token},
                             {"Origin": "http://evil.example"})
        assert foreign.status == 403
        other = Browser(shop)
        other.sign_up("us", "Bob")
        assert other.ask("POST", "/us/books/%s/rating" % EMMA, {"stars": "5", "token": token}).status == 403
        assert shop.edition(EMMA)["rating"]["count"] == 0
        assert reader.ask("POST", "/us/books/%s/rating" % EMMA, {"stars": "5", "token": token}).status == 303
        assert shop.edition(EMMA)["rating"]["count"] == 1


def test_json_that_is_none():
    with Shop() as shop:
        shop.serve()
        token = shop.reader("ann")
        work = shop.work(EMMA)
        for body in [b"", b"{", b"[]", b"null", b'{"stars":5} x', b'{"stars":"5"}', b'{"stars":0}', b'{"stars":6}', b'{"stars":1e99}',
                     b'{"stars":4.5}', b'{"stars":5,"stars":1}', b"\xff", b'{"stars":' + b"[" * 5000]:
            answer = shop.ask("PUT", "/api/v1/us/works/%d/rating" % work, body,
                              {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
            assert answer.status in (400, 422), (body, answer.status, answer.text)
            assert answer.json()["status"] == answer.status
        assert shop.edition(EMMA)["rating"]["count"] == 0


def test_bearers_and_cookies_are_not_mixed_up():
    with Shop() as shop:
        shop.serve()
        work = shop.work(EMMA)
        assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 5}).status == 401
        assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 5}, "x" * 43).status == 401
        reader = Browser(shop)
        reader.sign_up("us", "Ann")
        answer = reader.ask("PUT", "/api/v1/us/works/%d/rating" % work, None, {"Content-Type": "application/json"})
        assert answer.status == 401
        token = shop.reader("bob")
        assert shop.ask("GET", "/us/account", headers={"Cookie": "session=" + token}).status == 303


def test_idle_clients_leave_room_for_others():
    with Shop() as shop:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))  # as Debian starts a process
        shop.serve()
        with open("/proc/%d/limits" % shop.server.pid, encoding="ascii") as f:
            soft = int([line for line in f if line.startswith("Max open files")][0].split()[3])
        assert soft >= min(2000, hard)
        idle = [socket.create_connection(("127.0.0.1", shop.port)) for _ in range(300)]
        for one in idle:
            try:
                one.sendall(b"GET /us/ HTTP/1.1\r\nHost: x\r\n")  # and no more
            except OSError:
                pass  # one address has only so many
        for one in idle[-100:]:
            one.close()

        def answered():
            try:
                return shop.get("/us/books/" + EMMA).status == 200
            except ConnectionError:  # those that went are not all counted off yet
                return False

        # A client that has gone before its connection was looked at is counted off by the sweep
        # alone, which gives a request's head 30 s.
        shop.until(answered, "an answer beside idle clients", 40)
        for one in idle:
            one.close()
