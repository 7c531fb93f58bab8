#include <stdio.h>

#include "app/counters.h"
#include "app/cover.h"
#include "app/cover_fetch.h"
#include "app/file_moves.h"
#include "base/json.h"
#include "cli/groups.h"
#include "cli/progress.h"
#include "cli/stop.h"

/* Pages do without them; nobody would notice. */
static void tell_missing(uint64_t n)
{
    if (n > 0)
        fprintf(stderr,
                "colophon: %llu smaller forms (AVIF, WebP or JPEG) could not be made here; does "
                "vipsthumbnail write them?\n",
                (unsigned long long)n);
}

static enum rc run_cover_put(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct cover_taken taken;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = cover_put(shop.site, shop.writer, cli_value(cli, "isbn"), cli->arguments.v[0], &taken,
                       fault);
    if (rc == RC_OK)
        printf("%u × %u, %llu bytes\n", taken.width, taken.height, (unsigned long long)taken.bytes);
    if (rc == RC_OK)
        tell_missing(taken.missing);
    return rc;
}

static enum rc run_cover_remove(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? cover_remove(shop.site, shop.writer, cli_value(cli, "isbn"), fault) : rc;
}

static void tell_fetched(void *line, uint64_t count)
{
    progress_show(line, 0, 0, count);
}

static bool asked_to_stop(void *context)
{
    (void)context;
    return stop_asked(0);
}

static enum rc run_cover_fetch(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct progress_line line = {.what = "covers"};
    struct cover_fetching fetching = {.loopback = cli_flag(cli, "from-loopback"),
                                      .again = cli_flag(cli, "again"),
                                      .all = cli_flag(cli, "all"),
                                      .context = &line,
                                      .stop = asked_to_stop,
                                      .tell = tell_fetched};
    struct cover_fetched done = {0};
    stop_wait_to_be_asked();
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = cover_fetch_all(shop.site, shop.writer, &fetching, &done, fault);
    progress_end(&line);
    if (rc == RC_OK)
        printf("%llu fetched, %llu unchanged, %llu failed\n", (unsigned long long)done.fetched,
               (unsigned long long)done.unchanged, (unsigned long long)done.failed);
    if (rc == RC_OK)
        tell_missing(counted(&site_counters(shop.site)->cover_forms_missing));
    return rc;
}

static void tell_done(void *line, uint64_t count)
{
    progress_show(line, 0, 0, count);
}

static void tell_bad(void *line, struct str key, const char *reason)
{
    (void)line;
    printf("%.*s: %s\n", STR_ARG(key), reason);
}

static enum rc run_files_check(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct files_count count = {0};
    struct progress_line line = {.what = "files"};
    struct files_watch watch = {&line, tell_done, tell_bad};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = covers_sweep(shop.site, shop.writer, fault);
    if (rc == RC_OK)
        rc = files_verify(shop.site, &watch, &count, fault);
    progress_end(&line);
    if (rc == RC_OK && count.bad > 0)
        rc =
            fault_set(fault, RC_CORRUPT, "%llu of %llu files are not as they were put",
                      (unsigned long long)count.bad, (unsigned long long)(count.bad + count.files));
    if (rc == RC_OK)
        printf("%llu files, %llu bytes: all as they were put\n", (unsigned long long)count.files,
               (unsigned long long)count.bytes);
    return rc;
}

static enum rc run_files_move(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct files_count count = {0};
    struct progress_line line = {.what = "files"};
    struct files_watch watch = {&line, tell_done, NULL};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = files_move(shop.site, shop.writer, cli_value(cli, "to"), &watch, &count, fault);
    progress_end(&line);
    if (rc == RC_OK)
        printf(
            "%llu files, %llu bytes moved and compared; the old ones are still where they were\n",
            (unsigned long long)count.files, (unsigned long long)count.bytes);
    return rc;
}

static const struct option_spec isbn_options[] = {{"isbn", OPTION_VALUE, true}, {NULL, 0, false}};
static const struct option_spec to_options[] = {{"to", OPTION_VALUE, true}, {NULL, 0, false}};

static const struct option_spec fetch_options[] = {{"again", OPTION_FLAG, false},
                                                   {"all", OPTION_FLAG, false},
                                                   {"from-loopback", OPTION_FLAG, false},
                                                   {NULL, 0, false}};

const struct command file_commands[] = {
    {"cover fetch", "cover fetch [--again | --all] [--from-loopback]", fetch_options, 0, 0, true,
     run_cover_fetch},
    {"cover put", "cover put --isbn ISBN FILE", isbn_options, 1, 1, true, run_cover_put},
    {"cover remove", "cover remove --isbn ISBN", isbn_options, 0, 0, true, run_cover_remove},
    {"files check", "files check", NULL, 0, 0, true, run_files_check},
    {"files move", "files move --to s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]|FOLDER",
     to_options, 0, 0, true, run_files_move},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
