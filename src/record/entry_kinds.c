/* The closed set of kinds: what each says, member by member. A kind or a member
 * that is added here is written, read, checked, and served as a schema. */
#include "record/entry_kinds.h"

#include "domain/names.h"

#define AT(member) offsetof(struct entry, member)
#define BIT(word) (1u << (word))
#define END                                                                                        \
    {                                                                                              \
        NULL                                                                                       \
    }

/* ---- words ---- */

#define NAMES_OF(function, type)                                                                   \
    static const char *function##_of(int word)                                                     \
    {                                                                                              \
        return function((enum type)word);                                                          \
    }
NAMES_OF(target_name, target_kind)
NAMES_OF(ground_name, ground)
NAMES_OF(feature_name, feature)
NAMES_OF(sender_name, demand_sender)
NAMES_OF(element_name, demand_element)
NAMES_OF(outcome_name, demand_outcome)
NAMES_OF(voice_kind_name, voice_kind)
NAMES_OF(complaint_outcome_name, complaint_outcome)
NAMES_OF(dispute_outcome_name, dispute_outcome)
NAMES_OF(dispute_state_name, dispute_state)

NAMES_OF(licence_format_name, licence_format)
NAMES_OF(licence_activity_name, licence_activity)
NAMES_OF(licence_kind_name, licence_kind)
NAMES_OF(licence_status_name, licence_status)
NAMES_OF(licence_need_name, licence_need_kind)

static const char *gap_of(int word)
{
    static const enum licence_standing gaps[] = {LICENCE_FINE, LICENCE_MISSING,
                                                 LICENCE_NOT_RESEARCHED};
    return licence_standing_name(gaps[word]);
}

static const char *basis_of(int word)
{
    static const char *const names[] = {"author", "court", "duty"};
    return names[word];
}

static const char *decider_of(int word)
{
    (void)word;
    return "approver";
}

static const char *reason_of(int word)
{
    static const char *const names[] = {"supplier", "rights", "licence"};
    return names[word];
}

static const struct words reason_words = {3, reason_of};
static const struct words target_words = {TARGET_COUNT, target_name_of};
static const struct words ground_words = {GROUND_COUNT, ground_name_of};
static const struct words feature_words = {FEATURE_COUNT, feature_name_of};
static const struct words sender_words = {SENDER_COUNT, sender_name_of};
static const struct words element_words = {ELEMENT_COUNT, element_name_of};
static const struct words outcome_words = {OUTCOME_COUNT, outcome_name_of};
static const struct words voice_words = {VOICE_KIND_COUNT, voice_kind_name_of};
static const struct words complaint_words = {COMPLAINT_OUTCOME_COUNT, complaint_outcome_name_of};
static const struct words dispute_words = {DISPUTE_OUTCOME_COUNT, dispute_outcome_name_of};
static const struct words state_words = {DISPUTE_STATE_COUNT, dispute_state_name_of};
static const struct words format_words = {LICENCE_FORMAT_COUNT, licence_format_name_of};
static const struct words activity_words = {LICENCE_ACTIVITY_COUNT, licence_activity_name_of};
static const struct words licence_kind_words = {LICENCE_KIND_COUNT, licence_kind_name_of};
static const struct words status_words = {LICENCE_STATUS_COUNT, licence_status_name_of};
static const struct words need_words = {LICENCE_NEED_COUNT, licence_need_name_of};
static const struct words gap_words = {3, gap_of};
static const struct words basis_words = {3, basis_of};
static const struct words decider_words = {1, decider_of};

/* ---- parts of several kinds ---- */

const struct member entry_time_member = {"at", MEMBER_TIME, AT(at), "when the entry was made"};

#define ID(field, what)                                                                            \
    {                                                                                              \
        .name = "id", .type = MEMBER_NUMBER, .at = AT(field), .says = (what), .least = 1           \
    }
#define COMMITMENT(word, what)                                                                     \
    {                                                                                              \
        (word), MEMBER_HASH, AT(commitment), (what)                                                \
    }
#define FACT(word, field, what)                                                                    \
    {                                                                                              \
        (word), MEMBER_FACT, AT(field), (what)                                                     \
    }
#define FACT_IF_ANY(word, field, what)                                                             \
    {                                                                                              \
        (word), MEMBER_FACT, AT(field), (what), .optional = true                                   \
    }
#define COUNTRY_IF_ANY(word, field, what)                                                          \
    {                                                                                              \
        (word), MEMBER_COUNTRY, AT(field), (what), .optional = true                                \
    }
