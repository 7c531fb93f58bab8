"""HTTP: what is refused before anybody looks at it, and what answers carry."""
import gzip

from shop import EMMA, Browser, Shop

OK = b"HTTP/1.1 200"


def first_line(answer):
    return answer.split(b"\r\n", 1)[0]


def test_requests_that_are_read_in_two_ways_are_refused():
    with Shop(samples=False) as shop:
        shop.serve(wait=False)
        host = b"Host: x\r\n"
        for request in [
            b"POST /us/sign-in HTTP/1.1\r\n" + host + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            b"POST /us/sign-in HTTP/1.1\r\n" + host + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"GET /us/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            b"GET /us/ HTTP/1.1\r\n\r\n",
            b"GET /us/ HTTP/1.1\r\n" + host + b"X-Note: a\x01b\r\n\r\n",
            b"GET /us/\x7f HTTP/1.1\r\n" + host + b"\r\n",
            b"GET /us/%00 HTTP/1.1\r\n" + host + b"\r\n",
            b"GET /us/%zz HTTP/1.1\r\n" + host + b"\r\n",
            b"GET /us/%ff HTTP/1.1\r\n" + host + b"\r\n",
            b"GET /us/search?q=%01 HTTP/1.1\r\n" + host + b"\r\n",
            b"POST /us/sign-in HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\n",
            b"POST /us/sign-in HTTP/1.1\r\n" + host + b"Content-Length: 99999999\r\n\r\n",
            b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n" + host + b"\r\n",
            b"GET /us/ HTTP/1.1\r\n" + host + b"X: " + b"a" * 70000 + b"\r\n\r\n",
            b"BREW /us/ HTTP/1.1\r\n" + host + b"\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        ]:
            answer = shop.raw(request)
            assert not answer.startswith(OK), (request[:80], first_line(answer))
        assert shop.get("/healthz").status == 200


def test_wrong_methods_say_what_is_allowed():
    with Shop(samples=False) as shop:
        shop.serve(wait=False)
        answer = shop.ask("POST", "/us/")
        assert answer.status == 405 and "GET" in answer.headers["Allow"]
        answer = shop.api("DELETE", "/restrictions")
        assert answer.status == 405 and answer.headers["Content-Type"] == "application/problem+json"


def test_headers_of_every_answer():
    with Shop() as shop:
        shop.serve()
        for path in ["/", "/us/", "/us/books/" + EMMA, "/record/", "/us/nothing", "/api/v1/restrictions"]:
            headers = shop.get(path).headers
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert "script" not in headers["Content-Security-Policy"]
        assert "<script" not in shop.get("/us/books/" + EMMA).text


def test_revalidation_head_and_gzip():
    with Shop() as shop:
        shop.serve()
        page = shop.get("/us/books/" + EMMA)
        assert page.headers["Cache-Control"] == "no-cache"
        again = shop.get("/us/books/" + EMMA, If_None_Match=page.headers["ETag"])
        assert again.status == 304 and again.body == b""
        head = shop.ask("HEAD", "/us/books/" + EMMA)
        assert head.status == 200 and head.body == b""
        packed = shop.get("/us/books/" + EMMA, Accept_Encoding="gzip")
        assert gzip.decompress(packed.body) == page.body
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
