/* Who owns the hosted shops, and what was agreed with authorities. */
#include <stdio.h>

#include "app/manage.h"
#include "app/parties.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/deciding.h"
#include "cli/groups.h"
#include "cli/party_lines.h"

static enum rc run_shop_add(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct disclosure_order disclosure = party_read_disclosure(cli);
    bool owned = cli_flag(cli, "owner");
    if (!owned &&
        (cli_flag(cli, "controlled-by") || cli_flag(cli, "country") || cli_flag(cli, "text")))
        return cli_usage(cli, fault,
                         "--controlled-by, --country and --text say more of --owner, which is "
                         "missing");
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? manage_shop_add(shop.site, shop.writer, disclosure.shop,
                                         cli_value(cli, "name"), owned ? &disclosure : NULL, fault)
                       : rc;
}

static enum rc run_shop_disclose(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct disclosure_order order = party_read_disclosure(cli);
    uint64_t index;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = disclose(shop.site, shop.writer, &order, &index, fault);
    if (rc == RC_OK)
        cli_print_made(cli, "disclosure", 0, index);
    return rc;
}

/* ---- agreements ---- */

static enum rc run_agreement_add(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct agreement_order order;
    uint64_t id, index;
    enum rc rc = party_read_agreement(cli, &order, fault);
    if (rc == RC_OK)
        rc = cli_paper(cli, "document", &order.document, fault);
    if (rc == RC_OK)
        rc = cli_paper(cli, "public-copy", &order.copy, fault);
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = agreement_add(shop.site, shop.writer, &order, &id, &index, fault);
    if (rc == RC_OK)
        cli_print_made(cli, "agreement", id, index);
    return rc;
}

static struct str time_text(struct arena *arena, int64_t t)
{
    BUF_AUTO b = BUF_INIT(40);
    time_add(&b, t);
    return arena_str(arena, buf_str(&b));
}

static void print_agreement(struct cli *cli, const struct agreement *a, json_t *list)
{
    struct str from = time_text(cli->arena, a->from),
               until = a->until == 0 ? STR("open") : time_text(cli->arena, a->until);
    if (list == NULL) {
        printf("%llu\t%.*s\t%.*s\t%.*s\t%.*s\tentry %llu\n", (unsigned long long)a->id,
               STR_ARG(a->country), STR_ARG(a->authority), STR_ARG(from), STR_ARG(until),
               (unsigned long long)a->index);
        return;
    }
    json_array_append_new(
        list, json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "id", (json_int_t)a->id,
                        "record_index", (json_int_t)a->index, "country", json_from_str(a->country),
                        "authority", json_from_str(a->authority), "from", json_from_str(from),
                        "until", a->until == 0 ? json_null() : json_from_str(until), "text",
                        json_from_str(a->text)));
}

static enum rc run_agreement_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    agreement_list list = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = agreements_read(shop.site, cli->arena, &list, fault);
    if (rc != RC_OK)
        return rc;
    JSON_AUTO *json = json_object();
    json_t *array = cli_flag(cli, "json") ? json_array() : NULL;
    for (size_t i = 0; i < list.n; i++)
        print_agreement(cli, &list.v[i], array);
    if (array != NULL) {
        json_object_set_new(json, "agreements", array);
        cli_print_json(json);
    }
    return RC_OK;
}

static const struct option_spec shop_options[] = {
    {"name", OPTION_VALUE, true},   {"controlled-by", OPTION_VALUE, false},
    {"owner", OPTION_VALUE, false}, {"country", OPTION_VALUE, false},
    {"text", OPTION_VALUE, false},  {NULL, 0, false}};
static const struct option_spec list_options[] = {{"json", OPTION_FLAG, false}, {NULL, 0, false}};

const struct command party_commands[] = {
    {"shop add",
     "shop add SLUG --name NAME [--owner ENTITY [--controlled-by NAME] [--country CN] [--text "
     "TEXT]]",
     shop_options, 1, 1, true, run_shop_add},
    {"shop disclose",
     "shop disclose SLUG --owner ENTITY [--controlled-by NAME] [--country CN] [--text TEXT] "
     "[--json]\n"
     "           an entry of the Record, shown on every title of the shop",
     party_disclose_options, 1, 1, true, run_shop_disclose},
    {"agreement add",
     "agreement add --authority NAME --country CN --from DATE [--until DATE] --text TEXT\n"
     "           [--document FILE [--public-copy FILE]] [--json]\n"
     "           an entry of the Record, listed at /record/agreements",
     party_agreement_options, 0, 0, true, run_agreement_add},
    {"agreement list", "agreement list [--json]", list_options, 0, 0, true, run_agreement_list},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
