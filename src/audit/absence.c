#include "audit/absence.h"

#include "record/absence.h"

enum rc absence_verify(struct arena *arena, struct str text, struct str vkey,
                       struct absence_result *ret, struct fault *fault)
{
    struct note_key key;
    enum rc rc = note_key_parse(&key, arena_str(arena, vkey), fault);
    return rc == RC_OK ? absence_check(arena, text, &key, ret, fault) : rc;
}
