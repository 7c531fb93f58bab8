"""An outsider who forgets nothing: keeps every checkpoint that any node showed, and
says at the end whether all of them are of one history."""
import base64
import hashlib
import json
import threading
import time

LOGS = ("/record", "/record/voices")


def entries(shop, log):
    """The bytes of every published entry."""
    size = int(shop.get(log + "/checkpoint").text.split("\n")[1])
    found = []
    for n in range(0, size, 256):
        tile, width = n // 256, min(256, size - n)
        rest = shop.get("%s/tile/entries/%s%s" % (log, tile_path(tile), "" if width == 256 else ".p/%d" % width)).body
        while rest:
            length = int.from_bytes(rest[:2], "big")
            found.append(rest[2:2 + length])
            rest = rest[2 + length:]
    assert len(found) == size, (log, len(found), size)
    return found


def tile_path(n):
    path = "%03d" % (n % 1000)
    while n >= 1000:
        n //= 1000
        path = "x%03d/%s" % (n % 1000, path)
    return path


def root_of(leaves):
    """RFC 6962, section 2.1, in one pass over the right edge."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    stack = []
    for leaf in leaves:
        level = 0
        while stack and stack[-1][0] == level:
            leaf, level = hashlib.sha256(b"\1" + stack.pop()[1] + leaf).digest(), level + 1
        stack.append((level, leaf))
    right = stack.pop()[1]
    while stack:
        right = hashlib.sha256(b"\1" + stack.pop()[1] + right).digest()
    return right


class Watcher:
    def __init__(self, *shops):
        self.shops, self.seen, self.forks = shops, {}, []
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()

    def look(self, shop):
        for log in LOGS:
            try:
                answer = shop.get(log + "/checkpoint")
            except OSError:
                continue
            if answer.status == 200:
                self.note(log, answer.text)

    def note(self, log, text):
        size, root = text.split("\n")[1:3]
        known = self.seen.setdefault((log, int(size)), root)
        if known != root:
            self.forks.append("%s: two roots of size %s" % (log, size))

    def run(self):
        while not self.ending.is_set():
            for shop in self.shops:
                self.look(shop)
            self.ending.wait(0.02)

    def check(self, shop):
        """Every checkpoint ever seen is a beginning of what `shop` shows now."""
        assert not self.forks, self.forks
        for log in LOGS:
            leaves = [hashlib.sha256(b"\0" + e).digest() for e in entries(shop, log)]
            for (of, size), root in sorted(self.seen.items()):
                if of != log:
                    continue
                assert size <= len(leaves), "%s: %d entries were shown, %d are left" % (log, size, len(leaves))
                assert base64.b64encode(root_of(leaves[:size])).decode() == root, "%s: size %d is of another history" % (log, size)


class Writing:
    """One reader's ratings through one node, each another than the one before, and each
    asked for again until it is acknowledged."""

    def __init__(self, node, token, work):
        self.node, self.token, self.work = node, token, work
        self.given, self.ended = 0, threading.Event()
        self.thread = threading.Thread(target=self.run)

    def rate(self, stars):
        try:
            return self.node.api("PUT", "/us/works/%d/rating" % self.work, {"stars": stars}, self.token).status == 200
        except OSError:
            return False

    def run(self):
        while not self.ended.is_set():
            if self.rate(self.given % 5 + 1):
                self.given += 1
            else:
                time.sleep(0.05)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


def accepted(shop):
    return len([e for e in map(json.loads, entries(shop, "/record/voices")) if e["type"] in ("accepted", "changed")])
