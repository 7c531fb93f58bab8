/* Which engine a database is of. */
#include "store/engine.h"

bool store_is_url(struct str address)
{
    return str_starts(address, STR("postgresql://")) || str_starts(address, STR("postgres://"));
}

enum rc store_open(const char *address, bool create, struct store **ret, struct fault *fault)
{
    const struct engine *engine = store_is_url(str_of(address)) ? &postgres_engine : &sqlite_engine;
    return engine->open(address, create, ret, fault);
}