#define APPROVALS(field, whether_optional)                                                         \
    {                                                                                              \
        "approvals", MEMBER_HASHES, AT(field),                                                     \
            "salted commitments of the staff accounts that decided", .optional = whether_optional, \
                                                                     .least = 1                    \
    }
#define SAYS_DOCUMENT "the paper that was handed in"
#define SAYS_FULL "commitment of the paper as it is"
#define SAYS_COPY "SHA-256 of its redacted copy, which is public"

/* ---- restriction, lift, extended, head ---- */

/* Kinds of target that are a set of works, and those that lie at one work. A
 * kind that is neither has its key alone. */
enum {
    SETS = BIT(TARGET_COLLECTION) | BIT(TARGET_CONTRIBUTOR) | BIT(TARGET_SHOP),
    AT_ONE_WORK = BIT(TARGET_EDITION) | BIT(TARGET_WORK) | BIT(TARGET_REVIEW) | BIT(TARGET_COMMENT),
    ORDERS = BIT(GROUND_AUTHORITY_ORDER) | BIT(GROUND_COURT_ORDER) | BIT(GROUND_RIGHTSHOLDER),
    OWN = BIT(GROUND_TERMS) | BIT(GROUND_OPERATOR),
    EVERY = UINT32_MAX >> 1,
};

static const struct choice restriction_target = {AT(restriction.target), "kind", &target_words};
static const struct choice restriction_ground = {AT(restriction.ground), "ground", &ground_words};

static const struct member restriction_target_members[] = {
    {"kind", MEMBER_WORD, 0, "what is withheld from", .choice = &restriction_target},
    {"key", MEMBER_FACT, AT(restriction.target_key),
     "ISBN-13, work id, slug or contributor id; of a review or comment, the index of its accepted "
     "entry in the voices log; of an account, a salted commitment",
     .most = 200},
    {"name", MEMBER_FACT, AT(restriction.target_name), "the set's name as of the decision",
     .may_be_empty = true, .by = &restriction_target, .needed = SETS, .allowed = SETS},
    {"works", MEMBER_NUMBER, AT(restriction.works_count), "how many works it covers", .least = 1,
     .by = &restriction_target, .needed = SETS, .allowed = SETS},
    {"root", MEMBER_HASH, AT(restriction.works_root),
     "Merkle root of the works, listed at /record/lists/{root}", .by = &restriction_target,
     .needed = SETS, .allowed = SETS},
    {"work", MEMBER_NUMBER, AT(work), "the work it lies at", .least = 1, .by = &restriction_target,
     .needed = AT_ONE_WORK, .allowed = AT_ONE_WORK},
    END};

static const struct member restriction_demanded_members[] = {
    {"works", MEMBER_NUMBER, AT(restriction.demanded_count), "how many works that set held",
     .least = 1},
    {"root", MEMBER_HASH, AT(restriction.demanded_root),
     "Merkle root of those works, listed at /record/lists/{root}"},
    END};

static const struct member restriction_members[] = {
    ID(restriction.id, "the restriction's number"),
    {"target", MEMBER_OBJECT, 0, "what it withholds from", .members = restriction_target_members},
    {"ground", MEMBER_WORD, 0, "why", .choice = &restriction_ground},
    {"authority", MEMBER_FACT, AT(restriction.authority), "who demanded it",
     .by = &restriction_ground, .needed = ORDERS, .allowed = EVERY},
    {"legal_basis", MEMBER_FACT, AT(restriction.legal_basis), "the law it rests on",
     .by = &restriction_ground, .needed = EVERY & ~OWN, .allowed = EVERY},
    {"reference", MEMBER_FACT, AT(restriction.reference), "the sender's own number for it",
     .by = &restriction_ground, .needed = ORDERS, .allowed = EVERY},
    {"terms_version", MEMBER_FACT, AT(restriction.terms_version),
     "the version of the shop's terms; their clause is the legal_basis", .by = &restriction_ground,
     .allowed = BIT(GROUND_TERMS)},
    {"features", MEMBER_WORDS, AT(restriction.features), "what is withheld", .least = 1,
     .words = &feature_words},
    {"storefronts", MEMBER_SLUGS, AT(restriction.storefronts), "where", .least = 1,
     .most = RESTRICTION_STOREFRONTS_MAX},
    {"from", MEMBER_TIME, AT(restriction.from), "first second of effect"},
    {"until", MEMBER_TIME, AT(restriction.until), "first second after it", .optional = true},
    {"review", MEMBER_TIME, AT(restriction.review), "it ends here unless it is decided anew",
     .optional = true},
    {"demand", MEMBER_NUMBER, AT(restriction.demand), "the demand it follows", .optional = true,
     .least = 1},
    {"demanded", MEMBER_OBJECT, 0,
     "the set that was demanded, as of the decision, where less of it is withheld",
     .optional = true, .members = restriction_demanded_members},
    APPROVALS(restriction.approvals, true),
    COUNTRY_IF_ANY("state_involved", restriction.state_involved,
                   "the country whose state had a hand in it, whatever the ground"),
    {"scope_reason", MEMBER_HASH, AT(restriction.scope_reason),
     "commitment of why it reaches beyond one country", .optional = true},
    COMMITMENT("reasons", "commitment of the reasons, which stand at the restriction's page"),
    END};

