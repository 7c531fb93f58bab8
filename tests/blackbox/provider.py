"""A payment provider for tests, which keeps to Stripe's published rules for what we ask of it: forms with nested names, a
version and a key in headers, Idempotency-Key (the same answer again; other parameters are refused), the shapes of Checkout
Sessions, Refunds and Events, webhooks signed as t=…,v1=…, and a page of its own where readers pay."""
import hashlib
import hmac
import http.server
import json
import re
import threading
import time
import urllib.parse
import urllib.request

KEY, SECRET, VERSION = "sk_test_0123456789", "whsec_0123456789", "2024-06-20"


def nested(fields):
    """line_items[0][price_data][currency]=usd, as the API reads it."""
    tree = {}
    for name, value in fields:
        path = re.findall(r"[^\[\]]+", name)
        place = tree
        for part in path[:-1]:
            place = place.setdefault(part, {})
        assert path[-1] not in place, "twice: " + name
        place[path[-1]] = value
    return tree


class Refusal(Exception):
    def __init__(self, status, code, kind="invalid_request_error"):
        self.status, self.body = status, {"error": {"type": kind, "code": code, "message": "no"}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, body, kind="application/json", location=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def api(self, provider, form):
        if self.headers.get("Authorization") != "Bearer " + KEY:
            raise Refusal(401, "api_key_invalid")
        if self.headers.get("Stripe-Version") != VERSION:
            raise Refusal(400, "invalid_version")
        if provider.down:
            raise Refusal(provider.down, "api_error", "api_error")
        if self.command == "GET":
            return provider.session(self.path.rsplit("/", 1)[1])
        if self.path.endswith("/expire"):
            return provider.expire(self.path.split("/")[-2])
        key = self.headers["Idempotency-Key"]
        assert key and len(key) <= 255, key
        before = provider.asked.get(key)
        if before:
            if before[0] != (self.path, form):
                raise Refusal(400, "idempotency_error", "idempotency_error")
            return before[1]
        make = {"/v1/checkout/sessions": provider.make_session, "/v1/refunds": provider.make_refund}[self.path]
        made = make(nested(urllib.parse.parse_qsl(form, strict_parsing=True)))
        provider.asked[key] = (self.path, form), json.loads(json.dumps(made))
        return made

    def answer(self):
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        provider = self.server.provider
        try:
            with provider.lock:
                if self.path.startswith("/v1/"):
                    return self.send(200, json.dumps(self.api(provider, form)).encode())
                session = provider.session(self.path.rsplit("/", 1)[1])
        except Refusal as refusal:
            return self.send(refusal.status, json.dumps(refusal.body).encode())
        if self.command == "POST":
            provider.pay(session["id"])
            return self.send(303, b"", location=session["success_url"])
        page = "<!doctype html><title>Pay</title><h1>Test provider</h1><form method=post><button>Pay %d %s</button></form>" % (
            session["amount_total"], session["currency"])
        return self.send(200, page.encode(), "text/html")

    do_GET = do_POST = answer


class Provider:
    def __init__(self):
        self.sessions, self.refunds, self.asked, self.down, self.tells = {}, {}, {}, 0, None
        self.lock, self.events, self.shift = threading.RLock(), 0, 0
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.provider = self
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def settings(self):
        return "# the tests' provider\nkey %s\nwebhook %s\napi %s\npages %s/pay/\n" % (KEY, SECRET, self.url, self.url)

    # -- the API's objects

    def session(self, id):
        if id not in self.sessions:
            raise Refusal(404, "resource_missing")
        return self.sessions[id]

    def make_session(self, asked):
        item = asked["line_items"]["0"]
        price = item["price_data"]
        now = time.time() + self.shift
        if asked["mode"] != "payment" or item["quantity"] != "1" or not 1800 <= int(asked["expires_at"]) - now + 2 <= 86402:
            raise Refusal(400, "parameter_invalid")
        assert set(asked) <= {"mode", "client_reference_id", "success_url", "cancel_url", "line_items", "payment_intent_data", "customer_email",
                              "locale", "expires_at"}, asked
        assert price["product_data"]["name"] and re.fullmatch("[A-Za-z]{3}", price["currency"])
        id = "cs_test_%d" % (len(self.sessions) + 1)
        self.sessions[id] = {
            "id": id, "object": "checkout.session", "url": "%s/pay/%s" % (self.url, id), "status": "open", "payment_status": "unpaid",
            "client_reference_id": asked["client_reference_id"], "amount_total": int(price["unit_amount"]), "currency": price["currency"].lower(),
            "payment_intent": None, "livemode": False, "mode": "payment", "success_url": asked["success_url"], "cancel_url": asked["cancel_url"]}
        return self.sessions[id]

    def expire(self, id):
        session = self.session(id)
        if session["status"] != "open":
            raise Refusal(400, "parameter_invalid")
        session.update(status="expired", url=None)
        return session

    def make_refund(self, asked):
        paid = [s for s in self.sessions.values() if s["payment_intent"] == asked["payment_intent"]]
        if not paid:
            raise Refusal(404, "resource_missing")
        before = sum(r["amount"] for r in self.refunds.values() if r["payment_intent"] == asked["payment_intent"] and r["status"] != "failed")
        if int(asked["amount"]) > paid[0]["amount_total"] - before:
            raise Refusal(400, "charge_already_refunded")
        id = "re_%d" % (len(self.refunds) + 1)
        self.refunds[id] = {"id": id, "object": "refund", "amount": int(asked["amount"]), "currency": paid[0]["currency"], "status": "succeeded",
                            "payment_intent": asked["payment_intent"], "metadata": asked.get("metadata", {})}
        return self.refunds[id]

    # -- what happens there

    def latest(self):
        return list(self.sessions.values())[-1]

    def pay(self, id, tell=True, money_later=False):
        with self.lock:
            session = self.sessions[id]
            session.update(status="complete", url=None, payment_intent="pi_" + id)
            if not money_later:
                session["payment_status"] = "paid"
        return self.tell("checkout.session.completed", session) if tell and self.tells else None

    def event(self, type, thing, **more):
        self.events += 1
        return json.dumps({"id": "evt_%d" % self.events, "object": "event", "api_version": VERSION, "created": int(time.time() + self.shift), "type": type,
                           "livemode": False, "data": {"object": thing}, **more}).encode()

    def sign(self, payload, secret=SECRET, at=None):
        at = int(time.time() + self.shift if at is None else at)
        mac = hmac.new(secret.encode(), b"%d." % at + payload, hashlib.sha256).hexdigest()
        return "t=%d,v1=%s" % (at, mac)

    def send(self, payload, signature=None):
        """To the shop's webhook (`tells`): its status."""
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature or self.sign(payload)}
        request = urllib.request.Request(self.tells, payload, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code

    def tell(self, type, thing, **more):
        return self.send(self.event(type, thing, **more))
