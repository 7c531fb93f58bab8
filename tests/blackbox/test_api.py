"""The JSON API against its own description: what OpenAPI says is what is served."""
import json
import os
import re

from shop import EMMA, ROOT, Shop

KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def fits(value, schema, document, where="$"):
    """Every way in which a value is not what the schema says."""
    if "$ref" in schema:
        part = document
        for name in schema["$ref"].split("/")[1:]:
            part = part[name]
        return fits(value, part, document, where)
    if "oneOf" in schema:
        tried = [fits(value, s, document, where) for s in schema["oneOf"]]
        return [] if any(not t for t in tried) else tried[0]
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kinds and not any(
            isinstance(value, KINDS[k]) if k in KINDS else number and (k == "number" or isinstance(value, int)) for k in kinds):
        return ["%s: %r is no %s" % (where, value, "/".join(kinds))]
    wrong = []
    if "enum" in schema and value not in schema["enum"]:
        wrong.append("%s: %r is none of %s" % (where, value, schema["enum"]))
    if number and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        wrong.append("%s: %r is out of bounds" % (where, value))
    if schema.get("format") == "date-time" and value is not None and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
        wrong.append("%s: %r is no time" % (where, value))
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            wrong.append("%s: %d items" % (where, len(value)))
        for i, item in enumerate(value):
            wrong += fits(item, schema.get("items", {}), document, "%s[%d]" % (where, i))
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        wrong += ["%s lacks %s" % (where, name) for name in schema.get("required", []) if name not in value]
        for name, member in value.items():
            if name in known or isinstance(others, dict):
                wrong += fits(member, known.get(name, others), document, where + "." + name)
            elif not others:
                wrong.append("%s: %s is not described" % (where, name))
    return wrong


class Described:
    """Asks by operationId and checks the answer against the description."""

    def __init__(self, shop):
        self.shop, self.document = shop, shop.api("GET", "/openapi.json").json()
        self.operations = {o["operationId"]: (path, method, o) for path, item in self.document["paths"].items()
                           for method, o in item.items()}
        self.seen = {name: set() for name in self.operations}

    def unasked(self, selling):
        """Operations of buying and selling (test_api_sales), or all others, that nobody asked for."""
        return [n for n, (_, _, o) in self.operations.items() if ("sell" in o["tags"]) == selling and not self.seen[n]]

    def ask(self, name, body=None, token=None, raw=None, headers=None, **at):
        path, method, operation = self.operations[name]
        query = at.pop("query", "")
        url = path[len("/api/v1"):].format(**at) + query
        if raw is None:
            answer = self.shop.api(method.upper(), url, body, token)
        else:
            answer = self.shop.ask(method.upper(), "/api/v1" + url, raw, {
                "Content-Type": "application/json", **({"Authorization": "Bearer " + token} if token else {}), **(headers or {})})
        self.seen[name].add(answer.status)
        described = operation["responses"].get(str(answer.status))
        assert described, "%s: %d is not described: %s" % (name, answer.status, answer.text)
        if "$ref" in described:
            described = self.document["components"]["responses"][described["$ref"].split("/")[-1]]
        kind = answer.headers["Content-Type"]
        assert kind in described["content"], (name, answer.status, kind)
        value = answer.json() if "json" in kind else answer.text
        wrong = fits(value, described["content"][kind]["schema"], self.document)
        assert not wrong, (name, wrong, answer.text[:2000])
        if answer.status >= 400 and kind == "application/problem+json":
            assert value["status"] == answer.status and value["title"], answer.text
        if answer.status == 401:
            assert answer.headers["WWW-Authenticate"] == "Bearer"
        if answer.status in (429, 503):
            assert int(answer.headers["Retry-After"]) > 0
        return answer


