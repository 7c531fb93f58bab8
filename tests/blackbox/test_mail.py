"""Letters: queued with their cause, sent by a real mail server, never lost."""
import contextlib
import json
import os
import re
import signal
import socket
import time

from exim import PASSWORD, USER, Exim, free_port
from shop import EMMA, POSTGRES, Shop
from test_operations import Hits, fetch, read_metrics

FROM = "Riverside – 书店 <post@books.example>"


def set_mail(shop, server, *options):
    shop.ok("mail", "set", "--server", server, "--from", FROM, "--url", "https://books.example/", *options)


def letters(shop, **wanted):
    found = json.loads(shop.ok("mail", "list", "--json"))
    return [l for l in found if all(l[k] == v for k, v in wanted.items())]


def until(shop, where, what, n=1):
    """Until so many letters are like this: asked of the database, which is quicker than a command."""
    shop.until(lambda: int(shop.look("SELECT COUNT(*) FROM letter WHERE " + where)) >= n, what, seconds=30)


def queue(shop, to, *options):
    shop.ok("mail", "test", to, "--queued", *options)


def later(seconds):
    """A clock that far ahead."""
    return {"COLOPHON_NOW": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))}


def test_a_letter_is_sent_once_in_its_language():
    with Exim() as exim, Shop(samples=False) as shop:
        status, _, err = shop.run("mail", "test", "ann@readers.example")
        assert status == 1 and "mail set" in err, err
        set_mail(shop, exim.server)
        shown = shop.ok("mail", "show")
        assert exim.server in shown and "https://books.example\n" in shown and FROM in shown
        shop.ok("mail", "test", "ann@readers.example")
        metrics_port = free_port()
        shop.serve("--metrics-listen", "127.0.0.1:%d" % metrics_port)
        queue(shop, "bo@readers.example", "--language", "zh-Hans")
        until(shop, "state = 'sent'", "the letter")
        shop.until(lambda: len(exim.letters()) == 2, "both letters")
        ann, bo = exim.letters("ann@readers.example")[0], exim.letters("bo@readers.example")[0]
        assert ann["Subject"] == "A test letter from your shop" and ann["Content-Language"] == "en"
        assert bo["Subject"] == "来自您书店的测试邮件", bo["Subject"]
        assert bo["Content-Language"] == "zh-Hans" and "测试" in bo.get_content() and "https://books.example/" in bo.get_content()
        assert bo["From"].addresses[0].display_name == "Riverside – 书店" and bo["Auto-Submitted"] == "auto-generated"
        assert bo["Message-ID"].endswith("@books.example>") and bo["To"] == "bo@readers.example"
        # What a letter said is not kept beside it.
        assert shop.look("SELECT content FROM letter") == ""
        _, _, text = fetch(metrics_port, "/metrics")
        metrics = read_metrics(text)
        assert metrics[("colophon_letter_attempts_total", 'outcome="sent"')] == 1, text
        assert metrics[("colophon_letters_failed", "")] == 0
        # Nothing is queued where no mail is sent.
        shop.ok("mail", "set", "--off")
        assert shop.run("mail", "test", "x@readers.example", "--queued")[0] == 1
        assert len(letters(shop)) == 1


def test_settings_that_cannot_work_are_refused():
    with Shop(samples=False) as shop:
        good = ["--server", "smtp://127.0.0.1:25", "--from", "post@books.example", "--url", "https://books.example"]
        for name, value, said in (("--server", "http://127.0.0.1", "smtp://"), ("--server", "smtp://a b", "smtp://"),
                                  ("--server", "smtp://mail.example:99999", "smtp://"), ("--from", "books", "no mail address"),
                                  ("--from", "A\nBcc: x@y.example <a@b.example>", "one line"), ("--url", "books.example", "url"),
                                  ("--tls", "maybe", "tls"), ("--login-file", "login", "absolute"), ("--timeout", "0", "timeout")):
            wrong = [*good, name, value] if name not in good else [value if i and good[i - 1] == name else g for i, g in enumerate(good)]
            status, _, err = shop.run("mail", "set", *wrong)
            assert status == 1 and said in err, (name, value, err)
        assert shop.run("mail", "show")[0] == 1
        # No password goes to another machine in the clear.
        status, _, err = shop.run("mail", "set", "--server", "smtp://mail.example", "--tls", "none", "--login-file", "/x", *good[2:])
        assert status == 1 and "clear" in err, err
        shop.ok("mail", "set", *good)
        for address in ("a@b.example\r\nRCPT TO:<x@y.example>", "a b@c.example", "@c.example", "a@", "a@b@c", "<a@b.example>"):
            assert shop.run("mail", "test", address, "--queued")[0] == 1, address