static const struct member lift_members[] = {ID(restriction.id, "the restriction that is lifted"),
                                             COMMITMENT("reasons", "commitment of why"), END};

static const struct member extended_members[] = {
    ID(restriction.id, "the restriction whose set grew"),
    {"works", MEMBER_NUMBER, AT(restriction.works_count), "how many works joined", .least = 1},
    {"root", MEMBER_HASH, AT(restriction.works_root),
     "Merkle root of those works, listed at /record/lists/{root}"},
    END};

static const struct member head_members[] = {
    FACT("origin", origin, "the voices log's origin"),
    {"size", MEMBER_NUMBER, AT(size), "its size"},
    {"root", MEMBER_HASH, AT(root), "its root"},
    {"map", MEMBER_HASH, AT(map), "root of the state map", .optional = true},
    END};

/* ---- demands and what follows ---- */

static const struct choice demand_target = {AT(demand.target), "kind", &target_words};
static const struct choice demand_ground = {AT(demand.ground), "ground", &ground_words};
static const struct choice demand_sender = {AT(demand.sender), "sender", &sender_words};

enum { ORDERING = BIT(SENDER_AUTHORITY) | BIT(SENDER_COURT) };

static const struct member demand_target_members[] = {
    {"kind", MEMBER_WORD, 0, "what it concerns", .choice = &demand_target},
    {"key", MEMBER_FACT, AT(demand.target_key), "as in a restriction", .most = 200},
    {"name", MEMBER_FACT, AT(demand.target_name), "a set's name as of the demand",
     .by = &demand_target, .allowed = SETS},
    END};

#define DOCUMENT(field)                                                                            \
    {"full", MEMBER_HASH, AT(field.full), SAYS_FULL},                                              \
    {                                                                                              \
        "public", MEMBER_HASH, AT(field.copy), SAYS_COPY, .optional = true                         \
    }

static const struct member demand_document_members[] = {DOCUMENT(demand.document), END};

static const struct member demand_members[] = {
    ID(demand.id, "the demand's number"),
    {"received", MEMBER_TIME, AT(demand.received), "when it came in"},
    {"sender", MEMBER_WORD, 0, "who asks", .choice = &demand_sender},
    {"country", MEMBER_COUNTRY, AT(demand.country), "of the authority or court",
     .by = &demand_sender, .allowed = ORDERING},
    {"authority", MEMBER_FACT, AT(demand.authority), "its name", .by = &demand_sender,
     .allowed = ORDERING},
    {"ground", MEMBER_WORD, 0, "on what ground", .choice = &demand_ground},
    FACT_IF_ANY("legal_basis", demand.legal_basis, "the law it names"),
    FACT_IF_ANY("reference", demand.reference, "the sender's own number for it"),
    {"claims", MEMBER_HASH, AT(demand.claims),
     "commitment of the authority, the law and the reference that the sender names, which nobody "
     "checked: in their place",
     .optional = true},
    COUNTRY_IF_ANY("state_involved", demand.state_involved,
                   "the country whose state had a hand in it, whatever the ground"),
    {"target", MEMBER_OBJECT, 0, "what it concerns", .members = demand_target_members},
    {"storefronts", MEMBER_SLUGS, AT(demand.storefronts), "where", .least = 1,
     .most = RESTRICTION_STOREFRONTS_MAX},
    {"features", MEMBER_WORDS, AT(demand.features), "what it wants withheld", .least = 1,
     .words = &feature_words},
    {"missing", MEMBER_WORDS, AT(demand.missing),
     "what Regulation (EU) 2022/2065, Art. 9(2) or 16(2), asks of such a paper and it lacks",
     .words = &element_words},
    {"document", MEMBER_OBJECT, 0, SAYS_DOCUMENT, .optional = true,
     .members = demand_document_members},
    COMMITMENT("text", "commitment of what was written"),
    END};

