#include <stdio.h>

#include "app/take_over.h"
#include "base/json.h"
#include "base/priority.h"
#include "cli/groups.h"
#include "cli/progress.h"
#include "cli/stop.h"

struct bringing {
    const char *path;
    struct progress_line line;
};

static void tell_refused(void *context, uint64_t line, const char *why)
{
    struct bringing *b = context;
    progress_end(&b->line);
    b->line.shown = false;
    fprintf(stderr, "%s: line %llu: %s\n", b->path, (unsigned long long)line, why);
}

static bool tell_going(void *context, uint64_t bytes, uint64_t all, uint64_t rows)
{
    struct bringing *b = context;
    progress_show(&b->line, bytes, all, rows);
    return !stop_asked(0);
}

static void print_summary(struct cli *cli, const struct take_over_summary *s)
{
    if (cli_flag(cli, "json")) {
        JSON_AUTO *json =
            json_pack("{s:I, s:I, s:I, s:I, s:I, s:b, s:b}", "rows", (json_int_t)s->rows, "reviews",
                      (json_int_t)s->reviews, "ratings", (json_int_t)s->ratings, "unchanged",
                      (json_int_t)s->known, "refused", (json_int_t)s->refused, "dry_run",
                      (int)cli_flag(cli, "dry-run"), "stopped", (int)s->stopped);
        cli_print_json(json);
        return;
    }
    printf("%llu row%s: %llu review%s and %llu rating%s %s, %llu there already, %llu refused\n",
           (unsigned long long)s->rows, s->rows == 1 ? "" : "s", (unsigned long long)s->reviews,
           s->reviews == 1 ? "" : "s", (unsigned long long)s->ratings, s->ratings == 1 ? "" : "s",
           cli_flag(cli, "dry-run") ? "would be taken over" : "taken over",
           (unsigned long long)s->known, (unsigned long long)s->refused);
}

static enum rc run_import_reviews(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct bringing b = {.path = cli->arguments.v[0], .line = {.what = "rows"}};
    struct take_over_order order = {.path = b.path,
                                    .source = cli_value(cli, "from"),
                                    .language = cli_value(cli, "language"),
                                    .dry = cli_flag(cli, "dry-run"),
                                    .refused = tell_refused,
                                    .going = tell_going,
                                    .context = &b};
    struct take_over_summary summary = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc != RC_OK)
        return rc;
    stop_wait_to_be_asked();
    priority_lower(PRIORITY_LATER); /* readers first */
    rc = take_over(shop.site, shop.writer, &order, &summary, fault);
    progress_end(&b.line);
    if (rc != RC_OK && summary.rows == 0)
        return rc;
    print_summary(cli, &summary);
    if (summary.stopped)
        return fault_set(fault, RC_CONFLICT, "stopped; the same command goes on where it ended");
    return rc;
}

static const struct option_spec import_options[] = {{"from", OPTION_VALUE, false},
                                                    {"language", OPTION_VALUE, false},
                                                    {"dry-run", OPTION_FLAG, false},
                                                    {"json", OPTION_FLAG, false},
                                                    {NULL, 0, false}};

const struct command review_commands[] = {
    {"import-reviews",
     "import-reviews [--from NAME] [--language TAG] [--dry-run] [--json] FILE   (- is standard "
     "input)",
     import_options, 1, 1, true, run_import_reviews},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
