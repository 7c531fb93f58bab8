/* What is withheld of a work's single reviews and comments, by restrictions of their
 * own, while the work shows the rest. */
#include "app/shown_parts.h"
#include "store/catalogue.h"
#include "store/targets.h"

struct alone {
    enum target_kind kind;
    uint64_t index;
    /* What of it is withheld, as the kinds of voices stand in the sums; by. */
    const struct restriction *by[VOICE_KIND_COUNT];
};

static int by_voice(const void *a, const void *b)
{
    const struct alone *x = a, *y = b;
    if (x->kind != y->kind)
        return (x->kind > y->kind) - (x->kind < y->kind);
    return (x->index > y->index) - (x->index < y->index);
}

static void earliest(const struct restriction **at, const struct restriction *r)
{
    if (*at == NULL || (r != NULL && r->record_index < (*at)->record_index))
        *at = r;
}

/* Each voice once, with all that is withheld of it. */
static struct alone *voices_of(const struct visit *visit, uint64_t work, size_t *ret_n)
{
    size_t n, kept = 0;
    const struct restriction **r =
        gate_voices(visit->view, visit->arena, visit->storefront, work, &n);
    struct alone *v = ARENA_ARRAY(visit->arena, struct alone, n);
    for (size_t i = 0; i < n; i++) {
        static const enum feature shown_by[VOICE_KIND_COUNT] = {FEATURE_RATINGS, FEATURE_REVIEWS,
                                                                FEATURE_COMMENTS};
        v[i] = (struct alone){.kind = r[i]->target};
        bool known = str_to_u64(r[i]->target_key, &v[i].index);
        for (int k = 0; known && k < VOICE_KIND_COUNT; k++)
            if (r[i]->features & target_features(r[i]->target) & FEATURE_BIT(shown_by[k]))
                v[i].by[k] = r[i];
    }
    if (n > 1)
        qsort(v, n, sizeof *v, by_voice);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || by_voice(&v[kept - 1], &v[i]) != 0)
            v[kept++] = v[i];
        else
            for (int k = 0; k < VOICE_KIND_COUNT; k++)
                earliest(&v[kept - 1].by[k], v[i].by[k]);
    }
    *ret_n = kept;
    return v;
}

static void add_alone(struct withheld_alone *sum, enum voice_kind kind, const struct restriction *r)
{
    shown_bys *by = &sum->by[kind];
    size_t at = 0;
    while (at < by->n && by->v[at].restriction != r)
        at++;
    if (at == by->n)
        by->v[by->n++] = (struct shown_by){r, 0};
    by->v[at].n++;
    sum->n[kind]++;
}

enum rc shown_withheld_alone(const struct visit *visit, uint64_t work, struct withheld_alone *ret,
                             struct fault *fault)
{
    size_t n;
    const struct alone *v = voices_of(visit, work, &n);
    struct withheld_alone sum = {0};
    sum.under.v = n == 0 ? NULL : ARENA_ARRAY(visit->arena, uint64_t, n);
    for (int k = 0; n > 0 && k < VOICE_KIND_COUNT; k++)
        sum.by[k].v = ARENA_ARRAY(visit->arena, struct shown_by, n);
    for (size_t i = 0; i < n; i++) {
        struct voice_target row;
        enum rc rc = target_voice(visit->conn, v[i].kind, v[i].index, &row, fault);
        if (rc == RC_NOT_FOUND || (rc == RC_OK && row.work != work))
            continue; /* withdrawn since */
        if (rc != RC_OK)
            return rc;
        if (v[i].by[VOICE_REVIEW] != NULL)
            add_alone(&sum, VOICE_REVIEW, v[i].by[VOICE_REVIEW]);
        if (v[i].by[VOICE_RATING] != NULL && row.stars >= 1 && row.stars <= 5) {
            add_alone(&sum, VOICE_RATING, v[i].by[VOICE_RATING]);
            sum.stars.stars[row.stars - 1]++;
        }
        if (v[i].by[VOICE_COMMENT] != NULL) {
            add_alone(&sum, VOICE_COMMENT, v[i].by[VOICE_COMMENT]);
            sum.under.v[sum.under.n++] = row.review;
        }
    }
    *ret = sum;
    return RC_OK;
}

feature_mask shown_alone(const struct visit *visit, const struct visibility *around,
                         const struct visibility_facts *facts, struct visibility *ret)
{
    *ret = gate_decide_voice(visit->view, visit->storefront, around, facts);
    return ret->withheld & (feature_mask)~around->withheld;
}

/* What stands after what is withheld alone. */
static void subtract(struct rating_sum *sum, const struct rating_sum *withheld)
{
    for (int i = 0; i < 5; i++)
        sum->stars[i] -= withheld->stars[i] < sum->stars[i] ? withheld->stars[i] : sum->stars[i];
}

enum rc shown_stars_sum(const struct visit *visit, uint64_t work, struct rating_sum *ret,
                        struct fault *fault)
{
    struct withheld_alone alone;
    struct rating_sum sum;
    enum rc rc = catalogue_work_stars(visit->conn, work, &sum, fault);
    if (rc == RC_OK)
        rc = shown_withheld_alone(visit, work, &alone, fault);
    if (rc != RC_OK)
        return rc;
    subtract(&sum, &alone.stars);
    *ret = sum;
    return RC_OK;
}

shown_slips shown_slips_on(const struct visit *visit, enum target_kind kind, uint64_t index)
{
    shown_slips slips = {ARENA_ARRAY(visit->arena, struct shown_slip, visit->view->restrictions.n),
                         0};
    for (size_t i = 0; i < visit->view->restrictions.n; i++) {
        const struct restriction *r = visit->view->restrictions.v[i];
        uint64_t key;
        if (r->target == kind && str_to_u64(r->target_key, &key) && key == index &&
            restriction_state(r, visit->view->now) == STATE_IN_EFFECT)
            slips.v[slips.n++] = (struct shown_slip){r, r->features};
    }
    return slips;
}
