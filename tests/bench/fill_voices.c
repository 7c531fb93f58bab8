/* Fills a voices log: COUNT ratings by the real writer, from 64 threads as the
 * server would have them, but without HTTP and its limits, which nobody should
 * have to weaken for a measurement.
 *
 *     fill_voices DIR COUNT WORKS
 *
 * Makes as many accounts as are needed to rate the works 1 to WORKS once each.
 * No server may run on DIR. Prints a line of JSON. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/account.h"
#include "app/gate.h"
#include "app/restrict.h"
#include "app/site.h"
#include "app/voice.h"
#include "app/writer.h"
#include "base/buf.h"

enum { THREADS = 64 };

struct filling {
    struct site *site;
    struct gate *gate;
    struct writer *writer;
    uint64_t *accounts;
    size_t count, works;
    atomic_size_t next, failed;
};

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *rate(void *context)
{
    struct filling *f = context;
    struct fault fault = {""};
    struct store_conn *conn;
    if (site_connect(f->site, &conn, &fault) != RC_OK) {
        fprintf(stderr, "fill_voices: %s\n", fault.text);
        atomic_fetch_add(&f->failed, 1);
        return NULL;
    }
    for (;;) {
        ARENA_AUTO arena = ARENA_INIT;
        size_t i = atomic_fetch_add(&f->next, 1);
        if (i >= f->count)
            break;
        GATE_HELD view = gate_hold(f->gate, &arena);
        struct viewer viewer = {.account = f->accounts[i / f->works]};
        struct voice_desk desk = {
            .site = f->site, .writer = f->writer, .conn = conn, .view = view, .viewer = &viewer};
        struct voice_made made;
        if (voice_rate(&desk, 1 + i % f->works, 1 + (unsigned)(i * 7 % 5), &made, &fault) !=
            RC_OK) {
            if (atomic_fetch_add(&f->failed, 1) == 0)
                fprintf(stderr, "fill_voices: %s\n", fault.text);
        }
    }
    site_disconnect(conn);
    return NULL;
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
    pthread_t threads[THREADS];
    enum rc rc = writer_open(f->site, true, &restriction_duties, &f->writer, fault);
    if (rc == RC_OK)
        rc = gate_open(f->site, &f->gate, fault);
    if (rc == RC_OK)
        rc = make_accounts(f, fault);
    if (rc != RC_OK)
        return rc;
    double begun = now_seconds();
    for (size_t i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, rate, f) != 0)
            abort();
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("{\"entries\": %zu, \"failed\": %zu, \"seconds\": %.3f}\n", f->count,
           atomic_load(&f->failed), now_seconds() - begun);
    return atomic_load(&f->failed) == 0 ? RC_OK
                                        : fault_set(fault, RC_IO, "some ratings were refused");
}

int main(int argc, char **argv)
{
    struct filling f = {0};
    struct fault fault = {""};
    uint64_t count, works;
    if (argc != 4 || !str_to_u64(str_of(argv[2]), &count) || !str_to_u64(str_of(argv[3]), &works) ||
        works == 0) {
        fprintf(stderr, "usage: fill_voices DIR COUNT WORKS\n");
        return 2;
    }
    f.count = count;
    f.works = works;
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
