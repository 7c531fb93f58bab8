"""Too much to do, a database that does not answer, clients that take their time."""
import contextlib
import http.client
import os
import re
import select
import signal
import socket
import subprocess
import threading
import time

from faults import Disk
from postgres import Cluster
from shop import COLOPHON, EMMA, SLOWNESS, Browser, Shop, Skipped, onix, product, run

OTHERS = True  # see run.py


def cluster():
    try:
        return Cluster()
    except FileNotFoundError as absent:
        raise Skipped(str(absent)) from None


class Crowd:
    """Many readers at once, each on a connection of its own: (status, headers) by path."""

    def __init__(self, shop, paths, headers=None):
        self.shop, self.answers = shop, {}
        self.threads = [threading.Thread(target=self.ask, args=(path, headers or {})) for path in paths]
        for thread in self.threads:
            thread.start()

    def ask(self, path, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.shop.port, timeout=60 * SLOWNESS)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            self.answers[path] = answer.status, answer.headers
        except OSError as reason:
            self.answers[path] = reason, {}
        finally:
            connection.close()

    def refused(self):
        return [path for path, (status, _) in list(self.answers.items()) if status == 503]

    def wait(self):
        for thread in self.threads:
            thread.join()


@contextlib.contextmanager
def stopped(of, answered):
    """The cluster hangs at a moment when nothing was committed since the page was kept, as `answered` says."""
    try:
        for _ in range(10):
            answered()
            of.signal(signal.SIGSTOP)
            if answered():
                break
            of.signal(signal.SIGCONT)
        else:
            raise AssertionError("no page is kept")
        yield
    finally:
        of.signal(signal.SIGCONT)


