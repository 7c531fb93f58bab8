/* What operator and shops state of selling: rates and laws from files, shipping, vouchers. */
#include <stdio.h>

#include "app/partner.h"
#include "app/sale_terms.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/groups.h"
#include "domain/money.h"

enum { FILE_MAX = 8 << 20 };

/* The shop that --shop names; 0 where none does. */
static enum rc shop_named(struct cli *cli, struct cli_shop *shop, uint64_t *ret,
                          struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct viewer staff = {.operator_role = true};
    struct partner_shop which = {.id = 0};
    struct str slug = cli_value(cli, "shop");
    enum rc rc = cli_open(cli, shop, fault);
    if (rc == RC_OK && slug.n > 0)
        rc = site_connect(shop->site, &conn, fault);
    if (rc == RC_OK && slug.n > 0)
        rc = partner_enter(conn, cli->arena, &staff, slug, &which, fault);
    site_disconnect(conn);
    *ret = which.id;
    return rc == RC_NOT_FOUND
               ? fault_set(fault, rc, "--shop %.*s: there is no such shop", STR_ARG(slug))
               : rc;
}

static enum rc number_given(struct cli *cli, uint64_t *ret, struct fault *fault)
{
    return str_to_u64(str_of(cli->arguments.v[0]), ret)
               ? RC_OK
               : cli_usage(cli, fault, "%s: a number is needed", cli->arguments.v[0]);
}

static struct str text_money(struct arena *arena, int64_t minor, struct str currency)
{
    BUF_AUTO b = BUF_INIT(64);
    money_add(&b, minor, currency);
    return ARENA_JOIN(arena, buf_str(&b), STR(" "), currency);
}

/* ---- files ---- */

static enum rc load(struct cli *cli,
                    enum rc (*taker)(struct writer *writer, struct str text, size_t *ret_n,
                                     struct fault *fault),
                    struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct str text;
    size_t n;
    enum rc rc = cli_read_file(cli, cli->arguments.v[0], FILE_MAX, &text, fault);
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = taker(shop.writer, text, &n, fault);
    if (rc == RC_OK)
        printf("%zu lines\n", n);
    return rc;
}

static enum rc run_tax_load(struct cli *cli, struct fault *fault)
{
    return load(cli, tax_load, fault);
}

static enum rc run_price_law_load(struct cli *cli, struct fault *fault)
{
    return load(cli, price_law_load, fault);
}

/* ---- laws of fixed prices ---- */

static enum rc run_price_law_set(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct price_law law;
    struct price_law_words words = {.country = cli_value(cli, "country"),
                                    .kind = cli_value(cli, "kind"),
                                    .from = cli_value(cli, "from"),
                                    .until = cli_value(cli, "until"),
                                    .discount = cli_value(cli, "discount"),
                                    .law = cli_value(cli, "law"),
                                    .currency = cli_value(cli, "currency"),
                                    .shipping_least = cli_value(cli, "shipping-least"),
                                    .shipping_below = cli_value(cli, "shipping-below")};
    enum rc rc = price_law_read(&words, &law, fault);
    if (rc != RC_OK)
        cli->usage = true;
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? price_law_state(shop.writer, &law, fault) : rc;
}

static enum rc run_price_law_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    price_law_list laws = {NULL, 0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = price_laws_stated(conn, cli->arena, &laws, fault);
    site_disconnect(conn);
    for (size_t i = 0; rc == RC_OK && i < laws.n; i++) {
        const struct price_law *l = &laws.v[i];
        BUF_AUTO days = BUF_INIT(64);
        date_add(&days, l->starts);
        BUF_LIT(&days, " – ");
        if (l->ends != 0)
            date_add(&days, l->ends);
        printf("%.*s\t%s\t%.*s\t%d.%03d %%\t%.*s\n", STR_ARG(l->country),
               product_kind_name(l->kind), STR_ARG(buf_str(&days)), (int)l->discount / 1000,
               (int)l->discount % 1000, STR_ARG(l->law));
    }
    return rc;
}

/* ---- shipping ---- */

