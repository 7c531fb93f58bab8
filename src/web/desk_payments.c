#include "web/desk_payments.h"

#include "base/encode.h"
#include "base/file.h"
#include "domain/payment_reference.h"
#include "templates.h"
#include "web/desk.h"
#include "web/handlers.h"

#define N_(text) text

enum {
    A_PAGE = 50,
    HELD_MAX = 200,
    TOLD_MAX = 50,
    REFUNDS_MAX = 500,
    STATEMENT_LINES = 2000,
    STATEMENT_BYTES = 300 << 10, /* it comes once more, as a field of a long form */
    SENT_MAX = 500
};

/* ---- words ---- */

struct str word_payment_reference(const struct page *p, struct str reference)
{
    char typed[PAYMENT_REFERENCE_TYPED + 1];
    payment_reference_typed(reference, typed);
    return arena_str(p->arena, str_of(typed));
}

struct str word_payment_state(const struct page *p, struct str state)
{
    static const struct code_word words[] = {{PAYMENT_WAITING, N_("waits")},
                                             {PAYMENT_HELD, N_("held")},
                                             {PAYMENT_PAID, N_("paid")},
                                             {PAYMENT_FAILED, N_("never paid")}};
    return WORD_OF(p, words, state);
}

struct str word_payment_outcome(const struct page *p, enum payment_outcome outcome)
{
    static const char *const words[] = {
        [PAYMENT_KNOWN] = N_("taken before: nothing changes"),
        [PAYMENT_SETTLED] = N_("pays it"),
        [PAYMENT_PARTLY] = N_("pays a part of it"),
        [PAYMENT_OVER] = N_("pays it, and is more than was asked for"),
        [PAYMENT_UNCLEAR] = N_("is held: somebody has to look at it")};
    return word_text(p, words[outcome]);
}

struct str word_sales_finding(const struct page *p, const struct sales_finding *f)
{
    static const struct code_word words[] = {
        {"ledger-unbalanced", N_("The lines of a ledger transaction do not sum to nought")},
        {"payment-short", N_("A payment is paid, and less came than was asked for")},
        {"payment-received-otherwise", N_("What came for a payment is another sum than it says")},
        {"payment-refunded-otherwise", N_("What a payment gave back is another sum than it says")},
        {"purchase-unpaid", N_("A purchase is paid, and no payment of it is")},
        {"payment-unused", N_("A payment is paid, and its purchase is not")},
        {"order-not-booked", N_("A sales order is paid, and the ledger does not have it")},
        {"order-booked-otherwise", N_("The ledger has another sum for a sales order")},
        {"order-refunded-otherwise",
         N_("The refunds of a sales order are another sum than it says")},
        {"refund-not-booked", N_("The ledger does not have a refund")},
        {"payout-not-booked", N_("The ledger does not have a payout")},
        {"unclear-otherwise", N_("What is held is another sum than the ledger says")},
        {"stock", N_("Fewer than none of an edition are in stock")},
        {"stock-promised-otherwise", N_("The stock promises another number than was ordered")},
        {"not-delivered", N_("An e-book is paid, and the library does not have it")},
        {"delivered-unpaid", N_("The library has an e-book that is not paid")}};
    struct str word = WORD_OF(p, words, str_of(f->code));
    struct str args[] = {word.n > 0 ? word : str_of(f->code),
                         f->name.n > 0 ? f->name : word_number(p, f->id)};
    return word_filled(p, N_("%1: %2"), args, 2);
}

struct url link_payments(const struct page *p, const char *state)
{
    return url_with(p->arena, (struct url){STR("/desk/payments")}, STR("state"), str_of(state));
}

struct str first_line(struct str text)
{
    return str_sub(text, 0, str_find(text, '\n'));
}

/* ---- looking ---- */

struct looking {
    struct context *c;
    struct payments_view *v;
    uint64_t from;
};

static enum rc look(void *context, struct store_conn *conn, struct fault *fault)
{
    struct looking *l = context;
    struct payments_view *v = l->v;
    struct arena *arena = l->c->arena;
    enum rc rc = sales_check_kept(conn, arena, TOLD_MAX, &v->findings, &v->checked, fault);
    if (rc == RC_OK)
        rc = payments_held(conn, arena, HELD_MAX, &v->held, fault);
    if (rc == RC_OK)
        rc = payments_list(conn, arena, v->state, l->from, A_PAGE + 1, &v->payments, fault);
    return rc == RC_OK
               ? refunds_list(conn, arena, STR(REFUND_OWED), 0, REFUNDS_MAX, &v->refunds, fault)
               : rc;
}

static struct str state_asked(const struct context *c)
{
    static const char *const states[] = {PAYMENT_WAITING, PAYMENT_HELD, PAYMENT_PAID,
                                         PAYMENT_FAILED};
    struct str asked = parameter_get(&c->request->query, "state");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (str_is(asked, states[i]))
            return str_of(states[i]);
    return STR(PAYMENT_WAITING);
}