def test_a_database_that_hangs_holds_up_nobody_else():
    """What memory has is answered; of the rest so many wait as threads work, the others are told when to come again."""
    of = cluster()
    with Shop(database=of.url) as shop:
        shop.serve("--capacity", "4")
        kept = "/us/books/" + EMMA
        style = re.search(r'href="(/static/[^"]*)"', shop.get(kept).text)[1]
        key = shop.get("/record/refusals/vkey").text.strip()
        with stopped(of, lambda: shop.get(kept).status == 200):
            # Pages that no index alone can answer.
            crowd = Crowd(shop, ["/us/contributors/%d" % (900000 + i) for i in range(60)])
            try:
                for _ in range(5):
                    assert shop.get(kept).status == 200 and shop.get(style).status == 200
                    assert shop.get("/healthz").status == 200
                shop.until(lambda: len(crowd.refused()) >= 60 - 4, "the refusals", 30)
                for path in crowd.refused():
                    assert int(crowd.answers[path][1]["Retry-After"]) >= 1
                    assert crowd.answers[path][1]["Cache-Control"] == "private, no-store"
                shop.until(lambda: shop.get("/readyz").status == 503, "what is missing", 30)
                answer = shop.get("/readyz")
                assert answer.json()["ready"] is False and answer.json()["missing"] == ["database"]
                assert shop.get(kept).status == 200 and shop.get("/healthz").status == 200
                refusal = shop.get("/api/v1/us/search?q=later")
                assert refusal.status == 503 and refusal.json()["status"] == 503
                assert refusal.headers["Content-Type"] == "application/problem+json"
                assert re.fullmatch(r"\d+ [A-Za-z0-9+/]{43}=", refusal.headers["Colophon-Record"]) and "refusal" not in refusal.json()
                # Who sent something has it signed, made beforehand, that it was not read.
                unread, others = [], []

                def post():
                    for _ in range(5):
                        answer = shop.api("POST", "/session", {"email": "a@example.org", "password": "a long enough secret"})
                        statement = answer.json()["refusal"] if answer.status == 503 and answer.headers["Colophon-Record"] else ""
                        expected = "\nreason unavailable\nstatus 503\nrequest ANY *\nsent unread\n" in statement
                        (unread if expected else others).append(statement)
                        if unread:
                            break
                threads = [threading.Thread(target=post) for _ in range(24)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                assert unread and "" not in others, (unread, others)
                assert run("receipt", "verify", shop.file("refusal.txt", unread[0]), "--key", key)[0] == 0
                assert run("receipt", "verify", shop.file("forged.txt", unread[0].replace("503", "403")), "--key", key)[0] == 1
            finally:
                of.signal(signal.SIGCONT)
                crowd.wait()
        # Who was in work all the while has an answer (503 where it waited for a connection, which has its time), and
        # everybody else from here on.
        assert len(crowd.answers) == 60 and {status for status, _ in crowd.answers.values()} <= {404, 503}, crowd.answers
        shop.until(lambda: shop.get("/readyz").status == 200, "all that was missing", 30)
        assert shop.get("/us/search?q=later").status == 200


def test_who_is_signed_in_goes_first():
    """While pages that strangers ask for hang, there are threads for readers whom the server knows."""
    of = cluster()
    with Shop(database=of.url) as shop:
        shop.serve("--capacity", "2")
        ann = Browser(shop)
        assert ann.sign_up("us", "Ann").status == 303
        assert ann.get("/us/account").status == 200
        # Holds the table that books are in until its input ends.
        holder = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-d", shop.database], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            holder.stdin.write(b"BEGIN; LOCK TABLE edition IN ACCESS EXCLUSIVE MODE; SELECT 'held';\n")
            holder.stdin.flush()
            assert holder.stdout.readline() == b"held\n"
            crowd = Crowd(shop, ["/us/books/%s?n=%d" % (EMMA, n) for n in range(4)])
            shop.until(lambda: len(crowd.refused()) >= 2, "strangers who are refused", 30)
            # Without the books, this page would be there for both.
            made_up = {"Cookie": "session=" + "x" * 43}
            assert shop.get("/us/sign-in").status == 503
            assert shop.ask("GET", "/us/sign-in", headers=made_up).status == 503
            for _ in range(3):
                assert ann.get("/us/account").status == 200
        finally:
            holder.stdin.close()
            holder.wait()
            holder.stdout.close()
        crowd.wait()
        assert shop.get("/us/sign-in").status == 200


def idle(shop, addresses, each):
    """Connections from several addresses of this machine that say nothing; those there is room for."""
    out = []
    for n in range(addresses):
        for _ in range(each):
            s = socket.socket()
            s.bind(("127.0.1.%d" % (n + 1), 0))
            try:
                s.connect(("127.0.0.1", shop.port))
            except OSError:
                s.close()
                return out
            out.append(s)
    return out


def test_thousands_of_idle_connections():
    """They cost a few kilobytes each, and pages are answered beside them; one address has only so many."""
    import resource
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 7000:
        raise Skipped("open files are limited to %d" % hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20000), hard))
    with Shop() as shop:
        shop.serve()

        def memory():
            with open("/proc/%d/status" % shop.server.pid, encoding="ascii") as f:
                return int(re.search(r"RssAnon:\s+(\d+)", f.read())[1])

        shop.get("/us/books/" + EMMA)
        before = memory()
        many = idle(shop, 20, 240)
        try:
            assert len(many) == 4800
            for s in many[::100]:  # each is answered, so all are taken in
                s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                assert s.recv(4096).startswith(b"HTTP/1.1 200")
            for path in ("/us/books/" + EMMA, "/us/search?q=austen", "/healthz"):
                assert shop.get(path).status == 200
            cost = memory() - before
            print("RssAnon %d KiB more for %d connections" % (cost, len(many)))
            assert SLOWNESS > 1 or cost < 40 * len(many)
            # One more than an address may have finds the door shut.
            more = idle(shop, 1, 250 - 240 + 5)
            ended = 0
            for s in more:
                s.settimeout(20 * SLOWNESS)
                try:
                    s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                    ended += s.recv(4096) == b""
                except OSError:
                    ended += 1
            for s in more:  # not before: who leaves makes room
                s.close()
            assert ended == 5, ended
        finally:
            for s in many:
                s.close()
        assert shop.get("/us/books/" + EMMA).status == 200


