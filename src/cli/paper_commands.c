/* Invoices and credit notes. */
#include <stdio.h>

#include "app/papers.h"
#include "base/clock.h"
#include "cli/command.h"
#include "cli/groups.h"
#include "domain/money.h"

static enum rc run_invoice_issue(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? papers_issue(shop.writer, str_of(cli->arguments.v[0]), fault) : rc;
}

static enum rc print_paper(void *context, const struct sale_paper *p, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO facts = BUF_INIT(1 << 20), day = BUF_INIT(16), total = BUF_INIT(64);
    bool json = *(const bool *)context;
    struct str number = paper_number(&arena, p);
    if (json) { /* one a line */
        paper_write(p, &facts);
        enum rc rc = buf_check(&facts);
        if (rc != RC_OK)
            return fault_set(fault, rc, "paper %.*s is too long", STR_ARG(number));
        printf("%.*s\n", STR_ARG(buf_str(&facts)));
        return RC_OK;
    }
    date_add(&day, p->day);
    if (p->credit)
        BUF_LIT(&total, "-");
    money_add(&total, p->total, p->currency);
    printf("%.*s\t%.*s\t%.*s\t%.*s %.*s\n", STR_ARG(number), STR_ARG(buf_str(&day)),
           STR_ARG(p->order), STR_ARG(buf_str(&total)), STR_ARG(p->currency));
    return RC_OK;
}

static enum rc run_invoice_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    bool json = cli_flag(cli, "json");
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? papers_each(shop.site, cli_value(cli, "shop"), print_paper, &json, fault)
                       : rc;
}

static enum rc run_invoice_check(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t n = 0;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = papers_check(shop.site, &n, fault);
    if (rc == RC_OK)
        printf("%llu papers, no gaps\n", (unsigned long long)n);
    return rc;
}

static enum rc run_sales_letter(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? papers_letter_again(shop.writer, str_of(cli->arguments.v[0]),
                                             cli_value(cli, "which"), fault)
                       : rc;
}

static const struct option_spec letter_options[] = {{"which", OPTION_VALUE, true},
                                                    {NULL, 0, false}};
static const struct option_spec no_options[] = {{NULL, 0, false}};
static const struct option_spec list_options[] = {
    {"shop", OPTION_VALUE, true}, {"json", OPTION_FLAG, false}, {NULL, 0, false}};

const struct command paper_commands[] = {
    {"invoice issue",
     "invoice issue ORDER\n"
     "           of a paid sales order that has none; else they are issued by themselves",
     no_options, 1, 1, true, run_invoice_issue},
    {"invoice list",
     "invoice list --shop SLUG [--json]     invoices and credit notes; as JSON, one a line",
     list_options, 0, 0, true, run_invoice_list},
    {"invoice check", "invoice check     no number is missing, and all sums are right", no_options,
     0, 0, true, run_invoice_check},
    {"sales letter",
     "sales letter ORDER --which placed|paid|ebooks|sent|cancelled|refunded\n"
     "           once more, to whoever ordered",
     letter_options, 1, 1, true, run_sales_letter},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
