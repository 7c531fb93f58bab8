/* Selling by telephone, sales orders, and what is charged on what is sold. */
#include <stdio.h>

#include "app/sales.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/groups.h"
#include "domain/money.h"
#include "web/api_sales.h"

enum { LISTED_MAX = 1000 };

/* ---- placing ---- */

/* "9780000050014", or "9780000050014=3" for three copies. */
static enum rc read_wishes(struct cli *cli, struct sale_wish *ret, struct fault *fault)
{
    for (size_t i = 0; i < cli->arguments.n; i++) {
        struct str word = str_of(cli->arguments.v[i]);
        size_t at = str_find(word, '=');
        uint64_t quantity = 1;
        if (at < word.n &&
            (!str_to_u64(str_sub(word, at + 1, word.n), &quantity) || quantity > SALE_QUANTITY_MAX))
            return cli_usage(cli, fault, "%s: EDITION=COPIES", cli->arguments.v[i]);
        ret[i] = (struct sale_wish){str_sub(word, 0, at), (int64_t)quantity};
    }
    return RC_OK;
}

/* Where it is shipped to: one --address for each line, as an envelope has them. */
static const struct postal *read_postal(struct cli *cli, struct postal *ret)
{
    const struct str *lines;
    size_t n = cli_list(cli, "address", &lines);
    if (n == 0)
        return NULL;
    *ret = (struct postal){.name = cli_value(cli, "name"), .country = cli_value(cli, "country")};
    for (size_t i = 0; i < n; i++)
        ret->lines = ARENA_JOIN(cli->arena, ret->lines, i > 0 ? STR("\n") : STR_NONE, lines[i]);
    return ret;
}

/* "--shipping 3", for each shop that sends something. */
static enum rc read_shipping(struct cli *cli, struct purchase_form *form, struct fault *fault)
{
    const struct str *given;
    size_t n = cli_list(cli, "shipping", &given);
    form->delivery_by.v = ARENA_ARRAY(cli->arena, struct delivery_wish, n);
    for (size_t i = 0; i < n; i++) {
        struct delivery_wish wish = {.shop = 0};
        if (!str_to_u64(given[i], &wish.method))
            return cli_usage(cli, fault, "--shipping: a number, as `shipping list` has them");
        form->delivery_by.v[form->delivery_by.n++] = wish;
    }
    return RC_OK;
}

static enum rc find_account(struct cli *cli, struct cli_shop *shop, struct viewer *ret,
                            struct fault *fault)
{
    if (!cli_flag(cli, "as"))
        return RC_OK;
    return sales_buyer(shop->site, cli->arena, cli_value(cli, "as"), ret, fault);
}

static void print_placed(const struct cli *cli, const struct purchase_placed *placed,
                         const struct sales_order_row *orders, size_t n)
{
    JSON_AUTO *list = json_array();
    for (size_t i = 0; i < n; i++) {
        BUF_AUTO total = BUF_INIT(64);
        money_add(&total, orders[i].total, orders[i].currency);
        if (cli_flag(cli, "json"))
            json_array_append_new(list, json_pack("{s:I, s:o, s:o, s:I, s:o}", "id",
                                                  (json_int_t)orders[i].id, "number",
                                                  json_from_str(orders[i].number), "shop",
                                                  json_from_str(orders[i].shop_slug), "total",
                                                  (json_int_t)orders[i].total, "currency",
                                                  json_from_str(orders[i].currency)));
        else
            printf("sales order %.*s of %.*s, %.*s %.*s\n", STR_ARG(orders[i].number),
                   STR_ARG(orders[i].shop_slug), STR_ARG(buf_str(&total)),
                   STR_ARG(orders[i].currency));
    }
    if (cli_flag(cli, "json")) {
        JSON_AUTO *json = json_pack("{s:I, s:s, s:O}", "purchase", (json_int_t)placed->id, "secret",
                                    placed->secret, "orders", list);
        cli_print_json(json);
    } else {
        printf("purchase %llu\nlink: /order/%s below the storefront\n",
               (unsigned long long)placed->id, placed->secret);
    }
}

