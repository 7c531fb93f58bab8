#include <stdio.h>

#include "audit/audit.h"
#include "base/json.h"
#include "cli/groups.h"
#include "cli/progress.h"
#include "cli/watch_commands.h"

enum { POLICY_MAX = 64 << 10 };

struct telling {
    struct cli *cli;
    json_t *contradictions; /* NULL: as lines */
    struct progress_line line;
};

static void tell_contradiction(void *context, const char *kind, const char *text)
{
    struct telling *t = context;
    progress_end(&t->line);
    if (t->contradictions != NULL)
        json_array_append_new(t->contradictions, json_pack("{s:s, s:o}", "kind", kind, "text",
                                                           json_from_str(str_of(text))));
    else
        printf("%s: %s\n", kind, text);
}

static void tell_note(void *context, const char *text)
{
    struct telling *t = context;
    progress_end(&t->line);
    fprintf(stderr, "%s\n", text);
}

static void tell_progress(void *context, uint64_t done, uint64_t all)
{
    struct telling *t = context;
    progress_tell(&t->line, done, all);
}

static void print_result(const struct audit_result *r, json_t *contradictions)
{
    if (contradictions == NULL) {
        printf("%llu decisions and %llu voices verified; %llu restrictions, %llu in effect; %llu "
               "works "
               "compared; %llu contradictions\n",
               (unsigned long long)r->decisions, (unsigned long long)r->voices,
               (unsigned long long)r->restrictions, (unsigned long long)r->in_effect,
               (unsigned long long)r->works, (unsigned long long)r->contradictions);
        return;
    }
    JSON_AUTO *json = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:O}", "decisions", (json_int_t)r->decisions, "voices",
        (json_int_t)r->voices, "restrictions", (json_int_t)r->restrictions, "in_effect",
        (json_int_t)r->in_effect, "lifts_pending", (json_int_t)r->lifts_pending, "works",
        (json_int_t)r->works, "contradictions", contradictions);
    cli_print_json(json);
}

static enum rc run_audit(struct cli *cli, struct fault *fault)
{
    struct telling telling = {.cli = cli, .line = {.what = "works"}};
    struct audit_result result = {0};
    JSON_AUTO *list = cli_flag(cli, "json") ? json_array() : NULL;
    telling.contradictions = list;
    struct audit_order order = {.url = str_of(cli->arguments.v[0]),
                                .vkey = cli_value(cli, "vkey"),
                                .save = cli_value_z(cli, "save"),
                                .all = cli_flag(cli, "all"),
                                .context = &telling,
                                .contradiction = tell_contradiction,
                                .note = tell_note,
                                .progress = tell_progress};
    enum rc rc = RC_OK;
    if (cli_flag(cli, "policy"))
        rc = cli_read_file(cli, cli_value_z(cli, "policy"), POLICY_MAX, &order.policy, fault);
    if (rc == RC_OK)
        rc = audit_run(&order, &result, fault);
    progress_end(&telling.line);
    if (rc != RC_OK && result.contradictions == 0)
        return rc;
    print_result(&result, list);
    if (rc == RC_OK && result.contradictions > 0)
        rc = fault_set(fault, RC_CORRUPT, "what is served contradicts the Record");
    return rc;
}

static const struct option_spec audit_options[] = {
    {"vkey", OPTION_VALUE, false}, {"save", OPTION_VALUE, false}, {"policy", OPTION_VALUE, false},
    {"all", OPTION_FLAG, false},   {"json", OPTION_FLAG, false},  {NULL, 0, false}};

const struct command audit_commands[] = {
    {"audit", "audit URL [--vkey KEY] [--policy FILE] [--save FILE] [--all] [--json]",
     audit_options, 1, 1, false, run_audit},
    {"watch",
     "watch URL --state DIR [--once | --interval SECONDS] [--vkey KEY] [--policy FILE] "
     "[--all] [--peer URL|FILE]... "
     "[--receipts DIR] [--webhook URL] [--atom FILE] [--mail ADDRESS --mail-from \"NAME "
     "<ADDRESS>\" "
     "[--mail-server smtp[s]://HOST:PORT] [--mail-tls none|starttls] [--mail-login-file FILE] "
     "[--mail-ca-file FILE]]; "
     "watch --threats",
     watch_options, 0, 1, false, run_watch},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
