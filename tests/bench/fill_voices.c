/* Fills a voices log: COUNT ratings by the real writer, AT_ONCE (64) of them under
 * way at any time, but without HTTP and its limits, which nobody should have to
 * weaken for a measurement.
 *
 *     fill_voices DIR COUNT WORKS [AT_ONCE]
 *
 * Makes as many accounts as are needed to rate the works 1 to WORKS once each.
 * No server may run on DIR. Prints a line of JSON. */
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/account.h"
#include "app/gate.h"
#include "app/restrict.h"
#include "app/restrict_duties.h"
#include "app/site.h"
#include "app/voice.h"
#include "app/writer.h"
#include "base/buf.h"

struct filling {
    struct site *site;
    struct gate *gate;
    struct writer *writer;
    uint64_t *accounts;
    size_t count, works;
    size_t at_once;
    sem_t room; /* so many more may be under way */
    atomic_size_t failed;
};

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One rating on its way, in an arena of its own. */
struct rating {
    struct filling *f;
    struct arena arena;
    struct viewer viewer;
    struct voice_write *write;
    const struct gate_view *view;
};

static void on_rated(void *context)
{
    struct rating *r = context;
    struct filling *f = r->f;
    struct fault fault = {""};
    struct voice_made made;
    if (r->write == NULL || voice_end(r->write, &made, &fault) != RC_OK) {
        if (atomic_fetch_add(&f->failed, 1) == 0)
            fprintf(stderr, "fill_voices: %s\n", fault.text);
    }
    gate_drop(r->view);
    arena_free(&r->arena);
    free(r);
    sem_post(&f->room);
}

static void rate(struct filling *f, struct store_conn *conn, size_t i)
{
    struct fault fault = {""};
    struct rating *r = calloc(1, sizeof *r);
    *r = (struct rating){.f = f, .viewer = {.account = f->accounts[i / f->works]}};
    r->view = gate_hold(f->gate, &r->arena);
    struct voice_desk desk = {.arena = &r->arena,
                              .site = f->site,
                              .writer = f->writer,
                              .conn = conn,
                              .view = r->view,
                              .viewer = &r->viewer};
    if (voice_rate(&desk, 1 + i % f->works, 1 + (unsigned)(i * 7 % 5), &r->write, &fault) ==
        RC_OK) {
        voice_start(r->write, on_rated, r);
    } else {
        fprintf(stderr, "fill_voices: %s\n", fault.text);
        r->write = NULL;
        on_rated(r);
    }
}

static enum rc make_accounts(struct filling *f, struct fault *fault)
{
    size_t n = (f->count + f->works - 1) / f->works;
    struct passwords *passwords = passwords_new();
    enum rc rc = RC_OK;
    f->accounts = calloc(n, sizeof *f->accounts);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        ARENA_AUTO arena = ARENA_INIT;
        struct sign_up s = {.email = arena_printf(&arena, "filler-%zu@example.org", i),
                            .password = STR("a long enough secret"),
                            .name = arena_printf(&arena, "Filler %zu", i)};
        rc = account_add(passwords, f->writer, &s, &f->accounts[i], fault);
    }
    passwords_free(passwords);
    return rc;
}

static enum rc fill(struct filling *f, struct fault *fault)
{
    enum rc rc = writer_open(f->site, true, &restriction_duties, &f->writer, fault);
    if (rc == RC_OK)
        rc = gate_open(f->site, &f->gate, fault);
    if (rc == RC_OK)
        rc = make_accounts(f, fault);
    if (rc != RC_OK)
        return rc;
    struct store_conn *conn;
    rc = site_connect(f->site, &conn, fault);
    if (rc != RC_OK)
        return rc;
    double begun = now_seconds();
    for (size_t i = 0; i < f->count; i++) {
        sem_wait(&f->room);
        rate(f, conn, i);
    }
    for (size_t i = 0; i < f->at_once; i++)
        sem_wait(&f->room);
    site_disconnect(conn);
    printf("{\"entries\": %zu, \"failed\": %zu, \"seconds\": %.3f}\n", f->count,
           atomic_load(&f->failed), now_seconds() - begun);
    return atomic_load(&f->failed) == 0 ? RC_OK
                                        : fault_set(fault, RC_IO, "some ratings were refused");
}

int main(int argc, char **argv)
{
    struct filling f = {0};
    struct fault fault = {""};
    uint64_t count, works, at_once = 64;
    if (argc < 4 || argc > 5 || !str_to_u64(str_of(argv[2]), &count) ||
        !str_to_u64(str_of(argv[3]), &works) || works == 0 ||
        (argc == 5 && (!str_to_u64(str_of(argv[4]), &at_once) || at_once == 0))) {
        fprintf(stderr, "usage: fill_voices DIR COUNT WORKS [AT_ONCE]\n");
        return 2;
    }
    f.count = count;
    f.works = works;
    f.at_once = at_once;
    sem_init(&f.room, 0, (unsigned)at_once);
    enum rc rc = site_open(argv[1], &f.site, &fault);
    if (rc == RC_OK)
        rc = fill(&f, &fault);
    if (rc != RC_OK)
        fprintf(stderr, "fill_voices: %s\n", fault.text);
    writer_close(f.writer);
    gate_close(f.gate);
    site_close(f.site);
    free(f.accounts);
    return rc == RC_OK ? 0 : 1;
}
