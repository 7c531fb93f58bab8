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
