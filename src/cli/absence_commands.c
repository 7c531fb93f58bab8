#include <stdio.h>

#include "app/publication.h"
#include "audit/absence.h"
#include "audit/receipts.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/groups.h"

/* And the keys before and after it. */
static enum rc find_key(struct cli *cli, struct str *ret, struct str *ret_list, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct str vkey = cli_value(cli, "key");
    if (vkey.n == 0 && cli->dir == NULL)
        return cli_usage(cli, fault,
                         "--key VKEY is needed: of the decisions log, as at /record/vkey");
    enum rc rc = RC_OK;
    if (vkey.n == 0) {
        rc = cli_open(cli, &shop, fault);
        if (rc == RC_OK)
            rc = publication_vkey(shop.site, NULL, cli->arena, PUBLIC_DECISIONS, &vkey, fault);
        if (rc == RC_OK)
            rc = publication_vkeys(shop.site, NULL, cli->arena, ret_list, fault);
    } else if (cli_flag(cli, "keys")) {
        rc = cli_read_file(cli, cli_value_z(cli, "keys"), KEY_LIST_MAX, ret_list, fault);
    }
    if (rc == RC_OK)
        *ret = vkey;
    return rc;
}

static json_t *time_json(int64_t t)
{
    BUF_AUTO b = BUF_INIT(32);
    time_add(&b, t);
    return json_from_str(buf_str(&b));
}

static void print_json(const struct absence_result *r, int64_t now)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->restrictions.n; i++) {
        const struct absence_restriction *x = &r->restrictions.v[i];
        json_array_append_new(list, json_pack("{s:I, s:o, s:o, s:b}", "restriction",
                                              (json_int_t)x->id, "kind", json_from_str(x->kind),
                                              "key", json_from_str(x->key), "in_effect",
                                              absence_state(x, now) == STATE_IN_EFFECT));
    }
    JSON_AUTO *json =
        json_pack("{s:o, s:I, s:o, s:I, s:I, s:o}", "storefront", json_from_str(r->storefront),
                  "work", (json_int_t)r->work, "at", time_json(r->at), "size", (json_int_t)r->size,
                  "keys", (json_int_t)r->keys, "restrictions", list);
    cli_print_json(json);
}

static void print_text(const struct absence_result *r, int64_t now)
{
    BUF_AUTO at = BUF_INIT(32);
    size_t in_effect = 0;
    time_add(&at, r->at);
    for (size_t i = 0; i < r->restrictions.n; i++) {
        const struct absence_restriction *x = &r->restrictions.v[i];
        bool now_here = absence_state(x, now) == STATE_IN_EFFECT;
        in_effect += now_here;
        printf("restriction %llu (%.*s %.*s)%s%.*s withholds", (unsigned long long)x->id,
               STR_ARG(x->kind), STR_ARG(x->key), x->part.n > 0 ? " of one part alone, " : "",
               STR_ARG(x->part_kind));
        for (int f = 0; f < FEATURE_COUNT; f++)
            if (x->features & FEATURE_BIT(f))
                printf(" %s", feature_name((enum feature)f));
        printf("%s\n", now_here        ? ""
                       : now < x->from ? ", later"
                                       : ", until its end, which is past");
    }
    printf("%s work %llu in %.*s as of %.*s, proved under a signed checkpoint of %llu entries\n",
           in_effect == 0 ? "nothing is withheld from" : "this is all that is withheld from",
           (unsigned long long)r->work, STR_ARG(r->storefront), STR_ARG(buf_str(&at)),
           (unsigned long long)r->size);
}

static enum rc run_absence_verify(struct cli *cli, struct fault *fault)
{
    struct absence_result result;
    struct str key, text, list = STR_NONE;
    enum rc rc = find_key(cli, &key, &list, fault);
    if (rc == RC_OK)
        rc = cli_read_file(cli, cli->arguments.v[0], ABSENCE_FILE_MAX, &text, fault);
    if (rc == RC_OK)
        rc = absence_verify(cli->arena, text, key, list, &result, fault);
    if (rc != RC_OK)
        return rc;
    if (cli_flag(cli, "json"))
        print_json(&result, clock_now());
    else
        print_text(&result, clock_now());
    return RC_OK;
}

static const struct option_spec absence_options[] = {{"key", OPTION_VALUE, false},
                                                     {"keys", OPTION_VALUE, false},
                                                     {"json", OPTION_FLAG, false},
                                                     {NULL, 0, false}};

const struct command absence_commands[] = {
    {"absence verify", "absence verify FILE [--key VKEY [--keys LIST]] [--json]", absence_options,
     1, 1, false, run_absence_verify},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
