#include "base/knob.h"

#include "base/str.h"

uint64_t knob(const char *name, uint64_t usual)
{
    const char *set = getenv(name);
    uint64_t n;
    return set != NULL && str_to_u64(str_of(set), &n) && n > 0 ? n : usual;
}
