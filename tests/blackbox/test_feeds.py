"""Feeds of partners in bad company: links, files that go, bombs, queues that are full."""
import gzip
import http.client
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor

from shop import Shop, onix, product
from test_partner import GOOD, HOME, OTHER, counts, ended, partner, sign_in, upload


def isbn13(twelve):
    return twelve + str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(twelve)) % 10)


def drop(shop, name, content, of="main"):
    with open(os.path.join(shop.dir, "inbox", of, name), "w") as f:
        f.write(content)


def inbox(shop, *parts):
    return os.path.join(shop.dir, "inbox", *parts)



def feed_page(shop, browser, name, home=HOME):
    """The page of the feed of this name, once it is over."""
    shop.until(lambda: feed_link(browser, name, home), name + " to be queued", 60)
    return ended(shop, browser, feed_link(browser, name, home))


def feed_link(browser, name, home=HOME):
    found = re.search(r'href="([^"]*/feeds/\d+)">%s<' % re.escape(name), browser.get(home).text)
    return found and found[1]


def test_links_in_the_folder_lead_nowhere():
    """Whoever drops files can make links: no file of the server's is moved onto, none of another shop taken."""
    with Shop(samples=False) as shop:
        shop.ok("shop", "add", "other", "--name", "Elsewhere")
        shop.serve()
        pia, eve = partner(shop), partner(shop, "other", "eve@press.example")
        os.symlink("../..", inbox(shop, "main", "done"))
        with open(os.path.join(shop.dir, "colophon.conf"), "w") as f:
            f.write("the server's own")
        drop(shop, "colophon.conf", onix(product("r1", GOOD)))
        assert ">imported<" in feed_page(shop, pia, "colophon.conf")
        with open(os.path.join(shop.dir, "colophon.conf")) as f:
            assert f.read() == "the server's own"
        assert os.path.exists(inbox(shop, "main", "colophon.conf"))
        # Nor to another shop's folder.
        os.unlink(inbox(shop, "main", "done"))
        os.symlink("../other", inbox(shop, "main", "done"))
        drop(shop, "b.xml", onix(product("r2", OTHER)))
        assert ">imported<" in feed_page(shop, pia, "b.xml")
        # A shop's folder that is a link is nobody's; what was dropped where it belongs is taken.
        os.rename(inbox(shop, "other"), os.path.join(shop.base, "aside"))
        os.symlink("main", inbox(shop, "other"))
        os.unlink(inbox(shop, "main", "done"))
        drop(shop, "c.xml", onix(product("r3", "9780000060037")))
        shop.until(lambda: os.path.exists(inbox(shop, "main", "done", "c.xml")), "a feed to be taken", 60)
        assert "/feeds/" not in eve.get("/desk/partner/other/").text.replace('/desk/partner/other/feeds"', "")
        shop.stop()
        assert "inbox/main/done: no file is moved there: it is a link" in shop.said, shop.said
        assert shop.said.count("inbox/other: a link is not followed") == 1, shop.said


def test_a_feed_whose_file_is_gone_is_held():
    """Taken back out of the folder, or lost: nobody waits for it. What no feed names goes as well, and no more."""
    for how in "form", "folder":
        with Shop(samples=False) as shop:
            shop.serve(env={"COLOPHON_CRASH": "feed-begun"})
            pia = partner(shop)
            feeds = os.path.join(shop.dir, "feeds")
            if how == "form":
                try:
                    upload(pia, HOME, onix(product("r1", GOOD)).encode(), name="a.xml")
                except (OSError, http.client.HTTPException):
                    pass
            else:
                drop(shop, "a.xml", onix(product("r1", GOOD)))
            shop.until(lambda: shop.server.poll() is not None, "the crash", 60)
            shop.kill()
            for path in [inbox(shop, "main", "a.xml")] if how == "folder" else [os.path.join(feeds, f) for f in os.listdir(feeds)]:
                os.unlink(path)
            os.makedirs(feeds, exist_ok=True)
            for name in "part-1", "2", "new":
                with open(os.path.join(feeds, name), "w") as f:
                    f.write("x")
                if name != "new":
                    os.utime(os.path.join(feeds, name), (time.time() - 4000, time.time() - 4000))
            shop.serve()
            pia = sign_in(shop, "pia@press.example")
            page = feed_page(shop, pia, "a.xml")
            assert ">held<" in page and ("taken back" if how == "folder" else "the file is gone") in page, page
            shop.until(lambda: os.listdir(feeds) == ["new"], "orphans to go")
            assert ">imported<" in ended(shop, pia, upload(pia, HOME, onix(product("r1", GOOD)).encode()).headers["Location"])


def test_a_file_rests_for_a_while_however_often_it_is_looked_at():
    with Shop(samples=False) as shop:
        shop.serve()
        pia = partner(shop)
        token = re.search(r'name="token" value="([^"]*)"', pia.get(HOME).text)[1]
        for _ in range(15):
            upload(pia, HOME, b"<html>", token=token)
        # Empty ones are nobody's feed, and take no room.
        for i in range(300):
            drop(shop, "empty%d.xml" % i, "")
        drop(shop, "slow.xml", onix(product("r1", GOOD)))
        written = time.monotonic()
        shop.until(lambda: feed_link(pia, "slow.xml"), "it to be queued", 60)
        assert time.monotonic() - written >= 2
        assert ">imported<" in feed_page(shop, pia, "slow.xml")