static enum rc show_payments(struct context *c, struct str error, struct response *ret,
                             struct fault *fault)
{
    struct payments_view v = {.error = error,
                              .state = state_asked(c),
                              .reference = str_trim(parameter_get(&c->form, "reference")),
                              .amount = str_trim(parameter_get(&c->form, "amount"))};
    struct looking looking = {c, &v, 0};
    enum rc rc = parameter_number(&c->request->query, "from", 0, INT64_MAX, &looking.from, fault);
    if (rc == RC_OK)
        rc = site_look_wholly(c->server->site, look, &looking, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = desk_begin(c, N_("Payments"), ret);
    v.held_cut = v.held.n == HELD_MAX;
    if (v.payments.n > A_PAGE) {
        v.payments.n--;
        v.next = url_with(
            c->arena, link_payments(&p, arena_z(c->arena, v.state)), STR("from"),
            arena_printf(c->arena, "%llu", (unsigned long long)v.payments.v[v.payments.n - 1].id));
    }
    struct html h = page_html(c, ret);
    desk_payments_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_payments(struct context *c, struct response *ret, struct fault *fault)
{
    return show_payments(c, STR_NONE, ret, fault);
}

static enum rc done(struct context *c, enum rc rc, struct response *ret, struct fault *fault)
{
    if (rc == RC_OK)
        go_to_done(c, ret, STR("/desk/payments"));
    return show_refused(c, rc, show_payments, ret, fault);
}

/* ---- what came ---- */

enum rc handle_desk_payment_said(struct context *c, struct response *ret, struct fault *fault)
{
    enum payment_outcome outcome;
    struct payment_said said = {.reference = str_trim(parameter_get(&c->form, "reference")),
                                .amount = str_trim(parameter_get(&c->form, "amount")),
                                .account = c->viewer.account};
    enum rc rc = payment_say(c->server->writer, c->arena, &said, &outcome, fault);
    if (rc == RC_OK && outcome == PAYMENT_KNOWN)
        rc = fault_set(fault, RC_CONFLICT, "reference: that this came was said before");
    else if (rc == RC_NOT_FOUND)
        rc = fault_set(fault, RC_INVALID, "reference: there is no such payment");
    return done(c, rc, ret, fault);
}

/* Of a held event: the method and its number stand in the form. */
enum rc handle_desk_payment_assign(struct context *c, struct response *ret, struct fault *fault)
{
    enum payment_outcome outcome;
    enum rc rc = payment_assign(c->server->writer, c->arena, parameter_get(&c->form, "method"),
                                parameter_get(&c->form, "event"),
                                str_trim(parameter_get(&c->form, "reference")), &outcome, fault);
    if (rc == RC_NOT_FOUND)
        rc = fault_set(fault, RC_INVALID, "reference: there is no such payment");
    return done(c, rc, ret, fault);
}

enum rc handle_desk_payment_back(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = payment_give_back(c->server->writer, c->arena, parameter_get(&c->form, "method"),
                                   parameter_get(&c->form, "event"), fault);
    return done(c, rc, ret, fault);
}

/* The numbers that are ticked. */
enum rc desk_ticked(struct context *c, uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    uint64_t *ids = ARENA_ARRAY(c->arena, uint64_t, c->form.n);
    size_t n = 0;
    for (size_t i = 0; i < c->form.n; i++)
        if (str_is(c->form.v[i].name, "id") && (!str_to_u64(c->form.v[i].value, &ids[n++])))
            return fault_set(fault, RC_INVALID, "id: choose one");
    if (n == 0 || n > SENT_MAX)
        return fault_set(fault, RC_INVALID, "id: choose one");
    *ret = ids;
    *ret_n = n;
    return RC_OK;
}

enum rc handle_desk_refunds_sent(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t *ids;
    size_t n;
    enum rc rc = desk_ticked(c, &ids, &n, fault);
    if (rc == RC_OK)
        rc = refunds_sent(c->server->writer, c->arena, ids, n, fault);
    return done(c, rc, ret, fault);
}

/* ---- a bank's statement: looked at, then taken ---- */

struct previewing {
    struct context *c;
    struct str bytes;
    struct bank_view *v;
};

static enum rc preview(void *context, struct store_conn *conn, struct fault *fault)
{
    struct previewing *l = context;
    return statement_look(conn, l->c->arena, l->bytes, STATEMENT_LINES, &l->v->lines, &l->v->sum,
                          fault);
}

enum rc handle_desk_statement(struct context *c, struct response *ret, struct fault *fault)
{
    struct bank_view v = {.content = STR_NONE};
    struct previewing l = {.c = c, .v = &v};
    const struct request *r = c->request;
    enum rc rc = r->spooled.n > 0 && str_is(r->spooled.v[0].name, "statement")
                     ? file_read(r->spooled.v[0].path, STATEMENT_BYTES, c->arena, &l.bytes, fault)
                     : fault_set(fault, RC_INVALID, "statement: choose the file to send");
    if (rc == RC_LIMIT)
        rc = fault_set(fault, rc,
                       "statement: it is too large for this page: the command line takes it");
    if (rc == RC_OK)
        rc = site_look_wholly(c->server->site, preview, &l, fault);
    if (rc != RC_OK)
        return show_refused(c, rc, show_payments, ret, fault);
    BUF_AUTO b = BUF_INIT(2 * STATEMENT_BYTES);
    base64_add(&b, l.bytes.p, l.bytes.n);
    v.content = arena_str(c->arena, buf_str(&b));
    struct page p = desk_begin(c, N_("A bank’s statement"), ret);
    struct html h = page_html(c, ret);
    desk_statement_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_statement_take(struct context *c, struct response *ret, struct fault *fault)
{
    struct str content = parameter_get(&c->form, "content");
    char *bytes = ARENA_ARRAY(c->arena, char, content.n + 1);
    struct statement_order order = {.told = NULL};
    struct statement_summary sum = {0};
    size_t n = 0;
    enum rc rc = content.n > 0 && base64_decode(content, bytes, content.n, &n)
                     ? RC_OK
                     : fault_set(fault, RC_INVALID, "statement: choose the file to send");
    order.bytes = (struct str){bytes, n};
    if (rc == RC_OK)
        rc = statement_take(c->server->writer, &order, &sum, fault);
    return done(c, rc, ret, fault);
}
