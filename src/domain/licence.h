/* Licences to sell, what each country asks for, and whether what is asked for is held. Pure:
 * the time is passed in.
 *
 * What nobody has stated is not known, and closed; that none is needed is a statement, with
 * the law it was read in and the day. A licence permits while it is granted, from its first
 * second to its last: what it is on a day follows from its dates, nobody has to say it. */
#ifndef COLOPHON_DOMAIN_LICENCE_H
#define COLOPHON_DOMAIN_LICENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/str.h"

struct edition;

enum licence_format { LICENCE_PRINT, LICENCE_EBOOK, LICENCE_AUDIO };
#define LICENCE_FORMAT_COUNT 3
enum licence_activity {
    ACTIVITY_RETAIL,
    ACTIVITY_PUBLISH_ONLINE,
    ACTIVITY_IMPORT,
    ACTIVITY_WHOLESALE,
    ACTIVITY_LEND
};
#define LICENCE_ACTIVITY_COUNT 5
typedef uint16_t licence_mask; /* 1 << a format or an activity */
#define LICENCE_BIT(which) ((licence_mask)(1u << (which)))

/* For whoever sells at all; for one kind of selling; an entry in a register; telling an
 * authority beforehand. */
enum licence_kind {
    LICENCE_OPERATOR,
    LICENCE_ACTIVITY,
    LICENCE_REGISTRATION,
    LICENCE_NOTIFICATION
};
#define LICENCE_KIND_COUNT 4
/* What was said of it last. Only LICENCE_GRANTED permits: one with conditions is noted as
 * granted once they are met. */
enum licence_status {
    LICENCE_APPLIED,
    LICENCE_INFO_REQUESTED,
    LICENCE_GRANTED,
    LICENCE_CONDITIONAL,
    LICENCE_REFUSED,
    LICENCE_WITHDRAWN,
    LICENCE_SUSPENDED,
    LICENCE_REVOKED,
};
#define LICENCE_STATUS_COUNT 8
#define LICENCE_AS_IT_IS ((enum licence_status)LICENCE_STATUS_COUNT) /* of a change, never kept */
enum licence_need_kind { NEED_NOT_RESEARCHED, NEED_NOT_REQUIRED, NEED_REQUIRED };
#define LICENCE_NEED_COUNT 3

struct licence {
    uint64_t id;
    struct str country; /* ISO 3166-1 alpha-2 */
    enum licence_kind kind;
    struct str authority, holder, number; /* number empty: none is given */
    licence_mask activities, formats;
    enum licence_status status;
    int64_t from, until; /* 0: not known yet; without an end. Of a change, 0: as they are */
    int64_t since;       /* when its status was said */
    uint64_t index;      /* of the entry that said it last; of its first one: `first` */
    uint64_t first;
};

/* The law of one country, on selling formats in one way. */
struct licence_need {
    struct str country;
    licence_mask formats;
    enum licence_activity activity;
    enum licence_need_kind need;
    struct str kind;   /* a licence_kind's name, where one is needed */
    struct str source; /* the law it was read in */
    int64_t read;      /* and when */
    int64_t at;
    uint64_t index;
};

/* What was said, in order: of needs, the last word on each counts. */
struct licence_book {
    LIST(struct licence) licences;
    LIST(struct licence_need) needs;
    size_t licence_room, need_room;
};
/* RC_INVALID's cases: false where a change is of no licence that is there. */
void licence_book_add(struct licence_book *book, struct arena *arena, const struct licence *l);
bool licence_book_change(struct licence_book *book, const struct licence *change);
void licence_book_state(struct licence_book *book, struct arena *arena,
                        const struct licence_need *need);

enum licence_standing {
    LICENCE_FINE,           /* nothing more is needed */
    LICENCE_TOLERATED,      /* nobody has researched it, and the storefront sells all the same */
    LICENCE_MISSING,        /* one is needed, and not held now */
    LICENCE_NOT_RESEARCHED, /* nobody has said what is needed */
};
#define LICENCE_STANDING_COUNT 4
bool licence_sells(enum licence_standing standing);

struct licence_answer {
    enum licence_standing standing;
    const struct licence_need *need; /* the one in the way, or the last that is met; or NULL */
    const struct licence *licence;   /* by which it is met; or NULL */
};
/* Shops sell by retail: what is stated of retail alone can open a format. What is stated of
 * the other activities can close it: a licence that is not held, or that it is not researched.
 * `tolerant`: the storefront sells where nobody has said anything of retail; that it is not
 * researched is something that is said. */
struct licence_answer licence_decide(const struct licence_book *book, struct str country,
                                     enum licence_format format, bool tolerant, int64_t now);
/* The same, as if one licence (NULL: none) were not held: what would stop if it ended. */
struct licence_answer licence_decide_without(const struct licence_book *book, struct str country,
                                             enum licence_format format, bool tolerant,
                                             const struct licence *without, int64_t now);
/* The last word on one need; NULL: nobody said anything. */
const struct licence_need *licence_need_of(const struct licence_book *book, struct str country,
                                           enum licence_format format,
                                           enum licence_activity activity);
/* "granted", "expired" …: what it is at a time. */
bool licence_permits(const struct licence *l, int64_t now);
bool licence_expired(const struct licence *l, int64_t now);
/* Granted, and over within so many seconds. */
bool licence_ends_soon(const struct licence *l, int64_t now, int64_t within);
/* When time alone changes an answer next; INT64_MAX: never. */
int64_t licence_boundary(const struct licence_book *book, int64_t now);

enum licence_format licence_format_of(const struct edition *e);

const char *licence_format_name(enum licence_format format);
const char *licence_activity_name(enum licence_activity activity);
const char *licence_kind_name(enum licence_kind kind);
const char *licence_status_name(enum licence_status status);
const char *licence_need_name(enum licence_need_kind need);
const char *licence_standing_name(enum licence_standing standing);

#endif
