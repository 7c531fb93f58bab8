/* The story of one restriction, or of one demand, as the Record's entries tell it:
 * received, decided, published, in effect, extended, contested, lifted. Times are
 * the entries' own. */
#ifndef COLOPHON_APP_RECORD_STORY_H
#define COLOPHON_APP_RECORD_STORY_H

#include "app/restrict.h"

enum story_kind {
    STORY_RECEIVED,
    STORY_ACKNOWLEDGED, /* its sender was told that it came in */
    STORY_FILED,        /* its entry, where that is later: what came on paper */
    STORY_REFUSED,
    STORY_GRANTED,
    STORY_NARROWED,
    STORY_DECIDED,   /* without a demand; published is the entry of it, before any effect */
    STORY_PUBLISHED, /* the same of what follows a demand */
    STORY_BEGAN,     /* first second of effect */
    STORY_EXTENDED,  /* by works that joined the set */
    STORY_COMPLAINT,
    STORY_UPHELD,
    STORY_REJECTED,
    STORY_DISPUTE, /* taken to a body out of court; text: its name */
    STORY_CONFIRMED,
    STORY_REVERSED,
    STORY_PARTLY,
    STORY_NO_RESULT, /* what it said, or not */
    STORY_CORRECTED, /* what was noted of a dispute was wrong: how it is stands in its place */
    STORY_VOID,      /* there was none */
    STORY_ENDED,     /* its end */
    STORY_LAPSED,    /* the day by which nobody had reviewed it */
    STORY_LIFTED,
    STORY_OPENED, /* what was sealed of it */
};
#define STORY_COUNT 24

struct story_step {
    enum story_kind kind;
    int64_t at;
    uint64_t index;  /* of the entry that says so; UINT64_MAX: none, or it waits */
    uint64_t number; /* of works, with EXTENDED; the restriction's, with PUBLISHED; the
                        dispute's, with DISPUTE to VOID */
    struct str text; /* with OPENED: who asked, and the reference; with DISPUTE and what the
                        body said: its name */
    bool ahead;      /* it has not come yet */
    bool former;     /* noted wrongly: another step corrects it */
};
struct story {
    LIST(struct story_step) steps; /* in the order of time */
};

enum rc record_story(struct store_conn *conn, struct arena *arena, const struct gate_view *view,
                     const struct restriction *r, struct story *ret,
                     struct fault *fault) MUST_CHECK;
/* Of a demand, with what was decided on it. RC_NOT_FOUND where it is not published. */
enum rc record_story_of_demand(struct store_conn *conn, struct arena *arena,
                               const struct gate_view *view, uint64_t demand, struct story *ret,
                               struct fault *fault) MUST_CHECK;

#endif
