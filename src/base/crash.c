#include "base/crash.h"

#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/str.h"

void crash_point(const char *name)
{
    static atomic_uint passed; /* of the one armed point */
    const char *armed = getenv("COLOPHON_CRASH");
    if (armed == NULL)
        return;
    struct str rest = str_of(armed), point;
    uint64_t times = 1;
    if (!str_next(&rest, ':', &point) || !str_eq(point, str_of(name)))
        return;
    if (rest.n > 0 && !str_to_u64(rest, &times))
        return;
    if (atomic_fetch_add(&passed, 1) + 1 == times)
        kill(getpid(), SIGKILL);
}
