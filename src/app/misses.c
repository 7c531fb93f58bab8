#include "app/misses.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/wait.h"
#include "domain/isbn.h"
#include "search/search.h"
#include "store/misses.h"

enum { NOTED_MAX = 256, WRITE_MS = 60000, LONG_NUMBER = 7, WORDS_MAX = 8 };

struct noted {
    unsigned storefront;
    uint64_t asked;
    size_t n;
    char query[MISS_BYTES_MAX];
};

struct misses {
    struct writer *writer;
    struct sleeper sleeper;
    pthread_mutex_t lock; /* of what follows */
    struct noted noted[NOTED_MAX];
    size_t n;
};

/* Words that may be somebody's own: an address, a number of a telephone or a card. */
static bool may_be_personal(struct str typed)
{
    size_t digits = 0;
    for (size_t i = 0; i < typed.n; i++) {
        if (typed.p[i] == '@')
            return true;
        if (typed.p[i] >= '0' && typed.p[i] <= '9')
            digits++;
    }
    return digits >= LONG_NUMBER;
}

/* What is kept of it; empty: nothing. */
static struct str kept_of(struct arena *arena, struct str typed)
{
    char isbn[14];
    if (isbn_parse(typed, isbn))
        return arena_str(arena, str_of(isbn));
    struct str folded = search_fold(arena, typed);
    size_t words = 1;
    for (size_t i = 0; i < folded.n; i++)
        words += folded.p[i] == ' ';
    return folded.n > MISS_BYTES_MAX || words > WORDS_MAX || may_be_personal(typed) ? STR_NONE
                                                                                    : folded;
}

void misses_note(struct misses *m, unsigned storefront, struct str query)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str kept = kept_of(&arena, query);
    if (kept.n == 0)
        return;
    pthread_mutex_lock(&m->lock);
    size_t at = 0;
    while (at < m->n && !(m->noted[at].storefront == storefront &&
                          str_eq((struct str){m->noted[at].query, m->noted[at].n}, kept)))
        at++;
    if (at < m->n) {
        m->noted[at].asked++;
    } else if (at < NOTED_MAX) {
        struct noted *noted = &m->noted[m->n++];
        *noted = (struct noted){.storefront = storefront, .asked = 1, .n = kept.n};
        memcpy(noted->query, kept.p, kept.n);
    }
    pthread_mutex_unlock(&m->lock);
}

/* ---- writing and reading ---- */

struct writing {
    struct noted noted[NOTED_MAX];
    size_t n;
    struct arena *arena; /* NULL: nothing is read */
    size_t room;
    struct miss *rows;
    size_t row_n;
};

static int32_t day_before(int days)
{
    return date_of(clock_now() - (int64_t)days * 86400);
}

static enum rc write_noted(void *context, struct store_conn *conn, struct fault *fault)
{
    struct writing *w = context;
    enum rc rc = w->n == 0 ? RC_OK : miss_rows_forget(conn, day_before(MISSES_DAYS), fault);
    for (size_t i = 0; rc == RC_OK && i < w->n; i++) {
        const struct noted *noted = &w->noted[i];
        struct miss row = {.query = {noted->query, noted->n},
                           .storefront = noted->storefront,
                           .asked = noted->asked};
        rc = miss_row_raise(conn, day_before(0), &row, MISSES_A_DAY, fault);
    }
    if (rc == RC_OK && w->arena != NULL)
        rc = miss_rows(conn, w->arena, w->room, &w->rows, &w->row_n, fault);
    return rc;
}

/* What is noted leaves the memory; where it cannot be written, it is lost: a count. */
static void take_noted(struct misses *m, struct writing *w)
{
    pthread_mutex_lock(&m->lock);
    memcpy(w->noted, m->noted, m->n * sizeof *m->noted);
    w->n = m->n;
    m->n = 0;
    pthread_mutex_unlock(&m->lock);
}

static void write_now(struct misses *m)
{
    struct writing *w = calloc(1, sizeof *w);
    struct fault fault = {""};
    if (w == NULL)
        abort();
    take_noted(m, w);
    if (w->n > 0 && writer_run(m->writer, write_noted, w, &fault) != RC_OK)
        fprintf(stderr, "colophon: searches that found nothing are not noted: %s\n", fault.text);
    free(w);
}

enum rc misses_read(struct misses *m, struct arena *arena, size_t room, struct miss **ret,
                    size_t *ret_n, struct fault *fault)
{
    struct writing *w = ARENA_NEW(arena, struct writing);
    w->arena = arena;
    w->room = room;
    take_noted(m, w);
    enum rc rc = writer_run(m->writer, write_noted, w, fault);
    if (rc == RC_OK) {
        *ret = w->rows;
        *ret_n = w->row_n;
    }
    return rc;
}

static void *misses_thread(void *context)
{
    struct misses *m = context;
    while (sleeper_rest(&m->sleeper, WRITE_MS))
        write_now(m);
    return NULL;
}

enum rc misses_open(struct writer *writer, struct misses **ret, struct fault *fault)
{
    struct misses *m = calloc(1, sizeof *m);
    if (m == NULL)
        abort();
    m->writer = writer;
    pthread_mutex_init(&m->lock, NULL);
    sleeper_init(&m->sleeper);
    enum rc rc = sleeper_start(&m->sleeper, misses_thread, m, "notes what is not found", fault);
    if (rc != RC_OK) {
        sleeper_free(&m->sleeper);
        free(m);
        return rc;
    }
    *ret = m;
    return RC_OK;
}

void misses_close(struct misses *m)
{
    if (m == NULL)
        return;
    sleeper_stop(&m->sleeper);
    write_now(m);
    sleeper_free(&m->sleeper);
    pthread_mutex_destroy(&m->lock);
    free(m);
}
