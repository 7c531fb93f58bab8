#include "app/listing.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/json.h"
#include "record/entry.h"
#include "record/listing.h"
#include "record/merkle.h"
#include "store/listings.h"
#include "store/record_log.h"

enum { DAY = 86400, INDEX_MAX = 8 << 20 };

/* ---- what is in the catalogue ---- */

struct present {
    uint64_t edition;
    struct listed_title title;
};

struct catalogue {
    struct arena *arena;
    struct present *v;
    size_t n, room;
};

static void note_edition(void *context, uint64_t edition, uint64_t work, struct str key)
{
    struct catalogue *c = context;
    uint64_t isbn;
    if (key.n != 13 || key.p[0] == '0' || !str_to_u64(key, &isbn))
        return; /* named by something else than an ISBN */
    ARENA_ROOM(c->arena, c->v, c->n, c->room);
    c->v[c->n++] = (struct present){edition, {isbn, work}};
}

static int compare_present(const void *a, const void *b)
{
    uint64_t x = ((const struct present *)a)->title.isbn;
    uint64_t y = ((const struct present *)b)->title.isbn;
    return (x > y) - (x < y);
}

static struct listing list_of(struct arena *arena, const struct gate_view *view,
                              const struct storefront *storefront, const struct catalogue *c)
{
    const struct gate_filter *filter = gate_filter(view, storefront, FEATURE_LISTING);
    struct work_set works = {filter->works, filter->work_count};
    struct work_set editions = {filter->editions, filter->edition_count};
    struct listing list = {.storefront = storefront->slug, .against = view->head_size};
    list.titles.v = ARENA_ARRAY(arena, struct listed_title, c->n);
    for (size_t i = 0; i < c->n; i++)
        if (!work_set_has(works, c->v[i].title.work) && !work_set_has(editions, c->v[i].edition))
            list.titles.v[list.titles.n++] = c->v[i].title;
    return list;
}

/* ---- what changed ---- */

struct comparing {
    const struct gate_view *view;
    const struct storefront *storefront;
    const struct catalogue *catalogue;
    struct buf *out;
    bool any;
    uint64_t *gone; /* ISBNs that left by their supplier, ascending */
    size_t gone_n;
};

static void say_joined(void *context, const struct listed_title *title)
{
    struct comparing *c = context;
    c->any = true;
    buf_printf(c->out, "joined %llu %llu\n", (unsigned long long)title->isbn,
               (unsigned long long)title->work);
}

static void say_left(void *context, const struct listed_title *title)
{
    struct comparing *c = context;
    struct present key = {.title = *title};
    const struct present *still =
        c->catalogue->n == 0
            ? NULL
            : bsearch(&key, c->catalogue->v, c->catalogue->n, sizeof key, compare_present);
    char isbn[24];
    snprintf(isbn, sizeof isbn, "%llu", (unsigned long long)title->isbn);
    const struct restriction *r = still == NULL
                                      ? NULL
                                      : gate_withholder(c->view, c->storefront, FEATURE_LISTING,
                                                        still->title.work, str_of(isbn));
    c->any = true;
    buf_printf(c->out, "left %s %llu ", isbn, (unsigned long long)title->work);
    if (r != NULL) {
        buf_printf(c->out, "restriction %llu\n", (unsigned long long)r->id);
        return;
    }
    buf_printf(c->out, "supplier\n");
    c->gone[c->gone_n++] = title->isbn;
}

/* ---- signing ---- */

struct signing {
    struct arena *arena;
    struct {
        struct entry entry;
        struct str titles, changes;
        uint64_t *gone; /* ISBNs that left, and no restriction is why */
        size_t gone_n;
    } * v;
    size_t n;
};

static enum rc add_entry(struct store_conn *conn, const struct entry *entry, uint64_t *ret_id,
                         struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(4096);
    enum rc rc = entry_write(entry, &bytes, fault);
    if (rc == RC_OK)
        rc = record_log_add(conn, LOG_DECISIONS, entry_type_name(entry->type), buf_str(&bytes),
                            ret_id, fault);
    return rc;
}

