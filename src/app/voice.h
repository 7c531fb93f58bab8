/* What readers say: ratings, reviews, comments. Each accepted, changed or
 * withdrawn one is an entry of the voices log (work, kind, salted commitment),
 * and the reader is answered once it is published.
 *
 * Each function checks what it can before anything is written, and makes a
 * `voice_write` in the desk's arena. That is started, and later ended: between
 * the two no thread waits, so that thousands of readers share one batch.
 *
 * Saying the same again changes nothing and makes no entry: it is answered with
 * the one that stands, so that a form sent twice is one review, one comment.
 *
 * Who sells a work neither rates nor reviews it (RC_DENIED, "interest"), and a long text stands
 * once (RC_INVALID, "duplicate-text").
 *
 * Where a restriction withholds `submissions` of a work here, RC_WITHHELD. What
 * stands already may be changed and withdrawn. */
#ifndef COLOPHON_APP_VOICE_H
#define COLOPHON_APP_VOICE_H

#include "app/account.h"
#include "app/gate.h"

enum { REVIEW_TITLE_MAX = 200, REVIEW_TEXT_MAX = 20000, COMMENT_TEXT_MAX = 4000 };

struct tile_trees;
struct voice_write;
struct voice_made {
    uint64_t id;
    uint64_t record_index; /* in the voices log */
};

/* Who writes, where, and by what means. All that it names lives as long as what
 * is written at it, but for `conn`. */
struct voice_desk {
    struct arena *arena;
    struct site *site;
    struct writer *writer;
    struct tile_trees *trees; /* for receipts; may be NULL */
    struct store_conn *conn;  /* for the checks */
    const struct gate_view *view;
    /* NULL where the address names none: then only what every storefront
     * withholds is refused. */
    const struct storefront *storefront;
    const struct viewer *viewer;
    struct str isbn13; /* of the edition on whose page it is said; may be empty */
    const struct restriction **ret_withheld; /* who withholds, with RC_WITHHELD */
    const char **ret_reason; /* of a refusal that its code alone does not say; may be NULL */
};

/* Sets or changes the reader's stars, 1 to 5. */
enum rc voice_rate(const struct voice_desk *desk, uint64_t work, unsigned stars,
                   struct voice_write **ret, struct fault *fault) MUST_CHECK;
enum rc voice_unrate(const struct voice_desk *desk, uint64_t work, struct voice_write **ret,
                     struct fault *fault) MUST_CHECK;

struct review_text {
    struct str title, text, language, isbn13;
    unsigned stars; /* 0: without */
};
/* RC_CONFLICT where the reader has a review of this work already. */
enum rc voice_review(const struct voice_desk *desk, uint64_t work, const struct review_text *review,
                     struct voice_write **ret, struct fault *fault) MUST_CHECK;
/* RC_DENIED where it is somebody else's. */
enum rc voice_review_change(const struct voice_desk *desk, uint64_t id,
                            const struct review_text *review, struct voice_write **ret,
                            struct fault *fault) MUST_CHECK;
/* Takes the review back, its stars, and the comments under it. */
enum rc voice_review_withdraw(const struct voice_desk *desk, uint64_t id, struct voice_write **ret,
                              struct fault *fault) MUST_CHECK;

enum rc voice_comment(const struct voice_desk *desk, uint64_t review, struct str text,
                      struct voice_write **ret, struct fault *fault) MUST_CHECK;
/* RC_DENIED where it is somebody else's. */
enum rc voice_comment_change(const struct voice_desk *desk, uint64_t id, struct str text,
                             struct voice_write **ret, struct fault *fault) MUST_CHECK;
enum rc voice_comment_withdraw(const struct voice_desk *desk, uint64_t id, struct voice_write **ret,
                               struct fault *fault) MUST_CHECK;

/* Hands it to the writer. `done` is called once, when it can be ended: as a rule on
 * the writing thread, which must not be kept waiting, or at once, where nothing
 * is taken any more. */
void voice_start(struct voice_write *write, void (*done)(void *context), void *context);
/* What became of it. */
enum rc voice_end(const struct voice_write *write, struct voice_made *ret,
                  struct fault *fault) MUST_CHECK;
/* The receipt of what voice_end found written: the .tlog-proof of its entry with what
 * opens the commitment. From a connection that sees what is published now. */
enum rc voice_receipt(const struct voice_write *write, struct store_conn *conn, struct arena *arena,
                      struct str *ret, struct fault *fault) MUST_CHECK;
/* Both, by a thread that waits between. */
enum rc voice_finish(struct voice_write *write, struct voice_made *ret,
                     struct fault *fault) MUST_CHECK;

#endif
