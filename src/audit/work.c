#include "audit/work.h"

#include "base/json.h"

struct visibility audit_expected(struct auditing *w, struct str storefront, struct str key,
                                 struct str shop)
{
    struct visibility_facts facts = {.work = w->work, .isbn13 = key, .shop = shop};
    return visibility_decide(w->candidates, w->candidate_count, storefront, &facts, w->a->now);
}

const char *audit_beyond(const struct auditing *w, uint64_t restriction)
{
    bool real = w->candidate_count > 0 || replay_find(&w->a->replay, restriction) != NULL;
    return real ? "over-enforced" : "withheld-without-entry";
}

bool audit_says(const json_t *list, enum feature feature, uint64_t *ret_restriction)
{
    size_t i;
    json_t *item;
    json_array_foreach (list, i, item) {
        int64_t restriction;
        if (str_eq(json_member_str(item, "feature"), str_of(feature_name(feature))) &&
            json_member_int(item, "restriction", &restriction)) {
            *ret_restriction = (uint64_t)restriction;
            return true;
        }
    }
    return false;
}
