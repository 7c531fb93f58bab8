#include "web/warming.h"

#include <stdlib.h>

#include "base/wait.h"

enum { HOMES_MAX = 16, LOOK_MS = 10 };

struct warming {
    struct server *server;
    warming_make make;
    struct sleeper sleeper;
    atomic_bool done;
};

struct home {
    struct str host, path;
};

/* Each storefront's, in its first language; the others read the same. */
static size_t list_homes(const struct server *s, struct arena *arena, struct home *ret)
{
    GATE_HELD view = gate_hold(s->gate, arena);
    size_t n = view->storefronts.n < HOMES_MAX ? view->storefronts.n : HOMES_MAX;
    struct str url = s->public_url;
    struct str shop = url.n > 0 ? str_sub(url, s->secure ? 8 : 7, url.n) : STR("localhost");
    for (size_t i = 0; i < n; i++) {
        const struct storefront *front = &view->storefronts.v[i];
        ret[i] = front->host.n > 0
                     ? (struct home){arena_str(arena, front->host), STR("/")}
                     : (struct home){shop, ARENA_JOIN(arena, STR("/"), front->slug, STR("/"))};
    }
    return n;
}

static void make_page(struct warming *w, const struct home *home)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct fault fault;
    struct later *later = NULL;
    struct request request = {
        .arena = &arena, .method = METHOD_GET, .host = home->host, .gzip = true};
    if (request_decode(&request, home->path, STR_NONE, &fault) != RC_OK)
        return;
    struct reply *reply = w->make(w->server, &request, &later);
    if (reply != NULL)
        reply_drop(reply);
    else if (later != NULL)
        later->drop(later);
}

static void *warming_thread(void *context)
{
    struct warming *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct home homes[HOMES_MAX];
    while (!indexer_present(w->server->indexer))
        if (!sleeper_rest(&w->sleeper, LOOK_MS))
            return NULL;
    size_t n = list_homes(w->server, &arena, homes);
    for (size_t i = 0; i < n && !sleeper_ended(&w->sleeper); i++)
        make_page(w, &homes[i]);
    atomic_store(&w->done, true);
    return NULL;
}

enum rc warming_start(struct server *s, warming_make make, struct warming **ret,
                      struct fault *fault)
{
    struct warming *w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    w->server = s;
    w->make = make;
    sleeper_init(&w->sleeper);
    *ret = w;
    return sleeper_start(&w->sleeper, warming_thread, w, "makes the first pages", fault);
}

void warming_end(struct warming *w)
{
    if (w == NULL)
        return;
    sleeper_stop(&w->sleeper);
    sleeper_free(&w->sleeper);
    free(w);
}

bool warming_done(const struct warming *w)
{
    return atomic_load(&w->done);
}
