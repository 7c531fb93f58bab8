/* Entries: every kind comes back as it was, in one form of bytes only; every
 * broken rule is refused by name; nothing unknown passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "canonical.h"
#include "record/entry.h"
#include "record/merkle.h"

#define AT 1790000000 /* 2026-09-21T14:13:20Z */
#define HEX_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEX_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* A log that went over from one to the other. */
#define OLD_KEY "books.example+1036feba+ATOZURJYhfDRKkWz3wKtGWYp8nqfaCmDeLFdK+jvF/Vv"
#define NEW_KEY "books.example+74bb2d6a+AdH1e/icdJKT/YVwqP8A7l8YqU//hOFIBESWPp57+McQ"
#define BY_OLD                                                                                     \
    "UuZBQKqJqQWAcAurdnsGO8FREuLNwiT87vmE5QaELi2VVzHnjepnGpEplaOApsfOCedKNbWS9u8TKsDK32GPDA=="
#define BY_NEW                                                                                     \
    "rREBWj2WOMVY5TLTpRA66aywOyjOrxyDLxGffZ5x8MTqGTD5U9TlrBU6n+/tBZ8qcKbQgF0nGmtZjQgxG+koCQ=="

#define OLD_REFUSER "books.example/refusals+54f8b3ef+AQMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMD"
#define NEW_REFUSER "books.example/refusals+ee92aacc+AQQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"

static const struct str cn[] = {{"cn", 2}};
static const struct str two[] = {{"cn", 2}, {"us", 2}};

static struct hash filled(uint8_t byte)
{
    struct hash h;
    memset(h.b, byte, sizeof h.b);
    return h;
}

/* A good restriction on a collection; each test breaks what it is about. */
static struct entry restriction(void)
{
    return (struct entry){
        .type = ENTRY_RESTRICTION,
        .at = AT,
        .commitment = filled(0xbb),
        .restriction = {.id = 7,
                        .decided = AT,
                        .target = TARGET_COLLECTION,
                        .target_key = STR("speeches"),
                        .target_name = STR("Speeches"),
                        .works_count = 41,
                        .works_root = filled(0xaa),
                        .storefronts = cn,
                        .storefront_count = 1,
                        .features = FEATURE_BIT(FEATURE_RATINGS) | FEATURE_BIT(FEATURE_REVIEWS),
                        .ground = GROUND_AUTHORITY_ORDER,
                        .authority = STR("Press Office"),
                        .legal_basis = STR("Act 12, s. 3"),
                        .reference = STR("2026/118"),
                        .from = AT + 60,
                        .review = AT + 86400}};
}

static const char golden[] =
    "{\"at\":\"2026-09-21T14:13:20Z\",\"authority\":\"Press Office\","
    "\"features\":[\"ratings\",\"reviews\"],\"from\":\"2026-09-21T14:14:20Z\","
    "\"ground\":\"authority-order\",\"id\":7,\"legal_basis\":\"Act 12, s. 3\","
    "\"reasons\":\"" HEX_B "\",\"reference\":\"2026/118\",\"review\":\"2026-09-22T14:13:20Z\","
    "\"storefronts\":[\"cn\"],\"target\":{\"key\":\"speeches\",\"kind\":\"collection\","
    "\"name\":\"Speeches\",\"root\":\"" HEX_A "\",\"works\":41},\"type\":\"restriction\",\"v\":1}";

static bool written[ENTRY_TYPE_COUNT];

static void write_ok(const struct entry *e, struct buf *out)
{
    struct fault fault = {""};
    if (entry_write(e, out, &fault) != RC_OK)
        fail_msg("not written: %s", fault.text);
    assert_canonical(buf_str(out));
    written[e->type] = true;
}

/* Refused both ways: by the writer, with a sentence about the field. */
static void refuse_write(const struct entry *e, const char *about)
{
    BUF_AUTO out = BUF_INIT(ENTRY_MAX);
    struct fault fault = {""};
    assert_int_equal(entry_write(e, &out, &fault), RC_INVALID);
    assert_int_equal(out.n, 0);
    if (strstr(fault.text, about) == NULL)
        fail_msg("\"%s\" does not name \"%s\"", fault.text, about);
}

static void refuse_read(struct str bytes, const char *about)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct entry e = {.work = 4711};
    struct fault fault = {""};
    if (entry_read(&arena, bytes, &e, &fault) != RC_INVALID)
        fail_msg("accepted: %.*s", STR_ARG(bytes));
    assert_int_equal(e.work, 4711);
    if (strstr(fault.text, about) == NULL)
        fail_msg("%.*s: \"%s\" does not name \"%s\"", STR_ARG(bytes), fault.text, about);
}

/* Replaces the one place where `from` stands in a good entry's bytes. */
static void refuse_changed(const char *bytes, const char *from, const char *to, const char *about)
{
    BUF_AUTO b = BUF_INIT(2 * ENTRY_MAX);
    struct str s = str_of(bytes), old = str_of(from);
    size_t at = str_find_str(s, old);
    assert_true(at < s.n);
    buf_str_add(&b, str_sub(s, 0, at));
    buf_str_add(&b, str_of(to));
    buf_str_add(&b, str_sub(s, at + old.n, s.n));
    refuse_read(buf_str(&b), about);
}

/* ---- there and back ---- */

static void assert_same_restriction(const struct restriction *a, const struct restriction *b)
{
    assert_int_equal(a->id, b->id);
    assert_int_equal(a->target, b->target);
    assert_true(str_eq(a->target_key, b->target_key));
    assert_true(str_eq(a->target_name, b->target_name));
    assert_int_equal(a->works_count, b->works_count);
    assert_true(hash_eq(&a->works_root, &b->works_root));
    assert_int_equal(a->storefront_count, b->storefront_count);
    for (size_t i = 0; i < a->storefront_count; i++)
        assert_true(str_eq(a->storefronts[i], b->storefronts[i]));
    assert_int_equal(a->features, b->features);
    assert_int_equal(a->ground, b->ground);
    assert_true(str_eq(a->authority, b->authority));
    assert_true(str_eq(a->legal_basis, b->legal_basis));
    assert_true(str_eq(a->reference, b->reference));
    assert_int_equal(a->decided, b->decided);
    assert_int_equal(a->from, b->from);
    assert_int_equal(a->until, b->until);
    assert_int_equal(a->review, b->review);
}

