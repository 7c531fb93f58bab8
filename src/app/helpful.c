#include "app/helpful.h"

#include "base/clock.h"
#include "store/readers.h"

struct voting {
    uint64_t review, account;
    bool helpful;
    uint64_t n;
};

/* As it stands by now. */
static enum rc read_review(struct store_conn *conn, struct arena *arena, uint64_t review,
                           struct review_row *ret, struct fault *fault)
{
    enum rc rc = readers_review(conn, arena, review, ret, fault);
    return rc == RC_OK && !str_eq(ret->state, STR("shown"))
               ? fault_set(fault, RC_NOT_FOUND, "there is no review %llu",
                           (unsigned long long)review)
               : rc;
}

static enum rc vote_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct voting *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct review_row row;
    enum rc rc = read_review(conn, &arena, w->review, &row, fault);
    if (rc == RC_OK)
        rc = readers_helpful_put(conn, w->review, w->account, w->helpful, clock_now(), fault);
    if (rc == RC_OK)
        rc = readers_review(conn, &arena, w->review, &row, fault);
    w->n = row.helpful;
    return rc;
}

static enum rc check_voter(const struct viewer *viewer, const struct review_row *row,
                           const char **ret_reason, struct fault *fault)
{
    if (row->account == viewer->account)
        return fault_set(fault, RC_DENIED, "this review is your own");
    if (clock_now() - viewer->since >= HELPFUL_ACCOUNT_S)
        return RC_OK;
    *ret_reason = "new-account";
    return fault_set(fault, RC_DENIED, "accounts say which reviews help once they are %d hours old",
                     HELPFUL_ACCOUNT_S / 3600);
}

enum rc helpful_put(struct writer *writer, const struct visit *visit, uint64_t review, bool helpful,
                    uint64_t *ret_n, const struct restriction **ret_withheld,
                    const char **ret_reason, struct fault *fault)
{
    struct voting w = {.review = review, .account = visit->viewer->account, .helpful = helpful};
    struct review_row row;
    enum rc rc = read_review(visit->conn, visit->arena, review, &row, fault);
    if (rc != RC_OK)
        return rc;
    uint64_t index = (uint64_t)row.index;
    struct visibility_facts facts = {.work = row.work, .review = &index};
    struct visibility seen = gate_decide(visit->view, visit->storefront, &facts);
    if (visibility_withholds(&seen, FEATURE_REVIEWS)) {
        *ret_withheld = seen.by[FEATURE_REVIEWS];
        return fault_set(fault, RC_WITHHELD, "this review is withheld here by restriction %llu",
                         (unsigned long long)(*ret_withheld)->id);
    }
    if (helpful) /* what was given may be taken back by whoever gave it */
        rc = check_voter(visit->viewer, &row, ret_reason, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, vote_work, &w, fault);
    if (rc == RC_OK)
        *ret_n = w.n;
    return rc;
}

enum rc helpful_own(const struct visit *visit, uint64_t after, size_t room, helpful_votes *ret,
                    struct fault *fault)
{
    struct helpful_row *rows;
    size_t n = 0;
    enum rc rc = readers_helpful_of(visit->conn, visit->arena, visit->viewer->account, after, room,
                                    &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (helpful_votes){ARENA_ARRAY(visit->arena, struct helpful_vote, n), n};
    for (size_t i = 0; i < n; i++)
        ret->v[i] = (struct helpful_vote){rows[i].review, rows[i].created};
    return RC_OK;
}