static enum rc run_sales_place(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct gate *gate = NULL;
    struct store_conn *conn = NULL;
    struct purchase_placed placed;
    struct sales_order_row *orders = NULL;
    struct postal postal;
    size_t n = 0;
    struct sale_wish *wishes = ARENA_ARRAY(cli->arena, struct sale_wish, cli->arguments.n);
    struct purchase_form form = {.storefront = cli_value(cli, "storefront"),
                                 .email = cli_value(cli, "email"),
                                 .language = cli_value(cli, "language"),
                                 .method = cli_value(cli, "method"),
                                 .delivery = read_postal(cli, &postal),
                                 .voucher = cli_value(cli, "voucher"),
                                 .region = cli_value(cli, "region"),
                                 .wishes = wishes,
                                 .wish_n = cli->arguments.n,
                                 .evidence = STR("{\"by\":\"telephone\"}"),
                                 .by_staff = true};
    if (form.email.n == 0 && !cli_flag(cli, "as"))
        return cli_usage(cli, fault, "--email or --as: whom letters go to");
    if (cli_flag(cli, "consent")) {
        form.consent = clock_now();
        form.consent_text = STR("By telephone: at once, and that the right of withdrawal ends.");
    }
    enum rc rc = read_wishes(cli, wishes, fault);
    if (rc == RC_OK)
        rc = read_shipping(cli, &form, fault);
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = find_account(cli, &shop, &form.viewer, fault);
    if (rc == RC_OK)
        rc = gate_open(shop.site, &gate, fault);
    form.gate = gate;
    if (rc == RC_OK)
        rc = sales_place(shop.site, shop.writer, cli->arena, &form, &placed, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = sales_orders_of(conn, cli->arena, placed.id, &orders, &n, fault);
    site_disconnect(conn);
    gate_close(gate);
    if (rc == RC_OK)
        print_placed(cli, &placed, orders, n);
    return rc;
}

/* ---- looking ---- */

static void print_order(const struct sales_order_row *o)
{
    BUF_AUTO b = BUF_INIT(128);
    money_add(&b, o->total, o->currency);
    buf_printf(&b, " %.*s\t", STR_ARG(o->currency));
    time_add(&b, o->placed);
    printf("%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(o->number), STR_ARG(o->state), STR_ARG(o->shop_slug),
           STR_ARG(buf_str(&b)));
}

static enum rc run_sales_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    struct sales_order_row *rows;
    size_t n = 0;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = sales_list(conn, cli->arena, 0, cli_value(cli, "state"), 0, LISTED_MAX, &rows, &n,
                        fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    cli_tell_cut(n, LISTED_MAX);
    JSON_AUTO *list = json_array();
    for (size_t i = 0; i < n; i++)
        if (cli_flag(cli, "json"))
            json_array_append_new(list, api_sales_order(&rows[i]));
        else
            print_order(&rows[i]);
    if (cli_flag(cli, "json")) {
        JSON_AUTO *json = json_pack("{s:O}", "orders", list);
        cli_print_json(json);
    }
    return RC_OK;
}

static void print_view(const struct sales_view *v)
{
    print_order(&v->order);
    printf("purchase %llu, %.*s, %.*s\n", (unsigned long long)v->purchase.id,
           STR_ARG(v->purchase.state), STR_ARG(v->purchase.email));
    for (size_t i = 0; i < v->line_n; i++) {
        const struct sales_line_row *l = &v->lines[i];
        BUF_AUTO total = BUF_INIT(64);
        money_add(&total, l->total, v->order.currency);
        printf("%lld\t%.*s\t%.*s\t%.*s\n", (long long)l->quantity, STR_ARG(l->isbn),
               STR_ARG(l->title), STR_ARG(buf_str(&total)));
    }
    for (size_t i = 0; i < v->event_n; i++) {
        BUF_AUTO at = BUF_INIT(32);
        time_add(&at, v->events[i].at);
        printf("%.*s\t%.*s\t%.*s\n", STR_ARG(buf_str(&at)), STR_ARG(v->events[i].kind),
               STR_ARG(v->events[i].actor));
    }
}

static enum rc run_sales_show(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    struct sales_view v;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = sales_view(conn, cli->arena, str_of(cli->arguments.v[0]), &v, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    if (!cli_flag(cli, "json")) {
        print_view(&v);
        return RC_OK;
    }
    JSON_AUTO *json = api_sales_view(&v, true);
    json_object_set_new(json, "purchase_state", json_from_str(v.purchase.state));
    json_object_set_new(json, "email", json_from_str(v.purchase.email));
    json_object_set_new(json, "expires", json_from_time(v.purchase.expires));
    cli_print_json(json);
    return RC_OK;
}

/* ---- tax ---- */

static enum rc run_tax_set(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct tax_rate rate = {.country = cli_value(cli, "country"),
                            .region = cli_value(cli, "region"),
                            .code = cli_value(cli, "code"),
                            .source = cli_value(cli, "source")};
    if (!product_kind_parse(cli_value(cli, "kind"), &rate.kind))
        return cli_usage(
            cli, fault,
            "--kind: one of print, e-book, audio, audio-download, map, other, shipping");
    if (!tax_rate_parse(cli_value(cli, "rate"), &rate.rate))
        return cli_usage(cli, fault, "--rate: per cent, as in 7 or 5.5");
    if (!date_parse(cli_value(cli, "from"), &rate.starts))
        return cli_usage(cli, fault, "--from: a day, as in 2027-01-01");
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? tax_state(shop.writer, &rate, fault) : rc;
}

static enum rc run_tax_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    tax_rate_list rates = {NULL, 0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = tax_stated(conn, cli->arena, cli_value(cli, "country"), &rates, fault);
    site_disconnect(conn);
    for (size_t i = 0; rc == RC_OK && i < rates.n; i++) {
        const struct tax_rate *r = &rates.v[i];
        BUF_AUTO from = BUF_INIT(32);
        date_add(&from, r->starts);
        printf("%.*s%s%.*s\t%s\t%d.%03d\t%.*s\t%.*s\t%.*s\n", STR_ARG(r->country),
               r->region.n > 0 ? "-" : "", STR_ARG(r->region), product_kind_name(r->kind),
               (int)r->rate / 1000, (int)r->rate % 1000, STR_ARG(buf_str(&from)), STR_ARG(r->code),
               STR_ARG(r->source));
    }
    return rc;
}

static const struct option_spec place_options[] = {
    {"storefront", OPTION_VALUE, true}, {"email", OPTION_VALUE, false},
    {"as", OPTION_VALUE, false},        {"language", OPTION_VALUE, false},
    {"method", OPTION_VALUE, false},    {"name", OPTION_VALUE, false},
    {"address", OPTION_LIST, false},    {"country", OPTION_VALUE, false},
    {"shipping", OPTION_LIST, false},   {"consent", OPTION_FLAG, false},
    {"voucher", OPTION_VALUE, false},   {"region", OPTION_VALUE, false},
    {"json", OPTION_FLAG, false},       {NULL, 0, false}};
static const struct option_spec list_options[] = {
    {"state", OPTION_VALUE, false}, {"json", OPTION_FLAG, false}, {NULL, 0, false}};
static const struct option_spec show_options[] = {{"json", OPTION_FLAG, false}, {NULL, 0, false}};
static const struct option_spec tax_options[] = {
    {"country", OPTION_VALUE, true}, {"region", OPTION_VALUE, false},
    {"kind", OPTION_VALUE, true},    {"rate", OPTION_VALUE, true},
    {"from", OPTION_VALUE, true},    {"code", OPTION_VALUE, false},
    {"source", OPTION_VALUE, true},  {NULL, 0, false}};
static const struct option_spec tax_list_options[] = {{"country", OPTION_VALUE, false},
                                                      {NULL, 0, false}};

const struct command sales_commands[] = {
    {"sales place",
     "sales place --storefront SLUG --email ADDRESS|--as ACCOUNT [--language TAG] [--method "
     "transfer]\n"
     "           [--name NAME --address LINE ... --country CC [--shipping METHOD ...]]\n"
     "           [--region CODE] [--voucher CODE] [--consent] [--json] EDITION[=COPIES] ...\n"
     "           a purchase by telephone; without an address it is fetched at the shop; --consent: "
     "whoever buys e-books\n"
     "           wants them at once, and knows that the right of withdrawal ends by that",
     place_options, 1, SALE_LINES_MAX, true, run_sales_place},
    {"sales list", "sales list [--state placed|paid|done|cancelled] [--json]", list_options, 0, 0,
     true, run_sales_list},
    {"sales show", "sales show [--json] NUMBER", show_options, 1, 1, true, run_sales_show},
    {"tax set",
     "tax set --country CC --kind KIND --rate PERCENT --from DAY [--code S|R|Z]\n"
     "           --source TEXT",
     tax_options, 0, 0, true, run_tax_set},
    {"tax list", "tax list [--country CC]", tax_list_options, 0, 0, true, run_tax_list},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
