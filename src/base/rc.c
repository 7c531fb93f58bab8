#include "base/rc.h"

const char *rc_name(enum rc rc)
{
    static const char *const names[RC_COUNT] = {
        [RC_OK] = "ok",           [RC_NOT_FOUND] = "not found",
        [RC_INVALID] = "invalid", [RC_CONFLICT] = "conflict",
        [RC_DENIED] = "denied",   [RC_LIMIT] = "limit",
        [RC_BUSY] = "busy",       [RC_IO] = "io",
        [RC_CORRUPT] = "corrupt", [RC_WITHHELD] = "withheld",
    };
    return (unsigned)rc < RC_COUNT ? names[rc] : "unknown";
}