static const struct choice decision_outcome = {AT(decision.outcome), "outcome", &outcome_words};
enum { GIVEN = BIT(OUTCOME_GRANTED) | BIT(OUTCOME_NARROWED) };

static const struct member decision_members[] = {
    {"demand", MEMBER_NUMBER, AT(decision.demand), "the demand it decides", .least = 1},
    {"outcome", MEMBER_WORD, 0, "how", .choice = &decision_outcome},
    {"restriction", MEMBER_NUMBER, AT(decision.restriction),
     "what was granted, or a narrower one; published with it", .least = 1, .by = &decision_outcome,
     .needed = GIVEN, .allowed = GIVEN},
    FACT_IF_ANY("authority", decision.authority, "who demanded it, as it was checked"),
    FACT_IF_ANY("legal_basis", decision.legal_basis, "the law it rests on, as it was checked"),
    FACT_IF_ANY("reference", decision.reference, "the sender's own number for it"),
    APPROVALS(decision.approvals, false),
    {"public", MEMBER_HASH, AT(decision.copy),
     "SHA-256 of the redacted copy of the demand's document or text, where it was made later",
     .optional = true},
    COMMITMENT("reasons", "commitment of the reasons"),
    END};

static const struct member agreement_document_members[] = {DOCUMENT(agreement.document), END};

static const struct member agreement_members[] = {
    ID(agreement.id, "the agreement's number"),
    FACT("authority", agreement.authority, "whom the shop agreed with"),
    {"country", MEMBER_COUNTRY, AT(agreement.country), "of the authority"},
    {"from", MEMBER_TIME, AT(agreement.from), "first second"},
    {"until", MEMBER_TIME, AT(agreement.until), "first second after it", .optional = true},
    {"document", MEMBER_OBJECT, 0, "its text as a paper", .optional = true,
     .members = agreement_document_members},
    COMMITMENT("text", "commitment of what it says"),
    END};

static const struct member disclosure_members[] = {
    {"shop", MEMBER_SLUG, AT(disclosure.shop), "the hosted shop"},
    FACT("owner", disclosure.owner, "the legal entity that owns it"),
    FACT_IF_ANY("controlled_by", disclosure.controlled_by, "who controls the owner"),
    COUNTRY_IF_ANY("country", disclosure.country, "of whoever controls it"),
    COMMITMENT("text", "commitment of what else is said"),
    END};

/* ---- licences ---- */

static const struct choice licence_kind_choice = {AT(licence.kind), "kind", &licence_kind_words};
static const struct choice licence_status_choice = {AT(licence.status), "status", &status_words};
static const struct choice need_choice = {AT(need.need), "need", &need_words};
static const struct choice need_activity = {AT(need.activity), "activity", &activity_words};

#define LICENCE_TERM                                                                               \
    {"status", MEMBER_WORD, 0, "what the authority, or its holder, said of it last",               \
     .choice = &licence_status_choice},                                                            \
        {"from", MEMBER_TIME, AT(licence.from), "first second", .optional = true},                 \
    {                                                                                              \
        "until", MEMBER_TIME, AT(licence.until), "first second after it", .optional = true         \
    }

static const struct member licence_members[] = {
    ID(licence.id, "the licence's number here"),
    {"country", MEMBER_COUNTRY, AT(licence.country), "in which it counts"},
    {"kind", MEMBER_WORD, 0, "of which kind", .choice = &licence_kind_choice},
    FACT("authority", licence.authority, "who gives it"),
    FACT("holder", licence.holder, "the legal entity that has it, or applied for it"),
    FACT_IF_ANY("number", licence.number, "its number"),
    {"activities", MEMBER_WORDS, AT(licence.activities), "what it permits", .least = 1,
     .words = &activity_words},
    {"formats", MEMBER_WORDS, AT(licence.formats), "of what", .least = 1, .words = &format_words},
    LICENCE_TERM,
    END};

static const struct member licence_changed_members[] = {ID(licence.id, "the licence that changed"),
                                                        LICENCE_TERM, END};

enum { STATED = BIT(NEED_NOT_REQUIRED) | BIT(NEED_REQUIRED) };