def test_pages_that_hang_leave_other_connections():
    """The thread that has read a book's request makes its page as well, but never all of them at once."""
    with Shop(database=False) as shop:
        disk = Disk(shop)
        shop.serve()

        def ask(path):
            s = socket.create_connection(("127.0.0.1", shop.port), timeout=60 * SLOWNESS)
            s.sendall(("GET %s HTTP/1.1\r\nHost: books.example\r\n\r\n" % path).encode())
            return s
        answered, others = set(), []
        with contextlib.ExitStack() as stack:
            def enough():
                """More and more of them: whom a thread took in that hangs now, only the disk frees."""
                if len(others) < 90:
                    others.append(stack.enter_context(ask("/healthz")))
                answered.update(select.select([s for s in others if s not in answered], [], [], 0)[0])
                return len(answered) >= 8
            with disk.hanging():
                pages = [stack.enter_context(ask("/us/books/" + EMMA)) for _ in range(32)]
                shop.until(lambda: disk.waiting() >= 4, "pages that wait for the disk")
                shop.until(enough, "answers to others")
            assert all(s.recv(100).startswith(b"HTTP/1.1 200") for s in others)
            assert {s.recv(100)[:12] for s in pages} <= {b"HTTP/1.1 200", b"HTTP/1.1 503"}
        assert shop.get("/us/books/" + EMMA).status == 200


def niceness(pid):
    """How much each of the process's threads gives way."""
    out = []
    for thread in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/stat" % (pid, thread), encoding="ascii") as f:
            out.append(int(f.read().rpartition(")")[2].split()[16]))
    return out


def test_imports_give_way_to_readers():
    with Shop() as shop:
        shop.serve()
        feed = subprocess.Popen([COLOPHON, "-d", shop.dir, "import", "--shop", "main", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            shop.until(lambda: len(os.listdir("/proc/%d/task" % feed.pid)) > 1 and min(niceness(feed.pid)) > 0, "an import that gives way")
            # Of the server two threads give way as well: those that import and look at what partners send.
            readers = sorted(niceness(shop.server.pid))[:-2]
            assert readers[-1] < min(niceness(feed.pid)), readers
        finally:
            out = feed.communicate(onix(product("a", "9780000900005")).encode())[0]
        assert b"1 added" in out


def drip(sock, data, every=0.5):
    """A byte at a time, until the server has enough of it; seconds that took."""
    begun = time.monotonic()
    sock.settimeout(every)
    for i in range(len(data)):
        try:
            sock.sendall(data[i:i + 1])
            if sock.recv(4096) == b"":
                return time.monotonic() - begun
        except TimeoutError:
            continue
        except OSError:
            return time.monotonic() - begun
    raise AssertionError("the server had patience for all of it")


def test_clients_that_drip_are_ended():
    """A head or a body that comes a byte at a time holds no thread, and not for long."""
    with Shop() as shop:
        shop.serve("--capacity", "1")
        endless = b"GET /us/ HTTP/1.1\r\nHost: x\r\nX-Drip: " + b"a" * 4000
        form = b"POST /us/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\n"
        took = []

        def slow(head, data):
            with socket.create_connection(("127.0.0.1", shop.port)) as s:
                s.sendall(head)
                took.append(drip(s, data))

        threads = [threading.Thread(target=slow, args=a) for a in [(b"", endless), (form, b"a" * 4000)] * 20]
        for thread in threads:
            thread.start()
        for i in range(10):
            assert shop.get("/us/search?q=%d" % i).status == 200
            time.sleep(0.2)
        for thread in threads:
            thread.join()
        assert len(took) == 40
        assert shop.get("/us/").status == 200


test_clients_that_drip_are_ended.slow = True