def test_a_server_that_is_down_refuses_or_hangs():
    with Exim() as exim, Shop(samples=False) as shop:
        exim.stop()
        set_mail(shop, exim.server, "--timeout", "3")
        shop.serve()
        queue(shop, "ann@readers.example")
        until(shop, "state = 'waiting' AND reason <> ''", "an attempt in vain")
        assert "connect" in letters(shop)[0]["reason"].lower(), letters(shop)
        exim.start()
        shop.ok("mail", "retry", "1")
        until(shop, "state = 'sent'", "the letter, once there is a server")
        # 5xx ends it, 4xx does not; each with the server's own words.
        queue(shop, "never@readers.example")
        queue(shop, "later@readers.example")
        until(shop, "state = 'failed'", "the refusal")
        assert "550 5.1.1 nobody of this name is here" in letters(shop, state="failed")[0]["reason"]
        until(shop, "recipient LIKE 'later%' AND reason <> ''", "the first attempt")
        waits = letters(shop, recipient="later@readers.example")[0]
        assert waits["state"] == "waiting" and "451 4.2.1 come again later" in waits["reason"] and waits["due"] > time.time() + 20
        # A server that takes too long holds nobody up for ever, nor does it hold up the end.
        queue(shop, "slow@readers.example")
        until(shop, "recipient LIKE 'slow%' AND reason <> ''", "the end of an attempt")
        # An hour later it is tried again without being asked; after days it is given up, and the reason stays.
        shop.serve(env=later(3600))
        until(shop, "recipient LIKE 'later%' AND attempts = 2 AND claimed = 0", "the second attempt")
        shop.serve(env=later(6 * 86400))
        until(shop, "recipient LIKE 'later%' AND state = 'failed'", "its end")
        assert "451" in letters(shop, recipient="later@readers.example")[0]["reason"]
        status, _, err = shop.run("mail", "retry", "1")
        assert status == 1 and "no letter 1" in err, err
        assert "1 letters" in shop.ok("mail", "retry", "2")


def test_a_server_that_says_nothing():
    with socket.socket() as silent, Shop(samples=False) as shop:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        set_mail(shop, "smtp://127.0.0.1:%d" % silent.getsockname()[1], "--timeout", "600")
        shop.serve()
        queue(shop, "ann@readers.example")
        until(shop, "attempts = 1", "an attempt")
        shop.stop()  # in time, though it waits for the server
        assert letters(shop, state="waiting")


def serve_until(shop, point):
    """A server that is killed at a point, which may come before it has said where it listens."""
    with contextlib.suppress(AssertionError):
        shop.serve(env={"COLOPHON_CRASH": point}, wait=False)
    shop.until(lambda: shop.server.poll() is not None, "the crash")
    assert shop.server.returncode == -signal.SIGKILL
    shop.kill()


def test_killed_before_and_after_sending():
    with Exim() as exim, Shop(samples=False) as shop:
        set_mail(shop, exim.server)
        queue(shop, "before@readers.example")
        serve_until(shop, "letter-claimed")
        assert letters(shop, state="waiting") and not exim.letters()
        shop.serve()
        until(shop, "state = 'sent'", "the letter")
        shop.stop()
        queue(shop, "after@readers.example")
        serve_until(shop, "letter-sent")
        shop.serve()
        until(shop, "state = 'sent'", "the letter", 2)
        shop.until(lambda: len(exim.letters()) == 3, "the second copy")
        assert len(exim.letters("before@readers.example")) == 1
        copies = exim.letters("after@readers.example")
        assert len(copies) == 2 and copies[0]["Message-ID"] == copies[1]["Message-ID"]


def test_a_letter_waits_for_its_entry():
    with Exim() as exim, Shop() as shop:
        set_mail(shop, exim.server)
        queue(shop, "first@readers.example")
        queue(shop, "second@readers.example")
        shop.tamper("UPDATE letter SET entry_id = 999999 WHERE id = 1")
        shop.serve()
        until(shop, "state = 'sent'", "the other letter")
        assert letters(shop, id=1)[0]["state"] == "waiting" and letters(shop, id=1)[0]["attempts"] == 0
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "sale")
        shop.tamper("UPDATE letter SET entry_id = (SELECT MIN(id) FROM entry WHERE idx IS NOT NULL) WHERE id = 1")
        until(shop, "state = 'sent'", "the letter of a published entry", 2)


