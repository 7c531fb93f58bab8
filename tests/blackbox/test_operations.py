"""Running a shop: health, metrics, starting and stopping without a reader noticing."""
import http.client
import itertools
import os
import re
import signal
import socket
import subprocess
import threading
import time

from faults import EPOLL_MS, Disk
from shop import COLOPHON, EMMA, POSTGRES, SLOWNESS, Shop

SAMPLE = re.compile(r'^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-z]+="[^"\\\n]*",?)*)\})? (-?[0-9.]+(?:e[+-]?\d+)?|\+Inf|NaN)$')


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def fetch(port, path, method="GET", headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20 * SLOWNESS)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def read_metrics(text):
    """{(name, labels): value}; fails where Prometheus would not take it."""
    types, samples, closed, family = {}, {}, set(), None
    assert text.endswith("\n")
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            closed.add(family)
            family = line.split(" ")[2]
            assert family not in closed, "%s stands in two places" % family
            assert len(line.split(" ", 3)) == 4, line
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == family and name not in types and kind in ("counter", "gauge", "histogram"), line
            types[name] = kind
        else:
            found = SAMPLE.match(line)
            assert found, line
            name, labels = found[1], found[2] or ""
            base = re.sub(r"_(bucket|sum|count)$", "", name) if types.get(family) == "histogram" else name
            assert base == family, line
            assert (types[family] == "counter") == name.endswith("_total"), line
            assert (name, labels) not in samples, line
            samples[name, labels] = float(found[3])
    for family in (name for name, kind in types.items() if kind == "histogram"):
        series = {}
        for (name, labels), value in samples.items():
            if name == family + "_bucket":
                bound = re.search(r'le="([^"]*)"', labels)[1]
                rest = re.sub(r',?le="[^"]*"', "", labels)
                series.setdefault(rest, []).append((float(bound), value))
        assert series, family
        for rest, buckets in series.items():
            assert buckets == sorted(buckets) and buckets[-1][0] == float("inf"), (family, rest)
            assert buckets[-1][1] == samples[family + "_count", rest]
            assert (family + "_sum", rest) in samples
    return samples


def test_metrics_stand_at_an_address_of_their_own():
    with Shop() as shop:
        port = free_port()
        shop.serve("--metrics-listen", "127.0.0.1:%d" % port)
        names = itertools.count()

        def counted():
            before = read_metrics(fetch(port, "/metrics")[2])
            for _ in range(3):
                assert shop.get("/us/books/" + EMMA).status == 200
            page = shop.get("/us/books/" + EMMA)
            assert shop.get("/us/books/" + EMMA, If_None_Match=page.headers["ETag"]).status == 304
            assert shop.get("/api/v1/us/editions/9780000000000").status == 404
            shop.reader("ann%d" % next(names))
            status, headers, text = fetch(port, "/metrics")
            assert status == 200 and headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
            assert headers["Cache-Control"] == "private, no-store"
            after = read_metrics(text)

            def more(name, labels=""):
                return after["colophon_" + name, labels] - before["colophon_" + name, labels]

            assert more("requests_total", 'kind="page",status="2xx"') == 4
            assert more("requests_total", 'kind="page",status="3xx"') == 1
            assert more("requests_total", 'kind="api",status="4xx"') == 1
            assert more("requests_total", 'kind="api",status="2xx"') == 2
            assert more("page_cache_hits_total") >= 3 and more("page_cache_misses_total") >= 2
            assert more("request_duration_seconds_count", 'answer="memory"') >= 3
            assert more("request_duration_seconds_count", 'answer="read"') >= 2
            assert more("request_duration_seconds_count", 'answer="written"') == 2
            assert more("writer_jobs_total") >= 2 and more("writer_batch_duration_seconds_count") >= 1
            assert more("requests_refused_total", 'lane="read"') == 0
            return after
        after = shop.at_one_head(counted)
        # What is in the database is looked for once a second.
        shop.until(lambda: read_metrics(fetch(port, "/metrics")[2])["colophon_record_entries", 'log="decisions"'] >= 1, "the log")
        assert after["colophon_index_lag_changes", ""] == 0 and after["colophon_index_present", ""] == 1
        assert after["colophon_database_up", ""] == 1 and after["colophon_gate_sound", ""] == 1
        assert after["process_resident_memory_bytes", ""] > 1 << 20
        assert abs(after["process_start_time_seconds", ""] - time.time()) < 600
        # For the operator alone: not where readers are, and nothing but this where the operator is.
        assert shop.get("/metrics").status == 404
        assert fetch(port, "/us/")[0] == 404 and fetch(port, "/metrics", "POST")[0] == 405
        shop.until(lambda: fetch(port, "/readyz")[0] == 200, "all that is needed")
        assert fetch(port, "/healthz")[0] == 200
        shop.serve()
        assert shop.get("/metrics").status == 404


