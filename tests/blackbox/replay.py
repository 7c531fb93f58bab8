#!/usr/bin/env python3
"""replay(Record) == what the site serves, computed by somebody else.

    replay.py URL --twin cn=cnx [--twin …] --feed FEED.xml … [--now 2026-12-31T12:00:00Z]

Nothing here is of Colophon: entries, lists and pages come over HTTP, the rule is
written a second time. From the entries alone follows, for every storefront, what is
listed, found, sold, rated, reviewed and commented there, and by which restriction
what is missing is withheld; every page and JSON of every edition is held against it.

What stands where nothing is withheld, the Record does not say (it holds commitments).
So a storefront is compared with its twin: one of the same country, languages and
currency that no entry names. A twin withholds nothing, which is checked like the rest.
Which editions there are, the suppliers' feeds say."""
import argparse
import collections
import hashlib
import http.client
import json
import re
import sys
import time
import urllib.parse

VOICES = ("ratings", "reviews", "comments")
FEATURES = ("listing", "search", "sale", "delivery", "ratings", "reviews", "comments", "submissions")
ALONE = {"review": ("ratings", "reviews"), "comment": ("comments",), "account": ("submissions",)}
SETS = ("collection", "contributor", "shop")
LEGAL = ("authority-order", "court-order", "rightsholder")
REVIEWS_ON_PAGE, COMMENTS_ON_PAGE = 20, 50