def stop_two(shop, pia, attempt, records):
    """Sends a large feed and a small one behind it, stops both, and says how they ended: their pages."""
    large = onix(*(product("r%d-%d" % (attempt, i), isbn13("978%d%06d" % (111 + attempt, i))) for i in range(records)))
    token = re.search(r'name="token" value="([^"]*)"', pia.get(HOME).text)[1]
    running = upload(pia, HOME, gzip.compress(large.encode(), 1), name="large.xml.gz", token=token).headers["Location"]
    small = onix(product("w%d" % attempt, isbn13("978211%06d" % attempt))).encode()
    waiting = upload(pia, HOME, small, name="waiting.xml", token=token).headers["Location"]
    for at in running, waiting:
        assert pia.ask("POST", at + "/stop", {"token": token}).status == 303
    return [ended(shop, pia, at) for at in (running, waiting)]


def test_a_feed_is_stopped_at_the_desk():
    """The one that runs keeps what it brought in, the one that waits brings nothing; the queue goes on."""
    with Shop(samples=False) as shop:
        shop.serve()
        pia = partner(shop)
        stopped = '<span class="state other" data-state="stopped">stopped<'
        for attempt, records in enumerate((60000, 120000, 200000)):
            pages = stop_two(shop, pia, attempt, records)
            if all(stopped in page for page in pages) and counts(pages[1]) == [0, 0, 0, 0, 0]:
                break
            # It was over before, or its one record was in.
            assert all(stopped in page or ">imported<" in page for page in pages), pages
        assert all(stopped in page and "stopped at the desk" in page and "Stop it" not in page for page in pages), pages
        assert int(re.search(r"<li><b>([\d,]+)</b>", pages[0])[1].replace(",", "")) < records
        assert counts(pages[1]) == [0, 0, 0, 0, 0]
        assert pia.post(HOME, "/desk/partner/main/feeds/99/stop", {}).status == 404
        assert not os.listdir(os.path.join(shop.dir, "feeds"))
        # The queue goes on.
        assert ">imported<" in ended(shop, pia, upload(pia, HOME, onix(product("r1", OTHER)).encode()).headers["Location"])


def test_shops_take_turns_and_none_queues_without_end():
    with Shop(samples=False) as shop:
        shop.ok("shop", "add", "other", "--name", "Elsewhere")
        shop.serve()
        pia, eve = partner(shop), partner(shop, "other", "eve@press.example")
        token = re.search(r'name="token" value="([^"]*)"', pia.get(HOME).text)[1]
        # Each keeps the reader busy for a while.
        slow = gzip.compress(b"<ONIXMessage release='3.0'>" + b" " * 200_000_000, 1)
        answers = []
        while len(answers) < 60 and 422 not in answers:
            sent = upload(pia, HOME, slow, token=token)
            answers.append(sent.status)
        assert answers[-1] == 422 and len(answers) > 20 and "oo many" in sent.text, (answers, sent.text)
        other = "/desk/partner/other/"
        assert ">imported<" in ended(shop, eve, upload(eve, other, onix(product("r1", GOOD)).encode()).headers["Location"])
        assert ">waiting<" in pia.get(HOME).text


def test_a_few_bytes_that_unpack_to_many():
    with Shop(samples=False) as shop:
        shop.serve()
        pia = partner(shop)
        bomb = gzip.compress(b"<ONIXMessage release='3.0'>" + b" " * 280_000_000, 1)
        held = ended(shop, pia, upload(pia, HOME, bomb, name="bomb.xml.gz").headers["Location"])
        assert ">held<" in held and "it unpacks to more than 200 times its size" in held, held
        assert "/proc/" not in held


def test_a_file_of_all_titles_is_made_once_at_a_time():
    """For each account; what others ask for meanwhile is the same survey."""
    with Shop(samples=False) as shop:
        isbns = [isbn13("978000%06d" % n) for n in range(1500)]
        assert shop.run("import", "--shop", "main", shop.file("f.xml", onix(*[
            product("r%d" % n, isbn, "Title %d" % n) for n, isbn in enumerate(isbns)])))[0] == 0
        shop.serve()
        pia = partner(shop)
        seen = set()

        def asked(path):
            headers = {"Cookie": "; ".join("%s=%s" % c for c in pia.cookies.items())}
            with ThreadPoolExecutor(6) as pool:
                return [a.result() for a in [pool.submit(shop.ask, "GET", HOME + path, None, headers) for _ in range(6)]]

        def refused():
            seen.update(a.status for a in asked("titles.csv"))
            return 429 in seen
        shop.until(refused, "the second one to be refused", 60)
        assert seen == {200, 429}, seen
        assert len(pia.get(HOME + "titles.csv").text.splitlines()) > 1500
        assert [a.status for a in asked("titles?q=title")] == [200] * 6
