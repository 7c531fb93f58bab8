/* What is owed to shops, and whether what was sold agrees with what was paid. */
#include <stdio.h>

#include "app/payouts.h"
#include "app/sales_check.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/json.h"
#include "cli/groups.h"
#include "domain/money.h"

enum { LISTED_MAX = 10000, FOUND_MAX = 100, SENT_MAX = 500 };

static struct str amount_text(struct arena *arena, int64_t minor, struct str currency)
{
    BUF_AUTO b = BUF_INIT(64);
    money_add(&b, minor, currency);
    return arena_str(arena, buf_str(&b));
}

static void print_line(const struct str *cells, size_t n)
{
    BUF_AUTO b = BUF_INIT(16384);
    csv_line_add(&b, cells, n);
    fwrite(b.p, 1, b.n, stdout);
}

/* A transfer's list: whom, where to, how much. */
static void print_payouts(struct cli *cli, const payout_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        const struct payout_row *p = &rows->v[i];
        struct str cells[] = {arena_printf(cli->arena, "%llu", (unsigned long long)p->id),
                              p->shop_code,
                              p->name,
                              p->account,
                              amount_text(cli->arena, p->amount, p->currency),
                              p->currency,
                              p->sent > 0 ? STR("sent") : STR("owed"),
                              amount_text(cli->arena, p->tax, p->currency),
                              payout_moved(p) ? p->account_before : STR_NONE};
        print_line(cells, sizeof cells / sizeof *cells);
    }
}

static enum rc run_payout_make(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    payout_rows made = {NULL, 0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = payout_make(shop.writer, cli->arena, cli_value(cli, "shop"), &made, fault);
    if (rc == RC_OK)
        printf("%zu payouts\n", made.n);
    return rc;
}

static enum rc run_payout_sent(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t *ids = ARENA_ARRAY(cli->arena, uint64_t, cli->arguments.n);
    for (size_t i = 0; i < cli->arguments.n; i++)
        if (!str_to_u64(str_of(cli->arguments.v[i]), &ids[i]) || ids[i] == 0)
            return cli_usage(cli, fault, "%s: a payout's number", cli->arguments.v[i]);
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? payouts_sent(shop.writer, cli->arena, ids, cli->arguments.n, fault) : rc;
}

static enum rc run_payout_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    payout_rows rows = {NULL, 0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = payouts_list(conn, cli->arena, cli_value(cli, "shop"), cli_flag(cli, "owed"),
                          LISTED_MAX, &rows, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    fputs("payout,shop,name,account,amount,currency,state,tax,account_before\r\n", stdout);
    print_payouts(cli, &rows);
    cli_tell_cut(rows.n, LISTED_MAX);
    return RC_OK;
}

static enum rc run_payout_taxes(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    tax_lines lines = {NULL, 0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = taxes_kept(conn, cli->arena, cli_value(cli, "shop"), &lines, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    fputs("country,currency,shop,kept,paid_by\r\n", stdout);
    for (size_t i = 0; i < lines.n; i++) {
        const struct tax_line *l = &lines.v[i];
        struct str cells[] = {l->sum.country, l->sum.currency, l->slug,
                              amount_text(cli->arena, -l->sum.amount, l->sum.currency),
                              l->shops_own ? STR("shop") : STR("operator")};
        print_line(cells, sizeof cells / sizeof *cells);
    }
    return RC_OK;
}

static enum rc run_payout_remitted(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    int64_t amount = 0;
    struct tax_remittance what = {.country = cli_value(cli, "country"),
                                  .currency = cli_value(cli, "currency"),
                                  .until = cli_value(cli, "until")};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = taxes_remitted(shop.writer, cli->arena, &what, &amount, fault);
    if (rc == RC_OK)
        printf("%.*s %.*s\n", STR_ARG(amount_text(cli->arena, amount, what.currency)),
               STR_ARG(what.currency));
    return rc;
}

static enum rc run_payout_statement(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    ledger_statement s = {NULL, 0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = shop_statement(conn, cli->arena, str_of(cli->arguments.v[0]), 0, INT64_MAX, LISTED_MAX,
                            &s, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    ledger_statement_balances(&s);
    ledger_statement_csv(stdout, cli->arena, &s);
    cli_tell_cut(s.n, LISTED_MAX);
    return RC_OK;
}

static enum rc run_sales_check(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    sales_findings found = {NULL, 0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = sales_check(conn, cli->arena, FOUND_MAX, &found, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < found.n; i++)
        printf("%s\t%s %llu%s%.*s: %s\n", found.v[i].code, found.v[i].what,
               (unsigned long long)found.v[i].id, found.v[i].name.n > 0 ? " " : "",
               STR_ARG(found.v[i].name), found.v[i].says);
    if (found.n > 0)
        return fault_set(fault, RC_CORRUPT, "%zu things do not agree", found.n);
    puts("Sales orders, payments, ledger, stock and libraries agree.");
    return RC_OK;
}

static const struct option_spec remitted_options[] = {{"country", OPTION_VALUE, true},
                                                      {"currency", OPTION_VALUE, true},
                                                      {"until", OPTION_VALUE, true},
                                                      {NULL, 0, false}};
static const struct option_spec make_options[] = {{"shop", OPTION_VALUE, false}, {NULL, 0, false}};
static const struct option_spec list_options[] = {
    {"shop", OPTION_VALUE, false}, {"owed", OPTION_FLAG, false}, {NULL, 0, false}};

const struct command payout_commands[] = {
    {"payout make",
     "payout make [--shop SLUG]\n"
     "           of all that is owed to shops now",
     make_options, 0, 0, true, run_payout_make},
    {"payout list", "payout list [--shop SLUG] [--owed]   as CSV", list_options, 0, 0, true,
     run_payout_list},
    {"payout sent", "payout sent ID ...", NULL, 1, SENT_MAX, true, run_payout_sent},
    {"payout taxes",
     "payout taxes [--shop SLUG]\n"
     "           what is kept of taxes, by country, as CSV",
     make_options, 0, 0, true, run_payout_taxes},
    {"payout remitted",
     "payout remitted --country CN --currency CODE --until DAY\n"
     "           the operator has paid a country what is kept of its tax up to that day",
     remitted_options, 0, 0, true, run_payout_remitted},
    {"payout statement",
     "payout statement SHOP\n"
     "           all that the ledger has of it, as CSV",
     NULL, 1, 1, true, run_payout_statement},
    {"sales check",
     "sales check\n"
     "           whether sales orders, payments, ledger, stock and libraries agree",
     NULL, 0, 0, true, run_sales_check},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
