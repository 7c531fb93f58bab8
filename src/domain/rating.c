#include "domain/rating.h"

uint64_t rating_count(const struct rating_sum *r)
{
    return r->stars[0] + r->stars[1] + r->stars[2] + r->stars[3] + r->stars[4];
}

static uint64_t rating_total(const struct rating_sum *r)
{
    uint64_t total = 0;
    for (unsigned i = 0; i < 5; i++)
        total += (i + 1) * r->stars[i];
    return total;
}

uint32_t rating_mean_milli(const struct rating_sum *r)
{
    uint64_t count = rating_count(r);
    return count == 0 ? 0 : (uint32_t)((rating_total(r) * 1000 + count / 2) / count);
}

uint32_t rating_bayes_milli(const struct rating_sum *r, uint32_t catalogue_mean_milli)
{
    uint64_t count = rating_count(r);
    if (count == 0)
        return 0;
    uint64_t sum = rating_total(r) * 1000 + (uint64_t)RATING_PRIOR_WEIGHT * catalogue_mean_milli;
    return (uint32_t)(sum / (count + RATING_PRIOR_WEIGHT));
}
