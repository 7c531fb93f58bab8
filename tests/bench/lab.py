"""The laboratory of tools/bench: one shop in one folder, what runs for it, and the
table of what was found."""
import collections
import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MAKE_ONIX = os.path.join(ROOT, "..", "shared", "data", "make_onix.py")
TICKS = os.sysconf("SC_CLK_TCK")


class LeftOut(Exception):
    pass


class Failed(Exception):
    pass


class Telling:
    """Progress on a terminal, nothing in a pipe; rows for the table."""

    def __init__(self):
        self.rows, self.terminal = [], sys.stderr.isatty()

    def doing(self, what):
        if self.terminal:
            print("\r\033[K%s …" % what, end="", file=sys.stderr, flush=True)

    def row(self, figure, value, yardstick="", ratio=None, bound=None, most=True, digits=2):
        """`bound` on the ratio, or on nothing; `most`: at most, else at least."""
        verdict = "" if bound is None else "ok" if (ratio <= bound if most else ratio >= bound) else "over"
        said = "" if ratio is None else "%.*f" % (digits, ratio)
        limit = "" if bound is None else "%s %g" % ("≤" if most else "≥", bound)
        self.rows.append((figure, value, yardstick, said, limit, verdict))
        if self.terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            print("  ".join(c for c in self.rows[-1] if c), file=sys.stderr)

    def table(self):
        rows = [("figure", "value", "yardstick", "ratio", "bound", "")] + self.rows
        widths = [max(len(r[i]) for r in rows) for i in range(6)]
        if self.terminal:
            print("\r\033[K", end="", file=sys.stderr)
        for i, row in enumerate(rows):
            print("  ".join(c.ljust(w) for c, w in zip(row, widths)).rstrip())
            if i == 0:
                print("  ".join("-" * w for w in widths[:5]))


def status_kb(pid, field):
    try:
        with open("/proc/%d/status" % pid) as f:
            return int(re.search(r"%s:\s+(\d+)" % field, f.read())[1])
    except (OSError, TypeError):
        return 0


def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid) as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def needed(program):
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if path is None:
        raise LeftOut("%s is absent (COLOPHON_DEPS=all tools/deps)" % program)
    return path


