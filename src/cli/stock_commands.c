/* Stock that shops count. */
#include <stdio.h>

#include "app/partner.h"
#include "app/stock.h"
#include "base/json.h"
#include "base/priority.h"
#include "cli/groups.h"
#include "cli/progress.h"

enum { FILE_MAX = 512 << 20, LIST_STEP = 1000 };

/* The shop that --shop names. */
static enum rc open_shop(struct cli *cli, struct cli_shop *shop, struct partner_shop *ret,
                         struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct viewer staff = {.operator_role = true};
    enum rc rc = cli_open(cli, shop, fault);
    if (rc == RC_OK)
        rc = site_connect(shop->site, &conn, fault);
    if (rc == RC_OK)
        rc = partner_enter(conn, cli->arena, &staff, cli_value(cli, "shop"), ret, fault);
    site_disconnect(conn);
    return rc == RC_NOT_FOUND ? fault_set(fault, rc, "--shop %.*s: there is no such shop",
                                          STR_ARG(cli_value(cli, "shop")))
                              : rc;
}

static enum rc run_stock_set(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct partner_shop which;
    uint64_t on_hand;
    if (!str_to_u64(str_of(cli->arguments.v[1]), &on_hand) || on_hand > STOCK_MOST)
        return cli_usage(cli, fault, "%s: a whole number up to %d is needed", cli->arguments.v[1],
                         STOCK_MOST);
    enum rc rc = open_shop(cli, &shop, &which, fault);
    return rc == RC_OK
               ? stock_count(shop.writer, which.id, str_of(cli->arguments.v[0]), on_hand, fault)
               : rc;
}

static enum rc run_stock_unset(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct partner_shop which;
    enum rc rc = open_shop(cli, &shop, &which, fault);
    return rc == RC_OK ? stock_uncount(shop.writer, which.id, str_of(cli->arguments.v[0]), fault)
                       : rc;
}

static void print_lines(struct cli *cli, const stock_lines *lines)
{
    for (size_t i = 0; i < lines->n; i++) {
        const struct stock_line *l = &lines->v[i];
        if (cli_flag(cli, "json")) {
            JSON_AUTO *json =
                json_pack("{s:o, s:o, s:I, s:I}", "isbn", json_from_str(l->row.key), "title",
                          json_from_str(l->title), "stock", (json_int_t)l->row.on_hand, "promised",
                          (json_int_t)l->row.promised);
            cli_print_json(json);
        } else {
            printf("%.*s  %llu, of these promised %llu  %.*s\n", STR_ARG(l->row.key),
                   (unsigned long long)l->row.on_hand, (unsigned long long)l->row.promised,
                   STR_ARG(l->title));
        }
    }
}

static enum rc run_stock_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct partner_shop which;
    struct store_conn *conn = NULL;
    struct stock_sums sums;
    struct str low = cli_value(cli, "low");
    uint64_t left = STOCK_MOST;
    if (low.n > 0 && (!str_to_u64(low, &left) || left > STOCK_MOST))
        return cli_usage(cli, fault, "--low %.*s: a whole number is needed", STR_ARG(low));
    struct stock_wish wish = {.left = low.n > 0 ? (int64_t)left : STOCK_ANY, .room = LIST_STEP};
    stock_lines lines = {NULL, LIST_STEP};
    enum rc rc = open_shop(cli, &shop, &which, fault);
    if (rc == RC_OK)
        rc = site_connect(shop.site, &conn, fault);
    while (rc == RC_OK && lines.n == LIST_STEP) {
        ARENA_AUTO arena = ARENA_INIT;
        rc = stock_read(conn, &arena, which.id, &wish, &lines, &sums, fault);
        if (rc == RC_OK && lines.n > 0)
            wish.after = lines.v[lines.n - 1].row.edition;
        if (rc == RC_OK)
            print_lines(cli, &lines);
    }
    site_disconnect(conn);
    return rc;
}

struct telling {
    struct progress_line line;
    uint64_t told;
};

static void tell(void *context, uint64_t line, const char *why)
{
    enum { TOLD_MOST = 1000 };
    struct telling *t = context;
    (void)line;
    if (t->told++ < TOLD_MOST)
        fprintf(stderr, "colophon: %s\n", why);
}

static void going(void *context, uint64_t done, uint64_t all)
{
    progress_tell(&((struct telling *)context)->line, done, all);
}

static enum rc run_stock_import(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct partner_shop which;
    struct str text;
    struct telling telling = {.line = {.what = "lines"}};
    struct stock_watch watch = {&telling, tell, going};
    struct stock_summary s;
    enum rc rc = cli_read_file(cli, cli->arguments.v[0], FILE_MAX, &text, fault);
    if (rc == RC_OK)
        rc = open_shop(cli, &shop, &which, fault);
    if (rc != RC_OK)
        return rc;
    priority_lower(PRIORITY_LATER);
    rc = stock_import(shop.writer, which.id, text, &watch, &s, fault);
    progress_end(&telling.line);
    if (rc != RC_OK)
        return rc;
    if (cli_flag(cli, "json")) {
        JSON_AUTO *json = json_pack("{s:I, s:I, s:I, s:I}", "rows", (json_int_t)s.rows, "changed",
                                    (json_int_t)s.changed, "unchanged", (json_int_t)s.same,
                                    "passed_over", (json_int_t)s.passed);
        cli_print_json(json);
    } else {
        printf("%llu lines: %llu changed, %llu unchanged, %llu passed over\n",
               (unsigned long long)s.rows, (unsigned long long)s.changed,
               (unsigned long long)s.same, (unsigned long long)s.passed);
    }
    return RC_OK;
}

static const struct option_spec shop_options[] = {{"shop", OPTION_VALUE, true}, {NULL, 0, false}};
static const struct option_spec list_options[] = {{"shop", OPTION_VALUE, true},
                                                  {"low", OPTION_VALUE, false},
                                                  {"json", OPTION_FLAG, false},
                                                  {NULL, 0, false}};
static const struct option_spec import_options[] = {
    {"shop", OPTION_VALUE, true}, {"json", OPTION_FLAG, false}, {NULL, 0, false}};

const struct command stock_commands[] = {
    {"stock set", "stock set --shop SLUG ISBN COPIES", shop_options, 2, 2, true, run_stock_set},
    {"stock unset",
     "stock unset --shop SLUG ISBN   (it is not counted any more, and ordered from its supplier)",
     shop_options, 1, 1, true, run_stock_unset},
    {"stock list", "stock list --shop SLUG [--low COPIES] [--json]", list_options, 0, 0, true,
     run_stock_list},
    {"stock import",
     "stock import --shop SLUG [--json] FILE   (CSV: isbn,stock; - is standard input)",
     import_options, 1, 1, true, run_stock_import},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