static const struct member licence_need_members[] = {
    {"country", MEMBER_COUNTRY, AT(need.country), "whose law it is"},
    {"formats", MEMBER_WORDS, AT(need.formats), "of what", .least = 1, .words = &format_words},
    {"activity", MEMBER_WORD, 0, "sold in which way", .choice = &need_activity},
    {"need", MEMBER_WORD, 0, "not-researched: what was stated is taken back",
     .choice = &need_choice},
    {"kind", MEMBER_NAME, AT(need.kind), "the kind of licence that is needed",
     .words = &licence_kind_words, .by = &need_choice, .needed = BIT(NEED_REQUIRED),
     .allowed = BIT(NEED_REQUIRED)},
    {"source", MEMBER_FACT, AT(need.source), "the law it was read in", .by = &need_choice,
     .needed = STATED, .allowed = STATED},
    {"read", MEMBER_TIME, AT(need.read), "the day it was read", .by = &need_choice,
     .needed = STATED, .allowed = STATED},
    COMMITMENT("reasons", "commitment of why, which stands at /record/licences/"),
    END};

static const struct member licence_gap_members[] = {
    {"storefront", MEMBER_SLUG, AT(gap.storefront), "where"},
    {"formats", MEMBER_WORDS, AT(gap.formats), "of what", .least = 1, .words = &format_words},
    {"gap", MEMBER_NAME, AT(gap.gap),
     "why it is not sold there from here on; none: no licence is in the way any more",
     .words = &gap_words},
    END};

#define OF_EITHER(field)                                                                           \
    {"restriction",    MEMBER_NUMBER, AT(field.restriction), "a restriction's number",             \
     .optional = true, .least = 1},                                                                \
    {                                                                                              \
        "decision", MEMBER_NUMBER, AT(field.decision), "the number of the demand it decides",      \
            .optional = true, .least = 1                                                           \
    }
#define SAYS_OF "what it is about: one of the two"
#define ONE_OF_EITHER                                                                              \
    "{\"allOf\":[{\"properties\":{\"of\":{\"minProperties\":1,\"maxProperties\":1}}}]}"

static const struct member complaint_of_members[] = {OF_EITHER(complaint), END};

static const struct member complaint_members[] = {
    ID(complaint.id, "the complaint's number"),
    {"of", MEMBER_OBJECT, 0, SAYS_OF, .members = complaint_of_members},
    COMMITMENT("text", "commitment of what was written"),
    END};

static const struct choice complaint_result = {AT(complaint_decision.outcome), "outcome",
                                               &complaint_words};
static const struct member complaint_decision_members[] = {
    {"complaint", MEMBER_NUMBER, AT(complaint_decision.complaint), "the complaint it decides",
     .least = 1},
    {"outcome", MEMBER_WORD, 0, "upheld: a lift follows in the same batch",
     .choice = &complaint_result},
    {"decided_by", MEMBER_NAME, AT(complaint_decision.decided_by),
     "where the shop has two operators alone: whoever decides had approved what is complained of",
     .words = &decider_words, .optional = true},
    APPROVALS(complaint_decision.approvals, false),
    COMMITMENT("reasons", "commitment of the reasons"),
    END};

static const struct member acknowledged_members[] = {
    {"demand", MEMBER_NUMBER, AT(acknowledged.demand), "the demand whose receipt was confirmed",
     .least = 1},
    {"sent", MEMBER_TIME, AT(acknowledged.sent), "when the confirmation went to its sender"},
    END};

/* Out of court: Regulation (EU) 2022/2065, Art. 21. */
static const struct member dispute_of_members[] = {OF_EITHER(dispute), END};

static const struct member dispute_members[] = {
    ID(dispute.id, "the dispute's number"),
    {"of", MEMBER_OBJECT, 0, SAYS_OF, .members = dispute_of_members},
    {"complaint", MEMBER_NUMBER, AT(dispute.complaint),
     "the complaint about the same that was made here before", .optional = true, .least = 1},
    FACT("body", dispute.body, "the certified body that is to settle it, out of court"),
    {"submitted", MEMBER_TIME, AT(dispute.submitted), "when it was brought before the body"},
    END};

static const struct choice dispute_result = {AT(settlement.outcome), "outcome", &dispute_words};
static const struct member settlement_members[] = {
    {"dispute", MEMBER_NUMBER, AT(settlement.dispute), "the dispute that the body has settled",
     .least = 1},
    {"outcome", MEMBER_WORD, 0,
     "what the body said of the shop's decision; reversed: a lift follows in the same batch, or "
     "the demand is undecided again",
     .choice = &dispute_result},
    {"settled", MEMBER_TIME, AT(settlement.settled), "when the body ended it"},
    APPROVALS(settlement.approvals, false),
    END};

