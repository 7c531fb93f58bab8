#include "app/sales_returns.h"

#include "app/papers.h"
#include "app/sales_own_parts.h"
#include "app/sales_parts.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "domain/payment.h"
#include "store/sales.h"
#include "store/sales_returns.h"

enum { KEY_MAX = 80, WORDS_MAX = 1000, NOTE_MAX = 2000 };

/* ---- what may be stated ---- */

/* When the last of what is printed left; 0 while something of it has not. */
static int64_t all_sent(const struct sales_view *view, const shipped_lines *shipped)
{
    int64_t last = view->order.paid;
    for (size_t i = 0; i < view->line_n; i++) {
        const struct sales_line_row *l = &view->lines[i];
        if (!l->digital && l->sent + l->cancelled < l->quantity)
            return 0;
    }
    for (size_t i = 0; i < shipped->n; i++)
        last = shipped->v[i].sent > last ? shipped->v[i].sent : last;
    return last;
}

static int64_t stated_of(const sales_returns *stated, uint64_t line)
{
    int64_t sum = 0;
    for (size_t i = 0; i < stated->n; i++)
        for (size_t k = 0; str_is(stated->v[i].state, RETURN_EXPECTED) && k < stated->v[i].lines.n;
             k++)
            if (stated->v[i].lines.v[k].line == line)
                sum += stated->v[i].lines.v[k].expected - stated->v[i].lines.v[k].came;
    return sum;
}

void sales_returnable(const struct sales_view *view, const shipped_lines *shipped,
                      const sales_returns *stated, int64_t now, struct returnable *ret)
{
    struct withdrawal_case law = {.country = view->purchase.country,
                                  .consent = view->purchase.consent,
                                  .paid = view->order.paid,
                                  .sent = all_sent(view, shipped),
                                  .now = now};
    for (size_t i = 0; i < view->line_n; i++) {
        const struct sales_line_row *l = &view->lines[i];
        int64_t left = l->digital ? l->quantity - l->cancelled : l->sent;
        ret[i] = (struct returnable){.open = 0};
        law.digital = l->digital;
        ret[i].law = withdrawal_decide(&law, &ret[i].until);
        if (view->order.paid == 0)
            continue;
        if (!l->digital && str_is(view->order.state, SALES_PAID))
            ret[i].open = l->quantity - l->sent - l->cancelled;
        left -= l->returned + stated_of(stated, l->id);
        ret[i].kept = left > 0 ? left : 0;
    }
}

/* ---- stating ---- */

struct stating {
    const struct sales_statement *s;
    struct sales_act act; /* what is done at once */
    struct sales_acting a;
    sales_returns stated;
    struct returnable *may; /* beside the order's lines */
    struct sales_return row;
    int64_t amount;
};

/* The purchase is theirs, and the order is of it. */
static enum rc find(struct stating *w, struct store_conn *conn, struct fault *fault)
{
    struct purchase_row purchase;
    shipped_lines shipped;
    struct arena *arena = &w->a.arena;
    enum rc rc = own_purchase_find(conn, arena, &w->s->wish, &purchase, fault);
    if (rc == RC_OK)
        rc = sales_act_begin(&w->a, conn, fault);
    if (rc == RC_OK && w->a.view.purchase.id != purchase.id)
        rc = RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = sales_shipped(conn, arena, w->a.view.order.id, &shipped, fault);
    if (rc == RC_OK)
        rc = sales_return_rows_of(conn, arena, w->a.view.order.id, &w->stated, fault);
    if (rc != RC_OK)
        return rc;
    w->may = ARENA_ARRAY(arena, struct returnable, w->a.view.line_n);
    sales_returnable(&w->a.view, &shipped, &w->stated, w->a.now, w->may);
    return RC_OK;
}

/* How much of it is called off at once; the rest has to come back. */
static enum rc look_at_part(struct stating *w, const struct sales_part *part, int64_t *ret_now,
                            struct fault *fault)
{
    const struct sales_line_row *line;
    enum rc rc = sales_act_line(&w->a, part, &line, fault);
    if (rc != RC_OK)
        return rc;
    const struct returnable *may = &w->may[line - w->a.view.lines];
    bool law = may->law == WITHDRAWAL_OPEN;
    int64_t most = w->s->wrong ? may->kept : may->open + (law ? may->kept : 0);
    if (part->quantity > most)
        return fault_set(fault, RC_CONFLICT, "quantity: of %.*s, there are not so many",
                         STR_ARG(line->title));
    *ret_now = part->quantity < may->open ? part->quantity : may->open;
    if (line->digital)
        *ret_now = part->quantity;
    if (w->s->wrong)
        *ret_now = 0;
    else if (law)
        w->row.reason = STR(REFUND_WITHDRAWN);
    return RC_OK;
}

