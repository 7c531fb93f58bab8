#include "domain/restriction_filter.h"

int64_t restriction_end(const struct restriction *r)
{
    int64_t end = r->until != 0 ? r->until : r->review != 0 ? r->review : INT64_MAX;
    return r->lifted != 0 && r->lifted < end ? r->lifted : end;
}

static bool in_time(const struct restriction_filter *f, const struct restriction *r)
{
    int64_t since = f->since, before = f->before != 0 ? f->before : INT64_MAX;
    bool decided = since <= r->decided && r->decided < before;
    /* Lifted before it began, it was never in effect. */
    int64_t end = restriction_end(r);
    return decided || (r->from < end && r->from < before && end > since);
}

static bool in_storefronts(const struct restriction_filter *f, const struct restriction *r)
{
    for (size_t i = 0; i < f->storefront_count; i++)
        if (restriction_in_storefront(r, f->storefronts[i]))
            return true;
    return false;
}

/* Both are sorted: the smaller is looked up in the larger. */
static bool shares_a_work(struct work_set a, struct work_set b)
{
    struct work_set few = a.n < b.n ? a : b, many = a.n < b.n ? b : a;
    for (size_t i = 0; i < few.n; i++)
        if (work_set_has(many, few.v[i]))
            return true;
    return false;
}

bool restriction_matches(const struct restriction_filter *f, const struct restriction *r,
                         enum restriction_state state)
{
    return (f->states == 0 || (f->states & 1u << state) != 0) &&
           (f->grounds == 0 || (f->grounds & 1u << r->ground) != 0) &&
           (f->targets == 0 || (f->targets & 1u << r->target) != 0) &&
           (f->features == 0 || (f->features & r->features) != 0) &&
           (f->authority.n == 0 || str_eq(f->authority, r->authority)) &&
           (!f->some_storefronts || in_storefronts(f, r)) &&
           ((f->since == 0 && f->before == 0) || in_time(f, r)) &&
           (!f->some_works || shares_a_work(f->works, r->works));
}
