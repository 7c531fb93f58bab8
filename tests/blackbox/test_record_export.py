"""The Record for other people's databases: statements of reasons by every rule of the DSA Transparency Database, notices, lines."""
import csv
import io
import json
import re

from shop import Shop
from test_targets import voices

# digital-services-act/transparency-database@69e80a0, StatementStoreRequest.php and Statement.php, as its table of rules.
EEA = set("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split())
VISIBILITY = {"DECISION_VISIBILITY_" + w for w in ("CONTENT_REMOVED CONTENT_DISABLED CONTENT_DEMOTED CONTENT_AGE_RESTRICTED "
                                                   "CONTENT_INTERACTION_RESTRICTED CONTENT_LABELLED OTHER").split()}
MONETARY = {"DECISION_MONETARY_" + w for w in "SUSPENSION TERMINATION OTHER".split()}
PROVISION = {"DECISION_PROVISION_%s_%s" % (a, b) for a in ("PARTIAL", "TOTAL") for b in ("SUSPENSION", "TERMINATION")}
ACCOUNT = {"DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"}
CONTENT = {"CONTENT_TYPE_" + w for w in "APP AUDIO IMAGE PRODUCT SYNTHETIC_MEDIA TEXT VIDEO OTHER".split()}
CATEGORY = {"STATEMENT_CATEGORY_" + w for w in (
    "ANIMAL_WELFARE CONSUMER_INFORMATION CYBER_VIOLENCE CYBER_VIOLENCE_AGAINST_WOMEN DATA_PROTECTION_AND_PRIVACY_VIOLATIONS "
    "ILLEGAL_OR_HARMFUL_SPEECH INTELLECTUAL_PROPERTY_INFRINGEMENTS NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS NOT_SPECIFIED_NOTICE "
    "OTHER_VIOLATION_TC PROTECTION_OF_MINORS RISK_FOR_PUBLIC_SECURITY SCAMS_AND_FRAUD SELF_HARM UNSAFE_AND_PROHIBITED_PRODUCTS VIOLENCE").split()}
SOURCE = {"SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER", "SOURCE_TYPE_OTHER_NOTIFICATION", "SOURCE_VOLUNTARY"}
AUTOMATED = {"AUTOMATED_DECISION_FULLY", "AUTOMATED_DECISION_PARTIALLY", "AUTOMATED_DECISION_NOT_AUTOMATED"}
ILLEGAL = {"illegal_content_legal_ground": 500, "illegal_content_explanation": 2000}
INCOMPATIBLE = {"incompatible_content_ground": 500, "incompatible_content_explanation": 2000}
KNOWN = {"decision_visibility", "decision_visibility_other", "decision_monetary", "decision_monetary_other", "decision_provision", "decision_account",
         "account_type", "decision_ground", "decision_ground_reference_url", *ILLEGAL, *INCOMPATIBLE, "incompatible_content_illegal", "content_type",
         "content_type_other", "category", "category_addition", "category_specification", "category_specification_other", "territorial_scope",
         "content_language", "content_date", "content_id", "content_id_ean", "application_date", "end_date_visibility_restriction",
         "end_date_monetary_restriction", "end_date_service_restriction", "end_date_account_restriction", "decision_facts", "source_type",
         "source_identity", "automated_detection", "automated_decision", "puid"}


def broken_rules(s, puids):
    """What the database's validator would say, in words; and what it would silently drop."""
    wrong = []

    def need(good, what):
        if not good:
            wrong.append(what)

    def date(name, low, required):
        value = s.get(name)
        need(value is not None or not required, name + " is required")
        if value is not None:
            need(re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None and low <= value <= "2038-01-01", name)
    need(set(s) <= KNOWN, "unknown: %s" % (set(s) - KNOWN))
    need(any(s.get(k) for k in ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")), "one decision")
    need(set(s.get("decision_visibility", [])) <= VISIBILITY, "decision_visibility")
    need(("DECISION_VISIBILITY_OTHER" in s.get("decision_visibility", [])) == ("decision_visibility_other" in s), "decision_visibility_other")
    for name, words in [("decision_monetary", MONETARY), ("decision_provision", PROVISION), ("decision_account", ACCOUNT),
                        ("account_type", {"ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"})]:
        need(name not in s or s[name] in words, name)
    ground = s.get("decision_ground")
    need(ground in ("DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"), "decision_ground")
    for fields, of in ((ILLEGAL, "DECISION_GROUND_ILLEGAL_CONTENT"), (INCOMPATIBLE, "DECISION_GROUND_INCOMPATIBLE_CONTENT")):
        for name, most in fields.items():
            need((name in s) == (ground == of), name + " goes with its ground alone")
            need(name not in s or 0 < len(s[name]) <= most, name)
    need("incompatible_content_illegal" not in s or (s["incompatible_content_illegal"] in ("Yes", "No") and ground.endswith("INCOMPATIBLE_CONTENT")),
         "incompatible_content_illegal")
    need(isinstance(s.get("content_type"), list) and s["content_type"] and set(s["content_type"]) <= CONTENT, "content_type")
    need(("CONTENT_TYPE_OTHER" in s.get("content_type", [])) == ("content_type_other" in s), "content_type_other")
    need(len(s.get("content_type_other", "")) <= 500, "content_type_other")
    need(s.get("category") in CATEGORY, "category")
    need(set(s.get("category_addition", [])) <= CATEGORY, "category_addition")
    need(isinstance(s.get("territorial_scope", []), list) and set(s.get("territorial_scope", [])) <= EEA, "territorial_scope")
    date("content_date", "2000-01-01", True)
    date("application_date", "2020-01-01", True)
    for kind in ("visibility", "monetary", "service", "account"):
        date("end_date_%s_restriction" % kind, "0000-01-01", False)
    need(0 < len(s.get("decision_facts", "")) <= 5000, "decision_facts")
    need(s.get("source_type") in SOURCE, "source_type")
    need("source_identity" not in s or s["source_type"] != "SOURCE_VOLUNTARY", "source_identity")
    need(s.get("automated_detection") in ("Yes", "No"), "automated_detection")
    need(s.get("automated_decision") in AUTOMATED, "automated_decision")
    need(re.fullmatch(r"[a-zA-Z0-9_-]{1,500}", s.get("puid", "")) is not None and s["puid"] not in puids, "puid")
    puids.add(s.get("puid"))
    return wrong


def statements(shop, *options):
    bodies = [json.loads(line) for line in shop.ok("record", "export", "dsa", *options).splitlines()]
    for body in bodies:
        assert set(body) == {"statements"} and 1 <= len(body["statements"]) <= 100
    return [s for body in bodies for s in body["statements"]]


def test_statements_lines_and_notices():
    with Shop() as shop:
        for slug, country in [("de", "DE"), ("at", "AT"), ("ie", "IE")]:
            shop.ok("storefront", "add", slug, "--unresearched", "sell", "--country", country, "--language", "en", "--currency", "EUR")
        shop.serve()
        work, _, reviews, comments = voices(shop)
        review, comment = "review:%d" % reviews["ann"]["record_index"], "comment:%d" % comments["ben"]["record_index"]
        europe = ["--storefront", "de", "--storefront", "at", "--storefront", "us"]
        law = ["--ground", "law", "--legal-basis", "Criminal code, § 130"]
        notice = ["--ground", "rightsholder", "--authority", "Heirs of Austen", "--legal-basis", "Copyright act", "--reference", "7"]
        reported = [shop.restrict(*europe, *arguments)["id"] for arguments in [
            ["--ground", "terms", "--withhold", "reviews,ratings", "--target", review],
            ["--ground", "operator", "--withhold", "ratings", "--target", review],
            ["--withhold", "comments", "--target", comment, *law],
            ["--withhold", "reviews", "--target", review, *notice],
            ["--ground", "terms", "--withhold", "submissions", "--target", "account:ann@example.org"],
            ["--ground", "terms", "--withhold", "sale", "--shop", "main"],
            ["--withhold", "listing,search,sale,delivery", "--shop", "main", *law, "--from", "2037-12-31"],
        ]]
        left_out = [shop.authority(*europe, "--withhold", "reviews", "--target", review), shop.authority(*europe, "--withhold", "sale", "--shop", "main"),
                    shop.restrict(*europe, "--ground", "terms", "--withhold", "sale", "--work", str(work)),
                    shop.restrict(*europe, "--ground", "licence", "--legal-basis", "Act 2", "--withhold", "sale", "--shop", "main"),
                    shop.restrict("--storefront", "cn", "--ground", "terms", "--withhold", "reviews", "--target", review)]
        found, puids = statements(shop), set()
        for s in found:
            assert broken_rules(s, puids) == [], (broken_rules(s, set()), s)
        assert puids == {"books-example-restriction-%d" % i for i in reported} and len(left_out) == 5
        # The rules bite.
        for change in ({"puid": "a b"}, {"category": "OTHER"}, {"content_date": "1999-12-31"}, {"illegal_content_explanation": "x"}, {"source_identity": "x"},
                       {"territorial_scope": ["CN"]}, {"decision_provision": "NONE"}, {"content_type_other": "x"}, {"decision_facts": ""}):
            assert len(broken_rules({**found[0], **change}, set())) == 1, change
        by = {int(s["puid"].rsplit("-", 1)[1]): s for s in found}
        assert by[reported[0]]["territorial_scope"] == ["AT", "DE"] and by[reported[0]]["source_type"] == "SOURCE_VOLUNTARY"
        assert by[reported[2]]["illegal_content_legal_ground"] == "Criminal code, § 130"
        assert by[reported[3]]["source_type"] == "SOURCE_ARTICLE_16" and by[reported[3]]["category"].endswith("INTELLECTUAL_PROPERTY_INFRINGEMENTS")
        assert by[reported[4]]["decision_provision"] == "DECISION_PROVISION_PARTIAL_SUSPENSION"
        assert by[reported[6]]["decision_provision"] == "DECISION_PROVISION_TOTAL_SUSPENSION"
        # Nothing that people wrote, and nobody.
        text = json.dumps(found)
        assert not any(word in text for word in ("What ann thinks", "Because we were told", "ann@", "Ann", "Heirs of Austen"))
        assert statements(shop, "--since", "2098-01-01") == []
        # Lines: what is in the logs, byte by byte.
        lines = shop.ok("record", "export", "jsonl").splitlines()
        entries = [json.loads(line) for line in lines]
        for log in ("decisions", "voices"):
            assert [e["index"] for e in entries if e["log"] == log] == list(range(sum(e["log"] == log for e in entries)))
        assert sum(e["entry"]["type"] == "restriction" for e in entries) == 12 and sum(e["entry"]["type"] == "accepted" for e in entries) == 8
        first = next(line for line in lines if '"log":"decisions"' in line)
        kept = shop.look("SELECT %s FROM entry WHERE log = 0 AND idx = 0" % ("convert_from(bytes, 'UTF8')" if shop.database else "CAST(bytes AS TEXT)"))
        assert first == '{"log":"decisions","index":0,"entry":%s}' % kept
        assert [e for e in map(json.loads, shop.ok("record", "export", "jsonl", "--since", "2098-01-01").splitlines()) if e["log"] == "decisions"] == []
        # Notices: on others' wish alone, as JSON and the same as CSV.
        notices = [json.loads(line) for line in shop.ok("record", "export", "lumen").splitlines()]
        assert [n["type"] for n in notices] == ["Other", "GovernmentRequest", "GovernmentRequest"]
        assert notices[1]["sender_name"] == "Example Authority" and notices[1]["action_taken"] == "Yes" and not notices[1]["rescinded"]
        shop.ok("restriction", "lift", str(left_out[0]["id"]), "--reason", "Over.")
        rows = list(csv.DictReader(io.StringIO(shop.ok("record", "export", "lumen", "--csv"))))
        assert [r["type"] for r in rows] == [n["type"] for n in notices] and [r["rescinded"] for r in rows] == ["false", "true", "false"]
        assert rows[1]["jurisdictions"] == "AT; DE; US" and rows[1]["case_id_number"] == "2026/17"
        for wrong in (["xml"], ["dsa", "--since", "soon"], ["dsa", "--csv"]):
            assert shop.run("record", "export", *wrong)[0] == 2, wrong
