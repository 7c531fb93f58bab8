"""Pages and searches."""
import contextlib
import gzip
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from urllib.parse import quote

from lab import ROOT, Failed, LeftOut, cpu_seconds, free_port, median, needed, pages_script, stop

QUERIES = ["war", "love", "history of england", "shakespeare", "pride prejudice", "letters", "poems", "voyage", "alice",
           "dickens", "\"great expectations\"", "philosophy", "children stories"]
CHINESE = ["中国", "红楼", "文学", "三国", "小说", "研究"]


def serve_with_nginx(lab, pages):
    """nginx on a free port, giving `pages` {path: bytes} from files."""
    nginx, folder, port = needed("nginx"), os.path.join(lab.base, "nginx"), free_port()
    os.makedirs(folder)
    os.chmod(lab.base, 0o755)  # its workers are somebody else where we are root
    os.chmod(folder, 0o755)
    for path, content in pages.items():
        place = os.path.join(folder, path.lstrip("/"))
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as f:
            f.write(content)
        with open(place + ".gz", "wb") as f:
            f.write(gzip.compress(content, 5, mtime=0))
    conf = os.path.join(folder, "nginx.conf")
    with open(conf, "w") as f:
        f.write("""daemon off; worker_processes auto; pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 512; }}
http {{ access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 100000000;
  client_body_temp_path {0}/t1; proxy_temp_path {0}/t2; fastcgi_temp_path {0}/t3; uwsgi_temp_path {0}/t4; scgi_temp_path {0}/t5;
  server {{ listen 127.0.0.1:{1}; root {0}; default_type text/html; gzip_static on; gzip_vary on; }} }}
""".format(folder, port))
    lab.start(nginx, "-p", folder, "-c", conf, stderr=subprocess.DEVNULL)
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return port
        time.sleep(0.02)
    raise Failed("nginx does not start")


GZIP = ("Accept-Encoding: gzip",)


