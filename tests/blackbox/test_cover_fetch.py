"""Covers that feeds name are fetched: from the servers of the tests, which are good, bad and hostile."""
import http.server
import os
import re
import signal
import struct
import subprocess
import threading

from exim import free_port
from shop import COLOPHON, POSTGRES, Shop, onix, product
from test_cover_forms import noisy
from test_files import cover, files_of, is_drawn, is_picture, jpeg_size, need_vips, png
from test_operations import Hits
from test_partner import HOME, partner

OTHERS = True  # see run.py

ISBNS = ["9780000060013", "9780000060020", "9780000060037", "9780000060044", "9780000060051", "9780000060068",
         "9780000060075", "9780000060082", "9780000060099", "9780000060105"]


class Pictures:
    """Serves what it is told to: path -> (status, headers, body), or a function of the handler."""

    def __init__(self):
        self.files, self.asked, self.released = {}, [], threading.Event()

    def __enter__(self):
        pictures = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                pictures.asked.append((self.path, dict(self.headers)))
                answer = pictures.files.get(self.path, (404, {}, b"<h1>no</h1>"))
                if callable(answer):
                    return answer(self)
                status, headers, body = answer
                if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                    status, body = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self.http.shutdown()
        self.http.server_close()

    def url(self, path):
        return "http://127.0.0.1:%d%s" % (self.http.server_address[1], path)

    def paths(self):
        return [path for path, _ in self.asked]


def with_cover(number, link, form="02"):
    block = ("<CollateralDetail><SupportingResource><ResourceContentType>01</ResourceContentType><ContentAudience>00"
             "</ContentAudience><ResourceMode>03</ResourceMode><ResourceVersion><ResourceForm>%s</ResourceForm>"
             "<ResourceLink>%s</ResourceLink></ResourceVersion></SupportingResource></CollateralDetail>" % (form, link))
    record = product("r%d" % number, ISBNS[number], "Title %d" % number)
    return record.replace("<PublishingDetail>", block + "<PublishingDetail>") if link else record


def load(shop, *records):
    status, out, err = shop.run("import", "--shop", "main", shop.file("f.xml", onix(*records)))
    assert status == 0, (out, err)


def fetch(shop, *options, env=None):
    """(fetched, unchanged, failed)"""
    out = shop.ok("cover", "fetch", "--from-loopback", *options, env=env or {})
    return tuple(int(n) for n in re.fullmatch(r"(\d+) fetched, (\d+) unchanged, (\d+) failed\n", out).groups())


def test_covers_come_from_where_feeds_say():
    need_vips()
    with Pictures() as there, Shop(samples=False) as shop:
        there.files["/a.png"] = (200, {"ETag": '"one"'}, noisy(500, 700))
        there.files["/moved.png"] = (302, {"Location": "/a.png"}, b"")
        load(shop, with_cover(0, there.url("/a.png")), with_cover(1, there.url("/moved.png")), with_cover(2, None),
             with_cover(3, there.url("/linked.png"), form="01"))
        assert fetch(shop) == (2, 0, 0)
        shop.serve()
        for n in 0, 1:
            assert is_picture(cover(shop, ISBNS[n])) and jpeg_size(cover(shop, ISBNS[n]).body) == (500, 700)
            assert 'srcset="/us/covers/%s/' % ISBNS[n] in shop.get("/us/books/" + ISBNS[n]).text
        # What may be linked to and not kept is not fetched, and nothing twice.
        assert is_drawn(cover(shop, ISBNS[2])) and is_drawn(cover(shop, ISBNS[3]))
        assert "/linked.png" not in there.paths() and fetch(shop) == (0, 0, 0) and len(there.asked) == 3
        # Once it is due again, only what changed is sent and made anew.
        kept = files_of(shop)
        assert fetch(shop, "--all") == (0, 2, 0) and files_of(shop) == kept
        assert there.asked[-1][1]["If-None-Match"] == '"one"'
        # Another link, another picture; no link, none. One that was given stands over both.
        there.files["/b.png"] = (200, {}, png(90, 120))
        load(shop, with_cover(0, there.url("/b.png")), with_cover(1, None))
        assert fetch(shop) == (1, 0, 0)
        shop.until(lambda: jpeg_size(cover(shop, ISBNS[0]).body) == (90, 120), "the other picture")
        shop.until(lambda: is_drawn(cover(shop, ISBNS[1])), "none")
        shop.ok("cover", "put", "--isbn", ISBNS[0], shop.file("given.png", png(60, 80)))
        load(shop, with_cover(0, there.url("/a.png")))
        asked = len(there.asked)
        assert fetch(shop) == (0, 0, 0) and len(there.asked) == asked
        shop.until(lambda: jpeg_size(cover(shop, ISBNS[0]).body) == (60, 80), "the one that was given")
        there.files["/a.png"] = (200, {}, png(70, 90))
        shop.ok("cover", "remove", "--isbn", ISBNS[0])
        assert fetch(shop) == (1, 0, 0)
        shop.until(lambda: jpeg_size(cover(shop, ISBNS[0]).body) == (70, 90), "the feed's again")
        assert len(files_of(shop)) == 1 and shop.ok("files", "check").startswith("1 files")
        # Records that are deleted take their covers along, those that had none are passed by.
        load(shop, with_cover(1, there.url("/b.png")))
        assert fetch(shop) == (1, 0, 0) and len(files_of(shop)) == 2
        load(shop, *[product("r%d" % n, ISBNS[n], notification="05", blocks=False) for n in range(4)])
        assert fetch(shop) == (0, 0, 0) and files_of(shop) == []
        assert shop.look("SELECT COUNT(*) FROM cover_fetch") == "0" == shop.look("SELECT COUNT(*) FROM cover")


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    try:
        for _ in range(64):
            handler.wfile.write(b"\x89PNG" + b"x" * (1 << 20))
    except OSError:
        pass


