"""What a shop's program is told by itself: signed, once it happened, again where it was not taken."""
import hashlib
import hmac
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from shop import EMMA, Shop, onix, product
from test_partner import HOME, ended, partner, upload
from test_payments import plain, waits
from test_sales import charge

PROGRAMS = "/desk/partner/main/programs"


class Receiver(HTTPServer):
    """Is not well at first, then sends elsewhere, then takes it; keeps what it was told."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Told)
        self.answers, self.told = [500, 500, 302, 302], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return "http://127.0.0.1:%d/hook" % self.server_port

    def close(self):
        self.shutdown()
        self.server_close()


class Told(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, dict(self.headers), body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.server.url + "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


def signed(secret, headers, body):
    t, v1 = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["Colophon-Signature"]).groups()
    return hmac.compare_digest(v1, hmac.new(secret.encode(), t.encode() + b"." + body, hashlib.sha256).hexdigest())


def test_a_program_is_told():
    receiver = Receiver()
    try:
        with Shop() as shop:
            charge(shop, country="US", print="0")
            shop.ok("stock", "set", "--shop", "main", EMMA, "5")
            shop.serve("--fetch-from-loopback", env={"COLOPHON_WEBHOOK_PAUSE": "1"})
            pia = partner(shop)
            for wrong in "ftp://x.example/", "https://user@x.example/", "x":
                assert pia.post(PROGRAMS, PROGRAMS + "/webhook", {"url": wrong}).status == 422, wrong
            shown = pia.post(PROGRAMS, PROGRAMS + "/webhook", {"url": receiver.url})
            secret = re.search(r'<code class="long" translate="no">([\w-]{43})</code>', shown.text)[1]
            page = lambda: pia.get(PROGRAMS).text
            assert secret not in page() and receiver.url in page()
            bought, payment = waits(shop, EMMA + "=2", who=("--email", "lee@example.org"), storefront="us")
            number = bought["orders"][0]["number"]
            # The step by which few are left is told, and told again until it is taken; a redirection is followed nowhere.
            shop.until(lambda: ">taken<" in page(), "what is taken at last", 60)
            assert len(receiver.told) >= 5 and all(t[0] == "/hook" for t in receiver.told)
            assert json.loads(receiver.told[0][2])["kind"] == "stock.low" and json.loads(receiver.told[0][2])["subject"] == EMMA
            assert len({json.loads(t[2])["id"] for t in receiver.told[:5]}) == 1, "one number, however often"
            # Payment, with nothing of persons in it.
            shop.ok("payment", "settle", payment["reference"], "--amount", plain(payment["amount"]))
            kinds = lambda: [json.loads(t[2])["kind"] for t in receiver.told]
            shop.until(lambda: "order.paid" in kinds(), "the payment", 30)
            path, headers, body = receiver.told[kinds().index("order.paid")]
            assert json.loads(body)["subject"] == number and json.loads(body)["shop"] == "main" and b"lee" not in body
            assert set(json.loads(body)) == {"id", "kind", "shop", "subject", "at"} and headers["Content-Type"] == "application/json"
            assert signed(secret, headers, body) and not signed(secret + "x", headers, body)
            ended(shop, pia, upload(pia, HOME, onix(product("r1", "9780000060013")).encode()).headers["Location"])
            shop.until(lambda: "feed.ended" in kinds(), "the feed", 30)
            # Once more, by hand: the same number.
            shop.until(lambda: page().count(">taken<") == 3, "all of them", 30)
            again = re.search(r'action="([^"]*/again)"', page())[1]
            told = len(receiver.told)
            assert pia.post(PROGRAMS, again, {}).status == 303
            shop.until(lambda: len(receiver.told) > told, "the same again", 30)
            assert [json.loads(t[2])["id"] for t in receiver.told[:told]].count(json.loads(receiver.told[told][2])["id"]) >= 1
            assert pia.post(PROGRAMS, PROGRAMS + "/told/999999/again", {}).status == 404
            # Nobody is told any more.
            assert pia.post(PROGRAMS, PROGRAMS + "/webhook", {"url": ""}).status == 303 and receiver.url not in page()
    finally:
        receiver.close()
