#!/usr/bin/env python3
"""Measures a server that is asked for more than it can do, and idle connections.

    overload.py [--products N] [--seconds N] [--connections N] COLOPHON [OPTION OF serve...]

A shop of its own in a temporary folder; wrk asks for pages that must be made, then for
searches, from 2,000 connections, while one more connection asks for such a one and for a
cached page by turns. Books are made so fast that 2,000 who wait are no overload yet;
searches are past what can be done, and who is refused comes back after half a second.
Needs wrk (COLOPHON_DEPS=bench tools/deps). Run it on an idle machine: wrk and the
server share its cores.
"""
import argparse
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Client:
    """One kept connection: (status, milliseconds) of each answer."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.file = self.socket.makefile("rb")

    def ask(self, path):
        begun = time.perf_counter()
        self.socket.sendall(("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path).encode())
        status, length = int(self.file.readline().split()[1]), 0
        while (line := self.file.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        self.file.read(length)
        return status, (time.perf_counter() - begun) * 1e3


def told(name, times):
    if not times:
        print("%-40s none" % name)
        return
    times = sorted(times)
    print("%-40s %6d  p50 %8.2f ms  p99 %8.2f ms" % (name, len(times), times[len(times) // 2], times[len(times) * 99 // 100]))


def anonymous(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as f:
        return int(re.search(r"RssAnon:\s+(\d+)", f.read())[1])


WORDS = "war love history england letters poems voyage alice children stories night river garden house".split()

FLOOD = """local paths, at, wait = {%s}, 0, 0
request = function()
  at = at %% #paths + 1
  return wrk.format('GET', paths[at])
end
"""
# Who was refused tries again, but not at once.
PATIENT = """response = function(status) wait = status == 503 and 500 or 0 end
delay = function() return wait end
"""


def overload(options, base, port, name, paths, cached, more=""):
    script = os.path.join(base, "many.lua")
    with open(script, "w", encoding="ascii") as f:
        f.write(FLOOD % ",".join("'%s'" % path for path in paths) + more)
    # The cookie keeps answers out of the page cache.
    flood = subprocess.Popen(["wrk", "-t1", "-c%d" % options.connections, "-d%ds" % (options.seconds + 3), "-H", "Cookie: bench=1",
                              "--timeout", "20s", "-s", script, "http://127.0.0.1:%d" % port], stdout=subprocess.PIPE, text=True)
    client, refused, made, kept, n = Client(port), [], [], [], 0
    client.ask(cached)
    time.sleep(2)
    end = time.time() + options.seconds
    while time.time() < end:
        n += 1
        path = paths[n % len(paths)]
        status, ms = client.ask("%s%sn=%d" % (path, "&" if "?" in path else "?", n))
        (refused if status == 503 else made).append(ms)
        kept.append(client.ask(cached)[1])
        time.sleep(0.002)
    said = flood.communicate()[0]
    print("%s from %d connections: %s answers/s, of them 503: %s of %s" % (
        name, options.connections, re.search(r"Requests/sec:\s+(\S+)", said)[1],
        (re.findall(r"Non-2xx.*: (\d+)", said) or ["none"])[0], re.search(r"(\d+) requests in", said)[1]))
    told("  refused (503)", refused)
    told("  cached page beside them", kept)
    told("  made, of those let in", made)


def idle(port, pid, n):
    before, held = anonymous(pid), []
    for i in range(n):
        s = socket.socket()
        s.bind(("127.0.1.%d" % (i % 100 + 1), 0))
        s.connect(("127.0.0.1", port))
        held.append(s)
    time.sleep(1)
    print("%d idle connections                    %6.1f KiB each" % (n, (anonymous(pid) - before) / n))
    for s in held:
        s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        s.recv(4096)
    print("  after one answer each                  %6.1f KiB each" % ((anonymous(pid) - before) / n))
    for s in held:
        s.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=10000)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=2000)
    parser.add_argument("colophon")
    parser.add_argument("options", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is absent (COLOPHON_DEPS=bench tools/deps)")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20000), hard))
    base = tempfile.mkdtemp(prefix="colophon-overload-")
    shop, server = os.path.join(base, "shop"), None
    try:
        def run(*args):
            subprocess.run([options.colophon, "-d", shop, *args], check=True, stdout=subprocess.DEVNULL)
        feed = os.path.join(base, "feed.xml")
        with open(feed, "wb") as f:
            subprocess.run([sys.executable, os.path.join(ROOT, "tools", "feed.py"), str(options.products)], check=True, stdout=f)
        with open(feed, encoding="utf-8") as f:
            isbns = sorted(set(re.findall(r"<ProductIDType>15</ProductIDType><IDValue>(\d{13})", f.read())))
        run("init", "--origin", "bench.example")
        run("storefront", "add", "us", "--unresearched", "sell", "--country", "US", "--language", "en", "--currency", "USD")
        run("shop", "add", "bench", "--name", "Bench")
        run("import", "--shop", "bench", feed)
        server = subprocess.Popen([options.colophon, "-d", shop, "serve", "--listen", "127.0.0.1:0", "--trust-proxy", *options.options],
                                  stdout=subprocess.PIPE)
        port = int(re.search(rb":(\d+)", server.stdout.readline())[1])
        time.sleep(1)
        idle(port, server.pid, min(9000, hard - 1000))
        time.sleep(1)
        cached = "/us/books/" + isbns[0]
        overload(options, base, port, "books", ["/us/books/" + isbn for isbn in isbns], cached)
        time.sleep(1)
        overload(options, base, port, "searches", ["/us/search?q=%s+%s" % (a, b) for a in WORDS for b in WORDS], cached, PATIENT)
    finally:
        if server is not None:
            server.terminate()
            server.wait()
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