def test_a_fetch_that_fails_changes_nothing_and_says_why():
    need_vips()
    bomb = png(1, 1)
    bomb = bomb[:16] + struct.pack(">II", 60000, 60000) + bomb[24:]
    with Pictures() as there, Shop(samples=False) as shop:
        there.files["/good.png"] = (200, {}, png(90, 120))
        there.files["/page"] = (200, {"Content-Type": "image/png"}, b"<html>not yet</html>")
        there.files["/bomb.png"] = (200, {}, bomb)
        there.files["/endless.png"] = endless
        there.files["/slow.png"] = lambda handler: there.released.wait(60)
        there.files["/inside.png"] = (302, {"Location": "http://10.0.0.1/a.png"}, b"")
        there.files["/file.png"] = (302, {"Location": "file:///etc/passwd"}, b"")
        there.files["/busy.png"] = (429, {"Retry-After": "3000"}, b"")
        bad = [("/gone.png", "status", "answered 404"), ("/page", "picture", "no picture"),
               ("/bomb.png", "picture", "no picture"), ("/endless.png", "large", "larger than 20 MB"),
               ("/slow.png", "slow", "too long"), ("/inside.png", "address", "not on the public network"),
               ("/file.png", "link", "no web address")]
        load(shop, *[with_cover(n, there.url("/good.png")) for n in range(7)])
        assert fetch(shop)[0] == 7
        load(shop, *[with_cover(n, there.url(path)) for n, (path, said, _) in enumerate(bad) if said != "slow"],
             with_cover(7, "ftp://127.0.0.1/a.png"), with_cover(8, "https://a:b@127.0.0.1/a.png"))
        kept = files_of(shop)
        assert fetch(shop) == (0, 0, 8)
        # Apart: what is to end soon must not hurry the others.
        load(shop, with_cover(4, there.url("/slow.png")))
        assert fetch(shop, env={"COLOPHON_FETCH_SECONDS": "2"}) == (0, 0, 1)
        shop.serve()
        pia = partner(shop)
        listed = pia.get(HOME + "titles?cover=missing").text
        for n, (path, said, words) in enumerate(bad):
            assert jpeg_size(cover(shop, ISBNS[n]).body) == (90, 120), path
            page = pia.get(HOME + "titles/" + ISBNS[n]).text
            assert 'data-cover="%s"' % said in page and words in page and there.url(path) in page, (path, page)
        for n in 7, 8:
            assert is_drawn(cover(shop, ISBNS[n]))
            assert "no web address" in re.search(r'<tr data-key="%s">.*?</tr>' % ISBNS[n], listed, re.S)[0]
        assert files_of(shop) == kept
        # Not before it is time, unless somebody asks.
        asked = len(there.asked)
        assert fetch(shop) == (0, 0, 0) and len(there.asked) == asked
        for path, _, _ in bad:
            there.files[path] = (200, {}, png(40, 60))
        assert fetch(shop, "--again") == (7, 0, 2)
        shop.until(lambda: jpeg_size(cover(shop, ISBNS[0]).body) == (40, 60), "the picture at last")
        # A server that asks for a rest has one, with all of its files.
        load(shop, with_cover(0, there.url("/busy.png")), with_cover(1, there.url("/later.png")))
        assert fetch(shop) == (0, 0, 1)
        assert "/busy.png" in there.paths() and "/later.png" not in there.paths()


