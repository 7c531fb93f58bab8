#include "domain/absence.h"

enum restriction_state absence_state(const struct absence_restriction *r, int64_t now)
{
    struct restriction rule = {
        .published = true, .from = r->from, .until = r->until, .review = r->review};
    return restriction_state(&rule, now);
}
