#include "audit/absence.h"

#include "record/absence.h"

enum rc absence_verify(struct arena *arena, struct str text, struct str vkey, struct str list,
                       struct absence_result *ret, struct fault *fault)
{
    struct key_chain keys;
    enum rc rc = key_chain_follow(&keys, arena_str(arena, vkey), list, fault);
    return rc == RC_OK ? absence_check(arena, text, &keys, ret, fault) : rc;
}
