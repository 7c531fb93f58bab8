/* Which restrictions stand behind what a list or a result leaves out. */
#include "app/shown_parts.h"
#include "store/catalogue.h"
#include "store/catalogue_write.h"

/* More notices than this nobody reads in one place; the Record has them all. */
enum { NAMED_MAX = 50 };

static void name_it(shown_slips *slips, const struct restriction *r, enum feature feature)
{
    for (size_t i = 0; i < slips->n; i++)
        if (slips->v[i].restriction == r)
            return;
    if (r != NULL && slips->n < NAMED_MAX)
        slips->v[slips->n++] = (struct shown_slip){r, FEATURE_BIT(feature)};
}

static bool works_here(const struct visit *visit, const struct restriction *r, enum feature feature)
{
    return (r->features & FEATURE_BIT(feature)) != 0 &&
           restriction_state(r, visit->view->now) == STATE_IN_EFFECT &&
           restriction_in_storefront(r, visit->storefront->slug);
}

/* Whether it is this restriction that withholds one of the works: both sets are
 * sorted, so the smaller is looked up in the larger. */
static bool withholds_one(const struct visit *visit, const struct restriction *r,
                          enum feature feature, struct work_set works)
{
    bool wide = r->works.n > works.n;
    struct work_set few = wide ? works : r->works, many = wide ? r->works : works;
    for (size_t i = 0; i < few.n; i++)
        if (work_set_has(many, few.v[i]) &&
            gate_withholder(visit->view, visit->storefront, feature, few.v[i], STR_NONE) == r)
            return true;
    return false;
}

enum rc shown_withholders(const struct visit *visit, enum feature feature, struct work_set works,
                          const uint64_t *editions, size_t edition_n, shown_slips *ret,
                          struct fault *fault)
{
    shown_slips slips = {ARENA_ARRAY(visit->arena, struct shown_slip, NAMED_MAX), 0};
    for (size_t i = 0; works.n > 0 && i < visit->view->restrictions.n; i++) {
        const struct restriction *r = visit->view->restrictions.v[i];
        if (r->target != TARGET_EDITION && works_here(visit, r, feature) &&
            withholds_one(visit, r, feature, works))
            name_it(&slips, r, feature);
    }
    for (size_t i = 0; i < edition_n && slips.n < NAMED_MAX; i++) {
        struct str key;
        uint64_t work;
        enum rc rc =
            catalogue_edition_head(visit->conn, visit->arena, editions[i], &key, &work, fault);
        if (rc == RC_OK)
            name_it(&slips, gate_withholder(visit->view, visit->storefront, feature, work, key),
                    feature);
        else if (rc != RC_NOT_FOUND)
            return rc;
    }
    *ret = slips;
    return RC_OK;
}

struct work_set shown_partly(const struct visit *visit, enum feature feature)
{
    struct work_set partly = {NULL, 0};
    uint64_t *v = ARENA_ARRAY(visit->arena, uint64_t, visit->view->restrictions.n);
    for (size_t i = 0; i < visit->view->restrictions.n; i++) {
        const struct restriction *r = visit->view->restrictions.v[i];
        if (r->target != TARGET_EDITION || r->works.n == 0 || !works_here(visit, r, feature))
            continue;
        size_t at = partly.n++;
        for (; at > 0 && v[at - 1] > r->works.v[0]; at--)
            v[at] = v[at - 1];
        v[at] = r->works.v[0];
    }
    partly.v = v;
    return partly;
}