def test_news_stands_behind_and_what_is_over_is_not_sent():
    with Exim() as exim, Shop() as shop:
        set_mail(shop, exim.server)
        for name in ("news", "link", "late"):
            queue(shop, name + "@readers.example")
        title = {"work": int(shop.look("SELECT work_id FROM edition WHERE product_key = '%s'" % EMMA)), "key": EMMA, "title": "Emma", "by": ["Jane Austen", "Ann Shore"], "path": "/us/books/" + EMMA}
        news = {"storefront": "us", "titles": [title], "withheld": 0, "page": "/us/account/following", "stop": "/us/news/x/stop"}
        shop.tamper("UPDATE letter SET kind = 'news', content = '%s' WHERE recipient LIKE 'news@%%'" % json.dumps(news),
                    "UPDATE letter SET until = 1 WHERE recipient LIKE 'late@%'")
        shop.serve()
        until(shop, "state <> 'waiting'", "all three", 3)
        states = {l["recipient"].split("@")[0]: (l["state"], l["reason"]) for l in letters(shop)}
        assert states["news"][0] == states["link"][0] == "sent" and states["late"][0] == "failed" and "its time was over before it was sent" == states["late"][1], states
        shop.until(lambda: len(exim.letters()) == 2, "both letters")
        link, news = exim.letters("link@readers.example")[0], exim.letters("news@readers.example")[0]
        assert re.findall(r" <= .* id=(\S+)", exim.said()) == [m["Message-ID"].strip("<>") for m in (link, news)], exim.said()
        text = news.get_content()
        assert "Emma · Jane Austen and Ann Shore" in text, text


def test_pages_outlive_letters_on_their_way():
    with Exim() as exim, Shop() as shop:
        port, kept = free_port(), []
        set_mail(shop, exim.server, "--timeout", "2")
        shop.serve("--metrics-listen", "127.0.0.1:%d" % port)
        while True not in kept and len(kept) < (1 if POSTGRES else 4):  # a heartbeat may come between, but not each time
            queue(shop, "slow@readers.example")
            until(shop, "claimed = 1", "the attempt")
            kept.append(Hits(port).outlives(shop, "/us/search?q=emma", lambda: until(
                shop, "attempts = 1 AND claimed = 0", "its end", len(kept) + 1)))
        assert True in kept or POSTGRES, kept  # there, others write too, and say nothing of what


def test_tls_and_a_login():
    with Exim(tls=True, login=True) as exim, Shop(samples=False) as shop:
        login = shop.file("login", "%s\n%s\n" % (USER, PASSWORD))
        os.chmod(login, 0o600)
        set_mail(shop, exim.server, "--tls", "starttls", "--login-file", login, "--ca-file", exim.path("cert.pem"))
        assert PASSWORD not in shop.ok("mail", "show")
        shop.ok("mail", "test", "ann@readers.example")
        shop.until(lambda: exim.letters(), "the letter")
        assert "TLS" in exim.letters()[0]["Received"] or "esmtpsa" in exim.letters()[0]["Received"]
        os.chmod(login, 0o644)
        status, _, err = shop.run("mail", "test", "ann@readers.example")
        assert status == 1 and "chmod 600" in err, err
        # Whoever the system does not trust gets neither letter nor password.
        os.chmod(login, 0o600)
        set_mail(shop, exim.server, "--tls", "starttls", "--ca-file", "/etc/ssl/certs/ca-certificates.crt")
        status, _, err = shop.run("mail", "test", "ann@readers.example")
        assert status == 1 and "certificate" in err, err
        # A wrong password is no fault of the letter's: it waits.
        set_mail(shop, exim.server, "--tls", "starttls", "--ca-file", exim.path("cert.pem"), "--login-file",
                 shop.file("wrong", "%s\nnot it\n" % USER))
        os.chmod(os.path.join(shop.base, "wrong"), 0o600)
        shop.serve()
        queue(shop, "bo@readers.example")
        until(shop, "state = 'waiting' AND reason <> ''", "an attempt in vain")
        assert "not it" not in json.dumps(letters(shop))
        shop.stop()
    with Exim() as plain, Shop(samples=False) as shop:
        set_mail(shop, plain.server, "--tls", "starttls")
        status, _, err = shop.run("mail", "test", "ann@readers.example")
        assert status == 1 and "STARTTLS" in err, err
        assert not plain.letters()
