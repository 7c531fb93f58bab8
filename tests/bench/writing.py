"""What changes something: restrictions, ratings, the Record and its audit."""
import http.client
import json
import os
import random
import threading
import time

from lab import Failed, median


def bench_restriction(lab):
    port = lab.need_server()
    listing = os.path.join(lab.base, "isbns")
    with open(listing, "w") as f:
        f.write("\n".join(lab.isbns) + "\n")
    lab.tell.doing("making a collection of every work")
    lab.ask("collection", "add", "everything", "--name", "Everything", "--isbn", listing)
    isbn = lab.isbns[0]
    pages = {"book": "/us/books/" + isbn, "JSON": "/api/v1/us/editions/" + isbn, "search": "/us/search?q=war",
             "collection": "/us/collections/everything"}
    before = {name: lab.get(path) for name, path in pages.items()}
    withheld_words = (b"data-restriction=", b'"restriction":')

    def withheld(answer):
        return any(word in answer for word in withheld_words)

    def until(wanted, begun, seen):
        def watch(name, path):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            while time.perf_counter() < begun + 60:
                asked = time.perf_counter()
                connection.request("GET", path)
                if withheld(connection.getresponse().read()) == wanted:
                    seen[name] = time.perf_counter() - begun
                    break
                time.sleep(max(0, 0.005 - (time.perf_counter() - asked)))
            connection.close()
        threads = [threading.Thread(target=watch, args=p) for p in pages.items()]
        for t in threads:
            t.start()
        return threads

    if any(withheld(a.body) for a in before.values()):
        raise Failed("something is withheld already")
    for what, wanted, command in (
            ("restriction on %d works until seen" % len(lab.isbns), True,
             ("restriction", "add", "--storefront", "us", "--collection", "everything", "--withhold",
              "listing,search,ratings,reviews,comments", "--ground", "operator", "--reason", "A measurement.", "--until",
              "2099-12-31", "--json")),
            ("  its lift", False, ("restriction", "lift", "1", "--reason", "Measured."))):
        lab.tell.doing(what.strip())
        begun, seen = time.perf_counter(), {}
        threads = until(wanted, begun, seen)
        took, _, _ = lab.ask(*command)
        for t in threads:
            t.join()
        if len(seen) < len(pages):
            raise Failed("not seen within a minute: %s" % ", ".join(sorted(set(pages) - set(seen))))
        lab.tell.row(what, "%.2f s" % max(seen.values()), "the command %.2f s" % took, max(seen.values()), 1)
        lab.tell.row("  " + ", ".join("%s %.2f" % (n, seen[n]) for n in pages), "")


# ---- ratings ----

RATE = """
local tokens = {}
for line in io.lines("%s") do tokens[#tokens + 1] = line end
local works = {%s}
local n, from = 0, %d
request = function()
  n = n + 1
  local reader, round = (n - 1) %% #tokens + 1, math.floor((n - 1) / #tokens)
  local work = works[(from + reader * 31 + round * 7) %% #works + 1]
  return wrk.format("PUT", "/api/v1/us/works/" .. work .. "/rating",
    {["Authorization"] = "Bearer " .. tokens[reader], ["Content-Type"] = "application/json"},
    '{"stars": ' .. (1 + (n + from) %% 5) .. '}')
end
"""


PROVE = """
local tokens = {}
for line in io.lines("%s") do tokens[#tokens + 1] = line end
local works = {%s}
local n, from, what = 0, %d, "%s"
local headers = {["Content-Type"] = "application/json", ["Prefer"] = "return=representation"}
request = function()
  n = n + 1
  local reader, round = (n - 1) %% #tokens + 1, math.floor((n - 1) / #tokens)
  local work = works[(from + reader * 31 + round * 7) %% #works + 1]
  headers["Authorization"] = "Bearer " .. tokens[reader]
  if what == "ratings" then
    return wrk.format("PUT", "/api/v1/us/works/" .. work .. "/rating", headers, '{"stars": ' .. (1 + (n + from) %% 5) .. '}')
  end
  return wrk.format("POST", "/api/v1/us/works/" .. work .. "/reviews", headers,
    '{"title": "Measured", "text": "It is number ' .. n .. ', and long enough to be one.", "language": "en", "stars": 4}')
end
"""


def syncs_per_second(lab):
    """What one durable write costs here: a batch cannot be answered sooner."""
    with open(os.path.join(lab.base, "sync"), "wb") as f:
        begun, n = time.perf_counter(), 200
        for _ in range(n):
            f.write(b"x" * 4096)
            f.flush()
            os.fdatasync(f.fileno())
        return n / (time.perf_counter() - begun)


