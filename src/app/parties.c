#include "app/parties.h"

#include "app/beside.h"
#include "app/document.h"
#include "app/restrict.h"
#include "base/clock.h"
#include "record/entry.h"
#include "store/catalogue.h"
#include "store/demands.h"
#include "store/record_log.h"
#include "store/store.h"

/* ---- reading what is published ---- */

struct reading {
    struct store_conn *conn;
    struct arena *arena;
    disclosure_list disclosures;
    agreement_list agreements;
    size_t room;
};

/* The first whose shop is not before this one. */
static size_t place_of(const disclosure_list *list, struct str shop)
{
    size_t low = 0, high = list->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(list->v[middle].shop, shop) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct disclosure *disclosures_find(const disclosure_list *list, struct str shop)
{
    size_t at = place_of(list, shop);
    return at < list->n && str_eq(list->v[at].shop, shop) ? &list->v[at] : NULL;
}

static enum rc take_disclosure(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct reading *r = context;
    disclosure_list *list = &r->disclosures;
    struct entry e;
    enum rc rc = entry_read(r->arena, arena_str(r->arena, stored->bytes), &e, fault);
    if (rc != RC_OK)
        return rc;
    struct disclosure d = {.shop = e.disclosure.shop,
                           .owner = e.disclosure.owner,
                           .controlled_by = e.disclosure.controlled_by,
                           .country = e.disclosure.country,
                           .index = stored->index};
    size_t at = place_of(list, d.shop);
    if (at == list->n || !str_eq(list->v[at].shop, d.shop)) {
        ARENA_ROOM(r->arena, list->v, list->n, r->room);
        memmove(list->v + at + 1, list->v + at, (list->n - at) * sizeof *list->v);
        list->n++;
    }
    list->v[at] = d;
    return RC_OK;
}

enum rc disclosures_read(struct store_conn *conn, struct arena *arena, disclosure_list *ret,
                         struct fault *fault)
{
    struct reading r = {.arena = arena};
    enum rc rc = record_log_of_type(conn, LOG_DECISIONS, entry_type_name(ENTRY_DISCLOSURE), 0,
                                    take_disclosure, &r, fault);
    if (rc == RC_OK)
        *ret = r.disclosures;
    return rc;
}

enum rc disclosures_tell(struct site *site, struct arena *arena, disclosure_list *list,
                         struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    for (size_t i = 0; rc == RC_OK && i < list->n; i++)
        rc = beside_text(conn, arena, list->v[i].index, &list->v[i].text, fault);
    site_disconnect(conn);
    return rc;
}

static enum rc take_agreement(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct reading *r = context;
    struct entry e;
    enum rc rc = entry_read(r->arena, arena_str(r->arena, stored->bytes), &e, fault);
    if (rc != RC_OK)
        return rc;
    agreement_list *list = &r->agreements;
    ARENA_ROOM(r->arena, list->v, list->n, r->room);
    memmove(list->v + 1, list->v, list->n * sizeof *list->v);
    list->v[0] = (struct agreement){.id = e.agreement.id,
                                    .authority = e.agreement.authority,
                                    .country = e.agreement.country,
                                    .from = e.agreement.from,
                                    .until = e.agreement.until,
                                    .index = stored->index};
    list->n++;
    return RC_OK;
}

enum rc agreements_read(struct site *site, struct arena *arena, agreement_list *ret,
                        struct fault *fault)
{
    struct reading r = {.arena = arena};
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = record_log_of_type(conn, LOG_DECISIONS, entry_type_name(ENTRY_AGREEMENT), 0,
                                take_agreement, &r, fault);
    for (size_t i = 0; rc == RC_OK && i < r.agreements.n; i++) {
        struct agreement *a = &r.agreements.v[i];
        struct papers_row papers = {0};
        rc = beside_text(conn, arena, a->index, &a->text, fault);
        if (rc == RC_OK)
            rc = papers_get(conn, arena, PAPERS_OF_AGREEMENT, a->id, &papers, fault);
        a->has_copy = papers.copy.file.n > 0;
        if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    site_disconnect(conn);
    if (rc == RC_OK)
        *ret = r.agreements;
    return rc;
}

/* ---- publishing ---- */

/* What an entry may not say is the caller's mistake: the fault names the member. */
static enum rc put(struct site *site, struct store_conn *conn, struct entry *e, struct str text,
                   uint64_t *ret_entry_id, struct fault *fault)
{
    enum rc rc = beside_entry(site, conn, e, entry_type_name(e->type), text, ret_entry_id, fault);
    return rc == RC_INVALID || rc == RC_LIMIT ? fault_prefix(fault, RC_INVALID, "not published")
                                              : rc;
}

enum rc disclosure_put(struct site *site, struct store_conn *conn,
                       const struct disclosure_order *order, uint64_t *ret_entry_id,
                       struct fault *fault)
{
    struct entry e;
    enum rc rc = disclosure_order_entry(order, clock_now(), &e, fault);
    return rc == RC_OK ? put(site, conn, &e, order->text, ret_entry_id, fault) : rc;
}

struct party_work {
    struct site *site;
    const struct disclosure_order *disclosure;
    const struct agreement_order *agreement;
    struct papers_row papers; /* of the agreement, whose id is its */
    bool put;                 /* a row names them, unless what came after it undid it */
    uint64_t entry_id;
};

static enum rc disclose_in_transaction(void *context, struct store_conn *conn, struct fault *fault)
{
    struct party_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct shop shop;
    struct str slug = w->disclosure->shop;
    enum rc rc = catalogue_shop(conn, &arena, slug, &shop, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no shop %.*s", STR_ARG(slug));
    return rc == RC_OK ? disclosure_put(w->site, conn, w->disclosure, &w->entry_id, fault) : rc;
}

enum rc disclose(struct site *site, struct writer *writer, const struct disclosure_order *order,
                 uint64_t *ret_index, struct fault *fault)
{
    struct party_work w = {.site = site, .disclosure = order};
    enum rc rc = writer_run(writer, disclose_in_transaction, &w, fault);
    return rc == RC_OK ? entry_published(site, w.entry_id, ret_index, fault) : rc;
}

static enum rc agree_in_transaction(void *context, struct store_conn *conn, struct fault *fault)
{
    struct party_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    const struct agreement_order *o = w->agreement;
    struct beside document = {0};
    enum rc rc = store_take_ids(conn, "agreement", 1, &w->papers.id, fault);
    struct entry e;
    if (rc == RC_OK)
        rc = agreement_order_entry(o, w->papers.id, clock_now(), &e, fault);
    bool has_paper = w->papers.document.file.n > 0;
    if (rc == RC_OK && has_paper) {
        document = beside_make(w->site, &arena, "document", o->document.bytes);
        e.agreement.document.full = document.commitment;
        e.agreement.document.copy = w->papers.copy.digest;
        document.content = w->papers.document.file;
    }
    if (rc == RC_OK)
        rc = put(w->site, conn, &e, o->text, &w->entry_id, fault);
    if (rc == RC_OK && has_paper)
        rc = beside_put(conn, w->entry_id, &document, fault);
    if (rc == RC_OK && has_paper)
        rc = papers_add_of_agreement(conn, &w->papers, fault);
    w->put = rc == RC_OK;
    return rc;
}

static enum rc keep_papers(struct party_work *w, struct arena *arena, struct fault *fault)
{
    const struct agreement_order *o = w->agreement;
    if (o->copy.bytes.n > 0 && o->document.bytes.n == 0)
        return fault_set(fault, RC_INVALID, "public copy: of which document?");
    enum rc rc = document_put(w->site, arena, "document", &o->document, &w->papers.document, fault);
    return rc == RC_OK
               ? document_put(w->site, arena, "public copy", &o->copy, &w->papers.copy, fault)
               : rc;
}

enum rc agreement_add(struct site *site, struct writer *writer, const struct agreement_order *order,
                      uint64_t *ret_id, uint64_t *ret_index, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct party_work w = {.site = site, .agreement = order};
    struct entry tried; /* before papers are kept for it */
    enum rc rc = agreement_order_entry(order, 1, clock_now(), &tried, fault);
    if (rc == RC_OK)
        rc = keep_papers(&w, &arena, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, agree_in_transaction, &w, fault);
    if (rc != RC_OK && !w.put) { /* no row names them; RC_BUSY may be said after the commit */
        document_forget(site, &w.papers.document);
        document_forget(site, &w.papers.copy);
    }
    if (rc != RC_OK)
        return rc;
    *ret_id = w.papers.id;
    return entry_published(site, w.entry_id, ret_index, fault);
}

enum rc agreement_copy(struct site *site, struct arena *arena, uint64_t id, struct str *ret_bytes,
                       struct str *ret_type, struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct papers_row papers = {0};
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = papers_get(conn, arena, PAPERS_OF_AGREEMENT, id, &papers, fault);
    site_disconnect(conn);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no such paper");
    if (rc == RC_OK)
        rc = document_get(site, arena, &papers.copy, ret_bytes, fault);
    if (rc == RC_OK)
        *ret_type = papers.copy.type;
    return rc;
}
