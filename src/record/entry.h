/* Entries of the Record: one canonical JSON object (RFC 8785) each, of a closed
 * set of kinds. No free text and no personal data: texts stand beside the log,
 * the entry holds a salted commitment.
 *
 * Every kind and its members stand in one table, entry_kinds.c, which writing,
 * reading, checking and the JSON Schema at /record/schemas/ all follow. */
#ifndef COLOPHON_RECORD_ENTRY_H
#define COLOPHON_RECORD_ENTRY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/fault.h"
#include "domain/demand.h"
#include "domain/licence.h"
#include "domain/restriction.h"

/* In the decisions log down to ENTRY_OPENED, in the voices log from ENTRY_ACCEPTED on. */
enum entry_type {
    ENTRY_RESTRICTION,
    ENTRY_LIFT,
    ENTRY_EXTENDED,
    ENTRY_HEAD,
    ENTRY_LICENCE,
    ENTRY_LICENCE_CHANGED,
    ENTRY_LICENCE_NEED,
    ENTRY_LICENCE_GAP,
    ENTRY_DEMAND,
    ENTRY_DECISION,
    ENTRY_AGREEMENT,
    ENTRY_DISCLOSURE,
    ENTRY_COMPLAINT,
    ENTRY_COMPLAINT_DECISION,
    ENTRY_ACKNOWLEDGED,
    ENTRY_DISPUTE,
    ENTRY_SETTLEMENT,
    ENTRY_DISPUTE_CORRECTED,
    ENTRY_POLICY,
    ENTRY_LISTING,
    ENTRY_UNLISTED,
    ENTRY_RANKING_VERSION,
    ENTRY_KEY,
    ENTRY_REFUSAL_KEY,
    ENTRY_SEALED,
    ENTRY_OPENED,
    ENTRY_TEXT_ERASED,
    ENTRY_ACCEPTED,
    ENTRY_CHANGED,
    ENTRY_WITHDRAWN,
    ENTRY_ERASED,
};
#define ENTRY_TYPE_COUNT 31

enum voice_kind { VOICE_RATING, VOICE_REVIEW, VOICE_COMMENT };
#define VOICE_KIND_COUNT 3

enum complaint_outcome { COMPLAINT_UPHELD, COMPLAINT_REJECTED };
#define COMPLAINT_OUTCOME_COUNT 2

struct agreement_entry {
    uint64_t id;
    struct str authority, country;
    int64_t from, until; /* until 0: open-ended */
    struct document_hashes document;
};

struct disclosure_entry {
    struct str shop;
    struct str owner; /* legal entity */
    struct str controlled_by;
    struct str country;
};

/* What a storefront does not sell for want of a licence, from here on; `none`: it may. */
struct licence_gap_entry {
    struct str storefront;
    licence_mask formats;
    struct str gap; /* missing, not-researched, none */
};

struct complaint_entry {
    uint64_t id;
    uint64_t restriction, decision; /* the one it is of; a decision has its demand's number */
};

struct complaint_decision_entry {
    uint64_t complaint;
    enum complaint_outcome outcome;
    struct str decided_by; /* empty, or "approver": of two operators, the one who had approved */
    struct approvals approvals;
};

/* Its sender was told that the demand came in. */
struct acknowledged_entry {
    uint64_t demand;
    int64_t sent;
};

struct dispute_entry {
    uint64_t id;
    uint64_t restriction, decision; /* as in a complaint */
    uint64_t complaint;             /* the one that was decided here before; 0: none */
    struct str body;                /* who is to settle it */
    int64_t submitted;
};

struct settlement_entry {
    uint64_t dispute;
    enum dispute_outcome outcome;
    int64_t settled;
    struct approvals approvals;
};

/* All of a dispute as it is, in place of what was noted before. */
struct dispute_corrected_entry {
    uint64_t dispute;
    enum dispute_state state;
    struct str body;    /* empty: void */
    int64_t submitted;  /* likewise 0 */
    struct str outcome; /* empty: not settled */
    int64_t settled;    /* likewise 0 */
    struct approvals approvals;
};

struct policy_entry {
    struct hash digest; /* SHA-256 of the file of witnesses */
    uint64_t size;      /* in bytes */
};

struct listing_entry {
    struct str storefront;
    uint64_t titles;
    struct hash root;
    uint64_t against; /* size of the decisions log that the list obeys */
};

/* Titles that left the list by something else than a restriction. */
struct unlisted_entry {
    struct str storefront;
    struct str reason; /* supplier, rights, licence */
    uint64_t titles;
    struct hash root; /* of their ISBNs, as a list of works has one */
};

