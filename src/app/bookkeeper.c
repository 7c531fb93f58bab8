#include "app/bookkeeper.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/basket.h"
#include "app/counters.h"
#include "app/own_sales.h"
#include "app/sales_check.h"
#include "app/sales_own.h"
#include "base/clock.h"
#include "base/wait.h"
#include "store/sales.h"

enum {
    FIRST_MS = 1000, /* until it may */
    LOOK_MS = 5000,
    A_ROUND = 50,
    FORGET_MS = 60000,
    BASKETS_MS = 3600000,
    AGAIN_MS = 60000, /* after a failure */
};

struct bookkeeper {
    struct site *site;
    struct writer *writer;
    struct store_conn *conn; /* the thread's; NULL while there is none */
    struct sleeper sleeper;
    int64_t end_at, forget_at, baskets_at, check_at; /* ms: not before */
};

/* ---- purchases that waited past their day ---- */

static enum rc end_some(struct bookkeeper *k, uint64_t *after, size_t *ret_n, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint64_t *ids;
    enum rc rc =
        purchases_expired(k->conn, &arena, clock_now(), *after, A_ROUND, &ids, ret_n, fault);
    for (size_t i = 0; rc == RC_OK && i < *ret_n && !sleeper_ended(&k->sleeper); i++) {
        struct fault why = {""};
        *after = ids[i];
        if (writer_run(k->writer, purchase_expire, &ids[i], &why) == RC_OK)
            continue;
        fprintf(stderr, "colophon: purchase %llu waited past its day and does not end: %s\n",
                (unsigned long long)ids[i], why.text);
        count(&site_counters(k->site)->purchases_stuck, 1);
        k->end_at = clock_monotonic_ms() + AGAIN_MS;
    }
    return rc;
}

static enum rc end_all(struct bookkeeper *k, struct fault *fault)
{
    uint64_t after = 0;
    size_t n = A_ROUND;
    enum rc rc = RC_OK;
    while (rc == RC_OK && n == A_ROUND && !sleeper_ended(&k->sleeper))
        rc = end_some(k, &after, &n, fault);
    return rc;
}

/* ---- what is kept for a while ---- */

static enum rc forget_buyers(void *context, struct store_conn *conn, struct fault *fault)
{
    (void)context;
    return own_sales_forget(conn, fault);
}

static enum rc forget_baskets(void *context, struct store_conn *conn, struct fault *fault)
{
    (void)context;
    return baskets_forget(conn, clock_now(), fault);
}

static enum rc forget(struct bookkeeper *k, struct fault *fault)
{
    int64_t now = clock_monotonic_ms();
    enum rc rc = RC_OK;
    if (now >= k->forget_at) {
        k->forget_at = now + FORGET_MS;
        rc = writer_run_aside(k->writer, forget_buyers, NULL, fault);
    }
    if (rc == RC_OK && now >= k->baskets_at) {
        k->baskets_at = now + BASKETS_MS;
        rc = writer_run_aside(k->writer, forget_baskets, NULL, fault);
    }
    return rc;
}

/* ---- whether all agrees ---- */

static enum rc check(struct bookkeeper *k, struct fault *fault)
{
    enum { SAID_MAX = 20 };
    ARENA_AUTO arena = ARENA_INIT;
    sales_findings found;
    bool made = false;
    int64_t at;
    enum rc rc = sales_check_daily(k->conn, k->writer, &made, fault);
    if (rc != RC_OK || !made)
        return rc;
    rc = sales_check_kept(k->conn, &arena, SAID_MAX, &found, &at, fault);
    for (size_t i = 0; rc == RC_OK && i < found.n; i++)
        fprintf(stderr, "colophon: sales do not agree: %s: %s %llu: %s\n", found.v[i].code,
                found.v[i].what, (unsigned long long)found.v[i].id, found.v[i].says);
    return rc;
}

/* Each for itself: what fails here does not keep the others from being done. */
static enum rc run(struct bookkeeper *k, const char *what, int64_t *not_before,
                   enum rc (*duty)(struct bookkeeper *k, struct fault *fault))
{
    struct fault fault = {""};
    if (clock_monotonic_ms() < *not_before || sleeper_ended(&k->sleeper))
        return RC_OK;
    enum rc rc = duty(k, &fault);
    if (rc == RC_OK)
        return rc;
    *not_before = clock_monotonic_ms() + AGAIN_MS;
    fprintf(stderr, "colophon: %s: %s\n", what, fault.text);
    return rc;
}

static enum rc tell_count(struct bookkeeper *k)
{
    uint64_t n = 0;
    enum rc rc = sales_check_count(k->conn, &n, NULL);
    if (rc == RC_OK)
        atomic_store(&site_counters(k->site)->sales_findings, n);
    return rc;
}

static void look(struct bookkeeper *k, bool keeps)
{
    bool failed = false;
    if (k->conn == NULL && site_connect_wholly(k->site, &k->conn, NULL) != RC_OK)
        return;
    if (keeps) {
        int64_t forget_at = 0;
        failed = run(k, "purchases that waited past their day", &k->end_at, end_all) != RC_OK;
        failed =
            run(k, "what was kept for a while is not forgotten", &forget_at, forget) != RC_OK ||
            failed;
        failed =
            run(k, "whether sales agree is not checked", &k->check_at, check) != RC_OK || failed;
    }
    failed = tell_count(k) != RC_OK || failed;
    if (failed) { /* perhaps the database went away */
        site_disconnect(k->conn);
        k->conn = NULL;
    }
}

static void *bookkeeper_thread(void *context)
{
    struct bookkeeper *k = context;
    char why[WRITER_WHY_MAX];
    bool kept = false;
    while (sleeper_rest(&k->sleeper, kept ? LOOK_MS : FIRST_MS)) {
        bool keeps = writer_turn(k->writer) != 0 || writer_cannot_sign(k->writer, why);
        look(k, keeps);
        kept = kept || keeps;
    }
    site_disconnect(k->conn);
    return NULL;
}

enum rc bookkeeper_open(struct site *site, struct writer *writer, struct bookkeeper **ret,
                        struct fault *fault)
{
    struct bookkeeper *k = calloc(1, sizeof *k);
    if (k == NULL)
        abort();
    k->site = site;
    k->writer = writer;
    sleeper_init(&k->sleeper);
    enum rc rc = sleeper_start(&k->sleeper, bookkeeper_thread, k, "keeps the books", fault);
    if (rc != RC_OK) {
        sleeper_free(&k->sleeper);
        free(k);
        return rc;
    }
    *ret = k;
    return RC_OK;
}

void bookkeeper_close(struct bookkeeper *k)
{
    if (k == NULL)
        return;
    sleeper_stop(&k->sleeper);
    sleeper_free(&k->sleeper);
    free(k);
}