static enum rc look_at_parts(struct stating *w, struct fault *fault)
{
    struct arena *arena = &w->a.arena;
    w->row.reason = w->s->wrong ? STR(REFUND_RETURNED) : STR(REFUND_CANCELLED);
    w->row.lines.v = ARENA_ARRAY(arena, struct sales_return_line, w->s->parts.n);
    w->act.parts.v = ARENA_ARRAY(arena, struct sales_part, w->s->parts.n);
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < w->s->parts.n; i++) {
        struct sales_part part = w->s->parts.v[i];
        int64_t now = 0;
        for (size_t k = 0; k < i; k++)
            if (w->s->parts.v[k].line == part.line)
                return fault_set(fault, RC_INVALID, "line: it is named twice");
        rc = look_at_part(w, &part, &now, fault);
        w->row.lines.v[w->row.lines.n++] =
            (struct sales_return_line){part.line, part.quantity, part.quantity - now, 0};
        if (now > 0)
            w->act.parts.v[w->act.parts.n++] = (struct sales_part){part.line, now};
    }
    return rc;
}

/* What did not leave is not sent; e-books are given up; their money goes back. */
static enum rc do_at_once(struct stating *w, struct fault *fault)
{
    enum rc rc = RC_OK;
    const struct sales_line_row *line;
    for (size_t i = 0; rc == RC_OK && i < w->act.parts.n; i++) {
        const struct sales_part *part = &w->act.parts.v[i];
        rc = sales_act_line(&w->a, part, &line, fault);
        if (rc == RC_OK)
            rc = line->digital ? sales_act_return_line(&w->a, part, &w->amount, fault)
                               : sales_act_cancel_line(&w->a, part, &w->amount, fault);
    }
    if (rc == RC_OK && w->act.parts.n > 0)
        rc = sales_act_delivery(&w->a, &w->amount, fault);
    return rc == RC_OK && w->act.parts.n > 0 ? sales_act_give_back(&w->a, w->amount, fault) : rc;
}

static enum rc keep(struct stating *w, struct fault *fault)
{
    bool expected = false;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < w->row.lines.n; i++) {
        const struct sales_return_line *l = &w->row.lines.v[i];
        expected = expected || l->expected > 0;
        if (l->expected > 0)
            rc =
                sales_act_event(&w->a, SALES_EVENT_ASKED, l->line, l->expected, 0, STR_NONE, fault);
    }
    w->row.order = w->a.view.order.id;
    w->row.words = w->s->words;
    w->row.state = expected ? STR(RETURN_EXPECTED) : STR(RETURN_RECEIVED);
    w->row.asked = w->a.now;
    w->row.ended = expected ? 0 : w->a.now;
    return rc == RC_OK ? sales_return_row_add(w->a.conn, &w->row, fault) : rc;
}

static enum rc state_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct stating *w = context;
    enum rc rc = find(w, conn, fault);
    if (rc != RC_OK)
        return rc;
    w->row.key =
        arena_printf(&w->a.arena, "%.*s/%.*s", STR_ARG(w->a.view.order.number), STR_ARG(w->s->key));
    rc = sales_return_row_by_key(conn, w->row.key, fault);
    if (rc != RC_NOT_FOUND)
        return rc; /* it was stated */
    if (w->a.view.order.paid == 0)
        return fault_set(fault, RC_CONFLICT, "it was not paid: nothing of it can go back");
    rc = look_at_parts(w, fault);
    w->act.reason = w->row.reason;
    w->act.key = ARENA_JOIN(&w->a.arena, STR("stated/"), w->s->key);
    if (rc == RC_OK)
        rc = do_at_once(w, fault);
    if (rc == RC_OK)
        rc = keep(w, fault);
    return rc == RC_OK ? papers_letter(conn, w->row.order, SALES_LETTER_RETURN, fault) : rc;
}