def bench_ratings(lab):
    """Readers, each as fast as answers come, within the limits of one reader; each rating is accepted and stands under
    a published checkpoint when it is answered."""
    lab.need_shop()
    lab.stop_server()
    # So many that all rounds of a fast machine stay within what one reader may rate in an hour.
    _, tokens, _ = lab.run(lab.helper("make_readers"), lab.dir, "8000")
    lab.need_server()
    listing = os.path.join(lab.base, "tokens")
    with open(listing, "w") as f:
        f.write(tokens)
    works = sorted({json.loads(lab.get("/api/v1/us/editions/" + isbn).body)["work"]["id"]
                    for isbn in random.Random(2).sample(lab.isbns, min(1000, len(lab.isbns)))})
    signing = float(lab.run(lab.helper("sign_bare"))[1])
    begun = 0
    for clients, aim in ((64, None), (2000, 8000)):
        found, syncs = [], []
        for i in range(lab.options.rounds):
            lab.tell.doing("ratings by %d readers, %d of %d" % (clients, i + 1, lab.options.rounds))
            begun += 1
            script = os.path.join(lab.base, "rate.lua")
            with open(script, "w") as f:
                f.write(RATE % (listing, ",".join(map(str, works)), begun * 101))
            syncs.append(syncs_per_second(lab))
            found.append(lab.wrk(lab.port, "/", lab.options.seconds, script, connections=clients, server=lab.server))
        rate, p99 = median([f.rate for f in found]), median([f.p99 for f in found])
        lab.tell.row("ratings accepted, %d readers at once" % clients, "%.0f/s" % rate,
                     "%.0f fdatasync/s, %.0f Ed25519/s" % (median(syncs), signing), rate, aim, most=False, digits=0)
        lab.tell.row("  until published: p50, CPU for each", "%.0f ms, %.0f µs" % (median([f.p50 for f in found]),
                                                                               median([f.cpu for f in found])))
        lab.tell.row("  until published: p99", "%.0f ms" % p99, "", p99, 1000, digits=0)


def bench_proofs(lab):
    """The same with the proof in each answer, of ratings and of reviews: one review for each reader and work, a few for each
    reader, so that there are many readers."""
    lab.need_shop()
    lab.stop_server()
    _, tokens, _ = lab.run(lab.helper("make_readers"), lab.dir, "20000")
    lab.need_server()
    listing = os.path.join(lab.base, "provers")
    with open(listing, "w") as f:
        f.write(tokens)
    works = sorted({json.loads(lab.get("/api/v1/us/editions/" + isbn).body)["work"]["id"]
                    for isbn in random.Random(3).sample(lab.isbns, min(1000, len(lab.isbns)))})
    signing, begun = float(lab.run(lab.helper("sign_bare"))[1]), 0
    first = lab.get("/api/v1/us/works/%d/rating" % works[0], {"Authorization": "Bearer " + tokens.split()[0], "Prefer": "return=representation",
                                                            "Content-Type": "application/json"}, "PUT", '{"stars": 3}')
    if "proof" not in json.loads(first.body):
        raise Failed("the answer has no proof: %s" % first.body[:200])
    for what in ("ratings", "reviews"):
        for clients in (64, 2000):
            found, syncs = [], []
            for i in range(lab.options.rounds):
                lab.tell.doing("%s with a proof by %d readers, %d of %d" % (what, clients, i + 1, lab.options.rounds))
                begun += 1
                script = os.path.join(lab.base, "prove.lua")
                with open(script, "w") as f:
                    f.write(PROVE % (listing, ",".join(map(str, works)), begun * 101, what))
                syncs.append(syncs_per_second(lab))
                found.append(lab.wrk(lab.port, "/", lab.options.seconds, script, connections=clients, server=lab.server))
            rate, p99 = median([f.rate for f in found]), median([f.p99 for f in found])
            lab.tell.row("%s, each answered with its proof, %d readers at once" % (what, clients), "%.0f/s" % rate,
                         "%.0f fdatasync/s, %.0f Ed25519/s" % (median(syncs), signing), rate,
                         8000 if clients == 2000 and what == "reviews" else None, most=False, digits=0)
            lab.tell.row("  p50, CPU for each", "%.0f ms, %.0f µs" % (median([f.p50 for f in found]), median([f.cpu for f in found])))
            lab.tell.row("  p99", "%.0f ms" % p99, "", p99, 1000, digits=0)


def bench_replay(lab):
    """A million entries of a voices log, from memory: verified and replayed, beside hashed into their tree alone."""
    found = [json.loads(lab.run(lab.helper("replay_bare"), str(lab.options.entries))[1]) for _ in range(lab.options.rounds)]
    alone, replay = median([f["hashing"] for f in found]), median([f["replay"] for f in found])
    lab.tell.row("verify and replay %d entries" % lab.options.entries, "%.2f s" % replay, "hashing them alone: %.2f s" % alone,
                 median([f["replay"] / f["hashing"] for f in found]), 3)


def bench_absence(lab):
    """A proof that no restriction touches a work, or which ones do, beside 1, a thousand, a million of them."""
    for n in (1, 1000, 1000000):
        lab.tell.doing("proofs of absence beside %d restrictions" % n)
        found = [json.loads(lab.run(lab.helper("absence_bare"), str(n))[1]) for _ in range(lab.options.rounds if n < 1000000 else 1)]
        middle = lambda name: median([f[name] for f in found])
        lab.tell.row("proof of absence beside %d restrictions" % n, "%.1f KB" % (middle("bytes") / 1e3),
                     "made in %.0f µs, checked in %.0f µs" % (middle("make_us"), middle("check_us")))


def bench_audit(lab):
    lab.need_shop()
    fill = lab.helper("fill_voices")
    lab.stop_server()
    n, works = lab.options.voices, 1000
    lab.tell.doing("making %d voices" % n)
    _, out, _ = lab.run(fill, lab.dir, str(n), str(works), "2000")
    made = json.loads(out)
    lab.tell.row("entries by the writer alone, 2000 under way, no HTTP", "%.0f/s" % (made["entries"] / made["seconds"]))
    lab.need_server()
    lab.tell.doing("audit of %d entries" % n)
    seconds, out, peak = lab.run(lab.colophon, "audit", "http://127.0.0.1:%d" % lab.port, "--json")
    found = json.loads(out)
    if found.get("contradictions"):
        raise Failed("the audit found contradictions")
    lab.tell.row("audit of %d entries, %d works" % (found["voices"], found["works"]), "%.1f s" % seconds, "its RssAnon %.0f MiB" % peak)