static void there_and_back(const struct entry *e)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO once = BUF_INIT(ENTRY_MAX);
    BUF_AUTO twice = BUF_INIT(ENTRY_MAX);
    struct entry got;
    struct fault fault = {""};
    write_ok(e, &once);
    if (entry_read(&arena, buf_str(&once), &got, &fault) != RC_OK)
        fail_msg("%.*s: %s", STR_ARG(buf_str(&once)), fault.text);
    assert_int_equal(got.type, e->type);
    assert_int_equal(got.at, e->at);
    assert_int_equal(got.work, e->work);
    assert_true(hash_eq(&got.commitment, &e->commitment));
    assert_true(str_eq(got.origin, e->origin));
    assert_int_equal(got.size, e->size);
    assert_true(hash_eq(&got.root, &e->root));
    assert_int_equal(got.kind, e->kind);
    assert_int_equal(got.of, e->of);
    assert_true(str_eq(got.basis, e->basis));
    assert_same_restriction(&got.restriction, &e->restriction);
    assert_int_equal(got.restriction.demand, e->restriction.demand);
    assert_int_equal(got.restriction.approvals.n, e->restriction.approvals.n);
    assert_true(str_eq(got.restriction.state_involved, e->restriction.state_involved));
    assert_true(hash_eq(&got.restriction.scope_reason, &e->restriction.scope_reason));
    write_ok(&got, &twice);
    assert_true(str_eq(buf_str(&once), buf_str(&twice)));
}

static void the_bytes_of_a_restriction_are_fixed(void **state)
{
    (void)state;
    struct entry e = restriction();
    BUF_AUTO out = BUF_INIT(ENTRY_MAX);
    write_ok(&e, &out);
    assert_string_equal((buf_char(&out, 0), out.p), golden);
}

#define NAMELESS "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
static const char *const single_keys[TARGET_COUNT] = {[TARGET_EDITION] = "9780306406157",
                                                      [TARGET_WORK] = "12",
                                                      [TARGET_REVIEW] = "0",
                                                      [TARGET_COMMENT] = "4503",
                                                      [TARGET_ACCOUNT] = NAMELESS};

static void restrictions_of_every_shape_come_back(void **state)
{
    (void)state;
    for (int target = 0; target < TARGET_COUNT; target++)
        for (int ground = 0; ground < GROUND_COUNT; ground++)
            for (int features = 1; features < 1 << FEATURE_COUNT; features += 23) {
                struct entry e = restriction();
                struct restriction *r = &e.restriction;
                r->target = (enum target_kind)target;
                r->ground = (enum ground)ground;
                r->features = (feature_mask)features;
                r->storefronts = features % 2 ? two : cn;
                r->storefront_count = features % 2 ? 2 : 1;
                if (features % 3 == 0) {
                    r->until = r->review;
                    r->review = 0;
                }
                if (!target_is_set(r->target)) {
                    r->target_key = str_of(single_keys[target]);
                    r->target_name = STR_NONE;
                    r->works_count = target != TARGET_ACCOUNT;
                    r->works_root = (struct hash){{0}};
                    e.work = target != TARGET_ACCOUNT ? 12 : 0;
                    if (!(r->features &= target_features(r->target)))
                        continue;
                } else if (target == TARGET_CONTRIBUTOR) {
                    r->target_key = STR("99");
                }
                there_and_back(&e);
            }
}

#define A_LIFT                                                                                     \
    "{\"at\":\"2026-09-21T14:13:20Z\",\"id\":7,\"reasons\":\"" HEX_A "\",\"type\":\"lift\",\"v\":" \
    "1}"