def a_page(lab):
    path = "/us/books/" + lab.isbns[len(lab.isbns) // 2]
    page = lab.get(path)
    if page.status != 200:
        raise Failed("%s: %d" % (path, page.status))
    return path, page


def bench_pages(lab):
    port = lab.need_server()
    path, page = a_page(lab)
    nginx, seconds, rounds = serve_with_nginx(lab, {path: page.body}), lab.options.seconds, lab.options.rounds
    isbns = list(lab.isbns)
    random.Random(1).shuffle(isbns)
    script = pages_script(lab, isbns)
    for name, headers, aim in (("", (), None), (", gzip", GZIP, 1.0)):
        ours, theirs, anew = [], [], []
        for i in range(rounds):  # by turns: what else the machine does hits all
            lab.tell.doing("product page%s, %d of %d" % (name, i + 1, rounds))
            theirs.append(lab.wrk(nginx, path, seconds, headers=headers))
            ours.append(lab.wrk(port, path, seconds, headers=headers, server=lab.server))
            anew.append(lab.wrk(port, path, seconds, script, headers, connections=8, server=lab.server))
        yardstick = median([t.rate for t in theirs])
        for what, found, aim in (("cached", ours, aim), ("made anew", anew, 0.3)):
            rate = median([f.rate for f in found])
            lab.tell.row("product page, %s%s (%d bytes)" % (what, name, len(page.body)), "%.0f/s" % rate,
                         "nginx %.0f/s" % yardstick, rate / yardstick, aim, most=False)
            lab.tell.row("  its p99, and CPU for each", "%.1f ms, %.0f µs" % (median([f.p99 for f in found]),
                                                                          median([f.cpu for f in found])),
                         "nginx %.1f ms" % median([t.p99 for t in theirs]))


def bench_opds(lab):
    """A page of the catalogue for reading apps, beside nginx that has the same bytes in a file."""
    port, path = lab.need_server(), "/us/opds/books"
    feed = asker(port, path, {"User-Agent": "bench"})()
    nginx, seconds, rounds = serve_with_nginx(lab, {path: feed.body}), lab.options.seconds, lab.options.rounds
    ours, theirs = [], []
    for i in range(rounds):
        lab.tell.doing("OPDS page, %d of %d" % (i + 1, rounds))
        theirs.append(lab.wrk(nginx, path, seconds, headers=GZIP))
        ours.append(lab.wrk(port, path, seconds, headers=GZIP, server=lab.server))
    rate, yardstick = median([o.rate for o in ours]), median([t.rate for t in theirs])
    lab.tell.row("OPDS page, cached, gzip (%d bytes)" % len(feed.body), "%.0f/s" % rate, "nginx %.0f/s" % yardstick, rate / yardstick, 0.8, most=False)


# ---- instructions ----

def under_callgrind(lab, name, *command):
    out = os.path.join(lab.base, "callgrind." + name)
    return out, (needed("valgrind"), "-q", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=" + out, *command)


def instructions(lab, process, out, ask, n):
    """For each of n requests."""
    for _ in range(20):
        ask()
    control = [needed("callgrind_control")]
    subprocess.run([*control, "-i", "on", str(process.pid)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(n):
        ask()
    subprocess.run([*control, "-i", "off", str(process.pid)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stop(process)
    with open(out, encoding="utf-8", errors="replace") as f:
        return int(re.findall(r"^(?:summary|totals): (\d+)", f.read(), re.M)[-1]) / n


def asker(port, path, headers, status=200):
    """Asks again and again over one connection."""
    import http.client
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask():
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.body = answer.read()
        if answer.status != status:
            raise Failed("%s: %d" % (path, answer.status))
        return answer
    return ask


def bench_instructions(lab):
    """Instructions in the process for a page, counted by callgrind: the machine may be busy."""
    lab.need_server()
    path, _ = a_page(lab)
    gzipped = {"Accept-Encoding": "gzip", "User-Agent": "bench"}
    answer = asker(lab.port, path, gzipped)()
    body, headers = os.path.join(lab.base, "body"), os.path.join(lab.base, "headers")
    with open(body, "wb") as f:
        f.write(answer.body)
    with open(headers, "w", encoding="utf-8") as f:
        f.write("".join("%s: %s\n" % h for h in answer.getheaders() if h[0] not in ("Date", "Content-Length")))
    lab.stop_server()
    lab.tell.doing("instructions of bare libmicrohttpd")
    out, command = under_callgrind(lab, "bare", lab.helper("mhd_bare"), body, headers)
    bare = lab.start(*command, stdout=subprocess.PIPE)
    yardstick = instructions(lab, bare, out, asker(int(bare.stdout.readline()), path, gzipped), 1000)
    for what, more, status, aim in (("cached, gzip", {}, 200, 2), ("cached, not modified", {"If-None-Match": ""}, 304, 2),
                                    ("made anew, gzip", {"Cookie": "bench=1"}, 200, None)):
        lab.tell.doing("instructions of a page %s" % what)
        out, command = under_callgrind(lab, what.replace(" ", "-"))
        server, port = lab.serve(lab.dir, before=command)
        asked = {**gzipped, **more}
        if "If-None-Match" in more:
            asked["If-None-Match"] = asker(port, path, gzipped)().getheader("ETag")
        found = instructions(lab, server, out, asker(port, path, asked, status), 1000 if aim else 100)
        lab.tell.row("instructions for a page, " + what, "%.0f" % found, "bare libmicrohttpd %.0f" % yardstick,
                     found / yardstick, aim)


# ---- searching ----

def bench_search(lab):
    lab.need_server()
    bare, seconds = lab.helper("search_bare"), 1
    for words, queries in (("English", QUERIES), ("2-character Chinese", CHINESE)):
        listing = os.path.join(lab.base, "queries")
        with open(listing, "w", encoding="utf-8") as f:
            f.write("\n".join(queries) + "\n")
        lab.tell.doing("the bare queries")
        alone = {}
        for what in ("facets", "plain"):
            _, out, _ = lab.run(bare, os.path.join(lab.dir, "index"), listing, "60", what)
            alone[what] = [float(line.split()[1]) / 1e3 for line in out.splitlines() if line.strip()]
        ours = []
        for i, query in enumerate(queries):
            lab.tell.doing("search, %s, %d of %d" % (words, i + 1, len(queries)))
            # The cookie keeps answers out of the page cache: each is searched for.
            ours.append(lab.wrk(lab.port, "/api/v1/us/search?q=" + quote(query), seconds, headers=("Cookie: bench=1",),
                                connections=1))
        p50, yardstick = median([o.p50 for o in ours]), median(alone["facets"])
        lab.tell.row("search p50, %s, %d queries" % (words, len(queries)), "%.2f ms" % p50,
                     "Groonga %.2f ms (without facets %.2f)" % (yardstick, median(alone["plain"])), p50 / yardstick,
                     (yardstick + 1) / yardstick)
        worst = max(o.p99 for o in ours)
        lab.tell.row("  the highest p99 of a query", "%.1f ms" % worst, "", worst, 100, digits=0)


# ---- engines and nodes ----

def cluster_of(lab):
    sys.path.insert(0, os.path.join(ROOT, "tests", "blackbox"))
    import postgres
    try:
        cluster = postgres.Cluster()
    except FileNotFoundError as e:
        raise LeftOut(str(e)) from e
    return cluster, postgres.make_database(cluster.url)


def bench_engines(lab):
    """The same shop in SQLite and in PostgreSQL; then one node and two, over the same database."""
    port, rounds, seconds = lab.need_server(), lab.options.rounds, lab.options.seconds
    cluster, url = cluster_of(lab)
    first, second = os.path.join(lab.base, "node-1"), os.path.join(lab.base, "node-2")
    try:
        lab.make_shop(first, "--database", url)
        lab.tell.doing("importing into PostgreSQL")
        lab.load(first, lab.need_feed())
        script = pages_script(lab, random.Random(5).sample(lab.isbns, min(20000, len(lab.isbns))))
        server, theirs = lab.serve(first)
        ours, others = [], []
        for i in range(rounds):
            lab.tell.doing("pages of both engines, %d of %d" % (i + 1, rounds))
            others.append(lab.wrk(port, "/us/", seconds, script, connections=8).rate)
            ours.append(lab.wrk(theirs, "/us/", seconds, script, connections=8, server=server))
        rate = median([o.rate for o in ours])
        lab.tell.row("pages made anew, PostgreSQL", "%.0f/s" % rate, "SQLite %.0f/s" % median(others),
                     rate / median(others), 0.7, most=False)
        bench_nodes(lab, url, first, second, (server, theirs), script)
    finally:
        lab.stop_server()
        for child in lab.children:
            if child.poll() is None:
                stop(child)
        cluster.stop()


def bench_nodes(lab, url, first, second, one, script):
    lab.run(lab.colophon, "-d", second, "join", "--database", url)
    shutil.copy(os.path.join(first, "key"), os.path.join(second, "key"))
    server, port = lab.serve(second)
    alone, both = [], []
    for i in range(lab.options.rounds):
        lab.tell.doing("one node and two, %d of %d" % (i + 1, lab.options.rounds))
        alone.append(lab.wrk(one[1], "/us/", lab.options.seconds, script, connections=8, server=one[0]).cpu)
        command = ["wrk", "-t1", "-c4", "-d%ds" % lab.options.seconds, "-s", script]
        before = cpu_seconds(one[0].pid) + cpu_seconds(server.pid)
        runs = [lab.start(*command, "http://127.0.0.1:%d/" % p, stdout=subprocess.PIPE) for p in (one[1], port)]
        n = sum(int(re.search(r"(\d+) requests in", r.communicate()[0].decode())[1]) for r in runs)
        both.append((cpu_seconds(one[0].pid) + cpu_seconds(server.pid) - before) * 1e6 / n)
    lab.tell.row("CPU for a page, two nodes on one PostgreSQL", "%.0f µs" % median(both), "one node %.0f µs" % median(alone),
                 median(both) / median(alone), 1.15)