static const struct choice dispute_stands = {AT(corrected.state), "state", &state_words};
enum { BROUGHT = BIT(DISPUTE_OPEN) | BIT(DISPUTE_SETTLED), OVER = BIT(DISPUTE_SETTLED) };

static const struct member dispute_corrected_members[] = {
    {"dispute", MEMBER_NUMBER, AT(corrected.dispute), "the dispute that was noted wrongly",
     .least = 1},
    {"state", MEMBER_WORD, 0,
     "how it really stands, in place of all that was noted before; void: there was none",
     .choice = &dispute_stands},
    {"body", MEMBER_FACT, AT(corrected.body), "the certified body that is to settle it",
     .by = &dispute_stands, .needed = BROUGHT, .allowed = BROUGHT},
    {"submitted", MEMBER_TIME, AT(corrected.submitted), "when it was brought before the body",
     .by = &dispute_stands, .needed = BROUGHT, .allowed = BROUGHT},
    {"outcome", MEMBER_NAME, AT(corrected.outcome),
     "what the body said of the shop's decision; as in a settlement, what was reversed is undone "
     "with it",
     .words = &dispute_words, .by = &dispute_stands, .needed = OVER, .allowed = OVER},
    {"settled", MEMBER_TIME, AT(corrected.settled), "when the body ended it", .by = &dispute_stands,
     .needed = OVER, .allowed = OVER},
    APPROVALS(corrected.approvals, false),
    END};

/* ---- how the shop works ---- */

static const struct member policy_members[] = {
    {"sha256", MEMBER_HASH, AT(policy.digest), "of the file of witnesses and quorum"},
    {"size", MEMBER_NUMBER, AT(policy.size), "of that file, in bytes"},
    END};

static const struct member listing_members[] = {
    {"storefront", MEMBER_SLUG, AT(listing.storefront), "whose titles"},
    {"titles", MEMBER_NUMBER, AT(listing.titles), "how many"},
    {"root", MEMBER_HASH, AT(listing.root), "Merkle root of the list"},
    {"against", MEMBER_NUMBER, AT(listing.against), "size of the decisions that the list obeys"},
    END};

static const struct member unlisted_members[] = {
    {"storefront", MEMBER_SLUG, AT(unlisted.storefront), "whose list they left"},
    {"reason", MEMBER_NAME, AT(unlisted.reason),
     "what took them away, where no restriction did: their supplier's withdrawal. A title that "
     "rights or a licence keep from being sold stays listed, as not sold, so that rights and "
     "licence are the reasons of no list as they are made now",
     .words = &reason_words},
    {"titles", MEMBER_NUMBER, AT(unlisted.titles), "how many", .least = 1},
    {"root", MEMBER_HASH, AT(unlisted.root),
     "Merkle root of their ISBNs, listed at /record/lists/{root}"},
    END};

static const struct member ranking_members[] = {
    {"version", MEMBER_NUMBER, AT(ranking.version), "the rule's number", .least = 1},
    {"rule", MEMBER_HASH, AT(ranking.rule), "SHA-256 of the rule's published text"},
    {"inputs", MEMBER_FACTS, AT(ranking.inputs), "what the rule looks at", .least = 1, .most = 64},
    END};

static const struct member key_members[] = {
    FACT("log", key.log, "origin of the log that goes over to a new key"),
    {"from", MEMBER_NUMBER, AT(key.from), "trees of more entries are signed by the new key"},
    FACT("old", key.old_vkey, "verifier key until now"),
    FACT("new", key.new_vkey, "verifier key from now on"),
    {"by_old", MEMBER_SIGNATURE, AT(key.by_old), "the old key's signature"},
    {"by_new", MEMBER_SIGNATURE, AT(key.by_new), "the new key's signature"},
    END};

static const struct member refusal_key_members[] = {
    FACT("key", refusal_key.vkey, "verifier key that signs refusals"),
    FACT_IF_ANY("replaces", refusal_key.replaces,
                "verifier key that it follows, which signs none from here on"),
    END};

static const struct member sealed_members[] = {
    ID(sealed.id, "number of what is sealed"),
    COMMITMENT("commitment", "of an entry that law forbids to publish yet"),
    {"opens", MEMBER_TIME, AT(sealed.opens), "when it will be opened at the latest"},
    END};