def test_every_route_is_described_and_every_path_served():
    with open(os.path.join(ROOT, "src", "web", "routes.c"), encoding="utf-8") as f:
        source = re.sub(r"\s+", " ", f.read())
    served = {("get", p) for p in re.findall(r'API_(?:READ|OWN)\("([^"]+)"', source)}
    served |= {("get", p) for p in re.findall(r'API_SHOP_READ\( ?"([^"]+)"', source)}
    served |= {(m.lower(), p) for m, p in re.findall(r'METHOD_(\w+), (?:CSRF_\w+, \w+, )?"(/api/[^"]+)"', source)}
    with Shop(samples=False) as shop:
        shop.serve(wait=False)
        document = shop.api("GET", "/openapi.json").json()
    assert document["openapi"].startswith("3.1.")
    plain = lambda pairs: {(m, re.sub(r"\{\w+\}", "{}", p)) for m, p in pairs}
    described = {(m, p) for p, item in document["paths"].items() for m in item}
    assert plain(described) == plain(served), plain(described) ^ plain(served)
    text = json.dumps(document)
    for name in re.findall(r'"#/components/(\w+)/(\w+)"', text):
        assert name[1] in document["components"][name[0]], name
    for kind in ("schemas", "responses", "parameters"):
        for name in document["components"][kind]:
            assert '"#/components/%s/%s"' % (kind, name) in text, "%s is used nowhere" % name
    for path, item in document["paths"].items():
        for method, operation in item.items():
            inside = {document["components"]["parameters"][p["$ref"].split("/")[-1]]["name"]
                      for p in operation.get("parameters", []) if "$ref" in p
                      and document["components"]["parameters"][p["$ref"].split("/")[-1]]["in"] == "path"}
            assert inside == set(re.findall(r"\{(\w+)\}", path)), (path, method)


