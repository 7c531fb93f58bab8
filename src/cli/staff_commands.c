/* Who runs the shop, and what they did. */
#include <stdio.h>

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

static const struct option_spec trail_options[] = {{"verify", OPTION_FLAG, false},
                                                   {"who", OPTION_VALUE, false},
                                                   {"day", OPTION_VALUE, false},
                                                   {"json", OPTION_FLAG, false},
                                                   {NULL, 0, false}};

const struct command staff_commands[] = {
    {"staff trail", "staff trail [--who WHO] [--day 2026-11-30] [--json] | --verify", trail_options,
     0, 0, true, run_staff_trail},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