enum rc sales_state_return(struct writer *writer, const struct sales_statement *s,
                           struct fault *fault)
{
    enum rc rc = text_check("key", s->key, TEXT_LINE, KEY_MAX, fault);
    if (rc == RC_OK)
        rc = text_check("words", s->words, TEXT_OPTIONAL, WORDS_MAX, fault);
    if (rc == RC_OK && s->parts.n == 0)
        rc = fault_set(fault, RC_INVALID, "quantity: at least one copy of one line is needed");
    if (rc != RC_OK)
        return rc;
    struct stating w = {.s = s,
                        .act = {.number = s->number, .account = s->wish.account, .own = true}};
    w.a.act = &w.act;
    rc = writer_run(writer, state_work, &w, fault);
    arena_free(&w.a.arena);
    return rc;
}

/* ---- at the desk ---- */

/* Those that are waited for, and that the act means: the one it names, or all. */
static enum rc find_expected(struct sales_acting *a, sales_returns *ret, struct fault *fault)
{
    uint64_t named = a->act->expected;
    size_t n = 0;
    enum rc rc = sales_return_rows_of(a->conn, &a->arena, a->view.order.id, ret, fault);
    for (size_t i = 0; rc == RC_OK && i < ret->n; i++)
        if (str_is(ret->v[i].state, RETURN_EXPECTED) && (named == 0 || ret->v[i].id == named))
            ret->v[n++] = ret->v[i];
    ret->n = n;
    if (rc == RC_OK && named != 0 && n == 0)
        rc = fault_set(fault, RC_CONFLICT, "that is not waited for any more");
    return rc;
}

static enum rc line_came(struct sales_acting *a, const struct sales_return *r,
                         const struct sales_return_line *l, int64_t *left, struct fault *fault)
{
    int64_t n = l->expected - l->came;
    n = n < *left ? n : *left;
    *left -= n;
    return n > 0 ? sales_return_row_came(a->conn, r->id, l->line, n, fault) : RC_OK;
}

enum rc sales_act_came(struct sales_acting *a, struct fault *fault)
{
    sales_returns expected;
    bool ended;
    enum rc rc = find_expected(a, &expected, fault);
    for (size_t i = 0; rc == RC_OK && i < a->act->parts.n; i++) {
        int64_t left = a->act->parts.v[i].quantity;
        for (size_t r = 0; r < expected.n; r++)
            for (size_t k = 0; rc == RC_OK && k < expected.v[r].lines.n; k++)
                if (expected.v[r].lines.v[k].line == a->act->parts.v[i].line)
                    rc = line_came(a, &expected.v[r], &expected.v[r].lines.v[k], &left, fault);
    }
    for (size_t r = 0; rc == RC_OK && r < expected.n; r++)
        rc = sales_return_row_end(a->conn, expected.v[r].id, a->view.order.id, RETURN_RECEIVED,
                                  a->now, &ended, fault);
    return rc;
}

static enum rc close_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct sales_acting *a = context;
    sales_returns expected;
    bool ended;
    enum rc rc = sales_act_begin(a, conn, fault);
    if (rc != RC_OK || a->again)
        return rc;
    if (a->act->expected == 0)
        rc = fault_set(fault, RC_INVALID, "return: name one");
    if (rc == RC_OK)
        rc = find_expected(a, &expected, fault);
    if (rc == RC_OK)
        rc = sales_return_row_end(conn, a->act->expected, a->view.order.id, RETURN_CLOSED, a->now,
                                  &ended, fault);
    if (rc == RC_OK)
        rc = sales_act_event(a, SALES_EVENT_CLOSED, 0, 0, 0, STR_NONE, fault);
    return rc == RC_OK ? sales_act_event(a, SALES_EVENT_NOTE, 0, 0, 0, a->act->note, fault) : rc;
}

enum rc sales_return_close(struct writer *writer, const struct sales_act *act, struct fault *fault)
{
    enum rc rc = text_check("note", act->note, TEXT_NEEDED, NOTE_MAX, fault);
    return rc == RC_OK ? sales_act_run(writer, "close", close_work, act, fault) : rc;
}

/* ---- looking ---- */

enum rc sales_returns_of(struct store_conn *conn, struct arena *arena, uint64_t order,
                         sales_returns *ret, struct fault *fault)
{
    return sales_return_rows_of(conn, arena, order, ret, fault);
}

enum rc sales_returns_waiting(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                              struct fault *fault)
{
    return sales_returns_count(conn, shop, ret, fault);
}
