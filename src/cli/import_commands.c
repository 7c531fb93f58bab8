#include <pthread.h>
#include <stdio.h>

#include "app/import.h"
#include "app/listing.h"
#include "base/json.h"
#include "base/priority.h"
#include "cli/groups.h"
#include "cli/progress.h"
#include "cli/stop.h"

/* Ctrl-C asks the import to stop between batches; a thread of its own waits for
 * it and draws the progress meanwhile. */
struct watching {
    struct import_progress progress;
    struct progress_line line;
    atomic_bool done;
};

static void *watch_thread(void *context)
{
    struct watching *w = context;
    while (!atomic_load(&w->done)) {
        if (stop_asked(100))
            atomic_store(&w->progress.stop, true);
        if (atomic_load(&w->progress.indexing))
            progress_wait(&w->line, "The records are in; the search index follows");
        else if (atomic_load(&w->progress.stop))
            progress_wait(&w->line, "Stopping: the batch that has begun is finished");
        else
            progress_show(&w->line, atomic_load(&w->progress.bytes),
                          atomic_load(&w->progress.bytes_all), atomic_load(&w->progress.records));
    }
    progress_end(&w->line);
    return NULL;
}

static void print_summary(struct cli *cli, const struct import_summary *s)
{
    if (cli_flag(cli, "json")) {
        JSON_AUTO *json = json_pack(
            "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "records", (json_int_t)s->records,
            "added", (json_int_t)s->added, "changed", (json_int_t)s->changed, "unchanged",
            (json_int_t)s->unchanged, "deleted", (json_int_t)s->deleted, "refused",
            (json_int_t)s->refused, "warnings", (json_int_t)s->warnings, "informations",
            (json_int_t)s->informations, "stopped", (int)s->stopped);
        cli_print_json(json);
        return;
    }
    printf("%llu record%s: %llu added, %llu changed, %llu unchanged, %llu deleted, %llu refused; "
           "%llu warning%s%s\n",
           (unsigned long long)s->records, s->records == 1 ? "" : "s", (unsigned long long)s->added,
           (unsigned long long)s->changed, (unsigned long long)s->unchanged,
           (unsigned long long)s->deleted, (unsigned long long)s->refused,
           (unsigned long long)s->warnings, s->warnings == 1 ? "" : "s",
           s->informations > 0 ? "; --report FILE says what was left out" : "");
}

/* What the storefronts list now is committed to at once. Where the Record cannot be
 * written, the import stands all the same, and the next one or a server signs. */
static void sign_lists(void *context, const struct import_summary *summary)
{
    const struct cli_shop *shop = context;
    struct fault fault = {""};
    size_t n;
    if (summary->added + summary->changed + summary->deleted == 0)
        return;
    if (listing_sign_now(shop->site, shop->writer, &n, &fault) != RC_OK)
        fprintf(stderr, "colophon: the lists of titles are not signed yet: %s\n", fault.text);
}

static enum rc run_import(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct watching watching = {.line = {.what = "records"}};
    struct import_summary summary = {0};
    struct import_order order = {.shop = cli_value(cli, "shop"),
                                 .files = cli->arguments.v,
                                 .file_count = cli->arguments.n,
                                 .report = cli_value_z(cli, "report"),
                                 .progress = &watching.progress,
                                 .written = sign_lists,
                                 .context = &shop};
    pthread_t watcher;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc != RC_OK)
        return rc;
    stop_wait_to_be_asked();
    priority_lower(PRIORITY_LATER); /* readers first */
    if (pthread_create(&watcher, NULL, watch_thread, &watching) != 0)
        return fault_set(fault, RC_IO, "no thread for the progress");
    rc = import_run(shop.site, shop.writer, &order, &summary, fault);
    atomic_store(&watching.done, true);
    pthread_join(watcher, NULL);
    if (rc != RC_OK)
        return rc;
    print_summary(cli, &summary);
    if (summary.refused > 0)
        fprintf(stderr, "colophon: %llu %s refused%s\n", (unsigned long long)summary.refused,
                summary.refused == 1 ? "record was" : "records were",
                order.report == NULL ? "; --report FILE says why" : "");
    if (summary.stopped)
        return fault_set(fault, RC_CONFLICT, "stopped; the same command goes on where it ended");
    if (summary.broken_files > 0)
        return RC_INVALID; /* the fault says which file, and where it broke off */
    return RC_OK;
}

static const struct option_spec import_options[] = {{"shop", OPTION_VALUE, true},
                                                    {"report", OPTION_VALUE, false},
                                                    {"json", OPTION_FLAG, false},
                                                    {NULL, 0, false}};

const struct command import_commands[] = {
    {"import", "import --shop SLUG [--report FILE] [--json] FILE...   (- is standard input)",
     import_options, 1, 10000, true, run_import},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
