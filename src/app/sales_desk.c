#include "app/sales_desk.h"

#include "app/papers.h"
#include "app/sales_parts.h"
#include "app/stock.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "store/sales.h"
#include "store/sales_desk.h"

enum { CARRIER_MAX = 100, TRACKING_MAX = 200, NOTE_MAX = 2000, KEY_MAX = 100 };

/* ---- looking ---- */

enum rc sales_seek(struct store_conn *conn, struct arena *arena, const struct sales_seek *seek,
                   struct sales_order_row **ret, size_t *ret_n, struct fault *fault)
{
    uint64_t *ids;
    size_t n;
    enum rc rc = sales_desk_ids(conn, arena, seek, &ids, &n, fault);
    if (rc != RC_OK)
        return rc;
    struct sales_order_row *rows = ARENA_ARRAY(arena, struct sales_order_row, n);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = sales_order_row(conn, arena, ids[i], &rows[i], fault);
    *ret = rows;
    *ret_n = n;
    return rc;
}

enum rc sales_waiting(struct store_conn *conn, uint64_t shop, uint64_t *ret, struct fault *fault)
{
    return sales_desk_waiting(conn, shop, ret, fault);
}

enum rc sales_pick_list(struct store_conn *conn, struct arena *arena, uint64_t shop, size_t room,
                        sales_picks *ret, struct fault *fault)
{
    return sales_desk_picks(conn, arena, shop, date_of(clock_now()), room, ret, fault);
}

enum rc sales_shipped(struct store_conn *conn, struct arena *arena, uint64_t order,
                      shipped_lines *ret, struct fault *fault)
{
    return shipped_lines_of(conn, arena, order, ret, fault);
}

/* ---- acting ---- */

/* All that was asked for, so that a key stands for one thing. */
static struct hash what_is_asked(struct arena *arena, const struct sales_act *act)
{
    BUF_AUTO b = BUF_INIT(64 << 10);
    struct str texts[] = {act->carrier, act->tracking, act->note, act->reason, act->amount};
    for (size_t i = 0; i < act->parts.n; i++)
        buf_printf(&b, "%llu=%lld ", (unsigned long long)act->parts.v[i].line,
                   (long long)act->parts.v[i].quantity);
    buf_printf(&b, "%llu %d %d %llu", (unsigned long long)act->line, act->shelf, act->delivery,
               (unsigned long long)act->expected);
    struct str zero = {"", 1}, parts[2 * (sizeof texts / sizeof *texts) + 1];
    size_t n = 0;
    parts[n++] = arena_str(arena, buf_str(&b));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        parts[n++] = zero;
        parts[n++] = texts[i];
    }
    return sha256_parts(parts, n);
}

/* A form of the desk acts once, however often it is sent, and whether money is owed for it or not.
 */
static enum rc take_key(struct sales_acting *a, struct fault *fault)
{
    if (a->kind == NULL || a->act->key.n == 0)
        return RC_OK;
    struct hash asked = what_is_asked(&a->arena, a->act);
    struct str key = arena_printf(&a->arena, "%s/%.*s", a->kind, STR_ARG(a->act->key));
    bool same = false;
    enum rc rc =
        sales_act_row_take(a->conn, a->view.order.id, key, &asked, a->now, &a->again, &same, fault);
    return rc == RC_OK && a->again && !same
               ? fault_set(fault, RC_CONFLICT,
                           "key: this form was sent before, with something else in it: look again")
               : rc;
}

enum rc sales_act_begin(struct sales_acting *a, struct store_conn *conn, struct fault *fault)
{
    a->conn = conn;
    a->now = clock_now();
    a->again = false;
    enum rc rc = sales_view(conn, &a->arena, a->act->number, &a->view, fault);
    if (rc == RC_OK && a->act->shop != 0 && a->act->shop != a->view.order.shop)
        rc =
            fault_set(fault, RC_NOT_FOUND, "there is no sales order %.*s", STR_ARG(a->act->number));
    return rc == RC_OK ? take_key(a, fault) : rc;
}

enum rc sales_act_line(const struct sales_acting *a, const struct sales_part *part,
                       const struct sales_line_row **ret, struct fault *fault)
{
    for (size_t i = 0; i < a->view.line_n; i++)
        if (a->view.lines[i].id == part->line) {
            *ret = &a->view.lines[i];
            return part->quantity > 0
                       ? RC_OK
                       : fault_set(fault, RC_INVALID, "quantity: at least one is needed");
        }
    return fault_set(fault, RC_INVALID, "line: the sales order has no such line");
}

enum rc sales_act_event(const struct sales_acting *a, const char *kind, uint64_t line,
                        int64_t quantity, int64_t amount, struct str note, struct fault *fault)
{
    struct sales_event_row event = {.order = a->view.order.id,
                                    .line = line,
                                    .kind = str_of(kind),
                                    .quantity = quantity,
                                    .amount = amount,
                                    .actor =
                                        a->act->own ? STR(SALES_BY_READER) : STR(SALES_BY_STAFF),
                                    .account = a->act->account,
                                    .note = note,
                                    .at = a->now};
    return sales_event_row_add(a->conn, &event, fault);
}