static const struct member opened_members[] = {
    ID(opened.id, "number of what was sealed"),
    {"salt", MEMBER_HASH, AT(opened.salt), "the commitment's salt"},
    {"entry", MEMBER_FACT, AT(opened.content), "the bytes of the entry that was sealed",
     .most = ENTRY_SEALED_MAX},
    END};

static const struct member text_erased_members[] = {
    {"of", MEMBER_NUMBER, AT(of), "index of the entry whose text is gone, with its salt"},
    {"basis", MEMBER_NAME, AT(basis), "at whose wish", .words = &basis_words},
    FACT_IF_ANY("law", law, "the order or the law that commands it"),
    END};

/* ---- voices ---- */

static const struct choice voice_choice = {AT(kind), "kind", &voice_words};

#define VOICE                                                                                      \
    {"kind", MEMBER_WORD, 0, "what was said", .choice = &voice_choice},                            \
    {                                                                                              \
        "work", MEMBER_NUMBER, AT(work), "about which work", .least = 1                            \
    }
#define OF_ACCEPTED                                                                                \
    {                                                                                              \
        "of", MEMBER_NUMBER, AT(of), "index of the accepted entry"                                 \
    }
#define VOICE_COMMITMENT COMMITMENT("commitment", "commitment of what was said")

static const struct member accepted_members[] = {VOICE, VOICE_COMMITMENT, END};
static const struct member changed_members[] = {VOICE, OF_ACCEPTED, VOICE_COMMITMENT, END};
static const struct member withdrawn_members[] = {VOICE, OF_ACCEPTED, END};
static const struct member erased_members[] = {
    VOICE,
    OF_ACCEPTED,
    {"basis", MEMBER_NAME, AT(basis), "at whose wish", .words = &basis_words},
    FACT_IF_ANY("law", law, "the order or the law that commands it"),
    {"at", MEMBER_TIME, AT(at), "when it was asked for, and done"},
    COMMITMENT("request", "commitment of the request; who asked has its salt"),
    END};

/* ---- the kinds ---- */

const struct kind entry_kinds[ENTRY_TYPE_COUNT] = {
    [ENTRY_RESTRICTION] = {"restriction", "something is withheld", restriction_members,
                           check_restriction,
                           "{\"oneOf\":[{\"required\":[\"until\"]},{\"required\":[\"review\"]}]}"},
    [ENTRY_LIFT] = {"lift", "a restriction is over", lift_members},
    [ENTRY_EXTENDED] = {"extended", "works joined the set that a restriction covers",
                        extended_members},
    [ENTRY_HEAD] = {"head", "the voices log as it stands: an anchor, and the heartbeat",
                    head_members},
    [ENTRY_DEMAND] = {"demand", "somebody asks that something be withheld", demand_members,
                      check_demand},
    [ENTRY_DECISION] = {"decision", "a demand is granted, narrowed or refused", decision_members,
                        check_decision},
    [ENTRY_AGREEMENT] = {"agreement", "the shop agreed something with an authority",
                         agreement_members, check_agreement},
    [ENTRY_DISCLOSURE] = {"disclosure", "who owns and controls a hosted shop", disclosure_members},
    [ENTRY_LICENCE] = {"licence", "a licence to sell, as it was applied for or given",
                       licence_members, check_licence},
    [ENTRY_LICENCE_CHANGED] = {"licence_changed", "a licence was given, renewed, refused or ended",
                               licence_changed_members, check_licence},
    [ENTRY_LICENCE_NEED] = {"licence_need", "what a country asks of whoever sells there",
                            licence_need_members, check_licence_need},
    [ENTRY_LICENCE_GAP] = {"licence_gap",
                           "a storefront sells something no more, for want of a "
                           "licence, or sells it again",
                           licence_gap_members},
    [ENTRY_COMPLAINT] = {"complaint", "somebody contests a restriction or a decision",
                         complaint_members, check_complaint, ONE_OF_EITHER},
    [ENTRY_COMPLAINT_DECISION] = {"complaint_decision", "a complaint is upheld or rejected",
                                  complaint_decision_members},
    [ENTRY_ACKNOWLEDGED] = {"acknowledged", "a demand's receipt was confirmed to its sender",
                            acknowledged_members},
    [ENTRY_DISPUTE] = {"dispute", "somebody took a decision to a body out of court",
                       dispute_members, check_dispute, ONE_OF_EITHER},
    [ENTRY_SETTLEMENT] = {"settlement", "a body out of court ended a dispute", settlement_members},
    [ENTRY_DISPUTE_CORRECTED] = {"dispute_corrected",
                                 "what was noted of a dispute out of court was wrong",
                                 dispute_corrected_members, check_corrected},
    [ENTRY_POLICY] = {"policy", "which witnesses a checkpoint needs", policy_members},
    [ENTRY_LISTING] = {"listing", "the titles that a storefront lists", listing_members},
    [ENTRY_UNLISTED] = {"unlisted", "titles left a storefront's list, and no restriction is why",
                        unlisted_members},
    [ENTRY_RANKING_VERSION] = {"ranking_version", "the rule by which results are ranked",
                               ranking_members},
    [ENTRY_KEY] = {"key", "a log goes over to a new key", key_members, check_key},
    [ENTRY_REFUSAL_KEY] = {"refusal_key", "a key signs refusals, in place of another or beside it",
                           refusal_key_members, check_refusal_key},
    [ENTRY_SEALED] = {"sealed", "an entry that cannot be published yet", sealed_members},
    [ENTRY_OPENED] = {"opened", "what was sealed", opened_members},
    [ENTRY_TEXT_ERASED] = {"text_erased", "a text that stood beside an entry was erased",
                           text_erased_members, check_erased},
    [ENTRY_ACCEPTED] = {"accepted", "a rating, review or comment was taken", accepted_members},
    [ENTRY_CHANGED] = {"changed", "its author changed it", changed_members},
    [ENTRY_WITHDRAWN] = {"withdrawn", "its author withdrew it", withdrawn_members},
    [ENTRY_ERASED] = {"erased", "its text was erased", erased_members, check_erased},
};

