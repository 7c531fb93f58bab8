#include "base/priority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of ioprio_set(2), which glibc does not have: a thread's place in the queue of the
 * disk, 0 to 7 of the usual class. */
enum { IOPRIO_WHO_PROCESS = 1, IOPRIO_USUAL_LAST = 2 << 13 | 7 };

void priority_lower(enum priority priority)
{
    /* On Linux each is the calling thread's alone, and its children's. Where it is
     * refused, the work is done all the same. */
    (void)!setpriority(PRIO_PROCESS, 0, (int)priority);
    if (priority == PRIORITY_LATER)
        (void)!syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_USUAL_LAST);
}
