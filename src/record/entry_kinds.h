/* Inside record/: what the table of kinds is made of. */
#ifndef COLOPHON_RECORD_ENTRY_KINDS_H
#define COLOPHON_RECORD_ENTRY_KINDS_H

#include "record/entry.h"

#define ENTRY_VERSION 1

enum member_type {                /* in struct entry                in JSON */
                   MEMBER_NUMBER, /* uint64_t                       integer below 2^53 */
                   MEMBER_TIME,   /* int64_t                        RFC 3339, UTC, whole seconds */
                   MEMBER_HASH,   /* struct hash                    hex */
                   MEMBER_SIGNATURE, /* uint8_t[64]                    base64 */
                   MEMBER_FACT,      /* struct str                     one line of clean text */
                   MEMBER_SLUG,      /* struct str                     */
                   MEMBER_COUNTRY,   /* struct str                     ISO 3166-1 alpha-2 */
                   MEMBER_NAME,      /* struct str                     one of `words` */
                   MEMBER_WORD,      /* an enum                        one of the choice's words */
                   MEMBER_WORDS,  /* uint16_t, a bit for each       array of `words`, in their order
                                   */
                   MEMBER_SLUGS,  /* pointer and count of str       array, ascending */
                   MEMBER_FACTS,  /* struct strs                    array */
                   MEMBER_HASHES, /* struct approvals               array of one or two */
                   MEMBER_OBJECT, /* its members                    object */
};

struct words {
    int n;
    const char *(*name)(int word);
};

/* A member that decides which others there are. */
struct choice {
    size_t at;
    const char *name;
    const struct words *words;
};

struct member {
    const char *name;
    enum member_type type;
    size_t at; /* in struct entry */
    const char *says;
    bool optional;
    bool may_be_empty;            /* FACT: "" is said, too */
    uint64_t least;               /* NUMBER; WORDS, HASHES: how many */
    size_t most;                  /* FACT: bytes; SLUGS, FACTS: how many; 0: the usual */
    const struct words *words;    /* NAME, WORDS */
    const struct choice *choice;  /* WORD */
    const struct choice *by;      /* where set: there for some of its words only */
    uint32_t needed, allowed;     /* a bit for each word of `by` */
    const struct member *members; /* OBJECT; ends without a name */
};

struct kind {
    const char *name;
    const char *says;
    const struct member *members; /* after type, v and (decisions) at; ends without a name */
    enum rc (*check)(const struct entry *entry, struct fault *fault); /* or NULL */
    const char *also; /* JSON members of the schema that say what `check` does, or NULL */
};

extern const struct kind entry_kinds[ENTRY_TYPE_COUNT];
extern const struct member entry_time_member; /* "at" */

enum presence { MEMBER_ABSENT, MEMBER_OPTIONAL, MEMBER_NEEDED };
enum presence member_presence(const struct member *m, const struct entry *e);
/* Nothing is said by it; a word is always said. */
bool member_empty(const struct member *m, const struct entry *e);

/* What the member holds, of the type that its own says. */
const void *member_at(const struct member *m, const struct entry *e);
int choice_of(const struct choice *choice, const struct entry *e);

/* Every member's rule, then the kind's own; of what was opened, entry_read asks once more. */
enum rc entry_check(const struct entry *entry, struct fault *fault) MUST_CHECK;
/* entry_rules.c: kinds' own rules. */
enum rc check_restriction(const struct entry *e, struct fault *fault) MUST_CHECK;
enum rc check_decision(const struct entry *e, struct fault *fault) MUST_CHECK;
enum rc check_demand(const struct entry *e, struct fault *fault) MUST_CHECK;
enum rc check_agreement(const struct entry *e, struct fault *fault) MUST_CHECK;
enum rc check_licence(const struct entry *e, struct fault *fault) MUST_CHECK;
enum rc check_licence_need(const struct entry *e, struct fault *fault) MUST_CHECK;
enum rc check_complaint(const struct entry *e, struct fault *fault) MUST_CHECK;
enum rc check_dispute(const struct entry *e, struct fault *fault) MUST_CHECK;
enum rc check_key(const struct entry *e, struct fault *fault) MUST_CHECK;
enum rc check_corrected(const struct entry *e, struct fault *fault) MUST_CHECK;
enum rc check_refusal_key(const struct entry *e, struct fault *fault) MUST_CHECK;
enum rc check_erased(const struct entry *e, struct fault *fault) MUST_CHECK;

#endif
