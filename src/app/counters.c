#include "app/counters.h"

const uint64_t duration_bounds[DURATION_BOUNDS] = {
    50,    100,   250,    500,    1000,   2500,    5000,    10000,
    25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 10000000};

void durations_add(struct durations *d, uint64_t us)
{
    size_t i = 0;
    while (i < DURATION_BOUNDS && us > duration_bounds[i])
        i++;
    count(&d->within[i], 1);
    count(&d->sum, us);
}

/* Two that come to an old minute at once may lose one of them: it is a measurement. */
void pace_add(struct pace *pace, int64_t now_ms, uint64_t us)
{
    int_fast64_t minute = now_ms / 60000 + 1, there;
    size_t at = (size_t)(minute % PACE_MINUTES);
    struct durations *took = &pace->v[at].took;
    there = atomic_load(&pace->v[at].minute);
    if (there != minute && atomic_compare_exchange_strong(&pace->v[at].minute, &there, minute))
        for (size_t i = 0; i <= DURATION_BOUNDS; i++)
            atomic_store(&took->within[i], 0);
    durations_add(took, us);
}

/* The least bound within which so many of `n` were. */
static uint64_t bound_of(const uint64_t within[DURATION_BOUNDS + 1], uint64_t n, unsigned percent)
{
    uint64_t wanted = (n * percent + 99) / 100, seen = 0;
    for (size_t i = 0; i < DURATION_BOUNDS; i++) {
        seen += within[i];
        if (seen >= wanted)
            return duration_bounds[i];
    }
    return UINT64_MAX;
}

struct pace_summary pace_read(const struct pace *pace, int64_t now_ms)
{
    uint64_t within[DURATION_BOUNDS + 1] = {0}, n = 0;
    int_fast64_t now = now_ms / 60000 + 1;
    for (size_t m = 0; m < PACE_MINUTES; m++) {
        int_fast64_t minute = atomic_load(&pace->v[m].minute);
        if (minute == 0 || minute <= now - PACE_MINUTES)
            continue;
        for (size_t i = 0; i <= DURATION_BOUNDS; i++) {
            uint64_t more = counted(&pace->v[m].took.within[i]);
            within[i] += more;
            n += more;
        }
    }
    return n == 0 ? (struct pace_summary){0}
                  : (struct pace_summary){n, bound_of(within, n, 50), bound_of(within, n, 99)};
}
