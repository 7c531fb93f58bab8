/* Lifts that wait for the log. A file of fixed size, set aside at init and only
 * ever overwritten in place, so that a lift can be kept when the disk is full
 * or the database cannot be written. What stands here is lifted, at once; the
 * writer appends it to the log first when the log returns, and then clears it. */
#ifndef COLOPHON_APP_LIFT_JOURNAL_H
#define COLOPHON_APP_LIFT_JOURNAL_H

#include "app/site.h"
#include "base/encode.h"

#define LIFT_REASON_MAX 900
#define LIFT_JOURNAL_SLOTS 64

struct lift {
    uint64_t restriction;
    int64_t at;
    struct str reason;
    uint64_t account; /* who lifted it, for the trail; 0: on the command line */
    struct str who;   /* cut where there is no room; empty: before this was noted */
};

/* In the folder `dir`; over one that is there already. `dump`: what
 * lift_journal_dump wrote, or empty. */
enum rc lift_journal_create(const char *dir, struct str dump, struct fault *fault) MUST_CHECK;
/* The whole journal as text, for a backup; empty where no lift waits. */
enum rc lift_journal_dump(const struct site *site, struct arena *arena, struct str *ret,
                          struct fault *fault) MUST_CHECK;
/* Durable when it returns, also in a folder whose database cannot be opened: what is noted
 * for nothing is passed over later. RC_LIMIT where all slots wait, RC_CONFLICT where the
 * restriction stands there already. */
enum rc lift_journal_add(const char *dir, const struct lift *lift, struct fault *fault) MUST_CHECK;
/* Takes the restriction's lift out again; RC_OK also where there is none. */
enum rc lift_journal_clear(const struct site *site, uint64_t restriction,
                           struct fault *fault) MUST_CHECK;
/* Calls `each` for every lift that waits; damaged slots are passed over. */
enum rc lift_journal_read(const struct site *site,
                          void (*each)(void *context, const struct lift *lift), void *context,
                          struct fault *fault) MUST_CHECK;
/* When the journal was last written, cheap enough to be asked at each request;
 * two changes within some milliseconds may have one stamp. */
int64_t lift_journal_stamp(const struct site *site);
/* To be remembered by who reads the journal after it: no later stamp is equal while a
 * change might still be given the same one. */
int64_t lift_journal_stamp_before(const struct site *site);
/* Another value whenever the journal holds something else. */
enum rc lift_journal_digest(const struct site *site, struct hash *ret,
                            struct fault *fault) MUST_CHECK;

#endif
