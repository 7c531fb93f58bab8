#include "app/licences.h"

#include "app/beside.h"
#include "app/demand.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "domain/names.h"
#include "record/entry.h"
#include "store/catalogue.h"
#include "store/record_log.h"
#include "store/store.h"

/* ---- reading ---- */

struct reading {
    struct arena *arena;
    bool pending; /* what waits for publication, too */
    struct licences *to;
};

static void take_gap(struct reading *r, const struct entry *e, uint64_t index)
{
    struct licences *to = r->to;
    ARENA_ROOM(r->arena, to->gaps.v, to->gaps.n, to->gap_room);
    to->gaps.v[to->gaps.n++] = (struct licence_gap){.storefront = e->gap.storefront,
                                                    .gap = e->gap.gap,
                                                    .formats = e->gap.formats,
                                                    .at = e->at,
                                                    .index = index};
}

static void take_step(struct reading *r, const struct entry *e, uint64_t index)
{
    struct licences *to = r->to;
    ARENA_ROOM(r->arena, to->steps.v, to->steps.n, to->step_room);
    to->steps.v[to->steps.n++] = (struct licence_step){e->licence.id,   e->licence.status, e->at,
                                                       e->licence.from, e->licence.until,  index};
}

static enum rc take_entry(struct reading *r, struct entry *e, uint64_t index, struct fault *fault)
{
    switch (e->type) {
    case ENTRY_LICENCE:
        e->licence.since = e->at;
        e->licence.index = e->licence.first = index;
        licence_book_add(&r->to->book, r->arena, &e->licence);
        take_step(r, e, index);
        return RC_OK;
    case ENTRY_LICENCE_CHANGED:
        e->licence.since = e->at;
        e->licence.index = index;
        take_step(r, e, index);
        if (licence_book_change(&r->to->book, &e->licence))
            return RC_OK;
        return fault_set(fault, RC_CORRUPT, "entry %llu changes licence %llu, which is not there",
                         (unsigned long long)index, (unsigned long long)e->licence.id);
    case ENTRY_LICENCE_NEED:
        e->need.at = e->at;
        e->need.index = index;
        licence_book_state(&r->to->book, r->arena, &e->need);
        return RC_OK;
    default:
        take_gap(r, e, index);
        return RC_OK;
    }
}

static enum rc take(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct reading *r = context;
    struct entry e;
    if (stored->index == LOG_PENDING && !r->pending)
        return RC_OK;
    enum rc rc = entry_read(r->arena, arena_str(r->arena, stored->bytes), &e, fault);
    return rc == RC_OK ? take_entry(r, &e, stored->index, fault) : rc;
}

static enum rc read_all(struct store_conn *conn, struct arena *arena, bool pending,
                        struct licences *ret, struct fault *fault)
{
    *ret = (struct licences){.gap_room = 0};
    struct reading r = {.arena = arena, .pending = pending, .to = ret};
    return record_log_licences(conn, take, &r, fault);
}

enum rc licences_read(struct store_conn *conn, struct arena *arena, struct licences *ret,
                      struct fault *fault)
{
    return read_all(conn, arena, false, ret, fault);
}

enum rc licences_read_pending(struct store_conn *conn, struct arena *arena, struct licences *ret,
                              struct fault *fault)
{
    return read_all(conn, arena, true, ret, fault);
}

enum rc licences_reasons(struct site *site, struct arena *arena, const struct licence_book *book,
                         licence_reasons *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    ret->v = ARENA_ARRAY(arena, struct str, book->needs.n);
    ret->n = book->needs.n;
    if (ret->n == 0)
        return RC_OK;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    for (size_t i = 0; rc == RC_OK && i < ret->n; i++)
        rc = beside_text(conn, arena, book->needs.v[i].index, &ret->v[i], fault);
    site_disconnect(conn);
    return rc;
}

/* ---- gaps ---- */

static struct str gap_said(const struct licences *all, struct str storefront, int format)
{
    for (size_t i = all->gaps.n; i-- > 0;)
        if ((all->gaps.v[i].formats & LICENCE_BIT(format)) &&
            str_eq(all->gaps.v[i].storefront, storefront))
            return all->gaps.v[i].gap;
    return str_of(licence_standing_name(LICENCE_FINE));
}