def test_every_answer_is_as_described():
    with Shop() as shop:
        shop.ok("collection", "add", "austen", "--name", "Austen", "--contributor", "Jane Austen")
        shop.serve()
        api = Described(shop)
        us = {"storefront": "us"}
        new = {"email": "ann@example.org", "password": "a long enough secret", "name": "Ann"}
        assert api.ask("addAccount", new).status == 201
        assert api.ask("addAccount", new).status == 409
        assert api.ask("addAccount", {**new, "email": "x"}).status == 422
        assert api.ask("addAccount", {**new, "name": "\u202enna"}).status == 422
        assert api.ask("addAccount", raw=b"{").status == 400
        assert api.ask("addAccount", raw=b"{}", headers={"Content-Type": "text/plain"}).status == 415
        assert api.ask("addAccount", raw=b" " * 200000).status == 413
        token = api.ask("signIn", new).json()["token"]
        assert api.ask("signIn", {**new, "password": "another secret"}).status == 401
        assert api.ask("signIn", {"email": 1, "password": "x"}).status == 422
        assert api.ask("signIn", raw=b"[]").status == 400
        bob = shop.reader("bob")

        for name, wanted in [("openapi", 200), ("storefronts", 200), ("restrictions", 200), ("licences", 200)]:
            assert api.ask(name).status == wanted
        edition = api.ask("edition", isbn13=EMMA, **us)
        work = {"id": edition.json()["work"]["id"], **us}
        assert edition.status == 200 and edition.json()["offers"]
        assert api.ask("edition", isbn13="978-0-00-000004-0", **us).json() == edition.json()
        assert api.ask("edition", isbn13="9780000000000", **us).status == 404
        assert api.ask("edition", isbn13=EMMA, storefront="xx").status == 404
        found = api.ask("search", query="?q=emma&limit=3", **us).json()
        assert found["total"] >= len(found["results"]) > 0
        assert set(found["facets"]) == {"format", "language", "subject", "year", "price", "availability", "access", "age", "protection", "series", "published"}
        for query, word in [("?limit=101", "limit"), ("?offset=x", "offset"), ("?sort=colour", "sort"), ("?q=" + "a" * 401, "q")]:
            answer = api.ask("search", query=query, **us)
            assert answer.status == 422 and answer.json()["detail"].startswith(word), answer.text
        assert api.ask("collection", slug="austen", **us).json()["total"] > 0
        assert api.ask("collection", slug="austen", query="?limit=-1", **us).status == 422
        assert api.ask("collection", slug="none", **us).status == 404
        assert api.ask("work", **work).json()["editions"]
        assert api.ask("work", id="none", **us).status == 404

        text = {"title": "Good", "text": "I *liked* it.\r\nMuch.", "language": "en", "stars": 4, "isbn13": EMMA}
        assert api.ask("rate", {"stars": 3}, token, **work).status == 200
        assert api.ask("rate", {"stars": 3}, None, **work).status == 401
        assert api.ask("rate", {"stars": 3}, "x" * 43, **work).status == 401
        assert api.ask("rate", {"stars": 6}, token, **work).status == 422
        assert api.ask("rate", {"stars": 3}, token, id=999999, **us).status == 404
        assert api.ask("unrate", None, token, **work).status == 200
        assert api.ask("unrate", None, token, **work).status == 404
        made = api.ask("addReview", text, token, **work)
        assert made.status == 201 and api.ask("addReview", text, token, **work).status == 409
        review = {"id": made.json()["id"]}
        receipt = {"index": made.json()["record_index"]}
        assert api.ask("voice", **receipt).status == 200 and api.ask("voice", index=999999).status == 404
        assert api.ask("receipt", None, token, **receipt).status == 200 and api.ask("receipt", None, bob, **receipt).status == 404
        assert api.ask("receipt", **receipt).status == 401
        assert api.ask("receipts", None, token, **us).status == 200 and api.ask("receipts", **us).status == 401
        assert api.ask("receipts", None, token, query="?limit=x", **us).status == 422
        for name, where in [("erase", receipt), ("eraseAccount", {})]:
            assert api.ask(name, {"password": "no"}, token, **where).status == 403 and api.ask(name, {}, token, **where).status == 422
        assert api.ask("addReview", {**text, "text": "x" * 20001}, token, **work).status == 422
        assert api.ask("changeReview", {**text, "title": "Better"}, token, **review).status == 200
        assert api.ask("changeReview", text, bob, **review).status == 403
        assert api.ask("changeReview", text, bob, id=999999).status == 404
        shelf = {"secret": api.ask("addList", {"name": "Shelf"}, token).json()["secret"]}
        assert api.ask("keep", None, token, **shelf, id=work["id"]).status == 200 and api.ask("keep", None, bob, **shelf, id=work["id"]).status == 404
        assert api.ask("changeList", {"name": "Shared", "shared": True}, token, **shelf).status == 200
        assert api.ask("lists", None, token, **us).json()["lists"][0]["works"] == 1 and api.ask("list", **shelf, **us).json()["works"][0]["isbn13"]
        assert api.ask("takeOff", None, token, **shelf, id=work["id"]).status == 200
        assert api.ask("removeList", None, token, **shelf).status == 200 and api.ask("list", **shelf, **us).status == 404
        author = {"kind": "contributor", "id": edition.json()["contributors"][0]["id"]}
        assert api.ask("follow", None, token, **author).status == 200 and api.ask("follow", None, token, kind="series", id=999999).status == 404
        assert api.ask("following", None, token).json()["following"][0]["name"] == "Jane Austen" and api.ask("following").status == 401
        assert api.ask("news", None, token, **us).json()["news"] == [] and api.ask("news", **us).status == 401
        assert api.ask("renewFeed", {}, token).status == 200 and api.ask("following", None, token).json()["feed"] and api.ask("renewFeed", {}).status == 401
        assert api.ask("wantLetters", {}, token, **us).status == 200 and api.ask("wantLetters", {}, token, storefront="xx").status == 404
        assert api.ask("endLetters", None, token).status == 200 and api.ask("endLetters").status == 401
        shop.ok("text", "set", "us", "terms", "--language", "en", "--file", shop.file("terms.md", "Be kind."))
        shop.until(lambda: api.ask("texts", **us).json()["texts"], "the text")
        terms = {"kind": "terms", "language": "en", **us}
        assert api.ask("text", version=1, **terms).json()["markdown"].strip() == "Be kind." and api.ask("text", version=2, **terms).status == 404
        assert api.ask("followNoMore", None, token, **author).status == 200 and api.ask("followNoMore", **author).status == 401
        # Of accounts that are older than these, votes count: test_words.
        assert api.ask("helpful", None, token, **review, **us).status == 403
        assert api.ask("helpful", None, bob, **review, **us).status == 403 and api.ask("notHelpful", None, bob, **review, **us).status == 200
        assert api.ask("helpful", None, bob, id=999999, **us).status == 404 and api.ask("helpful", **review, **us).status == 401
        chosen = api.ask("reviews", query="?sort=helpful&stars=4&language=en", **work).json()
        assert chosen["choice"]["fitting"] == 1 == len(chosen["reviews"])
        comment = api.ask("addComment", {"text": "So did I."}, bob, **review)
        assert comment.status == 201
        assert api.ask("addComment", {"text": " "}, bob, **review).status == 422
        assert api.ask("addComment", {"text": "x"}, bob, id=18446744073709551615).status == 404
        at = {"id": comment.json()["id"]}
        assert api.ask("changeComment", {"text": "So did we."}, bob, **at).status == 200
        assert api.ask("changeComment", {"text": "So did we."}, token, **at).status == 403
        listed = api.ask("reviews", **work).json()
        assert listed["reviews"][0]["comments"][0]["text"] == "So did we." and listed["reviews"][0]["text"] == "I *liked* it.\nMuch."
        assert api.ask("reviews", query="?limit=0", **work).json()["reviews"] == []
        assert api.ask("comments", **review, **us).json()["total"] == 1 == len(api.ask("workComments", **work).json()["comments"])
        for name, at_fault in [("comments", {"id": 999999, **us}), ("workComments", {"id": 999999, **us})]:
            assert api.ask(name, **at_fault).status == 404
        assert api.ask("reviews", query="?limit=x", **work).status == 422

        made = shop.authority("--storefront", "us", "--work", str(work["id"]), "--withhold", "ratings,reviews,submissions")
        assert api.ask("reviews", **work).status == 451
        assert api.ask("edition", isbn13=EMMA, **us).json()["rating"] is None
        for name, body in [("rate", {"stars": 1}), ("addReview", text)]:
            refused = api.ask(name, body, bob, **work)
            assert refused.status == 451 and "blocked-by" in " ".join(refused.headers.get_all("Link")), refused.text
            assert refused.json()["withheld"] == [{"feature": "submissions", "restriction": made["id"], "record_index": made["record_index"]}]
        assert api.ask("rate", {"stars": 1}, bob, **{**work, "storefront": "cn"}).status == 200
        everywhere = shop.restrict("--ground", "operator", "--storefront", "us", "--storefront", "cn", "--work", str(work["id"]),
                                   "--withhold", "submissions")
        refused = api.ask("addComment", {"text": "Hello"}, token, **review)  # no storefront in its path
        assert refused.status in (403, 451) and refused.json()["withheld"][0]["restriction"] in (made["id"], everywhere["id"])
        shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "listing")
        gone = api.ask("edition", isbn13=EMMA, **us)
        assert gone.status == 451 and {w["feature"] for w in gone.json()["withheld"]} >= {"listing"}
        assert api.ask("restrictions").json()["restrictions"]
        pace = api.ask("pace").json()
        assert pace["seconds"] == 3600 and pace["published"] > 0 and 0 < pace["p50_ms"] <= pace["p99_ms"]

        # What is withheld of one's own, and a complaint; a demand; what a proof says.
        alone = shop.restrict("--ground", "terms", "--storefront", "us", "--withhold", "reviews", "--target", "review:%d" % receipt["index"])
        statements = lambda: [s for s in api.ask("statements", None, token, **us).json()["statements"] if s["restriction"] == alone["id"]]
        shop.until(statements, "a statement: those affected are told behind the decision")
        told = statements()
        assert len(told) == 1, told
        assert api.ask("statements", **us).status == 401
        data = api.ask("ownData", None, token, **us).json()
        assert [s["restriction"] for s in data["statements"]] and data["sessions"] and api.ask("ownData", **us).status == 401
        assert api.ask("complain", {"text": " "}, token, id=told[0]["id"]).status == 422
        assert api.ask("complain", {"text": "Not mine."}, bob, id=told[0]["id"]).status == 404
        assert api.ask("complain", {"text": "It breaks no rule."}, token, id=told[0]["id"]).status == 201
        assert api.ask("complain", {"text": "Again."}, token, id=told[0]["id"]).status == 409
        demand = {"sender": "reader", "target": {"kind": "edition", "key": EMMA}, "storefronts": ["us"], "features": ["sale"],
                  "ground": "terms", "explanation": "It is not what it says.", "name": "Bob", "email": "bob@example.org",
                  "good_faith": True}
        asked = api.ask("addDemand", demand)
        assert asked.status == 201
        assert api.ask("demandBySecret", secret=asked.json()["secret"]).json()["id"] == asked.json()["id"]
        assert api.ask("complainBySecret", {"text": "Too early."}, secret=asked.json()["secret"]).status == 409
        assert api.ask("ownDemands", token=bob).json()["demands"] == []
        assert api.ask("complainOfDemand", {"text": "Not mine."}, bob, id=asked.json()["id"]).status == 404
        assert api.ask("addDemand", {**demand, "features": ["colour"]}).status == 422
        assert api.ask("demands").json()["total"] == 1 and api.ask("demands", query="?outcome=bad").status == 422
        assert api.ask("absence", query="?work=%s&storefront=us" % EMMA).status == 200
        assert api.ask("absence", query="?work=x&storefront=us").status == 422

        assert api.ask("withdrawComment", None, token, **at).status == 403
        assert api.ask("withdrawComment", None, bob, **at).status == 200
        assert api.ask("withdrawComment", None, bob, **at).status == 404
        assert api.ask("withdrawReview", None, bob, **review).status == 403
        assert api.ask("withdrawReview", None, token, **review).status == 200
        assert api.ask("withdrawReview", None, token, **review).status == 404
        assert api.ask("signOut", None, token).status == 200
        assert api.ask("signOut", None, token).status == 401
        assert not api.unasked(selling=False), api.unasked(selling=False)
        assert shop.audit()[0] == 0
