"""The kinds of entries have JSON Schemas, served and printed, which python3-jsonschema
(not ours) finds to be schemas, and which fit what a shop writes and nothing else."""
import json, os, struct
import jsonschema
from shop import EMMA, Shop

CORPUS = os.path.join(os.path.dirname(__file__), "..", "..", "fuzz", "corpus", "entry")
# No schema can say these: the order of bytes, of storefronts.
BEYOND = {"not-canonical"}


def entries(shop, log):
    size = int(shop.get("/record%s/checkpoint" % log).text.split("\n")[1])
    body, found = shop.get("/record%s/tile/entries/000.p/%d" % (log, size)).body, []
    while body:
        n, = struct.unpack(">H", body[:2])
        found.append(json.loads(body[2:2 + n]))
        body = body[2 + n:]
    return found


def test_schemas_fit_what_is_written():
    with Shop() as shop:
        shop.serve()
        token, work = shop.reader("ann"), shop.work(EMMA)
        made = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
        shop.authority("--storefront", "cn", "--work", str(work), "--withhold", "reviews")
        shop.ok("restriction", "lift", str(made["id"]), "--reason", "over")
        shop.api("POST", "/us/works/%d/reviews" % work, {"title": "Good", "text": "Good.", "language": "en", "stars": 4}, token)
        kinds = {k["type"]: k for k in shop.get("/record/schemas/").json()["kinds"]}
        validators = {}
        for name, kind in kinds.items():
            answer = shop.get(kind["schema"])
            assert answer.status == 200 and answer.headers["Content-Type"] == "application/schema+json", name
            assert answer.json() == json.loads(shop.ok("record", "schema", name)), name
            jsonschema.Draft202012Validator.check_schema(answer.json())
            validators[name] = jsonschema.Draft202012Validator(answer.json())
        seen = set()
        for log in ("", "/voices"):
            for e in entries(shop, log):
                validators[e["type"]].validate(e)
                assert kinds[e["type"]]["log"] == ("voices" if log else "decisions")
                seen.add(e["type"])
        assert seen >= {"restriction", "lift", "head", "accepted"}, seen
        # One of every kind, and each member of it taken away, misspelt or added.
        had = set()
        for file in sorted(os.listdir(CORPUS)):
            if file in BEYOND or file == "restriction-empty-fact":
                continue
            with open(os.path.join(CORPUS, file), "rb") as f:
                e = json.loads(f.read())
            v = validators[e["type"]]
            had.add(e["type"])
            v.validate(e)
            for member in e:
                assert not v.is_valid(dict(e, **{member: None})), (file, member)
                if member in v.schema["required"]:
                    assert not v.is_valid({k: x for k, x in e.items() if k != member}), (file, member)
            assert not v.is_valid(dict(e, note="free text")), file
        assert had == set(kinds), set(kinds) - had
        with open(os.path.join(CORPUS, "restriction-empty-fact"), "rb") as f:
            assert not validators["restriction"].is_valid(json.loads(f.read()))
        assert shop.get("/record/schemas/nothing.json").status == 404
        assert shop.get("/record/schemas/lift").status == 404
        status, _, err = shop.run("record", "schema", "nothing")
        assert status != 0 and "nothing" in err