const char *entry_type_name(enum entry_type type)
{
    return entry_kinds[type].name;
}

const char *entry_type_says(enum entry_type type)
{
    return entry_kinds[type].says;
}

bool entry_type_parse(struct str s, enum entry_type *ret)
{
    for (int i = 0; i < ENTRY_TYPE_COUNT; i++)
        if (str_is(s, entry_kinds[i].name)) {
            *ret = (enum entry_type)i;
            return true;
        }
    return false;
}

bool entry_is_voice(enum entry_type type)
{
    return type >= ENTRY_ACCEPTED;
}

const char *voice_kind_name(enum voice_kind kind)
{
    static const char *const names[VOICE_KIND_COUNT] = {
        [VOICE_RATING] = "rating", [VOICE_REVIEW] = "review", [VOICE_COMMENT] = "comment"};
    return names[kind];
}

const char *complaint_outcome_name(enum complaint_outcome outcome)
{
    return outcome == COMPLAINT_UPHELD ? "upheld" : "rejected";
}

/* ---- asking the table ---- */

const void *member_at(const struct member *m, const struct entry *e)
{
    return (const char *)e + m->at;
}

/* Every enum of the entries has the size of an int. */
int choice_of(const struct choice *choice, const struct entry *e)
{
    int word;
    memcpy(&word, (const char *)e + choice->at, sizeof word);
    return word;
}

enum presence member_presence(const struct member *m, const struct entry *e)
{
    if (m->by == NULL)
        return m->optional ? MEMBER_OPTIONAL : MEMBER_NEEDED;
    uint32_t bit = BIT(choice_of(m->by, e));
    return m->needed & bit ? MEMBER_NEEDED : m->allowed & bit ? MEMBER_OPTIONAL : MEMBER_ABSENT;
}

bool member_empty(const struct member *m, const struct entry *e)
{
    static const struct hash zero;
    const void *p = member_at(m, e);
    switch (m->type) {
    case MEMBER_NUMBER:
        return *(const uint64_t *)p == 0;
    case MEMBER_TIME:
        return *(const int64_t *)p == 0;
    case MEMBER_HASH:
        return hash_eq(p, &zero);
    case MEMBER_WORDS:
        return *(const uint16_t *)p == 0;
    case MEMBER_SLUGS:
    case MEMBER_FACTS:
        return ((const struct strs *)p)->n == 0;
    case MEMBER_HASHES:
        return ((const struct approvals *)p)->n == 0;
    case MEMBER_OBJECT:
        for (const struct member *inner = m->members; inner->name != NULL; inner++)
            if (!member_empty(inner, e))
                return false;
        return true;
    case MEMBER_WORD:
    case MEMBER_SIGNATURE:
        return false;
    default:
        return ((const struct str *)p)->n == 0;
    }
}