/* The time that the gate decides for, too: the larger of the clock and the last checkpoint's. */
static enum rc read_time(struct store_conn *conn, struct arena *arena, int64_t *ret,
                         struct fault *fault)
{
    struct stored_checkpoint last = {.at = 0};
    enum rc rc = record_log_checkpoint(conn, arena, LOG_DECISIONS, &last, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    int64_t clock = clock_now();
    *ret = clock > last.at ? clock : last.at;
    return RC_OK;
}

/* The formats that stand so then, and of which something else was said last. */
static licence_mask changed_to(const struct licences *all, const struct storefront *s,
                               struct str gap, int64_t at)
{
    licence_mask formats = 0;
    for (int f = 0; f < LICENCE_FORMAT_COUNT; f++) {
        struct licence_answer answer =
            licence_decide(&all->book, s->country, (enum licence_format)f, s->unresearched, at);
        enum licence_standing standing =
            licence_sells(answer.standing) ? LICENCE_FINE : answer.standing;
        if (str_is(gap, licence_standing_name(standing)) && !str_eq(gap, gap_said(all, s->slug, f)))
            formats |= LICENCE_BIT(f);
    }
    return formats;
}

enum rc licence_gaps_declare(struct store_conn *conn, struct fault *fault)
{
    static const enum licence_standing gaps[] = {LICENCE_FINE, LICENCE_MISSING,
                                                 LICENCE_NOT_RESEARCHED};
    ARENA_AUTO arena = ARENA_INIT;
    struct licences all;
    struct storefront *storefronts = NULL;
    size_t n = 0;
    int64_t at = 0;
    enum rc rc = read_time(conn, &arena, &at, fault);
    if (rc == RC_OK)
        rc = licences_read_pending(conn, &arena, &all, fault);
    if (rc == RC_OK)
        rc = catalogue_storefronts(conn, &arena, &storefronts, &n, fault);
    for (size_t i = 0; i < n; i++)
        for (size_t g = 0; rc == RC_OK && g < sizeof gaps / sizeof *gaps; g++) {
            struct str gap = str_of(licence_standing_name(gaps[g]));
            struct entry e = {.type = ENTRY_LICENCE_GAP,
                              .at = clock_now(),
                              .gap = {.storefront = storefronts[i].slug,
                                      .formats = changed_to(&all, &storefronts[i], gap, at),
                                      .gap = gap}};
            uint64_t id;
            if (e.gap.formats != 0)
                rc = beside_entry(NULL, conn, &e, NULL, STR_NONE, &id, fault);
        }
    return rc;
}

/* ---- stating ---- */

struct licence_work {
    struct site *site;
    const struct licence *licence;
    const struct licence_need *need;
    struct str reasons;
    uint64_t id, entry_id;
};

/* What an entry may not say is the caller's mistake: the fault names the member. */
static enum rc put(struct site *site, struct store_conn *conn, struct entry *e, struct str text,
                   uint64_t *ret_entry_id, struct fault *fault)
{
    const char *domain = e->type == ENTRY_LICENCE_NEED ? entry_type_name(e->type) : NULL;
    enum rc rc = beside_entry(site, conn, e, domain, text, ret_entry_id, fault);
    return rc == RC_INVALID || rc == RC_LIMIT ? fault_prefix(fault, RC_INVALID, "not published")
                                              : rc;
}

static enum rc check_country(struct str country, struct fault *fault)
{
    return country_code_valid(country)
               ? RC_OK
               : fault_set(fault, RC_INVALID, "country: %.*s is none: a code of two capitals as US",
                           STR_ARG(country));
}

enum rc licence_need_put(struct site *site, struct store_conn *conn,
                         const struct licence_need *order, struct str reasons,
                         uint64_t *ret_entry_id, struct fault *fault)
{
    struct entry e = {.type = ENTRY_LICENCE_NEED, .at = clock_now(), .need = *order};
    e.need.source = str_trim(order->source);
    enum rc rc = check_country(order->country, fault);
    if (rc == RC_OK)
        rc = text_check("reasons", reasons, TEXT_OPTIONAL, LICENCE_REASONS_MAX, fault);
    if (rc == RC_OK && order->read > e.at)
        rc = fault_set(fault, RC_INVALID, "read: that day is to come");
    return rc == RC_OK ? put(site, conn, &e, reasons, ret_entry_id, fault) : rc;
}

static enum rc need_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct licence_work *w = context;
    enum rc rc = licence_need_put(w->site, conn, w->need, w->reasons, &w->entry_id, fault);
    return rc == RC_OK ? licence_gaps_declare(conn, fault) : rc;
}