def seconds(text):
    import calendar
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def tree_root(leaves):
    """RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + tree_root(leaves[:k]) + tree_root(leaves[k:])).digest()


def leaf(data):
    return hashlib.sha256(b"\0" + data).digest()


class Web:
    """One connection; everything that a stranger may ask for."""

    def __init__(self, url):
        self.at = urllib.parse.urlsplit(url)
        self.connection, self.asked = None, 0

    def get(self, path):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.at.hostname, self.at.port, timeout=60)
        self.connection.request("GET", urllib.parse.quote(path, safe="/?&=%:+,~.-_"))
        response = self.connection.getresponse()
        body = response.read()
        self.asked += 1
        return response.status, body

    def json(self, path):
        status, body = self.get(path)
        return status, json.loads(body)

    def close(self):
        if self.connection is not None:
            self.connection.close()


def tile_path(n):
    path = "%03d" % (n % 1000)
    while n >= 1000:
        n //= 1000
        path = "x%03d/%s" % (n % 1000, path)
    return path


def read_log(web, log):
    """Every published entry, whose tree has the checkpoint's root."""
    import base64
    head = web.get(log + "/checkpoint")[1].decode().split("\n")
    size, found = int(head[1]), []
    for n in range(0, size, 256):
        width = min(256, size - n)
        status, rest = web.get("%s/tile/entries/%s%s" % (log, tile_path(n // 256), "" if width == 256 else ".p/%d" % width))
        assert status == 200, (log, n, status)
        while rest:
            length = int.from_bytes(rest[:2], "big")
            found.append(rest[2:2 + length])
            rest = rest[2 + length:]
    assert len(found) == size, (log, len(found), size)
    assert base64.b64encode(tree_root([leaf(e) for e in found])).decode() == head[2], log
    return [json.loads(e) for e in found]


class Restriction:
    def __init__(self, index, entry, works):
        self.index, self.id, self.features = index, entry["id"], set(entry["features"])
        self.kind, self.key = entry["target"]["kind"], entry["target"]["key"]
        self.storefronts, self.ground = set(entry["storefronts"]), entry["ground"]
        self.begins = seconds(entry["from"])
        self.ends = seconds(entry.get("until") or entry["review"])
        self.works, self.lifted = works, False
        self.features &= set(ALONE.get(self.kind, FEATURES))

    def state(self, now):
        if self.lifted:
            return "lifted"
        return "expired" if now >= self.ends else "scheduled" if now < self.begins else "in effect"


class Replay:
    """What the entries make, at a time."""

    def __init__(self, web, clock):
        self.web = web
        self.restrictions, self.demands, self.decisions, self.complaints, self.disputes = {}, {}, {}, {}, {}
        self.rounds = collections.Counter()
        self.refusal_keys = {}
        self.kinds = collections.Counter()
        decisions = read_log(web, "/record")
        self.now = max([clock] + [seconds(e["at"]) for e in decisions])
        self.decisions_log = decisions
        for index, entry in enumerate(decisions):
            self.kinds[entry["type"]] += 1
            getattr(self, "take_" + entry["type"], lambda *_: None)(index, entry)
        self.voices = read_log(web, "/record/voices")
        self.standing, self.taken_back, self.counts = {}, {}, collections.defaultdict(collections.Counter)
        for index, entry in enumerate(self.voices):
            self.take_voice(index, entry)
        self.active = [r for r in self.restrictions.values() if r.state(self.now) == "in effect"]

    def works_of(self, root, count):
        status, body = self.web.get("/record/lists/" + root)
        works = [int(line) for line in body.split()]
        assert status == 200 and len(works) == count and works == sorted(set(works)), (root, status)
        assert tree_root([leaf(w.to_bytes(8, "big")) for w in works]).hex() == root, root
        return set(works)

    def take_restriction(self, index, e):
        assert e["id"] not in self.restrictions, e
        target = e["target"]
        if target["kind"] in SETS:
            works = self.works_of(target["root"], target["works"])
        elif target["kind"] == "work":
            works = {int(target["key"])}
        else:
            works = {target["work"]} if "work" in target else set()
        if e.get("demand"):
            assert e["demand"] in self.demands, e
        self.restrictions[e["id"]] = Restriction(index, e, works)

    def take_lift(self, _, e):
        assert not self.restrictions[e["id"]].lifted, e
        self.restrictions[e["id"]].lifted = True

    def take_extended(self, _, e):
        more = self.works_of(e["root"], e["works"])
        assert not more & self.restrictions[e["id"]].works, e
        self.restrictions[e["id"]].works |= more

    def take_demand(self, _, e):
        assert e["id"] not in self.demands, e
        self.demands[e["id"]] = e

    def take_decision(self, _, e):
        assert e["demand"] in self.demands and e["demand"] not in self.decisions, e
        if e["outcome"] != "refused":
            granted, asked = self.restrictions[e["restriction"]], self.demands[e["demand"]]
            assert granted.features <= set(asked["features"]) and granted.storefronts <= set(asked["storefronts"]), e
        self.decisions[e["demand"]] = e
        self.rounds[e["demand"]] += 1

    def contest(self, found, e):
        """A complaint or a dispute: about a restriction, or what was decided on a demand."""
        assert e["id"] not in found and len(e["of"]) == 1, e
        assert e["of"].get("restriction") in self.restrictions or e["of"].get("decision") in self.decisions, e
        found[e["id"]] = [e, None, self.rounds[e["of"].get("decision")]]

    def settle(self, found, number, e, word):
        """Where the shop was wrong, the demand may be decided anew, unless it was since."""
        assert found[number][1] is None, e
        found[number][1] = e
        demand = found[number][0]["of"].get("decision")
        if e["outcome"] == word and demand and self.rounds[demand] == found[number][2]:
            self.decisions.pop(demand, None)

    def take_complaint(self, _, e):
        self.contest(self.complaints, e)

    def take_complaint_decision(self, _, e):
        self.settle(self.complaints, e["complaint"], e, "upheld")

    def take_acknowledged(self, _, e):
        assert e["demand"] in self.demands and not self.demands[e["demand"]].get("told"), e
        self.demands[e["demand"]]["told"] = True

    def take_dispute(self, _, e):
        assert e.get("complaint") in {None, *self.complaints}, e
        self.contest(self.disputes, e)

    def take_settlement(self, _, e):
        assert seconds(e["settled"]) >= seconds(self.disputes[e["dispute"]][0]["submitted"]), e
        self.settle(self.disputes, e["dispute"], e, "reversed")

    def take_dispute_corrected(self, _, e):
        """All that was noted of it before is no more; what followed from that, is."""
        noted = self.disputes[e["dispute"]]
        assert noted[0].get("state") != "void", e
        assert e["state"] != "settled" or seconds(e["settled"]) >= seconds(e["submitted"]), e
        noted[0], noted[1] = {**noted[0], **e}, None
        if e["state"] != "open":
            self.settle(self.disputes, e["dispute"], {"outcome": "void", **e}, "reversed")

    def take_refusal_key(self, _, e):
        assert e["key"] not in self.refusal_keys and e["key"].split("+")[0].endswith("/refusals"), e
        if "replaces" in e:
            assert self.refusal_keys[e["replaces"]] is None, e
            self.refusal_keys[e["replaces"]] = e["at"]
        self.refusal_keys[e["key"]] = None

    def keys_are_listed(self):
        """Each key that an entry names, and when another replaced it."""
        listed = self.web.get("/record/refusals/vkey")[1].decode().splitlines()
        assert listed == [" ".join(filter(None, named)) for named in self.refusal_keys.items()], (listed, self.refusal_keys)

    def take_voice(self, index, e):
        count = self.counts[e["work"], e["kind"] + "s"]
        if e["type"] == "accepted":
            self.standing[index] = (e["work"], e["kind"])
            count["accepted"] += 1
            return
        if e["type"] == "erased" and self.taken_back.pop(e["of"], None) == (e["work"], e["kind"]):
            count["withdrawn"] -= 1
        else:
            assert self.standing[e["of"]] == (e["work"], e["kind"]), e
        if e["type"] != "changed":
            gone = self.standing.pop(e["of"], None)
            count[e["type"]] += 1
            if e["type"] == "withdrawn":
                self.taken_back[e["of"]] = gone

    def upheld_are_lifted(self):
        """Unless it was over by then."""
        for e, decided, _ in [*self.complaints.values(), *self.disputes.values()]:
            if decided is not None and decided["outcome"] in ("upheld", "reversed") and "restriction" in e["of"]:
                r = self.restrictions[e["of"]["restriction"]]
                assert r.lifted or r.ends <= seconds(decided["at"]), e

    # -- the rule

    def withheld(self, storefront, work, isbn="", shop="", voice=None):
        """feature -> the restriction that withholds it: the earliest entry's."""
        found = {}
        for r in self.active:
            if storefront not in r.storefronts or r.kind == "account":
                continue
            for f in r.features:
                if r.kind == "edition":
                    meant = r.key == isbn
                elif r.kind in ("review", "comment"):
                    meant = voice == (r.kind, int(r.key)) and work in r.works
                elif r.kind == "shop" and f in ("sale", "delivery"):
                    meant = shop == r.key and work in r.works
                else:
                    meant = work in r.works
                if meant and (f not in found or r.index < found[f].index):
                    found[f] = r
        return found

    def alone(self, storefront, work, kind, index, around):
        """What is withheld of one voice beyond what is of everything around it."""
        mine = self.withheld(storefront, work, voice=(kind, index))
        return {f: r for f, r in mine.items() if r.kind == kind and f not in around}

    def tallies(self, storefront, work, around, stars):
        """Of each kind: shown, withheld, withdrawn, erased. `stars`: of each review that has some."""
        result = {}
        for kind in VOICES:
            c = self.counts[work, kind]
            stands = c["accepted"] - c["withdrawn"] - c["erased"]
            by = collections.Counter()
            for index, (of, what) in self.standing.items():
                if of != work or what == "rating" or (what == "comment") != (kind == "comments"):
                    continue
                r = self.alone(storefront, work, what, index, {}).get(kind)
                if r and (kind != "ratings" or stars.get(index)):
                    by[r.id] += 1
            if kind in around:
                by = collections.Counter({around[kind].id: stands})
            hidden = sum(by.values())
            result[kind] = {"shown": stands - hidden, "withheld": hidden, "withdrawn": c["withdrawn"], "erased": c["erased"], "by": +by}
        return result


def named(found, features=FEATURES):
    return {f: r.id for f, r in found.items() if f in features}


def sums(voices):
    """The tallies of a JSON, with each restriction's share as a count."""
    return {kind: {**t, "by": collections.Counter({b["restriction"]: b["count"] for b in t["by"]})} for kind, t in voices.items()}


def said(items):
    return {w["feature"]: w["restriction"] for w in items}


SLIP = re.compile(r'data-voice="([^"]*)"|class="slip[^"]*" data-restriction="(\d+)" data-feature="([^"]*)"')


def slips_of(page):
    """Those of the page, and those in the places of single voices, which follow their mark at once."""
    own, alone, voice, end = set(), set(), None, -1
    for m in SLIP.finditer(page):
        if m[1]:
            voice, end = m[1], m.end()
            continue
        for feature in m[3].split():
            if 0 <= m.start() - end < 40:
                alone.add((voice, feature, int(m[2])))
            else:
                own.add((feature, int(m[2])))
    return own, alone


class Comparison:
    """Of one storefront with its twin."""

    def __init__(self, web, replay, storefront, twin, isbns):
        self.web, self.replay, self.isbns = web, replay, isbns
        self.storefront, self.twin = storefront, twin
        self.works, self.voices = {}, {}

    def same(self, where, is_so, due):
        assert is_so == due, "%s %s: served %r, due by the Record %r" % (self.storefront, where, is_so, due)

    def api(self, path, twin=False):
        return self.web.json("/api/v1/%s%s" % (self.twin if twin else self.storefront, path))

    def everywhere(self):
        for isbn in self.isbns:
            self.edition(isbn)
        for work in self.works:
            self.work(work)
        self.search()
        return self

    # -- voices

    def all_voices(self, work):
        """Reviews and comments of a work as the twin shows them: all that stand."""
        if work in self.voices:
            return self.voices[work]
        reviews, comments = [], []
        while True:
            page = self.api("/works/%d/reviews?limit=100&offset=%d" % (work, len(reviews)), twin=True)[1]
            reviews += page["reviews"]
            if len(page["reviews"]) < 100:
                break
        for r in reviews:
            under = r["comments"]
            while len(under) < r["comment_places"]:
                under += self.api("/reviews/%d/comments?limit=100&offset=%d" % (r["id"], len(under)), twin=True)[1]["comments"]
            comments += under
        # What stands by the Record is what stands there, each once.
        for kind, listed in (("review", reviews), ("comment", comments)):
            self.same("%ss of work %d" % (kind, work), sorted(v["record_index"] for v in listed),
                      sorted(i for i, s in self.replay.standing.items() if s == (work, kind)))
        self.voices[work] = reviews
        return reviews

    def stars_of(self, work):
        return {r["record_index"]: r["stars"] for r in self.all_voices(work)}

    def rating(self, where, rating, work, around):
        """The twin's stars, without those of reviews whose stars are withheld."""
        if "ratings" in around:
            return self.same(where + " stars", rating, None)
        histogram = list(self.works[work]["rating"]["histogram"])
        for index, stars in self.stars_of(work).items():
            if stars and "ratings" in self.replay.alone(self.storefront, work, "review", index, around):
                histogram[stars - 1] -= 1
        self.same(where + " stars", rating["histogram"], histogram)
        self.same(where + " count of stars", rating["count"], sum(histogram))
        if not sum(histogram):
            return self.same(where + " mean", rating["mean"], None)
        mean = sum((i + 1) * n for i, n in enumerate(histogram)) / sum(histogram)
        self.same(where + " mean %r of %r is near" % (rating["mean"], mean), abs(rating["mean"] - mean) < 0.002, True)

    def voice(self, where, kind, item, whole, around):
        alone = self.replay.alone(self.storefront, self.of, kind, whole["record_index"], around)
        text = "reviews" if kind == "review" else "comments"
        self.same(where + " withheld", said(item.get("withheld", [])), named(alone))
        if text in alone:
            self.same(where + " members", set(item) - {"comments", "comment_count", "comment_places"}, {"id", "record_index", "withheld"})
            return
        self.same(where + " text", (item["text"], item["author"]), (whole["text"], whole["author"]))
        if kind == "review":
            self.same(where + " title", item["title"], whole["title"])
            self.same(where + " stars", item["stars"], None if "ratings" in alone or "ratings" in around else whole["stars"])

    def reviews(self, where, listed, work, around):
        """A list of reviews from its beginning."""
        self.of = work
        if "reviews" in around:
            return self.same(where, listed, [])
        whole = self.all_voices(work)
        self.same(where + " ids", [r["id"] for r in listed], [r["id"] for r in whole[:len(listed)]])
        for r, all_of_it in zip(listed, whole):
            here = "%s review %d" % (where, r["id"])
            self.voice(here, "review", r, all_of_it, around)
            if "comments" in around:
                self.same(here + " comments", (r["comments"], r["comment_count"]), ([], 0))
                continue
            self.same(here + " places", r["comment_places"], len(all_of_it["comments"]))
            shown = 0
            for c, all_of_c in zip(r["comments"], all_of_it["comments"]):
                self.same(here + " comment", c["id"], all_of_c["id"])
                self.voice("%s comment %d" % (here, c["id"]), "comment", c, all_of_c, around)
            for c in all_of_it["comments"]:
                shown += not self.replay.alone(self.storefront, work, "comment", c["record_index"], around)
            self.same(here + " comment_count", r["comment_count"], shown)

    # -- one edition

    def edition(self, isbn):
        replay, where = self.replay, "edition " + isbn
        status, whole = self.api("/editions/" + isbn, twin=True)
        here, edition = self.api("/editions/" + isbn)
        if status == 404:
            return self.same(where, here, 404)
        work = whole["work"]["id"]
        if work not in self.works:
            self.works[work] = self.api("/works/%d" % work, twin=True)[1]
        self.same(where + " in the twin", whole["withheld"], [])
        v = replay.withheld(self.storefront, work, isbn)
        hidden = v.get("listing")
        due = 451 if hidden and hidden.ground in LEGAL else 200
        self.same(where + " status", here, due)
        self.same(where + " withheld", said(edition["withheld"]), named(v))
        if hidden:
            members = {"isbn13", "work", "withheld"} | ({"type", "title", "status"} if due == 451 else set())
            self.same(where + " members", set(edition), members)
        else:
            self.same(where + " title", edition["title"], whole["title"])
            self.offers(where, edition["offers"], whole["offers"], work, isbn)
            self.rating(where, edition["rating"], work, v)
            self.tallies = replay.tallies(self.storefront, work, v, self.stars_of(work))
            self.same(where + " voices", sums(edition["voices"]), self.tallies)
            self.reviews(where, edition["reviews"], work, v)
        self.page(isbn, work, v, due, edition)

    def offers(self, where, offers, whole, work, isbn):
        self.same(where + " shops", sorted(o["shop"] for o in offers), sorted(o["shop"] for o in whole))
        for o in offers:
            by = self.replay.withheld(self.storefront, work, isbn, o["shop"]).get("sale")
            if by:
                self.same(where + " offer of " + o["shop"], (o.get("withheld"), "price" in o, "sold" in o), (by.id, False, False))
            else:
                self.same(where + " offer of " + o["shop"], o, [w for w in whole if w["shop"] == o["shop"]][0])

    def page(self, isbn, work, v, due, edition):
        where, replay = "/books/" + isbn, self.replay
        status, body = self.web.get("/%s/books/%s" % (self.storefront, isbn))
        page = body.decode()
        self.same(where + " status", status, due)
        own, alone = slips_of(page)
        if "listing" in v:
            self.same(where + " slips", {s for s in own if s[0] == "listing"}, {("listing", v["listing"].id)})
            self.same(where + " texts", "data-review=" in page or 'class="book"' in page, False)
            return self.no_leak(where, page, work, set())
        expected = {(f, r.id) for f, r in v.items() if f in VOICES + ("submissions",)}
        for o in edition["offers"]:
            by = replay.withheld(self.storefront, work, isbn, o["shop"]).get("sale")
            if by:
                expected.add(("sale", by.id))
        self.same(where + " slips", own, expected)
        for kind in VOICES:
            for tally in ("shown", "withheld", "withdrawn", "erased"):
                n = self.tallies[kind][tally]
                self.same("%s %s %s" % (where, kind, tally), int(re.search(r'data-%s-%s="(\d+)"' % (kind, tally), page)[1]), n)
        if "ratings" in v:
            self.same(where + " stars", ("data-rating-count=" in page, "aggregateRating" in page, "ratingValue" in page), (False,) * 3)
        shown, slips = set(), set()
        on_page = [] if "reviews" in v else self.all_voices(work)[:REVIEWS_ON_PAGE]
        for r in on_page:
            a = replay.alone(self.storefront, work, "review", r["record_index"], v)
            slips |= {("review:%d" % r["record_index"], f, by.id) for f, by in a.items()}
            if "reviews" not in a:
                shown.add(r["record_index"])
        comments = [c for r in on_page for c in r["comments"][:COMMENTS_ON_PAGE]]
        if "reviews" in v:  # all of the work's in one list, the oldest first
            comments = sorted((c for r in self.all_voices(work) for c in r["comments"]), key=lambda c: (c["created"], c["id"]))[:COMMENTS_ON_PAGE]
        for c in [] if "comments" in v else comments:
            a = replay.alone(self.storefront, work, "comment", c["record_index"], v)
            slips |= {("comment:%d" % c["record_index"], f, by.id) for f, by in a.items()}
            if not a:
                shown.add(c["record_index"])
        self.same(where + " slips in places", alone, slips)
        self.no_leak(where, page, work, shown)

    def no_leak(self, where, page, work, shown):
        """Each text on the page is one that is shown here, and the other way round."""
        for r in self.all_voices(work):
            for voice in [r, *r["comments"]]:
                word = voice["text"].split()[0]
                self.same("%s text of entry %d" % (where, voice["record_index"]), word in page, voice["record_index"] in shown)

    # -- one work

    def work(self, work):
        where, whole = "work %d" % work, self.works[work]
        v = self.replay.withheld(self.storefront, work)
        self.same(where + " in the twin", whole["withheld"], [])
        here = self.api("/works/%d" % work)[1]
        self.same(where + " withheld", said(here["withheld"]), named(v))
        self.same(where + " editions", sorted(e["isbn13"] for e in here["editions"]), sorted(
            e["isbn13"] for e in whole["editions"] if "listing" not in self.replay.withheld(self.storefront, work, e["isbn13"])))
        self.rating(where, here["rating"], work, v)
        self.same(where + " voices", sums(here["voices"]), self.replay.tallies(self.storefront, work, v, self.stars_of(work)))
        if not self.all_voices(work) and "reviews" not in v:
            return
        status, page = self.api("/works/%d/reviews?limit=100" % work)
        self.same(where + " reviews' status", status, 451 if "reviews" in v and v["reviews"].ground in LEGAL else 200)
        self.same(where + " reviews' withheld", said(page["withheld"]), named(v))
        self.same(where + " reviews' total", page["total"], 0 if "reviews" in v else len(self.all_voices(work)))
        self.reviews(where, page["reviews"], work, v)
        status, page = self.api("/works/%d/comments?limit=100" % work)
        self.same(where + " comments' status", status, 451 if "comments" in v and v["comments"].ground in LEGAL else 200)
        self.same(where + " comments' total", page["total"], 0 if "comments" in v else sum(len(r["comments"]) for r in self.all_voices(work)))
        by_id = {c["id"]: c for r in self.all_voices(work) for c in r["comments"]}
        for c in page["comments"]:
            self.voice("%s comment %d" % (where, c["id"]), "comment", c, by_id[c["id"]], v)

    # -- lists

    def search(self):
        def everything(twin):
            found = []
            while True:
                page = self.api("/search?q=&sort=title&limit=100&offset=%d" % len(found), twin)[1]
                found += page["results"]
                if len(page["results"]) < 100:
                    return found, page
        whole, _ = everything(True)
        here, page = everything(False)
        self.same("search in the twin", sorted(r["isbn13"] for r in whole), sorted(e["isbn13"] for w in self.works.values() for e in w["editions"]))
        hidden, by = set(), collections.defaultdict(set)
        for r in whole:
            r = (r["work_id"], r["isbn13"])
            found = self.replay.withheld(self.storefront, *r).get("search")
            if found:
                hidden.add(r)
                by[found.id].add(r[0])
        self.same("search", [r["isbn13"] for r in here], [r["isbn13"] for r in whole if (r["work_id"], r["isbn13"]) not in hidden])
        self.same("search's total", page["total"], len(here))
        self.works_add_up("search", page, {r["work_id"] for r in here}, {r["work_id"] for r in whole}, by)
        for r in here:
            rated = self.replay.withheld(self.storefront, r["work_id"], r["isbn13"])
            self.rating("search's " + r["isbn13"], r["rating"], r["work_id"], rated)

    def works_add_up(self, where, page, shown, there, by):
        """Of works: found = shown + withheld, and each that is withheld counts once, for one that withholds it.
        `by`: restriction -> the works of which it withholds an edition."""
        sums = page["works"]
        lacking = set().union(*by.values()) & shown
        self.same(where + "'s works", (sums["found"], sums["shown"], sums["withheld"]), (len(there), len(shown), len(there - shown)))
        self.same(where + "'s works in part", sums["partly"], len(lacking) if where == "search" else 0)
        self.same(where + "'s withheld works", page["withheld"]["works"], sums["withheld"])
        self.same(where + "'s sum", sum(b["works"] for b in sums["by"]) + sums["others"], sums["withheld"])
        self.same(where + "'s restrictions", {b["restriction"] for b in sums["by"]} <= set(by), True)
        for b in sums["by"]:
            works = by[b["restriction"]]
            self.same(where + "'s share of %d fits" % b["restriction"], b["works"] <= len(works - shown) and b["partly"] <= len(works & shown), True)
        # Where one alone withholds something, it is named.
        for r, works in by.items():
            alone = [w for w in works - shown if not any(w in others for o, others in by.items() if o != r)]
            if alone and len(by) < 50:
                self.same(where + " names %d" % r, any(b["restriction"] == r and b["works"] >= len(alone) for b in sums["by"]), True)

    def collection(self, slug):
        def everything(twin):
            found = []
            while True:
                page = self.api("/collections/%s?limit=100&offset=%d" % (slug, len(found)), twin)[1]
                found += page["results"]
                if len(page["results"]) < 100:
                    return found, page
        whole, _ = everything(True)
        here, page = everything(False)
        due, by = [], collections.defaultdict(set)
        for card in whole:
            work = card["work_id"]
            v = self.replay.withheld(self.storefront, work).get("listing")
            each = [self.replay.withheld(self.storefront, work, e["isbn13"]).get("listing") for e in self.works[work]["editions"]]
            if v is None and not all(each):
                due.append(work)
            for r in [v] if v else filter(None, each):
                by[r.id].add(work)
        self.same("collection " + slug, [c["work_id"] for c in here], due)
        self.same("collection %s's total" % slug, page["total"], len(due))
        self.works_add_up("collection " + slug, page, set(due), {c["work_id"] for c in whole}, by)
        for c in here:
            self.same("collection %s's card" % slug, "listing" in self.replay.withheld(self.storefront, c["work_id"], c["isbn13"]), False)

    def pages_of_lists(self, paths, feature):
        """No list of the storefront names a title that it withholds."""
        for path in paths:
            status, body = self.web.get("/%s%s" % (self.storefront, path))
            self.same(path, status, 200)
            for isbn in set(re.findall(r"/books/(\d{13})", body.decode())):
                work = [w for w, whole in self.works.items() if isbn in {e["isbn13"] for e in whole["editions"]}]
                self.same("%s names %s" % (path, isbn), feature in self.replay.withheld(self.storefront, work[0], isbn), False)


def isbns_of(feeds):
    found = set()
    for path in feeds:
        with open(path, encoding="utf-8") as f:
            found |= set(re.findall(r"<(?:IDValue|b244)>(97[89]\d{10})</", f.read()))
    return sorted(found)


def compare(url, twins, feeds, collections_=(), clock=None):
    """Compares everything; AssertionError says where they part. Returns the replay."""
    web = Web(url)
    clock = int(time.time()) if clock is None else clock
    replay = Replay(web, clock)
    replay.upheld_are_lifted()
    replay.keys_are_listed()
    listed = {r["id"]: r for r in web.json("/api/v1/restrictions")[1]["restrictions"]}
    states = {i: r.state(replay.now) for i, r in replay.restrictions.items()}
    assert {i: r["state"] for i, r in listed.items()} == states, ({i: r["state"] for i, r in listed.items()}, states)
    every = {s["slug"] for s in web.json("/api/v1/storefronts")[1]["storefronts"]}
    assert every == set(twins) | set(twins.values()), every
    isbns = isbns_of(feeds)
    for storefront in sorted(every):
        c = Comparison(web, replay, storefront, twins.get(storefront, storefront), isbns).everywhere()
        for slug in collections_:
            c.collection(slug)
        c.pages_of_lists(["/"] + ["/collections/" + slug for slug in collections_], "listing")
        c.pages_of_lists(["/search?q=&sort=title"], "search")
    replay.asked = web.asked
    web.close()
    return replay


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--twin", action="append", required=True)
    parser.add_argument("--feed", action="append", required=True)
    parser.add_argument("--collection", action="append", default=[])
    parser.add_argument("--now", type=seconds)
    o = parser.parse_args()
    replay = compare(o.url, dict(t.split("=") for t in o.twin), o.feed, o.collection, o.now)
    print("%d decisions, %d voices, %d restrictions, %d in effect: the site serves what the Record says (%d answers)" % (
        sum(replay.kinds.values()), len(replay.voices), len(replay.restrictions), len(replay.active), replay.asked))


if __name__ == "__main__":
    sys.exit(main())
