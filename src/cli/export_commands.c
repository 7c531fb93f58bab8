/* The Record for other people's databases. */
#include <stdio.h>
#include <unistd.h>

#include "app/record_export.h"
#include "base/clock.h"
#include "cli/groups.h"
#include "cli/progress.h"

static enum rc write_out(void *context, struct str bytes, struct fault *fault)
{
    (void)context;
    if (fwrite(bytes.p, 1, bytes.n, stdout) != bytes.n)
        return fault_set(fault, RC_IO, "the export cannot be written");
    return RC_OK;
}

static void say_counts(const uint64_t counts[DSA_VERDICT_COUNT])
{
    for (int v = 0; v < DSA_VERDICT_COUNT; v++)
        if (counts[v] > 0)
            fprintf(stderr, "%llu %s%s\n", (unsigned long long)counts[v],
                    v == DSA_REPORTED ? "" : "left out: ", dsa_verdict_says((enum dsa_verdict)v));
}

static enum rc run_record_export(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct str form = str_of(cli->arguments.v[0]);
    struct progress_line line = {.what = "entries"};
    struct export_order order = {.write = write_out, .progress_context = &line};
    uint64_t counts[DSA_VERDICT_COUNT];
    int32_t date;
    bool dsa = str_eq(form, STR("dsa")), lumen = str_eq(form, STR("lumen"));
    if (!dsa && !lumen && !str_eq(form, STR("jsonl")))
        return cli_usage(cli, fault, "record export %.*s: one of dsa, lumen, jsonl", STR_ARG(form));
    if (cli_flag(cli, "csv") && !lumen)
        return cli_usage(cli, fault, "--csv: lumen has it alone");
    if (cli_flag(cli, "since")) {
        if (!date_parse(cli_value(cli, "since"), &date))
            return cli_usage(cli, fault, "--since %.*s: a date (2026-12-31)",
                             STR_ARG(cli_value(cli, "since")));
        order.since = date_start(date);
    }
    if (isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO))
        order.progress = progress_tell;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc != RC_OK)
        return rc;
    if (dsa)
        rc = record_export_dsa(shop.site, &order, counts, fault);
    else if (lumen)
        rc = record_export_notices(shop.site, &order, cli_flag(cli, "csv"), fault);
    else
        rc = record_export_lines(shop.site, &order, fault);
    progress_end(&line);
    if (rc == RC_OK && fflush(stdout) != 0)
        rc = fault_set(fault, RC_IO, "the export cannot be written");
    if (rc == RC_OK && dsa)
        say_counts(counts);
    return rc;
}

static const struct option_spec export_options[] = {
    {"since", OPTION_VALUE, false}, {"csv", OPTION_FLAG, false}, {NULL, 0, false}};

const struct command export_commands[] = {
    {"record export",
     "record export dsa|lumen|jsonl [--since DATE] [--csv]\n"
     "             dsa    statements of reasons for the DSA Transparency Database, 100 a line, as "
     "its\n"
     "                    POST /api/v1/statements takes them: reviews, comments, accounts, hosted\n"
     "                    shops; no orders under Art. 9\n"
     "             lumen  demands as notices, JSON lines, or CSV with --csv\n"
     "             jsonl  every entry of both logs, a line each",
     export_options, 1, 1, true, run_record_export},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