static enum rc run_shipping_add(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct shipping_method method;
    const struct str *list;
    uint64_t id;
    struct shipping_words words = {.name = cli_value(cli, "name"),
                                   .currency = cli_value(cli, "currency"),
                                   .days = cli_value(cli, "days"),
                                   .free_from = cli_value(cli, "free-from")};
    size_t n = cli_list(cli, "country", &list);
    for (size_t i = 0; i < n; i++)
        words.countries = ARENA_JOIN(cli->arena, words.countries, STR(" "), list[i]);
    n = cli_list(cli, "band", &list);
    for (size_t i = 0; i < n; i++)
        words.bands = ARENA_JOIN(cli->arena, words.bands, STR(" "), list[i]);
    enum rc rc = shipping_read(cli->arena, &words, &method, fault);
    if (rc != RC_OK)
        cli->usage = true;
    if (rc == RC_OK)
        rc = shop_named(cli, &shop, &method.shop, fault);
    if (rc == RC_OK)
        rc = shipping_state(shop.writer, &method, &id, fault);
    if (rc == RC_OK)
        printf("shipping method %llu\n", (unsigned long long)id);
    return rc;
}

static void print_method(struct cli *cli, const struct shipping_method *m)
{
    printf("%llu\t%.*s\t%.*s\t%.*s\t%lld–%lld days", (unsigned long long)m->id,
           STR_ARG(m->shop_slug), STR_ARG(m->name), STR_ARG(m->countries), (long long)m->days_least,
           (long long)m->days_most);
    for (size_t i = 0; i < m->bands.n; i++)
        printf("\t%lld g: %.*s", (long long)m->bands.v[i].grams,
               STR_ARG(text_money(cli->arena, m->bands.v[i].price, m->currency)));
    if (m->free_from >= 0)
        printf("\tfree from %.*s", STR_ARG(text_money(cli->arena, m->free_from, m->currency)));
    printf("%s\n", m->ended != 0 ? "\tended" : "");
}

static enum rc run_shipping_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    shipping_methods list = {NULL, 0};
    uint64_t which;
    enum rc rc = shop_named(cli, &shop, &which, fault);
    if (rc == RC_OK)
        rc = site_connect(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = shipping_stated(conn, cli->arena, which, true, &list, fault);
    site_disconnect(conn);
    for (size_t i = 0; rc == RC_OK && i < list.n; i++)
        print_method(cli, &list.v[i]);
    return rc;
}

static enum rc run_shipping_end(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t id;
    enum rc rc = number_given(cli, &id, fault);
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? shipping_end(shop.writer, id, 0, fault) : rc;
}

/* ---- vouchers ---- */

static enum rc run_voucher_add(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct voucher voucher;
    struct str code;
    uint64_t id;
    struct voucher_words words = {.name = cli_value(cli, "name"),
                                  .code = cli_value(cli, "code"),
                                  .amount = cli_value(cli, "amount"),
                                  .currency = cli_value(cli, "currency"),
                                  .rate = cli_value(cli, "rate"),
                                  .least = cli_value(cli, "least"),
                                  .from = cli_value(cli, "from"),
                                  .until = cli_value(cli, "until"),
                                  .uses = cli_value(cli, "uses")};
    enum rc rc = voucher_read(cli->arena, &words, &voucher, &code, fault);
    if (rc != RC_OK)
        cli->usage = true;
    if (rc == RC_OK)
        rc = shop_named(cli, &shop, &voucher.shop, fault);
    if (rc == RC_OK)
        rc = voucher_state(shop.writer, &voucher, &id, fault);
    if (rc == RC_OK)
        printf("voucher %llu\ncode: %.*s\n", (unsigned long long)id, STR_ARG(code));
    return rc;
}

static enum rc run_voucher_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    voucher_list list = {NULL, 0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = vouchers_stated(conn, cli->arena, 0, &list, fault);
    site_disconnect(conn);
    if (rc == RC_OK)
        cli_tell_cut(list.n, VOUCHERS_SHOWN);
    for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
        const struct voucher *v = &list.v[i];
        BUF_AUTO until = BUF_INIT(64);
        struct str worth =
            v->rate > 0 ? arena_printf(cli->arena, "%d.%03d %%", v->rate / 1000, v->rate % 1000)
                        : text_money(cli->arena, v->amount, v->currency);
        time_add(&until, v->ends);
        printf("%llu\t%.*s\t%.*s\t%.*s\tused %llu of %llu\tuntil %.*s\n", (unsigned long long)v->id,
               STR_ARG(v->name), STR_ARG(v->shop == 0 ? STR("any shop") : v->shop_slug),
               STR_ARG(worth), (unsigned long long)v->used, (unsigned long long)v->uses,
               STR_ARG(buf_str(&until)));
    }
    return rc;
}

