/* Texts that a storefront owes its readers. */
#include <stdio.h>

#include "app/texts.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/groups.h"

static enum rc run_text_set(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t version;
    bool withdrawn = cli_flag(cli, "withdraw");
    struct text_order order = {.storefront = str_of(cli->arguments.v[0]),
                               .kind = str_of(cli->arguments.v[1]),
                               .language = cli_value(cli, "language"),
                               .withdrawn = withdrawn,
                               .from = cli_value(cli, "from")};
    if (cli_flag(cli, "file") == withdrawn)
        return cli_usage(cli, fault, "exactly one of --file and --withdraw is needed");
    enum rc rc = RC_OK;
    if (!withdrawn)
        rc = cli_read_file(cli, cli_value_z(cli, "file"), TEXT_BODY_MAX, &order.body, fault);
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = text_set(shop.writer, NULL, &order, &version, fault);
    if (rc == RC_OK)
        printf("version %llu\n", (unsigned long long)version);
    return rc;
}

/* ---- reading ---- */

struct reading {
    struct store_conn *conn;
    struct storefront *storefronts;
    size_t storefront_n;
    shop_text_list texts;
};

static enum rc read_all(struct cli *cli, struct cli_shop *shop, struct reading *r,
                        struct fault *fault)
{
    enum rc rc = site_connect_wholly(shop->site, &r->conn, fault);
    if (rc == RC_OK)
        rc = texts_storefronts(r->conn, cli->arena, &r->storefronts, &r->storefront_n, fault);
    return rc == RC_OK ? texts_all(r->conn, cli->arena, &r->texts, fault) : rc;
}

static const struct storefront *storefront_of(const struct reading *r, struct str slug)
{
    for (size_t i = 0; i < r->storefront_n; i++)
        if (str_eq(r->storefronts[i].slug, slug))
            return &r->storefronts[i];
    return NULL;
}

static struct str slug_of(const struct reading *r, unsigned id)
{
    for (size_t i = 0; i < r->storefront_n; i++)
        if (r->storefronts[i].id == id)
            return r->storefronts[i].slug;
    return STR_NONE;
}

static const char *state_of(const struct reading *r, const struct shop_text *t, int64_t now)
{
    const struct shop_text *present =
        shop_text_in_force(&r->texts, t->storefront, t->kind, t->language, now);
    return t->from > now ? "to come" : t != present ? "past" : t->gone ? "withdrawn" : "in force";
}

static void print_text(const struct reading *r, const struct shop_text *t, int64_t now)
{
    BUF_AUTO from = BUF_INIT(64);
    time_add(&from, t->from);
    printf("%.*s %s %.*s version %llu: %s%s from %.*s\n", STR_ARG(slug_of(r, t->storefront)),
           text_kind_name(t->kind), STR_ARG(t->language), (unsigned long long)t->version,
           state_of(r, t, now), t->gone && t->from > now ? ", withdraws it" : "",
           STR_ARG(buf_str(&from)));
}

static json_t *text_json(const struct reading *r, const struct shop_text *t, int64_t now)
{
    return json_pack("{s:o,s:s,s:o,s:I,s:s,s:b,s:I,s:I}", "storefront",
                     json_from_str(slug_of(r, t->storefront)), "kind", text_kind_name(t->kind),
                     "language", json_from_str(t->language), "version", (json_int_t)t->version,
                     "state", state_of(r, t, now), "withdraws", t->gone, "from",
                     (json_int_t)t->from, "saved", (json_int_t)t->saved);
}

static enum rc list_texts(struct cli *cli, const struct reading *r, struct fault *fault)
{
    JSON_AUTO *json = json_array();
    int64_t now = clock_now();
    const struct storefront *only = NULL;
    if (cli->arguments.n > 0 && (only = storefront_of(r, str_of(cli->arguments.v[0]))) == NULL)
        return fault_set(fault, RC_NOT_FOUND, "there is no storefront %s", cli->arguments.v[0]);
    for (size_t i = 0; i < r->texts.n; i++) {
        const struct shop_text *t = &r->texts.v[i];
        if (only != NULL && t->storefront != only->id)
            continue;
        if (cli_flag(cli, "json"))
            json_array_append_new(json, text_json(r, t, now));
        else
            print_text(r, t, now);
    }
    if (cli_flag(cli, "json"))
        cli_print_json(json);
    return RC_OK;
}

static enum rc run_text_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct reading r = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = read_all(cli, &shop, &r, fault);
    if (rc == RC_OK)
        rc = list_texts(cli, &r, fault);
    site_disconnect(r.conn);
    return rc;
}

/* The version that is asked for, or else the one that is in force. */
static enum rc find_text(struct cli *cli, const struct reading *r, struct shop_text *ret,
                         struct fault *fault)
{
    struct str slug = str_of(cli->arguments.v[0]), version = cli_value(cli, "version");
    struct str kind = str_of(cli->arguments.v[1]);
    const struct storefront *s = storefront_of(r, slug);
    if (s == NULL)
        return fault_set(fault, RC_NOT_FOUND, "there is no storefront %.*s", STR_ARG(slug));
    *ret = (struct shop_text){.storefront = s->id, .language = cli_value(cli, "language")};
    if (!text_kind_parse(kind, &ret->kind))
        return fault_set(fault, RC_INVALID, "kind: there is no %.*s", STR_ARG(kind));
    if (version.n > 0)
        return str_to_u64(version, &ret->version)
                   ? RC_OK
                   : fault_set(fault, RC_INVALID, "version: a number is needed");
    const struct shop_text *t =
        shop_text_in_force(&r->texts, s->id, ret->kind, ret->language, clock_now());
    if (t == NULL || t->gone)
        return fault_set(fault, RC_NOT_FOUND, "there is no such text in force");
    *ret = *t;
    return RC_OK;
}

static enum rc run_text_show(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct reading r = {0};
    struct shop_text text;
    struct str body;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = read_all(cli, &shop, &r, fault);
    if (rc == RC_OK)
        rc = find_text(cli, &r, &text, fault);
    if (rc == RC_OK)
        rc = text_body(r.conn, cli->arena, &text, &body, fault);
    if (rc == RC_OK)
        printf("%.*s\n", STR_ARG(body));
    site_disconnect(r.conn);
    return rc;
}

static const struct option_spec set_options[] = {{"language", OPTION_VALUE, true},
                                                 {"file", OPTION_VALUE, false},
                                                 {"withdraw", OPTION_FLAG, false},
                                                 {"from", OPTION_VALUE, false},
                                                 {NULL, 0, false}};
static const struct option_spec list_options[] = {{"json", OPTION_FLAG, false}, {NULL, 0, false}};
static const struct option_spec show_options[] = {
    {"language", OPTION_VALUE, true}, {"version", OPTION_VALUE, false}, {NULL, 0, false}};

const struct command text_commands[] = {
    {"text set",
     "text set STOREFRONT "
     "about|imprint|terms|privacy|delivery|returns|contact|accessibility|reviews\n"
     "           --language en (--file FILE.md | --withdraw) [--from 2026-12-31]",
     set_options, 2, 2, true, run_text_set},
    {"text list", "text list [STOREFRONT] [--json]", list_options, 0, 1, true, run_text_list},
    {"text show", "text show STOREFRONT KIND --language en [--version N]", show_options, 2, 2, true,
     run_text_show},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