def test_health_and_readiness():
    with Shop() as shop:
        shop.serve()
        shop.until(lambda: shop.get("/readyz").status == 200, "all that is needed")
        alive, ready = shop.get("/healthz"), shop.get("/readyz")
        assert alive.status == 200 and ready.status == 200 and ready.json() == {"ready": True, "missing": [], "signs": True}
        for answer in (alive, ready):
            assert "no-store" in answer.headers["Cache-Control"] and "ETag" not in answer.headers
        assert shop.ask("HEAD", "/readyz").status == 200 and shop.ask("POST", "/readyz").status == 405


def test_home_is_made_before_the_first_reader_comes():
    """Each storefront's, as soon as there is an index; until then the server does not say that it is ready."""
    with Shop() as shop:
        port = free_port()
        shop.serve("--metrics-listen", "127.0.0.1:%d" % port, "--public-url", "http://books.example", wait=False)
        shop.until(lambda: fetch(port, "/readyz")[0] == 200, "all that is needed")
        assert read_metrics(fetch(port, "/metrics")[2])["colophon_page_cache_pages", ""] == 2  # nobody has asked yet
        for path in ("/us/", "/cn/"):
            assert "<h2" in shop.get(path, Host="books.example").text


def whole(sock):
    """The answer's bytes until its end."""
    out = b""
    while True:
        part = sock.recv(65536)
        if not part:
            return out
        out += part


def test_ending_finishes_what_was_begun():
    """SIGTERM: no more connections; who is connected gets an answer, a write that is on its way is written."""
    with Shop() as shop:
        shop.serve()
        token, work = shop.reader("ann"), shop.work(EMMA)
        body = b'{"stars":4}'
        halfway = socket.create_connection(("127.0.0.1", shop.port), timeout=20 * SLOWNESS)
        halfway.sendall(("PUT /api/v1/us/works/%d/rating HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                         "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (work, token, len(body))).encode() + body[:4])
        silent = socket.create_connection(("127.0.0.1", shop.port), timeout=20 * SLOWNESS)
        kept = socket.create_connection(("127.0.0.1", shop.port), timeout=20 * SLOWNESS)
        kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert kept.recv(4096).startswith(b"HTTP/1.1 200")
        server = shop.server
        server.send_signal(signal.SIGTERM)
        shop.until(lambda: refused(shop.port), "the end of taking connections")
        silent.sendall(b"GET /us/books/%s HTTP/1.1\r\nHost: x\r\n\r\n" % EMMA.encode())
        assert whole(silent).startswith(b"HTTP/1.1 200")
        halfway.sendall(body[4:])
        assert re.match(rb"HTTP/1.1 20\d", whole(halfway))
        assert whole(kept) == b""  # it had its answer, and asked nothing more
        shop.stop()
        shop.serve()
        assert shop.edition(EMMA)["rating"]["count"] == 1


def refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return False
    except ConnectionError:
        return True


class Supervisor:
    """Holds the socket and starts servers on it, as systemd does."""

    def __init__(self, shop):
        self.shop, self.socket = shop, socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(4096)
        self.port = self.socket.getsockname()[1]
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.settimeout(30 * SLOWNESS)
        self.notify.bind(os.path.join(shop.base, "notify"))
        self.server = None

    def start(self):
        def hand_in():
            os.dup2(self.socket.fileno(), 3)
            os.set_inheritable(3, True)
            os.environ["LISTEN_PID"] = str(os.getpid())
            os.environ["LISTEN_FDS"] = "1"
            os.environ["NOTIFY_SOCKET"] = self.notify.getsockname()
            os.execv(COLOPHON, [COLOPHON, "-d", self.shop.dir, "serve"])

        self.server = os.fork()
        if self.server == 0:
            try:
                with open(os.devnull, "w", encoding="ascii") as null:
                    os.dup2(null.fileno(), 1)
                hand_in()
            finally:
                os._exit(127)
        assert self.notify.recv(100) == b"READY=1"

    def stop(self):
        os.kill(self.server, signal.SIGTERM)
        assert self.notify.recv(100) == b"STOPPING=1"
        status = os.waitpid(self.server, 0)[1]
        assert os.waitstatus_to_exitcode(status) == 0, status