/* What left and why, before the list that lacks it. */
static enum rc put_unlisted(struct store_conn *conn, const struct entry *list, const uint64_t *gone,
                            size_t n, struct fault *fault)
{
    uint64_t id;
    struct entry entry = {.type = ENTRY_UNLISTED, .at = list->at};
    if (n == 0)
        return RC_OK;
    entry.unlisted = (struct unlisted_entry){.storefront = list->listing.storefront,
                                             .reason = STR("supplier"),
                                             .titles = n,
                                             .root = work_list_root(gone, n)};
    enum rc rc = record_log_list_put(conn, &entry.unlisted.root, gone, n, fault);
    return rc == RC_OK ? add_entry(conn, &entry, &id, fault) : rc;
}

static enum rc put_lists(void *context, struct store_conn *conn, struct fault *fault)
{
    struct signing *s = context;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < s->n; i++) {
        const struct entry *entry = &s->v[i].entry;
        uint64_t id;
        rc = put_unlisted(conn, entry, s->v[i].gone, s->v[i].gone_n, fault);
        if (rc == RC_OK)
            rc = add_entry(conn, entry, &id, fault);
        if (rc == RC_OK)
            rc = listing_row_put(conn, id, entry->listing.storefront, &entry->listing.root,
                                 s->v[i].titles, s->v[i].changes, LISTINGS_KEPT, fault);
    }
    crash_point("listing-put");
    return rc;
}

/* Adds the storefront's list to those to be signed, where it is due. */
static enum rc prepare(struct signing *s, struct store_conn *conn, const struct gate_view *view,
                       const struct storefront *storefront, const struct catalogue *catalogue,
                       struct fault *fault)
{
    BUF_AUTO lines = BUF_INIT(LISTING_MAX);
    BUF_AUTO changes = BUF_INIT(2 * LISTING_MAX);
    struct listing before, now = list_of(s->arena, view, storefront, catalogue);
    struct comparing comparing = {view, storefront, catalogue, &changes, true, NULL, 0};
    struct listing_row row;
    struct entry last;
    enum rc rc = listing_row_latest(conn, s->arena, storefront->slug, &row, fault);
    if (rc == RC_OK)
        rc = listing_read(s->arena, row.titles, &before, fault);
    if (rc == RC_OK)
        rc = entry_read(s->arena, row.entry, &last, fault);
    if (rc == RC_OK) {
        comparing.any = false;
        buf_printf(&changes, "before ");
        hex_add(&changes, row.root.b, sizeof row.root.b);
        buf_char(&changes, '\n');
        comparing.gone = ARENA_ARRAY(s->arena, uint64_t, before.titles.n);
        listing_compare(&before, &now, say_joined, say_left, &comparing);
        if (!comparing.any && view->now < last.at + DAY)
            return RC_OK;
    } else if (rc != RC_NOT_FOUND) {
        return fault_prefix(fault, rc, "the last list of titles");
    }
    listing_write(&now, &lines);
    rc = buf_check(&lines) == RC_OK && buf_check(&changes) == RC_OK
             ? RC_OK
             : fault_set(fault, RC_LIMIT, "a list of %zu titles is too long", now.titles.n);
    if (rc != RC_OK)
        return rc;
    struct entry entry = {.type = ENTRY_LISTING, .at = clock_now()};
    entry.listing = (struct listing_entry){.storefront = arena_str(s->arena, storefront->slug),
                                           .titles = now.titles.n,
                                           .root = listing_root(buf_str(&lines)),
                                           .against = now.against};
    s->v[s->n].entry = entry;
    s->v[s->n].titles = arena_str(s->arena, buf_str(&lines));
    s->v[s->n].gone = comparing.gone;
    s->v[s->n].gone_n = comparing.gone_n;
    s->v[s->n++].changes = arena_str(s->arena, buf_str(&changes));
    return RC_OK;
}

static enum rc prepare_all(struct signing *s, struct store_conn *conn, const struct gate_view *view,
                           struct fault *fault)
{
    struct catalogue catalogue = {.arena = s->arena};
    enum rc rc = listing_editions(conn, note_edition, &catalogue, fault);
    /* Already in order but for a database that sorts by its own rules. */
    if (catalogue.n > 0)
        qsort(catalogue.v, catalogue.n, sizeof *catalogue.v, compare_present);
    s->v = arena_alloc(s->arena, view->storefronts.n * sizeof *s->v);
    for (size_t i = 0; rc == RC_OK && i < view->storefronts.n; i++)
        rc = prepare(s, conn, view, &view->storefronts.v[i], &catalogue, fault);
    return rc;
}

