/* Payouts and taxes: at the operator's desk, and for a shop what is its own. */
#include "templates.h"
#include "web/desk.h"
#include "web/desk_payments.h"
#include "web/handlers.h"

#define N_(text) text

enum { PAYOUTS_MAX = 200, STATEMENT_SHOWN = 100, STATEMENT_MAX_LINES = 100000 };

struct str word_ledger_kind(const struct page *p, struct str kind)
{
    static const struct code_word words[] = {{"paid", N_("a sales order was paid")},
                                             {"refund", N_("money goes back")},
                                             {"payout", N_("a payout")},
                                             {"tax-remitted", N_("the operator paid tax")}};
    struct str word = WORD_OF(p, words, kind);
    return word.n > 0 ? word : kind;
}

/* ---- the operator's ---- */

struct looking {
    struct context *c;
    struct payouts_view *v;
};

static enum rc look(void *context, struct store_conn *conn, struct fault *fault)
{
    struct looking *l = context;
    enum rc rc =
        payouts_list(conn, l->c->arena, STR_NONE, false, PAYOUTS_MAX, &l->v->payouts, fault);
    return rc == RC_OK ? taxes_kept(conn, l->c->arena, STR_NONE, &l->v->taxes, fault) : rc;
}

static enum rc show_payouts(struct context *c, struct str error, struct response *ret,
                            struct fault *fault)
{
    struct payouts_view v = {.error = error,
                             .country = str_trim(parameter_get(&c->form, "country")),
                             .currency = str_trim(parameter_get(&c->form, "currency")),
                             .until = str_trim(parameter_get(&c->form, "until"))};
    struct looking looking = {c, &v};
    enum rc rc = site_look_wholly(c->server->site, look, &looking, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = desk_begin(c, N_("Payouts"), ret);
    struct html h = page_html(c, ret);
    desk_payouts_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_payouts(struct context *c, struct response *ret, struct fault *fault)
{
    return show_payouts(c, STR_NONE, ret, fault);
}

static enum rc done(struct context *c, enum rc rc, struct response *ret, struct fault *fault)
{
    if (rc == RC_OK)
        go_to_done(c, ret, STR("/desk/payouts"));
    return show_refused(c, rc, show_payouts, ret, fault);
}

enum rc handle_desk_payouts_make(struct context *c, struct response *ret, struct fault *fault)
{
    payout_rows made = {NULL, 0};
    return done(c, payout_make(c->server->writer, c->arena, STR_NONE, &made, fault), ret, fault);
}

enum rc handle_desk_payouts_sent(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t *ids;
    size_t n;
    enum rc rc = desk_ticked(c, &ids, &n, fault);
    if (rc == RC_OK)
        rc = payouts_sent(c->server->writer, c->arena, ids, n, fault);
    return done(c, rc, ret, fault);
}

enum rc handle_desk_taxes_remitted(struct context *c, struct response *ret, struct fault *fault)
{
    int64_t amount;
    struct tax_remittance what = {.country = str_trim(parameter_get(&c->form, "country")),
                                  .currency = str_trim(parameter_get(&c->form, "currency")),
                                  .until = str_trim(parameter_get(&c->form, "until"))};
    return done(c, taxes_remitted(c->server->writer, c->arena, &what, &amount, fault), ret, fault);
}

/* ---- a shop's ---- */

struct looking_at_shop {
    struct context *c;
    struct partner_payouts_view *v;
    size_t room; /* of the statement */
};

/* What would be paid out now, from the statement's last balance of each currency. */
static void fill_owed(struct arena *arena, const ledger_statement *s, bool own_taxes,
                      struct partner_payouts_view *v)
{
    v->owed.v = ARENA_ARRAY(arena, struct ledger_sum, s->n);
    for (size_t i = s->n; i > 0; i--) {
        const struct ledger_of_shop *t = &s->v[i - 1];
        bool seen = false;
        for (size_t k = 0; k < v->owed.n; k++)
            seen = seen || str_eq(v->owed.v[k].currency, t->currency);
        if (!seen)
            v->owed.v[v->owed.n++] =
                (struct ledger_sum){.currency = t->currency,
                                    .amount = -t->shop_balance - (own_taxes ? t->tax_balance : 0)};
    }
}

static enum rc look_at_shop(void *context, struct store_conn *conn, struct fault *fault)
{
    struct looking_at_shop *l = context;
    struct partner_payouts_view *v = l->v;
    struct arena *arena = l->c->arena;
    tax_lines taxes = {NULL, 0};
    enum rc rc = payouts_list(conn, arena, v->shop.slug, false, PAYOUTS_MAX, &v->payouts, fault);
    if (rc == RC_OK)
        rc = shop_statement(conn, arena, v->shop.slug, 0, INT64_MAX, STATEMENT_MAX_LINES,
                            &v->statement, fault);
    if (rc == RC_OK)
        rc = taxes_kept(conn, arena, v->shop.slug, &taxes, fault);
    if (rc != RC_OK)
        return rc;
    ledger_statement_balances(&v->statement);
    fill_owed(arena, &v->statement, taxes.n > 0 && taxes.v[0].shops_own, v);
    if (v->statement.n > l->room) {
        v->cut = true;
        v->statement.v += v->statement.n - l->room;
        v->statement.n = l->room;
    }
    return RC_OK;
}

enum rc handle_partner_payouts(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_payouts_view v = {.cut = false};
    struct looking_at_shop l = {c, &v, STATEMENT_SHOWN};
    struct page p;
    enum rc rc = partner_begin(c, N_("Payouts"), &v.shop, &p, ret, fault);
    if (rc == RC_OK)
        rc = site_look_wholly(c->server->site, look_at_shop, &l, fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    partner_payouts_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_partner_statement_csv(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_payouts_view v = {.cut = false};
    struct looking_at_shop l = {c, &v, STATEMENT_MAX_LINES};
    struct page p;
    enum rc rc = partner_begin(c, N_("Payouts"), &v.shop, &p, ret, fault);
    if (rc == RC_OK)
        rc = site_look_wholly(c->server->site, look_at_shop, &l, fault);
    FILE *out = rc == RC_OK ? tmpfile() : NULL;
    if (rc == RC_OK && out == NULL)
        rc = fault_set(fault, RC_IO, "there is no room for the file");
    if (rc == RC_OK) {
        ledger_statement_csv(out, c->arena, &v.statement);
        rc = answer_download(ret, out, "text/csv; charset=utf-8; header=present",
                             arena_printf(c->arena, "statement-%.*s.csv", STR_ARG(v.shop.slug)),
                             c->arena, fault);
    }
    if (out != NULL)
        fclose(out);
    return rc;
}
