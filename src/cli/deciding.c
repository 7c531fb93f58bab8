#include "cli/deciding.h"

#include <stdio.h>

#include "base/json.h"

enum rc cli_target(struct cli *cli, bool needed, struct restriction_order *ret, struct fault *fault)
{
    static const enum target_kind kinds[] = {TARGET_EDITION, TARGET_WORK, TARGET_COLLECTION,
                                             TARGET_CONTRIBUTOR, TARGET_SHOP};
    size_t chosen = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (cli_flag(cli, target_name(kinds[i]))) {
            ret->target = kinds[i];
            ret->target_key = cli_value(cli, target_name(kinds[i]));
            chosen++;
        }
    if (cli_flag(cli, "target")) {
        struct str key = cli_value(cli, "target"), kind;
        if (!str_next(&key, ':', &kind) || !target_parse(kind, &ret->target))
            return cli_usage(
                cli, fault, "--target %.*s: a kind and a key with a colon between, as in review:12",
                STR_ARG(cli_value(cli, "target")));
        ret->target_key = key;
        chosen++;
    }
    if (chosen > 1 || (needed && chosen != 1))
        return cli_usage(cli, fault,
                         "exactly one of --edition, --work, --collection, --contributor, --shop, "
                         "--target is needed");
    return RC_OK;
}

enum rc cli_staff(struct cli *cli, const struct cli_shop *shop, uint64_t *ret, struct fault *fault)
{
    *ret = 0;
    return cli_flag(cli, "as") ? decide_staff(shop->site, cli_value(cli, "as"), ret, fault) : RC_OK;
}

static void print_decided(struct cli *cli, const struct decided *done)
{
    struct str shown = hex_str(cli->arena, done->shown.b, sizeof done->shown.b);
    JSON_AUTO *json = json_object();
    if (done->proposal != 0) {
        json_object_set_new(json, "proposal", json_integer((json_int_t)done->proposal));
        json_object_set_new(json, "shown", json_from_str(shown));
    } else {
        json_object_set_new(json, "record_index", json_integer((json_int_t)done->record_index));
    }
    if (done->restriction != 0)
        json_object_set_new(json, "id", json_integer((json_int_t)done->restriction));
    if (done->demand != 0)
        json_object_set_new(json, "demand", json_integer((json_int_t)done->demand));
    if (cli_flag(cli, "json"))
        cli_print_json(json);
    else if (done->proposal != 0)
        printf("proposal %llu: another operator has to approve it\n%.*s\n",
               (unsigned long long)done->proposal, STR_ARG(shown));
    else if (done->restriction != 0)
        printf("restriction %llu, entry %llu\n", (unsigned long long)done->restriction,
               (unsigned long long)done->record_index);
    else
        printf("demand %llu, entry %llu\n", (unsigned long long)done->demand,
               (unsigned long long)done->record_index);
}

enum rc cli_decide(struct cli *cli, const struct decision_order *order, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct decided done;
    uint64_t staff = 0;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = cli_staff(cli, &shop, &staff, fault);
    if (rc == RC_OK)
        rc = decide_propose(shop.site, shop.writer, staff, order, &done, fault);
    if (rc == RC_OK)
        print_decided(cli, &done);
    return rc;
}

const struct option_spec approve_options[] = {{"as", OPTION_VALUE, true},
                                              {"shown", OPTION_VALUE, false},
                                              {"json", OPTION_FLAG, false},
                                              {NULL, 0, false}};

enum rc run_approve(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct decided done;
    struct hash shown;
    uint64_t proposal, staff = 0;
    bool bound = cli_flag(cli, "shown");
    if (!str_to_u64(str_of(cli->arguments.v[0]), &proposal))
        return cli_usage(cli, fault, "%s: a proposal's number is needed", cli->arguments.v[0]);
    if (bound && !hex_decode(cli_value(cli, "shown"), shown.b, sizeof shown.b))
        return cli_usage(cli, fault, "--shown: the 64 hex digits that the proposal was shown with");
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = cli_staff(cli, &shop, &staff, fault);
    if (rc == RC_OK)
        rc = decide_approve(shop.site, shop.writer, staff, proposal, bound ? &shown : NULL, &done,
                            fault);
    if (rc == RC_OK)
        print_decided(cli, &done);
    return rc;
}