enum rc listing_sign(struct site *site, struct store_conn *conn, struct writer *writer,
                     size_t *ret_signed, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct signing signing = {.arena = &arena};
    struct gate *gate;
    enum rc rc = gate_open(site, &gate, fault);
    if (rc != RC_OK)
        return rc;
    rc = store_begin(conn, fault);
    if (rc == RC_OK) {
        GATE_HELD view = gate_hold(gate, &arena);
        rc = prepare_all(&signing, conn, view, fault);
    }
    store_rollback(conn);
    gate_close(gate);
    if (rc == RC_OK && signing.n > 0)
        rc = writer_run(writer, put_lists, &signing, fault);
    if (rc == RC_OK)
        *ret_signed = signing.n;
    return rc;
}

enum rc listing_sign_now(struct site *site, struct writer *writer, size_t *ret_signed,
                         struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = listing_sign(site, conn, writer, ret_signed, fault);
    site_disconnect(conn);
    return rc;
}

/* ---- reading back ---- */

static enum rc read_root(struct str hex, struct hash *ret, struct fault *fault)
{
    if (!hex_decode(hex, ret->b, sizeof ret->b))
        return fault_set(fault, RC_NOT_FOUND, "a root is 64 hexadecimal digits");
    return RC_OK;
}

enum rc listing_titles(struct store_conn *conn, struct arena *arena, struct str root_hex,
                       struct str *ret, struct fault *fault)
{
    struct hash root;
    enum rc rc = read_root(root_hex, &root, fault);
    return rc == RC_OK ? listing_row_titles(conn, arena, &root, ret, fault) : rc;
}

enum rc listing_changes(struct store_conn *conn, struct arena *arena, struct str root_hex,
                        struct str *ret, struct fault *fault)
{
    struct hash root;
    enum rc rc = read_root(root_hex, &root, fault);
    return rc == RC_OK ? listing_row_changes(conn, arena, &root, ret, fault) : rc;
}

struct indexing {
    struct buf *out;
    bool any;
};

static void add_to_index(void *context, const struct hash *root, uint64_t index, struct str entry)
{
    struct indexing *i = context;
    buf_printf(i->out, "%s{\"record_index\":%llu,\"entry\":", i->any ? "," : "",
               (unsigned long long)index);
    buf_str_add(i->out, entry); /* canonical JSON */
    buf_printf(i->out, ",\"titles\":\"/record/listings/");
    hex_add(i->out, root->b, sizeof root->b);
    buf_printf(i->out, "\",\"changes\":\"/record/listings/");
    hex_add(i->out, root->b, sizeof root->b);
    buf_printf(i->out, "/changes\"}");
    i->any = true;
}

enum rc listing_index(struct store_conn *conn, struct arena *arena, struct str *ret,
                      struct fault *fault)
{
    BUF_AUTO out = BUF_INIT(INDEX_MAX);
    struct indexing indexing = {&out, false};
    buf_printf(&out, "{\"kept\":%d,\"listings\":[", LISTINGS_KEPT);
    enum rc rc = listing_rows(conn, add_to_index, &indexing, fault);
    buf_printf(&out, "]}\n");
    if (rc == RC_OK)
        rc = buf_check(&out);
    if (rc == RC_OK)
        *ret = arena_str(arena, buf_str(&out));
    return rc;
}

/* ---- for people ---- */

enum { STOREFRONTS_SHOWN = 64, RESTRICTIONS_SHOWN = 20, UNLISTED_SHOWN = 50 };

struct overseeing {
    struct arena *arena;
    struct listing_overview *o;
    struct fault fault;
    enum rc rc;
};

static struct str hex_of(struct arena *arena, const struct hash *hash)
{
    BUF_AUTO b = BUF_INIT(80);
    hex_add(&b, hash->b, sizeof hash->b);
    return arena_str(arena, buf_str(&b));
}

/* Rows come newest first: the first of each storefront. */
static void note_latest(void *context, const struct hash *root, uint64_t index, struct str bytes)
{
    struct overseeing *s = context;
    struct entry e;
    if (s->rc != RC_OK || s->o->latest.n == STOREFRONTS_SHOWN)
        return;
    s->rc = entry_read(s->arena, bytes, &e, &s->fault);
    for (size_t i = 0; s->rc == RC_OK && i < s->o->latest.n; i++)
        if (str_eq(s->o->latest.v[i].storefront, e.listing.storefront))
            return;
    if (s->rc == RC_OK)
        s->o->latest.v[s->o->latest.n++] =
            (struct listing_latest){.storefront = e.listing.storefront,
                                    .root = hex_of(s->arena, root),
                                    .index = index,
                                    .at = e.at,
                                    .titles = e.listing.titles};
}

