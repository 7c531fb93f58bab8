"""Taking catalogues in, starting, growing."""
import http.client
import os
import random
import re
import shutil
import subprocess
import sys
import time

from lab import MAKE_ONIX, ROOT, Failed, median, needed, pages_script, status_kb, stop


def bench_import(lab):
    needed("xmllint")
    feed, rounds, n = lab.need_feed(), lab.options.rounds, lab.options.products
    parses, imports, again, peaks = [], [], [], []
    for i in range(rounds):  # by turns: what else the machine does hits both
        folder = os.path.join(lab.base, "import-%d" % i)
        lab.tell.doing("import of %d products, %d of %d" % (n, i + 1, rounds))
        parses.append(lab.run("xmllint", "--stream", "--noout", feed)[0])
        lab.make_shop(folder)
        seconds, peak = lab.load(folder, feed)
        imports.append(seconds)
        peaks.append(peak)
        again.append(lab.load(folder, feed)[0])
        if lab.loaded is None:
            os.rename(folder, lab.dir)
            lab.loaded = seconds, peak
        else:
            shutil.rmtree(folder)
    parse, first, second = median(parses), median(imports), median(again)
    lab.tell.row("import of %d products" % n, "%.2f s" % first, "xmllint %.2f s" % parse, first / parse, 2)
    lab.tell.row("  its peak of RssAnon", "%.0f MiB" % median(peaks), "", median(peaks), 200, digits=0)
    lab.tell.row("  the same feed again", "%.2f s" % second, "first import %.2f s" % first, second / first, 0.15)


def bench_memory(lab):
    port = lab.need_server()
    for path in ("/us/", "/cn/", "/us/search?q=war", "/cn/search?q=%E5%8F%B2", "/us/subjects/", "/us/search"):
        lab.get(path)
    lab.tell.doing("load, to see what stays")
    lab.wrk(port, "/us/", lab.options.seconds, pages_script(lab, lab.isbns[::7], "walk.lua"))
    anon = status_kb(lab.server.pid, "RssAnon") / 1024
    lab.tell.row("RssAnon while serving %d titles" % lab.options.products, "%.0f MiB" % anon, "", anon, 100, digits=0)


def first_page(lab, path):
    """Seconds from the start of the process to a whole page."""
    begun = time.perf_counter()
    server = lab.start(lab.colophon, "-d", lab.dir, "serve", "--listen", "127.0.0.1:0", stdout=subprocess.PIPE)
    port = int(re.search(r":(\d+)", server.stdout.readline().decode())[1])
    status = lab.get(path, port=port).status
    seconds = time.perf_counter() - begun
    stop(server)
    if status != 200:
        raise Failed("%s: %d" % (path, status))
    return seconds


def bench_start(lab):
    lab.need_shop()
    lab.stop_server()
    lab.tell.doing("cold starts")
    ms = median([first_page(lab, "/us/books/" + isbn) for isbn in lab.isbns[:lab.options.rounds]]) * 1e3
    lab.tell.row("from the start to the first page", "%.0f ms" % ms, "", ms, 150, digits=0)


def feed_of(lab, n, path):
    if os.path.exists(MAKE_ONIX):
        lab.run(sys.executable, MAKE_ONIX, "-n", str(n), "-o", path)
        return
    with open(path, "wb") as f:
        subprocess.run([sys.executable, os.path.join(ROOT, "tools", "feed.py"), str(n)], check=True, stdout=f)


def some_isbns(path, share):
    """Some of a large feed's."""
    found, chance = [], random.Random(3)
    with open(path, encoding="utf-8") as f:
        rest = ""
        while part := f.read(1 << 24):
            text = rest + part
            found += [i for i in re.findall(r"<ProductIDType>15</ProductIDType><IDValue>(\d{13})", text)
                      if chance.random() < share]
            rest = text[-100:]
    return sorted(set(found))


def bench_growth(lab):
    """A shop of --growth titles beside the one of --products."""
    n, feed, folder = lab.options.growth, os.path.join(lab.base, "large.xml"), os.path.join(lab.base, "large")
    if n == 0:
        return
    port = lab.need_server()
    lab.tell.doing("making a feed of %d products" % n)
    feed_of(lab, n, feed)
    lab.make_shop(folder)
    lab.tell.doing("importing %d products" % n)
    seconds, peak = lab.load(folder, feed)
    parse = lab.run("xmllint", "--stream", "--noout", feed)[0]
    lab.tell.row("import of %d products" % n, "%.1f s" % seconds, "xmllint %.1f s" % parse, seconds / parse, 2)
    lab.tell.row("  its peak of RssAnon", "%.0f MiB" % peak)
    isbns = some_isbns(feed, 20000 / n)
    os.remove(feed)
    server, large = lab.serve(folder)
    own = lab.isbns[::max(1, len(lab.isbns) // 20000)]
    chance = random.Random(4)
    chance.shuffle(isbns)
    chance.shuffle(own)
    small_script, large_script = pages_script(lab, own, "small.lua"), pages_script(lab, isbns, "large.lua")
    small_times, large_times = [], []
    for i in range(lab.options.rounds):
        lab.tell.doing("pages of %d titles, %d of %d" % (n, i + 1, lab.options.rounds))
        small_times.append(lab.wrk(port, "/us/", lab.options.seconds, small_script, connections=1).p50)
        large_times.append(lab.wrk(large, "/us/", lab.options.seconds, large_script, connections=1).p50)
    lab.tell.row("page p50 with %d titles" % n, "%.2f ms" % median(large_times),
                 "%d titles %.2f ms" % (lab.options.products, median(small_times)),
                 median(large_times) / median(small_times), 1.3)
    stop(server)
