/* Which restrictions stand behind what a list or a result leaves out. */
#include "app/shown_parts.h"
#include "store/catalogue.h"
#include "store/catalogue_write.h"

/* More notices than this nobody reads in one place; the Record has them all. Single
 * editions are looked up one by one. */
enum { NAMED_MAX = 50, EDITIONS_LOOKED_UP = 1000 };

/* Its line in `ret`; NULL where there is room for no more. */
static struct shown_withholder *line_of(struct shown_withheld *ret, const struct restriction *r)
{
    for (size_t i = 0; i < ret->by.n; i++)
        if (ret->by.v[i].restriction == r)
            return &ret->by.v[i];
    if (r == NULL || ret->by.n == NAMED_MAX)
        return NULL;
    ret->by.v[ret->by.n] = (struct shown_withholder){.restriction = r};
    return &ret->by.v[ret->by.n++];
}

static void count_works(struct shown_withheld *ret, const struct restriction *r, uint64_t n)
{
    struct shown_withholder *line = line_of(ret, r);
    ret->works += n;
    if (line != NULL)
        line->works += n;
    else
        ret->others += n;
}

void shown_withheld_add(const struct visit *visit, struct shown_withheld *ret,
                        const struct restriction *r)
{
    if (ret->by.v == NULL)
        ret->by.v = ARENA_ARRAY(visit->arena, struct shown_withholder, NAMED_MAX);
    count_works(ret, r, 1);
}

static bool works_here(const struct visit *visit, const struct restriction *r,
                       feature_mask features)
{
    return (r->features & features) != 0 &&
           restriction_state(r, visit->view->now) == STATE_IN_EFFECT &&
           restriction_in_storefront(r, visit->storefront->slug);
}

/* ---- works ---- */

/* The first place from `at` on that is not below `id`. Steps double, for one set may be
 * a thousand times the other. */
static size_t reach(struct work_set set, size_t at, uint64_t id)
{
    size_t step = 1;
    while (at + step < set.n && set.v[at + step] < id) {
        at += step;
        step *= 2;
    }
    size_t end = at + step < set.n ? at + step : set.n;
    while (at < end) {
        size_t middle = at + (end - at) / 2;
        if (set.v[middle] < id)
            at = middle + 1;
        else
            end = middle;
    }
    return at;
}

/* How many of the works are in the set and were not taken yet; they are now. `taken`
 * NULL: whether there is one. */
static uint64_t take(struct work_set works, struct work_set set, bool *taken)
{
    uint64_t n = 0;
    for (size_t i = 0, k = 0; i < works.n && k < set.n;) {
        if (works.v[i] < set.v[k]) {
            i = reach(works, i, set.v[k]);
        } else if (works.v[i] > set.v[k]) {
            k = reach(set, k, works.v[i]);
        } else {
            if (taken == NULL)
                return 1;
            n += !taken[i];
            taken[i++] = true;
            k++;
        }
    }
    return n;
}

static int by_index(const void *a, const void *b)
{
    uint64_t x = (*(const struct restriction *const *)a)->record_index;
    uint64_t y = (*(const struct restriction *const *)b)->record_index;
    return (x > y) - (x < y);
}

/* Each work falls to the earliest entry that withholds it, as the gate decides. */
static void name_of_works(const struct visit *visit, feature_mask features, struct work_set works,
                          struct shown_withheld *ret)
{
    size_t n = 0, room = works.n == 0 ? 0 : visit->view->restrictions.n;
    const struct restriction **found = ARENA_ARRAY(visit->arena, const struct restriction *, room);
    bool *taken = ARENA_ARRAY(visit->arena, bool, works.n);
    for (size_t i = 0; i < room; i++) {
        const struct restriction *r = visit->view->restrictions.v[i];
        if (r->target != TARGET_EDITION && !target_is_voice(r->target) &&
            works_here(visit, r, features) && take(works, r->works, NULL) > 0)
            found[n++] = r;
    }
    if (n > 1)
        qsort(found, n, sizeof *found, by_index);
    for (size_t i = 0; i < n; i++) {
        uint64_t took = take(works, found[i]->works, taken);
        if (took > 0)
            count_works(ret, found[i], took);
    }
    for (size_t i = 0; i < works.n; i++)
        if (!taken[i])
            count_works(ret, NULL, 1);
}

/* ---- editions ---- */

static enum rc withholder_of(const struct visit *visit, feature_mask features,
                             const struct withheld_edition *e, const struct restriction **ret,
                             struct fault *fault)
{
    struct str key;
    uint64_t work;
    *ret = NULL;
    enum rc rc = catalogue_edition_head(visit->conn, visit->arena, e->edition, &key, &work, fault);
    for (int f = 0; rc == RC_OK && *ret == NULL && f < FEATURE_COUNT; f++)
        if ((features & FEATURE_BIT(f)) != 0)
            *ret = gate_withholder(visit->view, visit->storefront, (enum feature)f, work, key);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc name_of_editions(const struct visit *visit, feature_mask features,
                                struct work_set works, const struct withheld_edition *v, size_t n,
                                struct shown_withheld *ret, struct fault *fault)
{
    const struct restriction *r = NULL, *before = NULL;
    for (size_t i = 0; i < n; i++) {
        bool again = i > 0 && v[i - 1].work == v[i].work;
        bool whole = !v[i].partly && !again && !work_set_has(works, v[i].work);
        before = again ? r : NULL;
        r = NULL;
        if (i < EDITIONS_LOOKED_UP) {
            enum rc rc = withholder_of(visit, features, &v[i], &r, fault);
            if (rc != RC_OK)
                return rc;
        }
        if (whole) {
            count_works(ret, r, 1);
            continue;
        }
        struct shown_withholder *line = line_of(ret, r);
        if (line != NULL && v[i].partly && before != r)
            line->partly++;
        ret->partly += v[i].partly && !again;
    }
    return RC_OK;
}

enum rc shown_withholders(const struct visit *visit, feature_mask features, struct work_set works,
                          const struct withheld_edition *editions, size_t edition_n,
                          struct shown_withheld *ret, struct fault *fault)
{
    struct shown_withheld withheld = {0};
    withheld.by.v = ARENA_ARRAY(visit->arena, struct shown_withholder, NAMED_MAX);
    name_of_works(visit, features, works, &withheld);
    enum rc rc = name_of_editions(visit, features, works, editions, edition_n, &withheld, fault);
    if (rc == RC_OK)
        *ret = withheld;
    return rc;
}

struct work_set shown_partly(const struct visit *visit, enum feature feature)
{
    struct work_set partly = {NULL, 0};
    uint64_t *v = ARENA_ARRAY(visit->arena, uint64_t, visit->view->restrictions.n);
    for (size_t i = 0; i < visit->view->restrictions.n; i++) {
        const struct restriction *r = visit->view->restrictions.v[i];
        if (r->target != TARGET_EDITION || r->works.n == 0 ||
            !works_here(visit, r, FEATURE_BIT(feature)))
            continue;
        size_t at = partly.n++;
        for (; at > 0 && v[at - 1] > r->works.v[0]; at--)
            v[at] = v[at - 1];
        v[at] = r->works.v[0];
    }
    partly.v = v;
    return partly;
}