static void count_withheld(struct listing_latest *l, struct str id)
{
    uint64_t restriction;
    size_t at = 0;
    if (!str_to_u64(id, &restriction))
        return;
    while (at < l->withheld.n && l->withheld.v[at].restriction != restriction)
        at++;
    if (at == RESTRICTIONS_SHOWN)
        return;
    if (at == l->withheld.n)
        l->withheld.v[l->withheld.n++] = (struct listing_withheld){restriction, 0};
    l->withheld.v[at].titles++;
}

static enum rc count_changes(struct store_conn *conn, struct arena *arena, struct listing_latest *l,
                             struct fault *fault)
{
    struct str changes, line, word;
    enum rc rc = listing_changes(conn, arena, l->root, &changes, fault);
    if (rc != RC_OK)
        return rc;
    l->first = changes.n == 0;
    l->withheld.v = ARENA_ARRAY(arena, struct listing_withheld, RESTRICTIONS_SHOWN);
    while (str_next(&changes, '\n', &line)) {
        if (!str_next(&line, ' ', &word))
            continue;
        if (str_eq(word, STR("joined")))
            l->joined++;
        if (!str_eq(word, STR("left")) || !str_next(&line, ' ', &word) ||
            !str_next(&line, ' ', &word) || !str_next(&line, ' ', &word))
            continue;
        if (str_eq(word, STR("restriction")))
            count_withheld(l, line);
        else
            l->withdrawn++;
    }
    return RC_OK;
}

/* The last ones, in a ring. */
struct unlisting {
    struct arena *arena;
    struct listing_unlisted *ring;
    uint64_t n;
};

static enum rc note_unlisted(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct unlisting *u = context;
    struct entry e;
    enum rc rc = entry_read(u->arena, stored->bytes, &e, fault);
    if (rc == RC_OK)
        u->ring[u->n++ % UNLISTED_SHOWN] =
            (struct listing_unlisted){.index = stored->index,
                                      .at = e.at,
                                      .storefront = e.unlisted.storefront,
                                      .reason = e.unlisted.reason,
                                      .root = hex_of(u->arena, &e.unlisted.root),
                                      .titles = e.unlisted.titles};
    return rc;
}

static enum rc read_unlisted(struct store_conn *conn, struct arena *arena,
                             struct listing_overview *o, struct fault *fault)
{
    struct unlisting u = {arena, ARENA_ARRAY(arena, struct listing_unlisted, UNLISTED_SHOWN), 0};
    enum rc rc = record_log_of_type(conn, LOG_DECISIONS, entry_type_name(ENTRY_UNLISTED), 0,
                                    note_unlisted, &u, fault);
    o->unlisted.n = u.n < UNLISTED_SHOWN ? (size_t)u.n : UNLISTED_SHOWN;
    o->unlisted.v = ARENA_ARRAY(arena, struct listing_unlisted, UNLISTED_SHOWN);
    for (size_t i = 0; i < o->unlisted.n; i++)
        o->unlisted.v[i] = u.ring[(u.n - 1 - i) % UNLISTED_SHOWN];
    return rc;
}

enum rc listing_overview(struct store_conn *conn, struct arena *arena, struct listing_overview *ret,
                         struct fault *fault)
{
    struct listing_overview o = {0};
    struct overseeing s = {.arena = arena, .o = &o};
    o.latest.v = ARENA_ARRAY(arena, struct listing_latest, STOREFRONTS_SHOWN);
    enum rc rc = listing_rows(conn, note_latest, &s, fault);
    if (rc == RC_OK && s.rc != RC_OK)
        rc = fault_set(fault, s.rc, "%s", s.fault.text);
    for (size_t i = 0; rc == RC_OK && i < o.latest.n; i++)
        rc = count_changes(conn, arena, &o.latest.v[i], fault);
    if (rc == RC_OK)
        rc = read_unlisted(conn, arena, &o, fault);
    if (rc == RC_OK)
        *ret = o;
    return rc;
}