/* A good one of each kind that is about demands, and of the ones beside them. */
static void good_kinds(struct entry out[ENTRY_TYPE_COUNT])
{
    static const struct str inputs[] = {{"stars", 5}, {"age", 3}};
    memset(out, 0, ENTRY_TYPE_COUNT * sizeof *out);
    for (int i = 0; i < ENTRY_TYPE_COUNT; i++)
        out[i] = (struct entry){.type = (enum entry_type)i, .at = AT, .commitment = filled(7)};
    static const enum entry_type without_text[] = {
        ENTRY_POLICY,     ENTRY_LISTING,      ENTRY_UNLISTED,          ENTRY_RANKING_VERSION,
        ENTRY_KEY,        ENTRY_OPENED,       ENTRY_TEXT_ERASED,       ENTRY_DISPUTE,
        ENTRY_SETTLEMENT, ENTRY_ACKNOWLEDGED, ENTRY_DISPUTE_CORRECTED, ENTRY_REFUSAL_KEY};
    for (size_t i = 0; i < sizeof without_text / sizeof *without_text; i++)
        out[without_text[i]].commitment = (struct hash){{0}};
    out[ENTRY_DEMAND].demand =
        (struct demand_entry){.id = 3,
                              .received = AT - 60,
                              .sender = SENDER_AUTHORITY,
                              .country = STR("CN"),
                              .authority = STR("Press Office"),
                              .ground = GROUND_AUTHORITY_ORDER,
                              .legal_basis = STR("Act 12"),
                              .reference = STR("2026/118"),
                              .state_involved = STR("CN"),
                              .target = TARGET_COLLECTION,
                              .target_key = STR("speeches"),
                              .target_name = STR("Speeches"),
                              .storefronts = {cn, 1},
                              .features = FEATURE_BIT(FEATURE_RATINGS),
                              .missing = ELEMENT_BIT(ELEMENT_REDRESS),
                              .document = {.full = filled(8), .copy = filled(9)}};
    out[ENTRY_DECISION].decision = (struct decision_entry){.demand = 3,
                                                           .outcome = OUTCOME_NARROWED,
                                                           .restriction = 7,
                                                           .approvals = {{filled(1), filled(2)}, 2},
                                                           .copy = filled(4)};
    out[ENTRY_AGREEMENT].agreement = (struct agreement_entry){.id = 1,
                                                              .authority = STR("Press Office"),
                                                              .country = STR("CN"),
                                                              .from = AT,
                                                              .until = AT + 1,
                                                              .document = {.full = filled(8)}};
    out[ENTRY_DISCLOSURE].disclosure = (struct disclosure_entry){.shop = STR("china-books"),
                                                                 .owner = STR("China Books Ltd"),
                                                                 .controlled_by = STR("A ministry"),
                                                                 .country = STR("CN")};
    out[ENTRY_COMPLAINT].complaint = (struct complaint_entry){.id = 1, .restriction = 7};
    out[ENTRY_COMPLAINT_DECISION].complaint_decision = (struct complaint_decision_entry){
        .complaint = 1, .outcome = COMPLAINT_REJECTED, .approvals = {{filled(1)}, 1}};
    out[ENTRY_ACKNOWLEDGED].acknowledged = (struct acknowledged_entry){3, AT};
    out[ENTRY_DISPUTE].dispute = (struct dispute_entry){
        .id = 1, .restriction = 7, .complaint = 1, .body = STR("Appeals Centre"), .submitted = AT};
    out[ENTRY_SETTLEMENT].settlement =
        (struct settlement_entry){1, DISPUTE_PARTLY, AT + 86400, {{filled(1)}, 1}};
    out[ENTRY_DISPUTE_CORRECTED].corrected =
        (struct dispute_corrected_entry){.dispute = 1,
                                         .state = DISPUTE_SETTLED,
                                         .body = STR("User Rights"),
                                         .submitted = AT,
                                         .outcome = STR("reversed"),
                                         .settled = AT + 86400,
                                         .approvals = {{filled(1)}, 1}};
    out[ENTRY_REFUSAL_KEY].refusal_key =
        (struct refusal_key_entry){STR(NEW_REFUSER), STR(OLD_REFUSER)};
    out[ENTRY_POLICY].policy = (struct policy_entry){filled(1), 100};
    out[ENTRY_LISTING].listing = (struct listing_entry){STR("cn"), 90000, filled(1), 12};
    out[ENTRY_UNLISTED].unlisted =
        (struct unlisted_entry){STR("cn"), STR("supplier"), 3, filled(1)};
    out[ENTRY_RANKING_VERSION].ranking = (struct ranking_entry){1, filled(1), {inputs, 2}};
    out[ENTRY_KEY].key = (struct key_entry){
        .log = STR("books.example"), .from = 2, .old_vkey = STR(OLD_KEY), .new_vkey = STR(NEW_KEY)};
    if (!base64_decode_exact(STR(BY_OLD), out[ENTRY_KEY].key.by_old, 64) ||
        !base64_decode_exact(STR(BY_NEW), out[ENTRY_KEY].key.by_new, 64))
        abort();
    out[ENTRY_SEALED].sealed = (struct sealed_entry){1, AT + 5};
    out[ENTRY_TEXT_ERASED].of = 12;
    out[ENTRY_TEXT_ERASED].basis = STR("court");
    out[ENTRY_TEXT_ERASED].law = STR("Example Court, 4 C 17/26");
    out[ENTRY_OPENED].opened = (struct opened_entry){1, filled(3), STR(A_LIFT)};
}

/* Every member of the union, as bytes: written, read and written they are the same. */
static void the_kinds_about_demands_come_back(void **state)
{
    (void)state;
    struct entry good[ENTRY_TYPE_COUNT], e;
    good_kinds(good);
    for (int i = ENTRY_DEMAND; i <= ENTRY_OPENED; i++)
        there_and_back(&good[i]);
    /* What need not be there is left out, and comes back as nothing. */
    e = good[ENTRY_DEMAND];
    e.demand.sender = SENDER_READER;
    e.demand.legal_basis = e.demand.reference = e.demand.state_involved = STR_NONE;
    e.demand.missing = ELEMENT_BIT(ELEMENT_CONTACT) | ELEMENT_BIT(ELEMENT_GOOD_FAITH);
    e.demand.document = (struct document_hashes){0};
    there_and_back(&e);
    e = good[ENTRY_DECISION];
    e.decision = (struct decision_entry){
        .demand = 3, .outcome = OUTCOME_REFUSED, .approvals = {{filled(1), filled(2)}, 2}};
    there_and_back(&e);
    e = good[ENTRY_COMPLAINT];
    e.complaint = (struct complaint_entry){.id = 1, .decision = 3};
    there_and_back(&e);
    e = restriction();
    e.restriction.demand = 3;
    e.restriction.approvals = (struct approvals){{filled(1), filled(2)}, 2};
    e.restriction.state_involved = STR("CN");
    e.restriction.scope_reason = filled(5);
    there_and_back(&e);
}

