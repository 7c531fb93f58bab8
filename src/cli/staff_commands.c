/* Who runs the shop, and what they did. */
#include <stdio.h>

#include "app/staff.h"
#include "app/trail.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/groups.h"

enum { TRAIL_ROOM = 10000 };

static void print_entry(const struct trail_entry *e)
{
    BUF_AUTO at = BUF_INIT(64);
    time_add(&at, e->at);
    printf("%llu %.*s %.*s: %.*s%s%.*s\n", (unsigned long long)e->id, STR_ARG(buf_str(&at)),
           STR_ARG(e->who), STR_ARG(e->what), e->subject.n > 0 ? " " : "", STR_ARG(e->subject));
}

static json_t *entry_json(const struct trail_entry *e)
{
    json_t *json =
        json_pack("{s:I,s:I,s:o,s:o,s:o,s:o}", "id", (json_int_t)e->id, "at", (json_int_t)e->at,
                  "who", json_from_str(e->who), "what", json_from_str(e->what), "on",
                  json_from_str(e->subject), "hash", json_from_str(e->hash));
    return json;
}

static enum rc verify(struct cli_shop *shop, struct fault *fault)
{
    uint64_t rows;
    struct hash head;
    enum rc rc = trail_verify(shop->site, &rows, &head, fault);
    if (rc != RC_OK)
        return rc;
    BUF_AUTO hex = BUF_INIT(80);
    hex_add(&hex, head.b, sizeof head.b);
    printf("%llu rows, each as it was written; head %.*s\n", (unsigned long long)rows,
           STR_ARG(buf_str(&hex)));
    return RC_OK;
}

static enum rc run_staff_trail(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    trail_list entries = {0};
    uint64_t total;
    struct trail_choice choice = {cli_value(cli, "who"), cli_value(cli, "day")};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK && cli_flag(cli, "verify"))
        return verify(&shop, fault);
    if (rc == RC_OK)
        rc = trail_read(shop.site, cli->arena, &choice, 0, TRAIL_ROOM, &entries, &total, fault);
    cli_tell_cut(entries.n, TRAIL_ROOM);
    JSON_AUTO *json = json_array();
    for (size_t i = 0; rc == RC_OK && i < entries.n; i++) {
        if (cli_flag(cli, "json"))
            json_array_append_new(json, entry_json(&entries.v[i]));
        else
            print_entry(&entries.v[i]);
    }
    if (rc == RC_OK && cli_flag(cli, "json"))
        cli_print_json(json);
    return rc;
}

static enum rc run_staff_add(struct cli *cli, struct fault *fault)
{
    struct str role = cli_value(cli, "role");
    return cli_account_add(cli, role.n > 0 ? role : STR("operator"), fault);
}

static enum rc run_staff_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    staff_list staff = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = staff_read(shop.site, cli->arena, &staff, fault);
    for (size_t i = 0; rc == RC_OK && i < staff.n; i++)
        printf("%.*s %.*s%s%.*s %s: %.*s\n", STR_ARG(staff.v[i].email), STR_ARG(staff.v[i].role),
               staff.v[i].shop.n > 0 ? " of " : "", STR_ARG(staff.v[i].shop),
               staff.v[i].second_factor ? "with a second factor" : "without a second factor",
               STR_ARG(staff.v[i].name));
    return rc;
}

static enum rc run_staff_remove(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? staff_remove(shop.writer, str_of(cli->arguments.v[0]), STAFF_ALL, fault)
                       : rc;
}

static enum rc run_staff_reset(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? staff_reset_second_factor(shop.writer, str_of(cli->arguments.v[0]),
                                                   STAFF_ALL, fault)
                       : rc;
}

static enum rc run_staff_require(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct str word = str_of(cli->arguments.v[0]);
    bool on = str_eq(word, STR("on"));
    if (!on && !str_eq(word, STR("off")))
        return cli_usage(cli, fault, "%.*s: on or off", STR_ARG(word));
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? staff_require_second_factor(shop.writer, on, fault) : rc;
}

static const struct option_spec add_options[] = {{"name", OPTION_VALUE, false},
                                                 {"role", OPTION_VALUE, false},
                                                 {"shop", OPTION_VALUE, false},
                                                 {"password-stdin", OPTION_FLAG, false},
                                                 {NULL, 0, false}};
static const struct option_spec trail_options[] = {{"verify", OPTION_FLAG, false},
                                                   {"who", OPTION_VALUE, false},
                                                   {"day", OPTION_VALUE, false},
                                                   {"json", OPTION_FLAG, false},
                                                   {NULL, 0, false}};

const struct command staff_commands[] = {
    {"staff add",
     "staff add EMAIL [--name NAME] [--role operator|partner --shop SLUG] --password-stdin",
     add_options, 1, 1, true, run_staff_add},
    {"staff list", "staff list", NULL, 0, 0, true, run_staff_list},
    {"staff remove", "staff remove EMAIL", NULL, 1, 1, true, run_staff_remove},
    {"staff reset-second-factor", "staff reset-second-factor EMAIL", NULL, 1, 1, true,
     run_staff_reset},
    {"staff require-second-factor", "staff require-second-factor on|off", NULL, 1, 1, true,
     run_staff_require},
    {"staff trail", "staff trail [--who WHO] [--day 2026-11-30] [--json] | --verify", trail_options,
     0, 0, true, run_staff_trail},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
