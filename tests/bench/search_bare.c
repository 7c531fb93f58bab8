/* The yardstick for searching: what the bare Groonga library takes for the same
 * question on the same index, without HTTP, gate, database or pages.
 *
 *     search_bare INDEX-FOLDER QUERIES-FILE [ROUNDS [facets|plain]]
 *
 * INDEX-FOLDER is a shop's `index`; a server may have it open. The file holds a
 * query a line, words or a "quoted phrase". Each is asked ROUNDS times (60) as
 * the search page asks it: the same match with the same weights, the 24 best by
 * score, edition and work of each, and, but for "plain", the facets format, language, subject and
 * year counted. (The page counts price bands too; Groonga has no bands, so its
 * question is left the easier one.) Prints a line for each query: hits, p50 in
 * microseconds, the query. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <groonga.h>

#include "base/buf.h"
#include "search/search.h"

enum { LIMIT = 24, ROUNDS_MAX = 10000 };

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void add_phrase(struct buf *b, struct str words)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str folded = search_fold(&arena, words);
    if (folded.n == 0)
        return;
    if (b->n > 0)
        buf_char(b, ' ');
    buf_char(b, '"');
    buf_str_add(b, folded);
    buf_char(b, '"');
}

/* The line in Groonga's query language. */
static void read_query(struct str line, struct buf *ret)
{
    struct str word;
    if (line.n > 1 && line.p[0] == '"') {
        add_phrase(ret, line);
        return;
    }
    while (str_next(&line, ' ', &word))
        add_phrase(ret, word);
}

/* The command as one would type it to Groonga. */
static void make_command(struct str line, bool facets, struct buf *ret)
{
    BUF_AUTO terms = BUF_INIT(4096);
    read_query(line, &terms);
    buf_printf(ret,
               "select Editions --match_columns '%s' --output_columns edition,work"
               " --sort_keys -_score,-published --limit %d%s --cache no --query '",
               search_weights(), LIMIT,
               facets ? " --drilldown format,language,subject,year"
                        " --drilldown_sort_keys -_nsubrecs --drilldown_limit 24"
                      : "");
    buf_str_add(ret, buf_str(&terms));
    buf_char(ret, '\'');
    buf_char(ret, '\0');
}

/* The number of hits from `[[[N],…`. */
static long hits_in(const char *answer, unsigned n)
{
    long hits = 0;
    unsigned at = 0;
    while (at < n && answer[at] == '[')
        at++;
    while (at < n && answer[at] >= '0' && answer[at] <= '9')
        hits = 10 * hits + (answer[at++] - '0');
    return hits;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int ask(grn_ctx *ctx, struct str line, bool facets, int rounds)
{
    static double times[ROUNDS_MAX];
    BUF_AUTO command = BUF_INIT(16384);
    long hits = 0;
    make_command(line, facets, &command);
    for (int i = -1; i < rounds; i++) { /* the first warms up */
        char *answer;
        unsigned n;
        int flags;
        double begun = now_us();
        grn_ctx_send(ctx, command.p, (unsigned)(command.n - 1), 0);
        grn_ctx_recv(ctx, &answer, &n, &flags);
        if (ctx->rc != GRN_SUCCESS) {
            fprintf(stderr, "search_bare: %.*s: %s\n", STR_ARG(line), ctx->errbuf);
            return 1;
        }
        hits = hits_in(answer, n);
        if (i >= 0)
            times[i] = now_us() - begun;
    }
    qsort(times, (size_t)rounds, sizeof *times, ascending);
    printf("%8ld %10.0f %.*s\n", hits, times[rounds / 2], STR_ARG(line));
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv)
{
    char path[4096], line[4096];
    int rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 60, status = 0;
    FILE *queries = argc > 2 ? fopen(argv[2], "r") : NULL;
    bool facets = argc < 5 || strcmp(argv[4], "plain") != 0;
    if (queries == NULL || argc > 5 || rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: search_bare INDEX-FOLDER QUERIES-FILE [ROUNDS [facets|plain]]\n");
        return 2;
    }
    struct fault fault;
    if (search_library_start(&fault) != RC_OK)
        return 1;
    grn_ctx *ctx = grn_ctx_open(0);
    snprintf(path, sizeof path, "%s/current/db", argv[1]);
    if (ctx == NULL || grn_db_open(ctx, path) == NULL) {
        fprintf(stderr, "search_bare: %s cannot be opened\n", path);
        return 1;
    }
    while (status == 0 && fgets(line, sizeof line, queries) != NULL) {
        struct str text = str_trim(str_of(line));
        if (text.n > 0)
            status = ask(ctx, text, facets, rounds);
    }
    fclose(queries);
    grn_ctx_close(ctx);
    search_library_end();
    return status;
}