static void the_kinds_about_demands_have_rules(void **state)
{
    (void)state;
    struct entry good[ENTRY_TYPE_COUNT], e;
    good_kinds(good);
#define REFUSE(kind, change, about)                                                                \
    do {                                                                                           \
        e = good[kind];                                                                            \
        change;                                                                                    \
        refuse_write(&e, about);                                                                   \
    } while (0)
    REFUSE(ENTRY_DEMAND, e.demand.id = 0, "id");
    REFUSE(ENTRY_DEMAND, e.demand.received = INT64_MAX, "received");
    REFUSE(ENTRY_DEMAND, e.demand.sender = (enum demand_sender)99, "sender");
    REFUSE(ENTRY_DEMAND, e.demand.country = STR("China"), "country");
    REFUSE(ENTRY_DEMAND, e.demand.authority = STR("a\nb"), "authority");
    REFUSE(ENTRY_DEMAND, e.demand.legal_basis = STR("a\tb"), "legal-basis");
    REFUSE(ENTRY_DEMAND, e.demand.state_involved = STR("cn"), "state-involved");
    REFUSE(ENTRY_DEMAND, e.demand.target_key = STR_NONE, "target key");
    REFUSE(ENTRY_DEMAND, e.demand.target = TARGET_EDITION, "target");
    REFUSE(ENTRY_DEMAND, e.demand.storefronts.n = 0, "storefronts");
    REFUSE(ENTRY_DEMAND, e.demand.features = 0, "features");
    REFUSE(ENTRY_DEMAND, e.demand.missing = ELEMENT_BIT(ELEMENT_GOOD_FAITH), "missing");
    REFUSE(ENTRY_DEMAND, e.demand.missing = 1 << ELEMENT_COUNT, "missing");
    REFUSE(ENTRY_DECISION, e.decision.demand = 0, "demand");
    REFUSE(ENTRY_DECISION, e.decision.restriction = 0, "restriction");
    REFUSE(ENTRY_DECISION, e.decision.approvals.n = 0, "approvals");
    REFUSE(ENTRY_DECISION, e.decision.approvals.v[1] = e.decision.approvals.v[0], "approvals");
    REFUSE(ENTRY_AGREEMENT, e.agreement.authority = STR_NONE, "authority");
    REFUSE(ENTRY_AGREEMENT, e.agreement.country = STR_NONE, "country");
    REFUSE(ENTRY_AGREEMENT, e.agreement.until = AT, "until");
    REFUSE(ENTRY_DISCLOSURE, e.disclosure.shop = STR("China Books"), "shop");
    REFUSE(ENTRY_DISCLOSURE, e.disclosure.owner = STR(" "), "owner");
    REFUSE(ENTRY_COMPLAINT, e.complaint.decision = 1, "of");
    REFUSE(ENTRY_COMPLAINT, e.complaint.restriction = 0, "of");
    REFUSE(ENTRY_COMPLAINT_DECISION, e.complaint_decision.complaint = 0, "complaint");
    REFUSE(ENTRY_COMPLAINT_DECISION, e.complaint_decision.outcome = 9, "outcome");
    REFUSE(ENTRY_ACKNOWLEDGED, e.acknowledged.demand = 0, "demand");
    REFUSE(ENTRY_ACKNOWLEDGED, e.acknowledged.sent = INT64_MAX, "sent");
    REFUSE(ENTRY_DISPUTE, e.dispute.decision = 1, "of");
    REFUSE(ENTRY_DISPUTE, e.dispute.restriction = 0, "of");
    REFUSE(ENTRY_DISPUTE, e.dispute.body = STR_NONE, "body");
    REFUSE(ENTRY_DISPUTE, e.dispute.submitted = INT64_MAX, "submitted");
    REFUSE(ENTRY_SETTLEMENT, e.settlement.dispute = 0, "dispute");
    REFUSE(ENTRY_SETTLEMENT, e.settlement.outcome = 9, "outcome");
    REFUSE(ENTRY_SETTLEMENT, e.settlement.approvals.n = 0, "approvals");
    REFUSE(ENTRY_DISPUTE_CORRECTED, e.corrected.dispute = 0, "dispute");
    REFUSE(ENTRY_DISPUTE_CORRECTED, e.corrected.body = STR_NONE, "body");
    REFUSE(ENTRY_DISPUTE_CORRECTED, e.corrected.outcome = STR("won"), "outcome");
    REFUSE(ENTRY_DISPUTE_CORRECTED, e.corrected.outcome = STR_NONE, "outcome");
    REFUSE(ENTRY_DISPUTE_CORRECTED, e.corrected.settled = AT - 1, "settled");
    REFUSE(ENTRY_DISPUTE_CORRECTED, e.corrected.approvals.n = 0, "approvals");
    REFUSE(ENTRY_REFUSAL_KEY, e.refusal_key.vkey = STR(OLD_REFUSER), "same");
    REFUSE(ENTRY_REFUSAL_KEY, e.refusal_key.vkey = STR("no key"), "key");
    REFUSE(ENTRY_REFUSAL_KEY, e.refusal_key.vkey = STR(OLD_KEY), "key of refusals");
    REFUSE(ENTRY_REFUSAL_KEY, e.refusal_key.replaces = STR(OLD_KEY), "replaces");
    REFUSE(ENTRY_POLICY, e.policy.size = 1ull << 53, "size");
    REFUSE(ENTRY_LISTING, e.listing.storefront = STR_NONE, "storefront");
    REFUSE(ENTRY_UNLISTED, e.unlisted.storefront = STR_NONE, "storefront");
    REFUSE(ENTRY_UNLISTED, e.unlisted.reason = STR("operator"), "reason");
    REFUSE(ENTRY_UNLISTED, e.unlisted.titles = 0, "titles");
    REFUSE(ENTRY_RANKING_VERSION, e.ranking.inputs.n = 0, "inputs");
    REFUSE(ENTRY_RANKING_VERSION, e.ranking.version = 0, "version");
    REFUSE(ENTRY_KEY, e.key.new_vkey = e.key.old_vkey, "new");
    REFUSE(ENTRY_KEY, e.key.old_vkey = STR("example.com/foo+530d903b+AAAA"), "old");
    REFUSE(ENTRY_KEY, e.key.log = STR("books.example/voices"), "old");
    REFUSE(ENTRY_KEY, e.key.from = 3, "by-old");
    REFUSE(ENTRY_KEY, e.key.by_old[0] ^= 1, "by-old");
    REFUSE(ENTRY_KEY, e.key.by_new[9] ^= 1, "by-new");
    REFUSE(ENTRY_SEALED, e.sealed.id = 0, "id");
    REFUSE(ENTRY_TEXT_ERASED, e.basis = STR("whim"), "basis");
    REFUSE(ENTRY_TEXT_ERASED, e.basis = STR("author"), "law");
    REFUSE(ENTRY_OPENED, e.opened.content = STR("{}"), "entry");
    REFUSE(ENTRY_OPENED, e.opened.content = STR("{\"type\":\"opened\",\"v\":1}"), "entry");
    e = restriction();
    e.restriction.state_involved = STR("c1");
    refuse_write(&e, "state-involved");
    e.restriction.state_involved = STR_NONE;
    e.restriction.approvals.n = 3;
    refuse_write(&e, "approvals");
}

