/* Licences to sell: what countries ask for, and what is held. */
#include <stdio.h>

#include "app/licence_orders.h"
#include "app/licences.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/groups.h"
#include "web/api.h"

static struct licence_words read_words(const struct cli *cli)
{
    return (struct licence_words){.country = cli_value(cli, "country"),
                                  .kind = cli_value(cli, "kind"),
                                  .authority = cli_value(cli, "authority"),
                                  .holder = cli_value(cli, "holder"),
                                  .number = cli_value(cli, "number"),
                                  .activities = cli_value(cli, "activities"),
                                  .formats = cli_value(cli, "formats"),
                                  .status = cli_value(cli, "status"),
                                  .from = cli_value(cli, "from"),
                                  .until = cli_value(cli, "until")};
}

static enum rc run_licence_add(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct licence_words words = read_words(cli);
    struct licence order;
    uint64_t id, index;
    if (words.status.n == 0)
        words.status = str_of(licence_status_name(LICENCE_GRANTED));
    enum rc rc = licence_words_read(&words, &order, fault);
    if (rc != RC_OK)
        cli->usage = true;
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = licence_add(shop.site, shop.writer, &order, &id, &index, fault);
    if (rc == RC_OK)
        cli_print_made(cli, "licence", id, index);
    return rc;
}

static enum rc change(struct cli *cli, const struct licence_words *words, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct licence order;
    uint64_t id, index;
    if (!str_to_u64(str_of(cli->arguments.v[0]), &id) || id == 0)
        return cli_usage(cli, fault, "%s: a licence's number", cli->arguments.v[0]);
    enum rc rc = licence_change_read(words, id, &order, fault);
    if (rc != RC_OK)
        cli->usage = true;
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = licence_change(shop.site, shop.writer, &order, &index, fault);
    if (rc == RC_OK)
        cli_print_made(cli, "licence", id, index);
    return rc;
}

static enum rc run_licence_change(struct cli *cli, struct fault *fault)
{
    struct licence_words words = read_words(cli);
    return change(cli, &words, fault);
}

/* Whoever ends one early says how: withdrawn by its holder, unless something else is named. */
static enum rc run_licence_end(struct cli *cli, struct fault *fault)
{
    struct licence_words words = {.status = cli_value(cli, "status")};
    if (words.status.n == 0)
        words.status = str_of(licence_status_name(LICENCE_WITHDRAWN));
    if (str_is(words.status, licence_status_name(LICENCE_GRANTED)))
        return cli_usage(cli, fault, "--status granted: that ends nothing");
    return change(cli, &words, fault);
}

static enum rc run_licence_need(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct licence_need_words words = {.country = cli_value(cli, "country"),
                                       .formats = cli_value(cli, "formats"),
                                       .activity = cli_value(cli, "activity"),
                                       .need = cli_value(cli, "need"),
                                       .kind = cli_value(cli, "kind"),
                                       .source = cli_value(cli, "source"),
                                       .read = cli_value(cli, "read")};
    struct licence_need order;
    uint64_t index;
    if (words.activity.n == 0)
        words.activity = str_of(licence_activity_name(ACTIVITY_RETAIL));
    if (words.formats.n == 0)
        words.formats = STR("print,ebook,audio");
    enum rc rc = licence_need_read(&words, &order, fault);
    if (rc != RC_OK)
        cli->usage = true;
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = licence_state_need(shop.site, shop.writer, &order, cli_value(cli, "reasons"), &index,
                                fault);
    if (rc == RC_OK)
        cli_print_made(cli, "need", 0, index);
    return rc;
}

static enum rc run_licence_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    struct licences all;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = licences_read(conn, cli->arena, &all, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    int64_t now = clock_now();
    if (cli_flag(cli, "json")) {
        JSON_AUTO *json = api_licences(&all, now);
        cli_print_json(json);
        return RC_OK;
    }
    for (size_t i = 0; i < all.book.licences.n; i++) {
        const struct licence *l = &all.book.licences.v[i];
        printf("%llu\t%.*s\t%s\t%s\t%.*s\t%.*s\tentry %llu\n", (unsigned long long)l->id,
               STR_ARG(l->country), licence_kind_name(l->kind),
               licence_expired(l, now) ? "expired" : licence_status_name(l->status),
               STR_ARG(l->authority), STR_ARG(l->holder), (unsigned long long)l->index);
    }
    return RC_OK;
}

static const struct option_spec add_options[] = {
    {"country", OPTION_VALUE, true},   {"kind", OPTION_VALUE, true},
    {"authority", OPTION_VALUE, true}, {"holder", OPTION_VALUE, true},
    {"number", OPTION_VALUE, false},   {"activities", OPTION_VALUE, true},
    {"formats", OPTION_VALUE, true},   {"status", OPTION_VALUE, false},
    {"from", OPTION_VALUE, false},     {"until", OPTION_VALUE, false},
    {"json", OPTION_FLAG, false},      {NULL, 0, false}};
static const struct option_spec change_options[] = {{"status", OPTION_VALUE, false},
                                                    {"from", OPTION_VALUE, false},
                                                    {"until", OPTION_VALUE, false},
                                                    {"json", OPTION_FLAG, false},
                                                    {NULL, 0, false}};
static const struct option_spec end_options[] = {
    {"status", OPTION_VALUE, false}, {"json", OPTION_FLAG, false}, {NULL, 0, false}};
static const struct option_spec need_options[] = {
    {"country", OPTION_VALUE, true},   {"need", OPTION_VALUE, true},
    {"kind", OPTION_VALUE, false},     {"formats", OPTION_VALUE, false},
    {"activity", OPTION_VALUE, false}, {"source", OPTION_VALUE, false},
    {"read", OPTION_VALUE, false},     {"reasons", OPTION_VALUE, false},
    {"json", OPTION_FLAG, false},      {NULL, 0, false}};
static const struct option_spec list_options[] = {{"json", OPTION_FLAG, false}, {NULL, 0, false}};

const struct command licence_commands[] = {
    {"licence add",
     "licence add --country CN --kind operator|activity|registration|notification\n"
     "           --authority NAME --holder NAME [--number N] --formats print,ebook,audio\n"
     "           --activities retail,publish-online,import,wholesale,lend\n"
     "           [--status applied|info-requested|granted|conditional|refused|…]\n"
     "           [--from DATE] [--until DATE] [--json]\n"
     "           an entry of the Record, listed at /record/licences/; DATE ends with its day, UTC",
     add_options, 0, 0, true, run_licence_add},
    {"licence change",
     "licence change ID [--status granted|conditional|refused|withdrawn|suspended|revoked|…]\n"
     "           [--from DATE] [--until DATE] [--json]\n"
     "           what is left out stays as it is",
     change_options, 1, 1, true, run_licence_change},
    {"licence end", "licence end ID [--status withdrawn|suspended|revoked] [--json]", end_options,
     1, 1, true, run_licence_end},
    {"licence need",
     "licence need --country CN --need required|not-required|not-researched [--kind KIND]\n"
     "           [--formats print,ebook,audio] [--activity retail] [--source LAW] [--read DATE]\n"
     "           [--reasons TEXT] [--json]\n"
     "           what the country asks of whoever sells there, as the law was read that day",
     need_options, 0, 0, true, run_licence_need},
    {"licence list", "licence list [--json]", list_options, 0, 0, true, run_licence_list},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
