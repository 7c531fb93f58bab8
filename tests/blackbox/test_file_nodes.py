"""Several nodes on one database, and one store for the files of all."""
import os

from s3 import TinyS3
from shop import EMMA, Node, Shop
from test_cover_fetch import ISBNS, Pictures, load, with_cover
from test_files import cover, is_drawn, is_picture, jpeg_size, need_vips, png
from test_nodes import cluster_url

OTHERS = True  # see run.py


def test_every_node_shows_the_cover_that_one_was_given():
    need_vips()
    with TinyS3() as store, Shop(database=cluster_url()) as one, Node(one, "two") as two:
        one.env, two.env = {**one.env, **store.key}, {**two.env, **store.key}
        one.ok("files", "move", "--to", store.address())
        for node in one, two:
            node.serve()
        one.ok("cover", "put", "--isbn", EMMA, one.file("a.png", png(20, 30)))
        for node in one, two:
            node.until(lambda: is_picture(cover(node)), "the cover on each node")
            assert not os.path.exists(os.path.join(node.dir, "files"))
        # Replaced on another node; withheld; taken away.
        two.ok("cover", "put", "--isbn", EMMA, one.file("b.png", png(40, 50)))
        for node in one, two:
            node.until(lambda: jpeg_size(cover(node).body) == (40, 50), "the new one on each node")
        made = two.authority("--storefront", "us", "--edition", EMMA, "--withhold", "listing")
        for node in one, two:
            node.until(lambda: cover(node).status == 451, "451 on each node")
        one.ok("restriction", "lift", str(made["id"]), "--reason", "Over.")
        two.until(lambda: is_picture(cover(two)), "the cover again")
        one.ok("cover", "remove", "--isbn", EMMA)
        for node in one, two:
            node.until(lambda: is_drawn(cover(node)), "the drawn one on each node")
        # Moved by one, followed by all; a host name, too.
        folder = os.path.join(one.base, "for-all")
        one.ok("cover", "put", "--isbn", EMMA, one.file("c.png", png(30, 30)))
        two.ok("files", "move", "--to", folder)
        store.stop()
        for node in one, two:
            node.until(lambda: is_picture(cover(node)), "the cover out of its new place")
        one.ok("storefront", "set", "cn", "--host", "books.example.cn")
        two.until(lambda: two.get("/books/" + EMMA, Host="books.example.cn").status == 200, "the host on the other node")


def test_nodes_that_fetch_share_the_work_and_what_came_of_it():
    """Each cover is asked for once, by whichever node; all of them serve it."""
    need_vips()
    with Pictures() as there, TinyS3() as store, Shop(database=cluster_url(), samples=False) as one, Node(one, "two") as two:
        one.env, two.env = {**one.env, **store.key}, {**two.env, **store.key}
        one.ok("files", "move", "--to", store.address())
        for node in one, two:
            node.serve("--fetch-covers", "--fetch-from-loopback")
        for n in range(len(ISBNS)):
            there.files["/%d.png" % n] = (200, {}, png(30 + n, 50))
        load(one, *[with_cover(n, there.url("/%d.png" % n)) for n in range(len(ISBNS))])
        for n in range(len(ISBNS)):
            for node in one, two:
                node.until(lambda: is_picture(cover(node, ISBNS[n])), "the cover on each node", 60)
                assert jpeg_size(cover(node, ISBNS[n]).body) == (30 + n, 50)
        assert sorted(there.paths()) == sorted("/%d.png" % n for n in range(len(ISBNS)))
        assert one.ok("files", "check").startswith("%d files" % len(ISBNS))