enum rc sales_act_settle(const struct sales_acting *a, struct fault *fault)
{
    struct sales_line_row *lines;
    size_t n;
    bool open = false, gone = true;
    const struct sales_order_row *o = &a->view.order;
    enum rc rc = sales_line_rows(a->conn, (struct arena *)&a->arena, o->id, SALE_LINES_MAX, &lines,
                                 &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        open =
            open || (!lines[i].digital && lines[i].sent + lines[i].cancelled < lines[i].quantity);
        gone = gone && lines[i].cancelled == lines[i].quantity;
    }
    if (rc != RC_OK || open || !str_is(o->state, SALES_PAID))
        return rc;
    return sales_order_row_state(a->conn, o->id, STR(SALES_PAID),
                                 gone ? STR(SALES_CANCELLED) : STR(SALES_DONE), a->now, fault);
}

enum rc sales_act_run(struct writer *writer, const char *kind, write_work work,
                      const struct sales_act *act, struct fault *fault)
{
    struct sales_acting a = {.kind = kind, .act = act};
    enum rc rc = text_check("key", act->key, TEXT_OPTIONAL, KEY_MAX, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, work, &a, fault);
    arena_free(&a.arena);
    return rc;
}

/* ---- sending ---- */

static enum rc send_line(struct sales_acting *a, uint64_t shipment, const struct sales_part *part,
                         struct fault *fault)
{
    const struct sales_line_row *line;
    struct sales_line_change change = {.sent = part->quantity};
    enum rc rc = sales_act_line(a, part, &line, fault);
    if (rc == RC_OK && line->digital)
        rc = fault_set(fault, RC_INVALID, "line: an e-book is not sent");
    if (rc == RC_OK)
        rc = sales_line_row_change(a->conn, line->id, &change, fault);
    if (rc == RC_CONFLICT)
        return fault_set(fault, rc, "of %.*s, not so many are left to be sent",
                         STR_ARG(line->title));
    if (rc == RC_OK)
        rc = stock_leave(a->conn, a->view.order.shop, line->edition, (uint64_t)part->quantity,
                         fault);
    if (rc == RC_CONFLICT)
        return fault_prefix(fault, rc, "%.*s", STR_ARG(line->title));
    if (rc == RC_OK)
        rc = shipment_line_row_add(a->conn, shipment, line->id, part->quantity, fault);
    return rc == RC_OK
               ? sales_act_event(a, SALES_EVENT_SENT, line->id, part->quantity, 0, STR_NONE, fault)
               : rc;
}

static uint64_t sent_before(const struct sales_view *view)
{
    uint64_t sent = 0;
    for (size_t i = 0; i < view->line_n; i++)
        sent += (uint64_t)view->lines[i].sent;
    return sent;
}

static enum rc send_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct sales_acting *a = context;
    const struct sales_act *act = a->act;
    uint64_t shipment = 0;
    enum rc rc = sales_act_begin(a, conn, fault);
    if (rc != RC_OK || a->again)
        return rc;
    if (!str_is(a->view.order.state, SALES_PAID))
        rc = fault_set(fault, RC_CONFLICT, "only what is paid and open is sent");
    /* The same form twice: what it was shown for has been sent. */
    if (rc == RC_OK && act->seen != 0 && act->seen != sent_before(&a->view) + 1)
        rc = fault_set(fault, RC_CONFLICT, "something of it was sent meanwhile: look again");
    if (rc == RC_OK)
        rc = shipment_row_add(conn, a->view.order.id, act->carrier, act->tracking, a->now,
                              &shipment, fault);
    for (size_t i = 0; rc == RC_OK && i < act->parts.n; i++)
        rc = send_line(a, shipment, &act->parts.v[i], fault);
    if (rc == RC_OK)
        rc = sales_act_settle(a, fault);
    return rc == RC_OK ? papers_letter(conn, a->view.order.id, SALES_LETTER_SENT, fault) : rc;
}

enum rc sales_send(struct writer *writer, const struct sales_act *act, struct fault *fault)
{
    enum rc rc = text_check("carrier", act->carrier, TEXT_OPTIONAL, CARRIER_MAX, fault);
    if (rc == RC_OK)
        rc = text_check("tracking", act->tracking, TEXT_OPTIONAL, TRACKING_MAX, fault);
    if (rc == RC_OK && act->parts.n == 0)
        rc = fault_set(fault, RC_INVALID, "quantity: at least one copy of one line is needed");
    return rc == RC_OK ? sales_act_run(writer, "send", send_work, act, fault) : rc;
}

static enum rc note_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct sales_acting *a = context;
    enum rc rc = sales_act_begin(a, conn, fault);
    return rc == RC_OK && !a->again
               ? sales_act_event(a, SALES_EVENT_NOTE, 0, 0, 0, a->act->note, fault)
               : rc;
}

enum rc sales_note(struct writer *writer, const struct sales_act *act, struct fault *fault)
{
    enum rc rc = text_check("note", act->note, TEXT_NEEDED, NOTE_MAX, fault);
    return rc == RC_OK ? sales_act_run(writer, "note", note_work, act, fault) : rc;
}