/* What a member's sister forbids is a member that nobody knows there. */
static void members_that_do_not_belong_are_refused(void **state)
{
    (void)state;
    struct entry good[ENTRY_TYPE_COUNT];
    good_kinds(good);
    BUF_AUTO demand = BUF_INIT(ENTRY_MAX);
    BUF_AUTO decision = BUF_INIT(ENTRY_MAX);
    write_ok(&good[ENTRY_DEMAND], &demand);
    write_ok(&good[ENTRY_DECISION], &decision);
    buf_char(&demand, 0);
    buf_char(&decision, 0);
    refuse_changed(demand.p, "\"sender\":\"authority\"", "\"sender\":\"reader\"", "member");
    refuse_changed(demand.p, "\"missing\":[\"redress\"]", "\"missing\":\"redress\"", "missing");
    refuse_changed(demand.p, "\"full\"", "\"fool\"", "document full");
    refuse_changed(demand.p, "\"public\":\"09", "\"secret\":\"09", "member");
    refuse_changed(decision.p, "\"outcome\":\"narrowed\"", "\"outcome\":\"refused\"", "member");
    refuse_changed(decision.p, "\"restriction\":7,", "", "restriction");
}

static void facts_in_any_script_come_back(void **state)
{
    (void)state;
    struct entry e = restriction();
    e.restriction.target_name = STR("习近平著作 “quoted” \\ / é");
    e.restriction.authority = STR("国家新闻出版署");
    there_and_back(&e);
    e.restriction.target_name = STR_NONE;
    there_and_back(&e);
    e = restriction();
    e.restriction.ground = GROUND_OPERATOR;
    e.restriction.authority = e.restriction.legal_basis = e.restriction.reference = STR_NONE;
    there_and_back(&e);
}

static void the_other_kinds_come_back(void **state)
{
    (void)state;
    there_and_back(&(struct entry){
        .type = ENTRY_LIFT, .at = AT, .restriction = {.id = 7}, .commitment = filled(3)});
    there_and_back(
        &(struct entry){.type = ENTRY_EXTENDED,
                        .at = AT,
                        .restriction = {.id = 7, .works_count = 3, .works_root = filled(4)}});
    there_and_back(&(struct entry){.type = ENTRY_HEAD,
                                   .at = AT,
                                   .origin = STR("books.example/voices"),
                                   .size = (1ull << 53) - 1,
                                   .root = filled(5)});
    there_and_back(&(struct entry){
        .type = ENTRY_TEXT_ERASED, .at = AT, .basis = STR("duty"), .law = STR("Art. 17"), .of = 7});
    for (int kind = 0; kind < VOICE_KIND_COUNT; kind++) {
        struct entry e = {.type = ENTRY_ACCEPTED,
                          .kind = (enum voice_kind)kind,
                          .work = 12,
                          .commitment = filled(6)};
        there_and_back(&e);
        e.type = ENTRY_CHANGED;
        e.of = 55;
        there_and_back(&e);
        e.type = ENTRY_WITHDRAWN;
        e.commitment = (struct hash){{0}};
        there_and_back(&e);
        e.type = ENTRY_ERASED;
        e.at = AT;
        e.commitment = filled(9);
        static const char *const bases[] = {"author", "court", "duty"};
        for (int b = 0; b < 3; b++) {
            e.basis = str_of(bases[b]);
            there_and_back(&e);
        }
    }
}

/* ---- rules ---- */

/* Of one review only its text and its stars, of a comment its text, from an account
 * what it submits: the rest is of the work, or of nobody. */
static void what_a_target_has_not_is_not_withheld(void **state)
{
    (void)state;
    for (int target = TARGET_REVIEW; target < TARGET_COUNT; target++)
        for (int f = 0; f < FEATURE_COUNT; f++) {
            struct entry e = restriction();
            e.restriction.target = (enum target_kind)target;
            e.restriction.target_key = str_of(single_keys[target]);
            e.restriction.target_name = STR_NONE;
            e.restriction.works_count = target != TARGET_ACCOUNT;
            e.restriction.works_root = (struct hash){{0}};
            e.restriction.features = FEATURE_BIT(f);
            e.work = target != TARGET_ACCOUNT ? 12 : 0;
            if (target_features(e.restriction.target) & FEATURE_BIT(f))
                there_and_back(&e);
            else
                refuse_write(&e, "features");
        }
}

