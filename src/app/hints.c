#include "app/hints.h"

#include "app/address.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "store/hints.h"
#include "store/shop_titles.h"

/* ---- pointing out ---- */

struct putting {
    uint64_t edition;
    struct hint hint;
};

static enum rc put_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct putting *p = context;
    uint64_t shop, open;
    enum rc rc = hint_row_shop(conn, p->edition, &shop, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no such thing");
    if (rc == RC_OK)
        rc = hint_rows_open(conn, shop, &open, fault);
    if (rc == RC_OK && open >= HINTS_OPEN_MAX)
        rc = fault_set(fault, RC_CONFLICT,
                       "this shop has been told of more than it has looked at; try again later");
    return rc == RC_OK ? hint_row_add(conn, shop, &p->hint, fault) : rc;
}

enum rc hint_put(struct writer *writer, const struct visit *visit, const struct shown_edition *e,
                 const struct hint_order *order, struct fault *fault)
{
    struct putting p = {.edition = e->id,
                        .hint = {.storefront = visit->storefront->id,
                                 .key = e->key,
                                 .words = str_trim(order->words),
                                 .at = clock_now()}};
    struct str address = str_trim(order->address);
    if (!hint_what_parse(order->what, &p.hint.what))
        return fault_set(fault, RC_INVALID, "what: choose one");
    enum rc rc = text_check("words", p.hint.words, TEXT_NEEDED, HINT_WORDS_MAX, fault);
    if (rc == RC_OK && address.n > 0)
        rc = address_read(visit->arena, address, &p.hint.address, fault);
    return rc == RC_OK ? writer_run(writer, put_work, &p, fault) : rc;
}

/* ---- at the desk ---- */

enum rc hints_open(struct store_conn *conn, const struct partner_shop *shop, uint64_t *ret,
                   struct fault *fault)
{
    return hint_rows_open(conn, shop->id, ret, fault);
}

static enum rc add_title(struct store_conn *conn, struct arena *arena,
                         const struct partner_shop *shop, struct hint_line *line,
                         struct fault *fault)
{
    struct shop_title_row row;
    char text[1024];
    enum rc rc = shop_title_by_key(conn, arena, shop->id, line->hint.key, &row, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    line->title = arena_str(arena, edition_display_title(&row.facts, text, sizeof text));
    line->language = edition_language(&row.facts);
    return RC_OK;
}

enum rc hints_read(struct site *site, struct arena *arena, const struct partner_shop *shop,
                   bool done, size_t room, hint_lines *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    hint_list rows = {NULL, 0};
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = hint_rows(conn, arena, shop->id, done, room, &rows, fault);
    ret->v = ARENA_ARRAY(arena, struct hint_line, rows.n);
    ret->n = 0;
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        ret->v[ret->n] = (struct hint_line){.hint = rows.v[i]};
        rc = add_title(conn, arena, shop, &ret->v[ret->n++], fault);
    }
    site_disconnect(conn);
    return rc;
}

struct doing {
    uint64_t shop, id, account;
    bool unanswered; /* of several */
};

static enum rc do_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct doing *d = context;
    return hint_row_do(conn, d->shop, d->id, clock_now(), d->account, fault);
}

enum rc hint_done(struct writer *writer, const struct viewer *viewer,
                  const struct partner_shop *shop, uint64_t id, struct fault *fault)
{
    struct doing d = {.shop = shop->id, .id = id, .account = viewer->account};
    return writer_run(writer, do_work, &d, fault);
}

static enum rc do_all_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct doing *d = context;
    return hint_rows_do(conn, d->shop, d->id, d->unanswered, clock_now(), d->account, fault);
}

enum rc hints_done(struct writer *writer, const struct viewer *viewer,
                   const struct partner_shop *shop, uint64_t last, bool unanswered,
                   struct fault *fault)
{
    struct doing d = {shop->id, last, viewer->account, unanswered};
    return writer_run(writer, do_all_work, &d, fault);
}

enum rc hints_expire(struct store_conn *conn, struct fault *fault)
{
    int64_t now = clock_now();
    return hint_rows_expire(conn, now - (int64_t)HINT_DAYS * 86400, now, fault);
}
