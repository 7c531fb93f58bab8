"""Where a reader is signed in, and another password."""
import hashlib
import re

from shop import Browser, Shop

PASSWORD, NEW = "a long enough secret", "another long secret"
PAGE = "/us/account/security"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
HOSTILE = "<script>alert(1)</script>'\"; DROP TABLE session"


class Agent(Browser):
    """A browser that says which one it is."""

    def __init__(self, shop, agent):
        super().__init__(shop)
        self.agent = agent

    def ask(self, method, path, fields=None, headers=None):
        return super().ask(method, path, fields, {"User-Agent": self.agent, **(headers or {})})


def signed_in(shop, agent, password=PASSWORD):
    browser = Agent(shop, agent)
    fields = {"email": "ann@example.org", "password": password}
    assert browser.post("/us/sign-in", "/us/sign-in", fields).status == 303
    return browser


def listed(browser):
    """What the page says of each session, newest first."""
    sessions = re.findall(r'<li class="entry spread">(.*?)</li>', browser.get(PAGE).text, re.S)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", re.sub(r"<form.*", "", s, flags=re.S))).strip() for s in sessions]


def end_of(browser):
    """Where its own session is ended, which its page has no button for."""
    tokens = [value for name, value in browser.cookies.items() if name.endswith("session")]
    return "/us/account/sessions/%s/end" % hashlib.sha256(tokens[0].encode()).hexdigest()[:16]


def is_in(browser):
    return browser.get(PAGE).status == 200


def test_sessions_are_seen_and_ended():
    with Shop(samples=False) as shop:
        shop.serve(wait=False)
        token = shop.reader("ann")
        phone, laptop, other = (signed_in(shop, a) for a in (FIREFOX, EDGE, SAFARI))
        odd = signed_in(shop, HOSTILE)
        said = listed(phone)
        assert len(said) == 5 and all(" since " in s for s in said), said
        kinds = sorted(s.split(" since ")[0] for s in said)
        assert kinds == sorted(["A program, by the API", "Firefox on Android this session", "Edge on Windows", "Safari on iPhone", "A browser"]), kinds
        # What is kept is the kind alone: neither what the browser said, nor whence it came.
        for kept, n in [("Edge/Windows", 1), ("Firefox/Android", 1), ("Safari/iPhone", 1), ("", 2)]:
            assert shop.look("SELECT COUNT(*) FROM session WHERE browser = '%s'" % kept) == str(n), kept
        # The label of each button says which session it ends.
        page = phone.get(PAGE).text
        ends = re.findall(r'action="(/us/account/sessions/[0-9a-f]{16}/end)">.*?aria-label="End: ([^"]*), since', page)
        assert len(ends) == 4, page
        end = next(path for path, what in ends if what == "Edge on Windows")
        assert phone.post(PAGE, end, {}).status == 303
        assert not is_in(laptop) and is_in(phone) and is_in(other) and is_in(odd)
        assert phone.post(PAGE, end, {}).status == 303  # once more: it has ended
        # Nobody ends another's, even with its name.
        ben = Browser(shop)
        ben.sign_up("us", "Ben")
        safari = next(path for path, what in ends if what == "Safari on iPhone")
        assert ben.post(PAGE, safari, {}).status == 303 and is_in(other)
        assert phone.ask("POST", safari, {"token": "0" * 40}).status == 403 and is_in(other)
        for path in ("/us/account/sessions//end", "/us/account/sessions/%s/end" % ("0" * 5000)):
            assert phone.post(PAGE, path, {}).status in (303, 404, 414, 431)
        assert phone.post(PAGE, "/us/account/sessions/end-others", {}).status == 303
        assert is_in(phone) and not is_in(other) and not is_in(odd) and is_in(ben)
        assert shop.api("GET", "/demands/mine", token=token).status == 401
        assert [s.split(" since ")[0] for s in listed(phone)] == ["Firefox on Android this session"]


def test_another_password_ends_all_other_sessions():
    with Shop(samples=False) as shop:
        shop.serve(wait=False)
        token = shop.reader("ann")
        here, other = signed_in(shop, FIREFOX), signed_in(shop, EDGE)

        def change(present, password):
            return here.post(PAGE, "/us/account/password", {"password": present, "new-password": password})

        for present, password, field in [("not her secret", NEW, "password"), (PASSWORD, "short", "new-password"), ("", NEW, "password")]:
            answer = change(present, password)
            assert answer.status == 422 and 'role="alert"' in answer.text, answer.text
            assert re.search(r'name="%s"[^>]*aria-invalid="true"' % field, answer.text), answer.text
            assert not re.search('value="[^"]*(secret|short)', answer.text)
        assert is_in(other) and shop.api("GET", "/demands/mine", token=token).status == 200
        answer = change(PASSWORD, NEW)
        assert answer.status == 303 and "signed out everywhere else" in here.get(answer.headers["Location"]).text
        assert is_in(here) and not is_in(other) and shop.api("GET", "/demands/mine", token=token).status == 401
        assert shop.api("POST", "/session", {"email": "ann@example.org", "password": PASSWORD}).status == 401
        assert is_in(signed_in(shop, EDGE, NEW))
        assert Browser(shop).ask("POST", "/us/account/password", {"password": NEW, "new-password": PASSWORD}).status in (303, 403)


def test_half_a_sign_in_of_staff_changes_no_password():
    with Shop(samples=False) as shop:
        shop.ok("staff", "require-second-factor", "on")
        shop.ok("staff", "add", "ada@example.org", "--name", "Ada", "--password-stdin", stdin=PASSWORD.encode() + b"\n")
        shop.serve(wait=False)
        ada = Browser(shop)
        assert ada.post("/desk/sign-in", "/desk/sign-in", {"email": "ada@example.org", "password": PASSWORD}).status == 303
        answer = ada.post(PAGE, "/us/account/password", {"password": PASSWORD, "new-password": NEW})
        assert answer.status == 422 and "give your code first" in answer.text, answer.text
        # Nor does it see or end more than itself.
        other = Browser(shop)
        assert other.post("/desk/sign-in", "/desk/sign-in", {"email": "ada@example.org", "password": PASSWORD}).status == 303
        assert len(listed(ada)) == 1 and len(listed(other)) == 1
        assert ada.post(PAGE, end_of(other), {}).status == 422
        assert ada.get("/us/account/data").status == 403
        assert ada.post(PAGE, "/us/account/sessions/end-others", {}).status == 422 and is_in(ada) and is_in(other)
        assert other.post(PAGE, end_of(other), {}).status == 303 and is_in(ada) and not is_in(other)
        assert shop.api("POST", "/session", {"email": "ada@example.org", "password": PASSWORD}).status == 403  # right, and a code is lacking