static void broken_targets_are_refused(void **state)
{
    (void)state;
    static const struct {
        enum target_kind kind;
        const char *key;
        uint64_t work;
    } bad[] = {
        {TARGET_EDITION, "9780306406158", 12},
        {TARGET_EDITION, "9780306406157", 0},
        {TARGET_EDITION, "0306406152", 12},
        {TARGET_EDITION, "", 12},
        {TARGET_WORK, "13", 12},
        {TARGET_WORK, "012", 12},
        {TARGET_WORK, "0", 0},
        {TARGET_WORK, "twelve", 12},
        {TARGET_CONTRIBUTOR, "Ines", 0},
        {TARGET_CONTRIBUTOR, "007", 0},
        {TARGET_CONTRIBUTOR, "", 0},
        {TARGET_COLLECTION, "", 0},
        {TARGET_SHOP, "", 0},
        {TARGET_SHOP, "a\nb", 0},
        {TARGET_COLLECTION, "a\x01", 0},
        {TARGET_REVIEW, "00", 12},
        {TARGET_REVIEW, "5", 0},
        {TARGET_REVIEW, "", 12},
        {TARGET_COMMENT, "-1", 12},
        {TARGET_COMMENT, "9007199254740992", 12},
        {TARGET_ACCOUNT, "you@books.example", 0},
        {TARGET_ACCOUNT, "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff", 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct entry e = restriction();
        e.restriction.target = bad[i].kind;
        e.restriction.target_key = str_of(bad[i].key);
        e.work = bad[i].work;
        refuse_write(&e, "target");
    }
    static char longest[201];
    memset(longest, 'a', sizeof longest);
    struct entry e = restriction();
    e.restriction.target_key = (struct str){longest, 201};
    refuse_write(&e, "target");
    e.restriction.target_key.n = 200;
    there_and_back(&e);
    e = restriction();
    e.restriction.works_count = 0;
    refuse_write(&e, "target");
    e = restriction();
    e.restriction.target_name = STR("two\nlines");
    refuse_write(&e, "target name");
}

static void facts_a_ground_needs_must_be_there(void **state)
{
    (void)state;
    static const struct {
        enum ground ground;
        bool authority, basis, reference;
    } needs[GROUND_COUNT] = {
        {GROUND_AUTHORITY_ORDER, true, true, true}, {GROUND_COURT_ORDER, true, true, true},
        {GROUND_LAW, false, true, false},           {GROUND_RIGHTSHOLDER, true, true, true},
        {GROUND_LICENCE, false, true, false},       {GROUND_TERMS, false, false, false},
        {GROUND_OPERATOR, false, false, false}};
    for (int i = 0; i < GROUND_COUNT; i++)
        for (int blank = 0; blank < 2; blank++) {
            struct entry e = restriction();
            struct str none = blank ? STR("   ") : STR_NONE;
            e.restriction.ground = needs[i].ground;
            e.restriction.authority = none;
            if (needs[i].authority)
                refuse_write(&e, "authority");
            else
                there_and_back(&e);
            e = restriction();
            e.restriction.ground = needs[i].ground;
            e.restriction.legal_basis = none;
            if (needs[i].basis)
                refuse_write(&e, "legal-basis");
            else
                there_and_back(&e);
            e = restriction();
            e.restriction.ground = needs[i].ground;
            e.restriction.reference = none;
            if (needs[i].reference)
                refuse_write(&e, "reference");
            else
                there_and_back(&e);
        }
}

static void facts_are_short_clean_lines(void **state)
{
    (void)state;
    static char longest[ENTRY_FACT_MAX + 1];
    memset(longest, 'a', sizeof longest);
    const struct str bad[] = {
        {longest, sizeof longest}, STR("a\nb"), STR("a\tb"), STR("a\x1b[0m"), STR("a\x7f"),
        STR("a\xC2\x85"),          STR("a\0b"), STR("a\xFF")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct entry e = restriction();
        e.restriction.authority = bad[i];
        refuse_write(&e, "authority");
        e = restriction();
        e.restriction.legal_basis = bad[i];
        refuse_write(&e, "legal-basis");
        e = restriction();
        e.restriction.reference = bad[i];
        refuse_write(&e, "reference");
        e = restriction();
        e.restriction.target_name = bad[i];
        refuse_write(&e, "target name");
        e = (struct entry){.type = ENTRY_HEAD, .at = AT, .origin = bad[i]};
        refuse_write(&e, "origin");
    }
    struct entry e = restriction();
    e.restriction.authority = (struct str){longest, ENTRY_FACT_MAX};
    there_and_back(&e);
}

static void storefronts_are_slugs_in_order(void **state)
{
    (void)state;
    static const struct str turned[] = {{"us", 2}, {"cn", 2}}, twice[] = {{"cn", 2}, {"cn", 2}},
                            upper[] = {{"CN", 2}}, empty[] = {{"", 0}}, dash[] = {{"-a", 2}},
                            slash[] = {{"a/b", 3}};
    static const struct {
        const struct str *v;
        size_t n;
    } bad[] = {{turned, 2}, {twice, 2}, {upper, 1}, {empty, 1}, {dash, 1}, {slash, 1}, {cn, 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct entry e = restriction();
        e.restriction.storefronts = bad[i].v;
        e.restriction.storefront_count = bad[i].n;
        refuse_write(&e, "storefronts");
    }
    static char names[RESTRICTION_STOREFRONTS_MAX + 1][8];
    static struct str many[RESTRICTION_STOREFRONTS_MAX + 1];
    for (int i = 0; i <= RESTRICTION_STOREFRONTS_MAX; i++) {
        snprintf(names[i], sizeof names[i], "s%03d", i);
        many[i] = str_of(names[i]);
    }
    struct entry e = restriction();
    e.restriction.storefronts = many;
    e.restriction.storefront_count = RESTRICTION_STOREFRONTS_MAX + 1;
    refuse_write(&e, "storefronts");
    e.restriction.storefront_count = RESTRICTION_STOREFRONTS_MAX;
    there_and_back(&e);
}

static void features_and_times_have_rules(void **state)
{
    (void)state;
    struct entry e = restriction();
    e.restriction.features = 0;
    refuse_write(&e, "features");
    e.restriction.features = 1 << FEATURE_COUNT;
    refuse_write(&e, "features");
    e = restriction();
    e.restriction.until = e.restriction.review;
    refuse_write(&e, "until, review");
    e.restriction.until = e.restriction.review = 0;
    refuse_write(&e, "until, review");
    e.restriction.until = e.restriction.from;
    refuse_write(&e, "until, review");
    e.restriction.until = 0;
    e.restriction.review = e.restriction.from;
    refuse_write(&e, "until, review");
    e.restriction.review++;
    there_and_back(&e);
}

static void the_other_kinds_have_rules_too(void **state)
{
    (void)state;
    refuse_write(&(struct entry){.type = ENTRY_EXTENDED, .at = AT, .restriction = {.id = 7}},
                 "works");
    refuse_write(&(struct entry){.type = ENTRY_HEAD, .at = AT}, "origin");
    refuse_write(&(struct entry){.type = ENTRY_ERASED, .work = 1, .basis = STR("whim")}, "basis");
    refuse_write(&(struct entry){.type = ENTRY_ERASED, .work = 1}, "basis");
    refuse_write(
        &(struct entry){.type = ENTRY_ERASED, .work = 1, .basis = STR("duty"), .at = -1e14}, "at");
    for (int type = ENTRY_ACCEPTED; type <= ENTRY_ERASED; type++)
        refuse_write(&(struct entry){.type = (enum entry_type)type, .basis = STR("court")}, "work");
    refuse_write(&(struct entry){.type = ENTRY_LIFT, .at = AT}, "id");
    struct entry e = restriction();
    e.restriction.id = 0;
    refuse_write(&e, "id");
}

/* What JSON cannot tell exactly is not written. */
static void numbers_beyond_2_53_are_refused(void **state)
{
    (void)state;
    struct entry e = {.type = ENTRY_HEAD, .at = AT, .origin = STR("a"), .size = 1ull << 53};
    refuse_write(&e, "");
    e.size = UINT64_MAX;
    refuse_write(&e, "");
}

static void times_without_four_digit_years_are_refused(void **state)
{
    (void)state;
    struct entry e = restriction();
    e.restriction.review = 253402300800; /* 10000-01-01T00:00:00Z */
    refuse_write(&e, "review");
    e = restriction();
    e.restriction.from = -62135596801; /* the second before year 1 */
    refuse_write(&e, "from");
    e = restriction();
    e.at = INT64_MAX;
    refuse_write(&e, "at");
}

/* ---- foreign bytes ---- */

static void what_is_no_entry_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      " ",
                                      "{}",
                                      "[]",
                                      "null",
                                      "7",
                                      "\"x\"",
                                      "{",
                                      "[{}]",
                                      "{\"type\":\"restriction\"}",
                                      "{\"type\":\"lift\",\"v\":1}",
                                      "{\"type\":7,\"v\":1}",
                                      "\xEF\xBB\xBF{}",
                                      "{}{}",
                                      "{\"type\":\"lift\\u0000\",\"v\":1}",
                                      "{\"\":1}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refuse_read(str_of(bad[i]), "");
    refuse_read((struct str){golden, sizeof golden}, ""); /* with its NUL */
    refuse_read(STR_NONE, "");
    for (size_t n = 0; n < sizeof golden - 1; n++)
        refuse_read((struct str){golden, n}, "");
}

static void only_the_canonical_form_is_read(void **state)
{
    (void)state;
    refuse_changed(golden, "{\"at\"", "{ \"at\"", "canonical");
    refuse_changed(golden, "\"v\":1}", "\"v\":1}\n", "canonical");
    refuse_changed(golden, ":41", ":4.1e1", "");
    refuse_changed(golden, ":41", ":41.0", "");
    refuse_changed(golden, ":41", ":041", "");
    refuse_changed(golden, ":41", ":-0", "");
    refuse_changed(golden, "Press", "\\u0050ress", "canonical");
    refuse_changed(golden, "2026/118", "2026\\/118", "canonical");
    refuse_changed(golden, "\"id\":7,", "\"id\":7,\"id\":7,", "");
    refuse_changed(golden, "\"type\":\"restriction\",\"v\":1", "\"v\":1,\"type\":\"restriction\"",
                   "canonical");
}

static void unknown_words_are_refused(void **state)
{
    (void)state;
    refuse_changed(golden, "\"type\":\"restriction\"", "\"type\":\"restrictions\"", "type");
    refuse_changed(golden, "\"type\":\"restriction\"", "\"type\":\"lift\"", "lift entry");
    refuse_changed(golden, "\"v\":1", "\"v\":2", "version");
    refuse_changed(golden, "\"v\":1", "\"v\":\"1\"", "version");
    refuse_changed(golden, "\"v\":1", "\"v\":0", "version");
    refuse_changed(golden, "\"v\":1", "\"v\":1,\"w\":1", "member");
    refuse_changed(golden, "\"works\":41", "\"works\":41,\"x\":1", "member");
    refuse_changed(golden, "\"works\":41", "\"work\":1,\"works\":41", "member");
    refuse_changed(golden, "\"kind\":\"collection\"", "\"kind\":\"publisher\"", "target kind");
    refuse_changed(golden, "\"kind\":\"collection\"", "\"kind\":\"work\"", "work");
    refuse_changed(golden, "authority-order", "annoyance", "ground");
    refuse_changed(golden, "[\"ratings\",\"reviews\"]", "[\"ratings\",\"smells\"]", "features");
    refuse_changed(golden, "[\"ratings\",\"reviews\"]", "[\"reviews\",\"ratings\"]", "features");
    refuse_changed(golden, "[\"ratings\",\"reviews\"]", "[\"ratings\",\"ratings\"]", "features");
    refuse_changed(golden, "[\"ratings\",\"reviews\"]", "[]", "features");
    refuse_changed(golden, "[\"ratings\",\"reviews\"]", "\"ratings\"", "features");
    refuse_changed(golden, "[\"ratings\",\"reviews\"]", "[5]", "features");
}

static void members_of_the_wrong_kind_are_refused(void **state)
{
    (void)state;
    refuse_changed(golden, "\"at\":\"2026-09-21T14:13:20Z\"", "\"at\":1790000000", "at");
    refuse_changed(golden, "14:13:20Z\",\"auth", "14:13:20+00:00\",\"auth", "at");
    refuse_changed(golden, "\"from\":\"2026-09-21", "\"from\":\"2026-02-30", "from");
    refuse_changed(golden, "\"id\":7", "\"id\":\"7\"", "id");
    refuse_changed(golden, "\"id\":7", "\"id\":-7", "id");
    refuse_changed(golden, "\"id\":7", "\"id\":null", "id");
    refuse_changed(golden, "\"id\":7", "\"id\":0", "id");
    refuse_changed(golden, "\"id\":7,", "", "id");
    refuse_changed(golden, HEX_B, "bb", "reasons");
    refuse_changed(golden, HEX_B, "BB", "reasons");
    refuse_changed(golden, HEX_A, "", "root");
    refuse_changed(golden, "\"works\":41", "\"works\":0", "target");
    refuse_changed(golden, "\"authority\":\"Press Office\"", "\"authority\":7", "authority");
    refuse_changed(golden, "\"authority\":\"Press Office\",", "", "authority");
    /* One way to say nothing: the member is absent. */
    refuse_changed(golden, "\"authority\":\"Press Office\"", "\"authority\":\"\"", "authority");
    refuse_changed(golden, "[\"cn\"]", "[]", "storefronts");
    refuse_changed(golden, "[\"cn\"]", "[\"cn\",7]", "storefronts");
    refuse_changed(golden, "[\"cn\"]", "\"cn\"", "storefronts");
    refuse_changed(golden, "[\"cn\"]", "[\"us\",\"cn\"]", "storefronts");
    refuse_changed(golden, "\"review\"", "\"until\":\"1970-01-01T00:00:00Z\",\"review\"", "");
    refuse_changed(golden, "Press Office", "Press\\nOffice", "");
    refuse_changed(golden, "Press Office", "Press\\u0085", "");
    refuse_changed(golden, "Press Office", "Press\\u0000Office", "");
}

/* A fact that need not be there, present and empty: a second form of the same
 * entry, which would write other bytes than were read. */
static void absent_facts_have_one_form(void **state)
{
    (void)state;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry e = restriction(), got;
    BUF_AUTO out = BUF_INIT(ENTRY_MAX);
    e.restriction.ground = GROUND_OPERATOR;
    e.restriction.authority = e.restriction.legal_basis = e.restriction.reference = STR_NONE;
    write_ok(&e, &out);
    buf_char(&out, 0);
    assert_int_equal(entry_read(&arena, str_of(out.p), &got, NULL), RC_OK);
    refuse_changed(out.p, "\"review\":\"2026-09-22T14:13:20Z\"",
                   "\"review\":\"1970-01-01T00:00:00Z\"", "review");
    refuse_changed(out.p, "\"features\"", "\"authority\":\"\",\"features\"", "authority");
    refuse_changed(out.p, "\"reasons\"", "\"legal_basis\":\"\",\"reasons\"", "legal_basis");
    refuse_changed(out.p, "\"review\"", "\"reference\":\"\",\"review\"", "reference");
}

static void commitments_hide_and_bind(void **state)
{
    (void)state;
    uint8_t salt[32] = {1, 2, 3};
    struct hash a = commitment_make(STR("books.example/review/v1"), salt, STR("Good."));
    struct hash inner = sha256("Good.", 5);
    BUF_AUTO b = BUF_INIT(200);
    BUF_LIT(&b, "books.example/review/v1");
    buf_char(&b, 0);
    buf_add(&b, salt, sizeof salt);
    buf_add(&b, inner.b, sizeof inner.b);
    struct hash want = sha256(b.p, b.n);
    assert_true(hash_eq(&a, &want));
    struct hash other = commitment_make(STR("books.example/review/v1"), salt, STR("Good!"));
    assert_false(hash_eq(&a, &other));
    salt[31] = 1;
    other = commitment_make(STR("books.example/review/v1"), salt, STR("Good."));
    assert_false(hash_eq(&a, &other));
}

/* By the tests before: each in the form that a tree of it has. */
static void every_kind_was_written(void **state)
{
    (void)state;
    for (int type = 0; type < ENTRY_TYPE_COUNT; type++)
        if (!written[type] && strncmp(entry_type_name((enum entry_type)type), "licence", 7) != 0)
            fail_msg("%s: no test writes it", entry_type_name((enum entry_type)type));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_of_a_restriction_are_fixed),
        cmocka_unit_test(restrictions_of_every_shape_come_back),
        cmocka_unit_test(the_kinds_about_demands_come_back),
        cmocka_unit_test(the_kinds_about_demands_have_rules),
        cmocka_unit_test(members_that_do_not_belong_are_refused),
        cmocka_unit_test(facts_in_any_script_come_back),
        cmocka_unit_test(the_other_kinds_come_back),
        cmocka_unit_test(what_a_target_has_not_is_not_withheld),
        cmocka_unit_test(broken_targets_are_refused),
        cmocka_unit_test(facts_a_ground_needs_must_be_there),
        cmocka_unit_test(facts_are_short_clean_lines),
        cmocka_unit_test(storefronts_are_slugs_in_order),
        cmocka_unit_test(features_and_times_have_rules),
        cmocka_unit_test(the_other_kinds_have_rules_too),
        cmocka_unit_test(numbers_beyond_2_53_are_refused),
        cmocka_unit_test(times_without_four_digit_years_are_refused),
        cmocka_unit_test(what_is_no_entry_is_refused),
        cmocka_unit_test(only_the_canonical_form_is_read),
        cmocka_unit_test(unknown_words_are_refused),
        cmocka_unit_test(members_of_the_wrong_kind_are_refused),
        cmocka_unit_test(absent_facts_have_one_form),
        cmocka_unit_test(commitments_hide_and_bind),
        cmocka_unit_test(every_kind_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