static enum rc run_voucher_end(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t id;
    enum rc rc = number_given(cli, &id, fault);
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? voucher_end(shop.writer, id, 0, fault) : rc;
}

static const struct option_spec law_options[] = {{"country", OPTION_VALUE, true},
                                                 {"kind", OPTION_VALUE, true},
                                                 {"from", OPTION_VALUE, true},
                                                 {"until", OPTION_VALUE, false},
                                                 {"discount", OPTION_VALUE, false},
                                                 {"law", OPTION_VALUE, true},
                                                 {"currency", OPTION_VALUE, false},
                                                 {"shipping-least", OPTION_VALUE, false},
                                                 {"shipping-below", OPTION_VALUE, false},
                                                 {NULL, 0, false}};
static const struct option_spec shipping_options[] = {
    {"shop", OPTION_VALUE, true},       {"name", OPTION_VALUE, true},
    {"country", OPTION_LIST, true},     {"currency", OPTION_VALUE, true},
    {"days", OPTION_VALUE, true},       {"band", OPTION_LIST, true},
    {"free-from", OPTION_VALUE, false}, {NULL, 0, false}};
static const struct option_spec shop_options[] = {{"shop", OPTION_VALUE, false}, {NULL, 0, false}};
static const struct option_spec voucher_options[] = {{"name", OPTION_VALUE, true},
                                                     {"shop", OPTION_VALUE, false},
                                                     {"code", OPTION_VALUE, false},
                                                     {"amount", OPTION_VALUE, false},
                                                     {"currency", OPTION_VALUE, false},
                                                     {"rate", OPTION_VALUE, false},
                                                     {"least", OPTION_VALUE, false},
                                                     {"from", OPTION_VALUE, false},
                                                     {"until", OPTION_VALUE, false},
                                                     {"uses", OPTION_VALUE, false},
                                                     {NULL, 0, false}};

const struct command terms_commands[] = {
    {"tax load", "tax load FILE   (CSV: country,region,kind,from,rate,code,source)", NULL, 1, 1,
     true, run_tax_load},
    {"price-law load",
     "price-law load FILE\n"
     "           (CSV: "
     "country,kind,from,until,discount,currency,shipping_least,shipping_below,law)",
     NULL, 1, 1, true, run_price_law_load},
    {"price-law set",
     "price-law set --country CC --kind print|e-book --from DAY [--until DAY] [--discount "
     "PERCENT]\n"
     "           [--shipping-least AMOUNT --shipping-below AMOUNT --currency EUR] --law TEXT",
     law_options, 0, 0, true, run_price_law_set},
    {"price-law list", "price-law list", NULL, 0, 0, true, run_price_law_list},
    {"shipping add",
     "shipping add --shop SLUG --name NAME --country CC ... --currency EUR --days 2-5\n"
     "           --band GRAMS=PRICE ... [--free-from AMOUNT]",
     shipping_options, 0, 0, true, run_shipping_add},
    {"shipping list", "shipping list [--shop SLUG]", shop_options, 0, 0, true, run_shipping_list},
    {"shipping end", "shipping end NUMBER", NULL, 1, 1, true, run_shipping_end},
    {"voucher add",
     "voucher add --name NAME (--amount AMOUNT --currency EUR | --rate PERCENT) [--shop SLUG]\n"
     "           [--code CODE] [--least AMOUNT] [--from DAY] [--until DAY] [--uses N]",
     voucher_options, 0, 0, true, run_voucher_add},
    {"voucher list", "voucher list", NULL, 0, 0, true, run_voucher_list},
    {"voucher end", "voucher end NUMBER", NULL, 1, 1, true, run_voucher_end},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