def kill_fetching(parent):
    """Kills the process that fetches for this one, and says whether there was any."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % pid) as stat, open("/proc/%s/cmdline" % pid) as line:
                ours = int(stat.read().rsplit(")", 1)[1].split()[1]) == parent and "fetch-one" in line.read()
        except OSError:
            continue
        if ours:
            os.kill(int(pid), signal.SIGKILL)
            return True
    return False


def test_a_file_over_which_fetching_breaks_leaves_the_others():
    need_vips()
    with Pictures() as there, Shop(samples=False) as shop:
        # What names the picture is in no plain text: it comes, and is not asked for by that name.
        there.files["/latin.png"] = (200, {"ETag": '"\xe9"', "Last-Modified": "\xe9t\xe9"}, png(90, 120))
        load(shop, with_cover(0, there.url("/latin.png")))
        assert fetch(shop) == (1, 0, 0) and fetch(shop, "--all") == (0, 1, 0)
        assert "If-None-Match" not in there.asked[-1][1]
        # The process that fetches is killed: noted, and the next one is fetched.
        there.files["/slow.png"] = lambda handler: there.released.wait(60)
        load(shop, with_cover(1, there.url("/slow.png")), with_cover(2, there.url("/latin.png")))
        ours = subprocess.Popen([COLOPHON, "-d", shop.dir, "cover", "fetch", "--from-loopback"], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
        shop.until(lambda: "/slow.png" in there.paths() and kill_fetching(ours.pid), "what fetches", 30)
        out, err = ours.communicate()
        assert (out, ours.returncode) == (b"1 fetched, 0 unchanged, 1 failed\n", 0) and b"/slow.png" in err, (out, err)
        assert shop.look("SELECT said FROM cover_fetch WHERE failures > 0") == "unreachable"


def test_no_server_of_our_own_network_is_asked():
    with Pictures() as there, Shop(samples=False) as shop:
        there.files["/a.png"] = (200, {}, png(90, 120))
        port = there.http.server_address[1]
        hosts = ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1"]
        load(shop, *[with_cover(n, "http://%s:%d/a.png" % (host, port)) for n, host in enumerate(hosts)])
        assert shop.ok("cover", "fetch") == "0 fetched, 0 unchanged, 7 failed\n"
        assert there.asked == [] and files_of(shop) == []


def test_a_server_fetches_by_itself_and_goes_on_after_a_kill():
    need_vips()
    with Pictures() as there, Shop(samples=False) as shop:
        there.files["/a.png"] = (200, {}, png(90, 120))
        load(shop, with_cover(0, there.url("/a.png")))
        # Without being told to, it fetches nothing.
        shop.serve()
        assert is_drawn(cover(shop, ISBNS[0]))
        shop.serve("--fetch-covers", "--fetch-from-loopback", env={"COLOPHON_CRASH": "cover-fetched"})
        shop.until(lambda: shop.server.poll() is not None, "the crash", 30)
        shop.kill()
        assert there.paths() == ["/a.png"]
        shop.serve("--fetch-covers", "--fetch-from-loopback")
        shop.until(lambda: is_picture(cover(shop, ISBNS[0])), "the cover", 60)
        # And goes on as feeds come.
        there.files["/b.png"] = (200, {}, png(60, 80))
        load(shop, with_cover(0, there.url("/b.png")))
        shop.until(lambda: jpeg_size(cover(shop, ISBNS[0]).body) == (60, 80), "the other one", 60)
        shop.until(lambda: len(files_of(shop)) == 1, "the end of the one before", 60)


def test_pages_outlive_fetches_that_bring_no_picture():
    need_vips()
    with Pictures() as there, Shop(samples=False) as shop:
        port, go, kept = free_port(), threading.Semaphore(0), []

        def none(handler):
            go.acquire(timeout=60)
            handler.send_response(404)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        for n in range(4):
            there.files["/%d.png" % n] = none
        load(shop, *[with_cover(n, there.url("/%d.png" % n)) for n in range(4)], with_cover(4, None))
        shop.serve("--fetch-covers", "--fetch-from-loopback", "--metrics-listen", "127.0.0.1:%d" % port)

        def ended():
            go.release()
            shop.until(lambda: int(shop.look("SELECT COUNT(*) FROM cover_fetch WHERE failures > 0")) > len(kept), "the answer", 60)

        while True not in kept and len(kept) < (1 if POSTGRES else 4):  # a heartbeat may come between, but not each time
            shop.until(lambda: len(there.asked) > len(kept), "the fetch", 60)
            kept.append(Hits(port).outlives(shop, "/us/books/" + ISBNS[4], ended))
        for _ in kept:
            go.release()
        assert True in kept or POSTGRES, kept  # there, others write too, and say nothing of what
