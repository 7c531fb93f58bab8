#include "app/lister.h"

#include <stdio.h>
#include <string.h>

#include "app/listing.h"
#include "base/clock.h"
#include "base/wait.h"
#include "store/store.h"

enum {
    LOOK_MS = 5000,
    LONG_MS = 600000,   /* readers' stars are changes, too: a busy shop never rests */
    AGAIN_MS = 3600000, /* whether a day has passed */
};

struct lister {
    struct site *site;
    struct writer *writer;
    struct store_conn *conn; /* the thread's; NULL while there is none */
    struct sleeper sleeper;
    uint64_t seen;     /* end of the change feed */
    int64_t stirred;   /* at the last change; ms, as those below */
    int64_t since;     /* at the first change that was not looked at */
    int64_t signed_at; /* 0: not since the last change */
};

static void look(struct lister *l)
{
    uint64_t latest;
    size_t n;
    struct fault fault = {""};
    int64_t now = clock_monotonic_ms();
    if (l->conn == NULL && site_connect_wholly(l->site, &l->conn, NULL) != RC_OK)
        return;
    enum rc rc = store_change_latest(l->conn, &latest, &fault);
    if (rc == RC_OK && latest != l->seen) {
        if (l->signed_at != 0 || l->seen == UINT64_MAX)
            l->since = now;
        l->seen = latest;
        l->stirred = now;
        l->signed_at = 0;
    }
    bool due = (now >= l->stirred + LISTER_REST_MS || now >= l->since + LONG_MS) &&
               (l->signed_at == 0 || now >= l->signed_at + AGAIN_MS);
    if (rc == RC_OK && due) {
        rc = listing_sign(l->site, l->conn, l->writer, &n, &fault);
        if (rc == RC_OK)
            l->signed_at = now;
        else
            l->stirred = l->since = now; /* again, later */
    }
    if (rc != RC_OK) {
        fprintf(stderr, "colophon: the list of titles is not signed: %s\n", fault.text);
        site_disconnect(l->conn); /* perhaps the database went away */
        l->conn = NULL;
    }
}

static void *lister_thread(void *context)
{
    struct lister *l = context;
    l->stirred = clock_monotonic_ms();
    while (sleeper_rest(&l->sleeper, LOOK_MS))
        if (writer_turn(l->writer) != 0)
            look(l);
    site_disconnect(l->conn);
    return NULL;
}

enum rc lister_open(struct site *site, struct writer *writer, struct lister **ret,
                    struct fault *fault)
{
    struct lister *l = calloc(1, sizeof *l);
    if (l == NULL)
        abort();
    l->site = site;
    l->writer = writer;
    l->seen = UINT64_MAX;
    sleeper_init(&l->sleeper);
    enum rc rc = sleeper_start(&l->sleeper, lister_thread, l, "signs lists", fault);
    if (rc != RC_OK) {
        sleeper_free(&l->sleeper);
        free(l);
        return rc;
    }
    *ret = l;
    return RC_OK;
}

void lister_close(struct lister *l)
{
    if (l == NULL)
        return;
    sleeper_stop(&l->sleeper);
    sleeper_free(&l->sleeper);
    free(l);
}