def test_restarting_drops_no_connection():
    """The socket is handed in and outlives the server: who connects meanwhile waits, and is answered."""
    with Shop() as shop:
        supervisor = Supervisor(shop)
        supervisor.start()
        ended, wrong, answered = threading.Event(), [], [0, 0, 0]

        def come_and_go(which):
            while not ended.is_set():
                try:
                    status = fetch(supervisor.port, "/us/books/" + EMMA)[0]
                    answered[which] += 1
                    if status != 200:
                        wrong.append(status)
                except OSError as reason:
                    wrong.append(repr(reason))
                except http.client.HTTPException as reason:
                    wrong.append(repr(reason))

        clients = [threading.Thread(target=come_and_go, args=(i,)) for i in range(3)]
        for client in clients:
            client.start()
        try:
            for _ in range(3):
                seen = sum(answered)
                shop.until(lambda: sum(answered) > seen + 30 or wrong, "answers", 60)
                supervisor.stop()
                supervisor.start()
            seen = sum(answered)
            shop.until(lambda: sum(answered) > seen + 30 or wrong, "answers", 60)
        finally:
            ended.set()
            for client in clients:
                client.join()
            supervisor.stop()
        assert not wrong, wrong


def test_ending_does_not_hang_on_who_is_first():
    """Its threads may be slow to let go of the socket, while clients come and go: the server ends all the same."""
    with Shop(samples=False) as shop:
        disk = Disk(shop)
        for _ in range(2):
            shop.serve(wait=False)
            ended = threading.Event()

            def come_and_go():
                while not ended.is_set():
                    try:
                        fetch(shop.port, "/healthz")
                    except (OSError, http.client.HTTPException):
                        pass
            clients = [threading.Thread(target=come_and_go) for _ in range(4)]
            for client in clients:
                client.start()
            try:
                disk.set(EPOLL_MS, 30)
                shop.stop()  # looks at the exit status
            finally:
                disk.set(EPOLL_MS, 0)
                ended.set()
                for client in clients:
                    client.join()


def test_a_socket_handed_in_is_checked():
    with Shop(samples=False) as shop:
        with socket.socket() as listening, socket.socket(socket.AF_UNIX) as other:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            for handed, options, said in ((listening, ["--listen", "127.0.0.1:0"], "as well"), (other, [], "no TCP socket")):
                def hand_in(handed=handed):
                    os.dup2(handed.fileno(), 3)
                    os.environ["LISTEN_PID"] = str(os.getpid())
                # The process itself must be named: a shell names itself, and becomes the server.
                done = subprocess.run(["sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh", COLOPHON, "-d", shop.dir, "serve", *options],
                                      preexec_fn=hand_in, pass_fds=[3], capture_output=True, timeout=60 * SLOWNESS,
                                      env={**os.environ, "LISTEN_FDS": "1"})
                assert done.returncode == 1 and said in done.stderr.decode(), done
        status, _, err = shop.run("serve")
        assert status == 2 and "--listen" in err
        # Of another process: not for us.
        status, _, err = shop.run("serve", env={"LISTEN_FDS": "1", "LISTEN_PID": "1"})
        assert status == 1 and "--listen" in err


class Hits:
    """What the page cache gave."""

    def __init__(self, port):
        self.port = port

    def count(self):
        return read_metrics(fetch(self.port, "/metrics")[2])["colophon_page_cache_hits_total", ""]

    def outlives(self, shop, path, happen):
        """Whether what is kept of a page is good after that happened."""
        shop.get(path), shop.get(path)
        happen()
        before = self.count()
        shop.get(path)
        return self.count() > before


def test_pages_outlive_what_is_said_of_other_works():
    """A kept page of a work is given on while voices of others are published, and never after one of its own, a
    restriction, or a change of the catalogue."""
    other = "9780000050014"
    with Shop() as shop:
        port = free_port()
        shop.serve("--metrics-listen", "127.0.0.1:%d" % port)
        token, work = shop.reader("ann"), shop.work(EMMA)

        def hits():
            return read_metrics(fetch(port, "/metrics")[2])["colophon_page_cache_hits_total", ""]

        def stars(isbn):
            return re.search(r'data-rating-count="(\d+)"', shop.get("/us/books/" + isbn).text)[1]

        assert shop.work(other) != work and stars(EMMA) == "0" and stars(other) == "0"
        kept = 0
        for n in range(1, 6):  # a heartbeat may come between, but not each time
            stars(other), stars(EMMA)
            before = hits()
            assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": n}, token).status in (200, 201)
            assert stars(EMMA) == "1" and ("%d.0" % n) in shop.get("/us/books/" + EMMA).text
            before += 1  # the second look at Emma
            assert stars(other) == "0"
            kept += hits() > before
        assert kept >= 3 or POSTGRES, kept  # there, others write too, and say nothing of what
        # In both of Emma's languages, and in other storefronts.
        assert 'data-rating-count="1"' in shop.get("/us/books/" + EMMA).text
        assert shop.api("DELETE", "/us/works/%d/rating" % work, token=token).status == 200 and stars(EMMA) == "0"
        stars(other)
        shop.authority("--storefront", "us", "--edition", other, "--withhold", "ratings,reviews,comments")
        assert 'class="slip' in shop.get("/us/books/" + other).text
        shop.ok("restriction", "lift", "1", "--reason", "The order was withdrawn.")
        assert stars(other) == "0"