enum rc licence_state_need(struct site *site, struct writer *writer,
                           const struct licence_need *order, struct str reasons,
                           uint64_t *ret_index, struct fault *fault)
{
    struct licence_work w = {.site = site, .need = order, .reasons = reasons};
    enum rc rc = writer_run(writer, need_work, &w, fault);
    return rc == RC_OK ? entry_published(site, w.entry_id, ret_index, fault) : rc;
}

static enum rc add_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct licence_work *w = context;
    struct entry e = {.type = ENTRY_LICENCE, .at = clock_now(), .licence = *w->licence};
    e.licence.authority = str_trim(e.licence.authority);
    e.licence.holder = str_trim(e.licence.holder);
    e.licence.number = str_trim(e.licence.number);
    enum rc rc = check_country(e.licence.country, fault);
    if (rc == RC_OK)
        rc = store_take_ids(conn, "licence", 1, &w->id, fault);
    e.licence.id = w->id;
    if (rc == RC_OK)
        rc = put(w->site, conn, &e, STR_NONE, &w->entry_id, fault);
    return rc == RC_OK ? licence_gaps_declare(conn, fault) : rc;
}

enum rc licence_add(struct site *site, struct writer *writer, const struct licence *order,
                    uint64_t *ret_id, uint64_t *ret_index, struct fault *fault)
{
    struct licence_work w = {.site = site, .licence = order};
    enum rc rc = writer_run(writer, add_work, &w, fault);
    if (rc == RC_OK)
        *ret_id = w.id;
    return rc == RC_OK ? entry_published(site, w.entry_id, ret_index, fault) : rc;
}

/* What the change makes of the licence as it was said last, published or not. */
static enum rc complete_change(const struct licences *all, struct licence *change,
                               struct fault *fault)
{
    for (size_t i = 0; i < all->book.licences.n; i++) {
        const struct licence *l = &all->book.licences.v[i];
        int64_t from = change->from != 0 ? change->from : l->from;
        int64_t until = change->until != 0 ? change->until : l->until;
        if (l->id != change->id)
            continue;
        if (change->status == LICENCE_AS_IT_IS)
            change->status = l->status;
        if (change->status == LICENCE_GRANTED && from == 0)
            return fault_set(fault, RC_INVALID, "from: what is granted has a first day");
        if (until != 0 && until <= from)
            return fault_set(fault, RC_INVALID, "until: it would end before it begins");
        return RC_OK;
    }
    return fault_set(fault, RC_NOT_FOUND, "there is no licence %llu",
                     (unsigned long long)change->id);
}

static enum rc change_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct licence_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct licences all;
    struct entry e = {.type = ENTRY_LICENCE_CHANGED, .at = clock_now(), .licence = *w->licence};
    enum rc rc = licences_read_pending(conn, &arena, &all, fault);
    if (rc == RC_OK)
        rc = complete_change(&all, &e.licence, fault);
    if (rc == RC_OK)
        rc = put(w->site, conn, &e, STR_NONE, &w->entry_id, fault);
    return rc == RC_OK ? licence_gaps_declare(conn, fault) : rc;
}

enum rc licence_change(struct site *site, struct writer *writer, const struct licence *change,
                       uint64_t *ret_index, struct fault *fault)
{
    struct licence_work w = {.site = site, .licence = change};
    enum rc rc = writer_run(writer, change_work, &w, fault);
    return rc == RC_OK ? entry_published(site, w.entry_id, ret_index, fault) : rc;
}