class Lab:
    """One shop on one folder, and all that runs for it."""

    def __init__(self, colophon, options, telling):
        self.colophon, self.options, self.tell = os.path.abspath(colophon), options, telling
        self.base = tempfile.mkdtemp(prefix="colophon-bench-", dir=options.dir)
        self.dir = os.path.join(self.base, "shop")
        self.children, self.server, self.feed, self.isbns = [], None, None, None
        self.loaded = None  # (seconds, peak of anonymous memory in MiB)
        self.folder = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(colophon))))

    def close(self):
        for child in self.children:
            if child.poll() is None:
                child.terminate()
        for child in self.children:
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        shutil.rmtree(self.base, ignore_errors=True)

    def start(self, *command, **keywords):
        child = subprocess.Popen(command, **keywords)
        self.children.append(child)
        return child

    def clean(self):
        """Ends what a section left running, but for the server."""
        for child in self.children:
            if child is not self.server and child.poll() is None:
                stop(child)
        self.children = [child for child in self.children if child is self.server]

    def run(self, *command, stdin=None):
        """(seconds, standard output, peak of anonymous memory in MiB)"""
        peak, begun = 0, time.perf_counter()
        child = self.start(*command, stdin=subprocess.PIPE if stdin else subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE)
        if stdin:
            child.stdin.write(stdin)
            child.stdin.close()
        out, err = [], []
        readers = [threading.Thread(target=lambda f, to: to.append(f.read()), args=a)
                   for a in ((child.stdout, out), (child.stderr, err))]
        for reader in readers:
            reader.start()
        while child.poll() is None:
            peak = max(peak, status_kb(child.pid, "RssAnon"))
            time.sleep(0.02)
        seconds = time.perf_counter() - begun
        for reader in readers:
            reader.join()
        if child.returncode != 0:
            raise Failed("%s: exit status %d: %s" % (" ".join(command), child.returncode, err[0].decode()))
        return seconds, out[0].decode(), peak / 1024

    def ask(self, *args, **keywords):
        return self.run(self.colophon, "-d", self.dir, *args, **keywords)

    # -- what sections stand on

    def need_feed(self):
        if self.feed is None:
            n = self.options.products
            self.tell.doing("making a feed of %d products" % n)
            self.feed = os.path.join(self.base, "feed.xml")
            if os.path.exists(MAKE_ONIX):
                self.run(sys.executable, MAKE_ONIX, "-n", str(n), "-o", self.feed)
            else:
                with open(self.feed, "wb") as f:
                    f.write(subprocess.run([sys.executable, os.path.join(ROOT, "tools", "feed.py"), str(n)], check=True,
                                           stdout=subprocess.PIPE).stdout)
            with open(self.feed, encoding="utf-8") as f:
                found = re.findall(r"<ProductIDType>15</ProductIDType><IDValue>(\d{13})", f.read())
            self.isbns = sorted(set(found))
        return self.feed

    def make_shop(self, folder, *database):
        """An empty shop with two storefronts."""
        ask = [self.colophon, "-d", folder]
        self.run(*ask, "init", "--origin", "bench.example", *database)
        self.run(*ask, "storefront", "add", "us", "--unresearched", "sell", "--country", "US", "--language", "en", "--language", "zh-Hans",
                 "--currency", "USD")
        self.run(*ask, "storefront", "add", "cn", "--unresearched", "sell", "--country", "CN", "--language", "zh-Hans", "--currency", "CNY")
        self.run(*ask, "shop", "add", "bench", "--name", "Bench")

    def load(self, folder, feed):
        """(seconds, peak of anonymous memory in MiB) of an import."""
        seconds, _, peak = self.run(self.colophon, "-d", folder, "import", "--shop", "bench", feed)
        return seconds, peak

    def need_shop(self):
        if self.loaded is None:
            feed = self.need_feed()
            self.make_shop(self.dir)
            self.tell.doing("importing %d products" % self.options.products)
            self.loaded = self.load(self.dir, feed)

    def helper(self, name):
        """One of the programs that lie beside this file."""
        path = os.path.join(self.folder, "tests", "bench", name)
        if not os.path.exists(path):
            raise LeftOut("tests/bench/%s is not built (ninja)" % name)
        return path

    def serve(self, folder, *options, before=()):
        """(process, port) of a server that takes requests and finds."""
        server = self.start(*before, self.colophon, "-d", folder, "serve", "--listen", "127.0.0.1:0", "--trust-proxy",
                            *options, stdout=subprocess.PIPE)
        line = server.stdout.readline().decode()
        if not line:
            raise Failed("serve does not start")
        port = int(re.search(r":(\d+)", line)[1])
        while self.get("/api/v1/us/search?q=", port=port).status != 200:
            time.sleep(0.1)
        return server, port

    def need_server(self):
        self.need_shop()
        if self.server is None:
            self.server, self.port = self.serve(self.dir)
        return self.port

    def stop_server(self):
        if self.server is not None:
            stop(self.server)
            self.server = None

    def get(self, path, headers=None, method="GET", body=None, port=None):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            response.body = response.read()
            return response
        finally:
            connection.close()

    def wrk(self, port, path, seconds, script=None, headers=(), connections=32, server=None):
        command = [needed("wrk"), "-t1", "-c%d" % connections, "-d%ds" % seconds, "--latency", "--timeout", "20s"]
        for header in headers:
            command += ["-H", header]
        if script:
            command += ["-s", script]
        cpu = cpu_seconds(server.pid) if server else 0
        _, out, _ = self.run(*command, "http://127.0.0.1:%d%s" % (port, path))
        cpu = cpu_seconds(server.pid) - cpu if server else 0
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)", out)
        if bad:
            raise Failed("wrk %s: %s" % (path, bad[0]))
        return Load(float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), latency(out, 50), latency(out, 99),
                    cpu * 1e6 / int(re.search(r"(\d+) requests in", out)[1]))


def latency(out, percentile):
    number, unit = re.search(r"%d%%\s+([\d.]+)(us|ms|s)" % percentile, out).groups()
    return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


# What wrk saw: requests a second, ms, the server's CPU for each in µs.
Load = collections.namedtuple("Load", "rate p50 p99 cpu")


def stop(process):
    process.terminate()
    process.wait()


def median(values):
    return statistics.median(values)


def pages_script(lab, isbns, name="many.lua"):
    """For wrk: one book's page after another, none twice in a row."""
    script = os.path.join(lab.base, name)
    with open(script, "w") as f:
        f.write("local isbns = {%s}\nlocal at = 0\nrequest = function()\n  at = at %% #isbns + 1\n"
                "  return wrk.format('GET', '/us/books/' .. isbns[at])\nend\n" % ",".join('"%s"' % i for i in isbns))
    return script
