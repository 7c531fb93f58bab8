/* The parts of a request that text decides: lines of address, Cookie,
 * If-None-Match, and a place to go on to after signing in. */
#include <stdint.h>

#include "base/utf8.h"
#include "web/request.h"
#include "web/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_address(struct arena *arena, struct str uri)
{
    struct request r = {.arena = arena};
    size_t question = str_find(uri, '?');
    if (request_decode(&r, str_sub(uri, 0, question), str_sub(uri, question + 1, uri.n), NULL) !=
        RC_OK)
        return;
    if (r.segments.n == 0 || r.segments.n > SEGMENTS_MAX)
        abort();
    for (size_t i = 0; i < r.segments.n; i++)
        if (!utf8_clean(r.segments.v[i]) || str_find(r.segments.v[i], '\n') < r.segments.v[i].n)
            abort();
}

static void check_cookie(struct str header)
{
    struct str value = cookie_get(header, STR("session"));
    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char)value.p[i] <= ' ' || value.p[i] == ';' || value.p[i] == '"')
            abort();
}

/* A browser must stay on this host, whatever it makes of the path. */
static void check_return(struct str path)
{
    struct str to = safe_return(path, STR("/"));
    if (to.n == 0 || to.p[0] != '/' || (to.n > 1 && (to.p[1] == '/' || to.p[1] == '\\')))
        abort();
    for (size_t i = 0; i < to.n; i++)
        if ((unsigned char)to.p[i] <= ' ' || to.p[i] == 0x7f)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str rest = {(const char *)bytes, n}, line[4] = {{0}};
    for (size_t i = 0; i < 4 && str_next(&rest, '\n', &line[i]); i++)
        ;
    check_address(&arena, line[0]);
    check_cookie(line[1]);
    (void)etag_matches(line[2], STR("\"0123456789abcdef\""));
    check_return(line[3]);
    return 0;
}