struct ranking_entry {
    uint64_t version;
    struct hash rule; /* SHA-256 of the text that was published */
    struct strs inputs;
};

struct key_entry {
    struct str log;
    uint64_t from; /* trees of more entries are signed by the new key */
    struct str old_vkey, new_vkey;
    uint8_t by_old[64], by_new[64]; /* Ed25519 */
};

/* From here on it signs refusals. */
struct refusal_key_entry {
    struct str vkey;
    struct str replaces; /* the one that it follows, which signs no more; empty: none */
};

struct sealed_entry {
    uint64_t id;
    int64_t opens;
};

struct opened_entry {
    uint64_t id;
    struct hash salt;
    struct str content; /* the bytes of the entry that was sealed */
};

struct entry {
    enum entry_type type;
    int64_t at;                     /* decisions; ERASED */
    struct restriction restriction; /* RESTRICTION: all but works, published, lifted;
                                       LIFT, EXTENDED: id; EXTENDED: works_count, works_root */
    uint64_t work;                  /* RESTRICTION on edition or work; voices */
    struct hash commitment;         /* of reasons, of a text that stands beside, of a voice's
                                       text, of a sealed entry, of a request to erase */
    struct str origin;              /* HEAD */
    uint64_t size;                  /* HEAD */
    struct hash root;               /* HEAD */
    struct hash map;                /* HEAD: root of the state map; zero: none */
    enum voice_kind kind;           /* voices */
    uint64_t of;                    /* CHANGED, WITHDRAWN, ERASED: index of the accepted entry;
                                       TEXT_ERASED: of the entry beside which the text stood */
    struct str basis;               /* ERASED, TEXT_ERASED: author, court or duty */
    struct str law;                 /* both: what commands it; empty for the author's wish */
    union {
        struct demand_entry demand;
        struct decision_entry decision;
        struct agreement_entry agreement;
        struct disclosure_entry disclosure;
        struct licence licence; /* LICENCE; LICENCE_CHANGED: id, status, from, until */
        struct licence_need need;
        struct licence_gap_entry gap;
        struct complaint_entry complaint;
        struct complaint_decision_entry complaint_decision;
        struct acknowledged_entry acknowledged;
        struct dispute_entry dispute;
        struct settlement_entry settlement;
        struct dispute_corrected_entry corrected;
        struct policy_entry policy;
        struct listing_entry listing;
        struct unlisted_entry unlisted;
        struct ranking_entry ranking;
        struct key_entry key;
        struct refusal_key_entry refusal_key;
        struct sealed_entry sealed;
        struct opened_entry opened;
    };
};

const char *entry_type_name(enum entry_type type);
bool entry_type_parse(struct str s, enum entry_type *ret);
bool entry_is_voice(enum entry_type type);
const char *voice_kind_name(enum voice_kind kind);
const char *complaint_outcome_name(enum complaint_outcome outcome);

/* What a demand or its decision names: RC_INVALID where it is long, or an address. */
enum rc entry_named_check(struct str authority, struct str legal_basis, struct str reference,
                          struct fault *fault) MUST_CHECK;

/* Writes the canonical bytes. RC_INVALID where a field breaks its rule (too
 * long, control characters, no storefront, until and review both or neither …),
 * naming the field. */
enum rc entry_write(const struct entry *entry, struct buf *out, struct fault *fault) MUST_CHECK;
/* Reads and checks everything: unknown types, versions or members, wrong
 * kinds, non-canonical bytes are RC_INVALID, loudly. Results lie in `arena`. */
enum rc entry_read(struct arena *arena, struct str bytes, struct entry *ret,
                   struct fault *fault) MUST_CHECK;

/* The kind's JSON Schema (draft 2020-12); what bytes beyond it entry_read
 * refuses, a schema cannot say (form of bytes, order of storefronts). */
void entry_schema(enum entry_type type, struct buf *out);
/* What the kind says, in a sentence. */
const char *entry_type_says(enum entry_type type);

/* SHA-256(domain || 0x00 || salt || SHA-256(content)), domain e.g. "books.example/review/v1". */
struct hash commitment_make(struct str domain, const uint8_t salt[32], struct str content);
/* The domain of what an `opened` entry opens: the replay checks it by itself. */
#define SEALED_DOMAIN STR("colophon/sealed/v1")

/* Longest texts in an entry, in bytes. */
#define ENTRY_FACT_MAX 400
/* Longest entry that can be sealed. */
#define ENTRY_SEALED_MAX 20000

#endif
