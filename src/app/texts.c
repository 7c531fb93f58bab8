#include "app/texts.h"

#include "app/gate_rules.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "domain/names.h"
#include "store/catalogue.h"
#include "store/shop_texts.h"

/* ---- saving ---- */

struct setting {
    const struct text_order *order;
    uint64_t account;
    struct str body;
    struct shop_text text; /* what is saved; its storefront and version by the transaction */
};

static enum rc find_storefront(struct store_conn *conn, struct str slug, unsigned *ret,
                               struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct storefront *all;
    size_t n;
    enum rc rc = catalogue_storefronts(conn, &arena, &all, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (str_eq(all[i].slug, slug)) {
            *ret = all[i].id;
            return RC_OK;
        }
    return rc != RC_OK
               ? rc
               : fault_set(fault, RC_INVALID, "storefront: there is no %.*s", STR_ARG(slug));
}

/* A version that says what the one before says is none, unless it begins at another time. */
static enum rc check_changed(const struct setting *s, struct store_conn *conn, struct arena *arena,
                             const struct text_version *latest, struct fault *fault)
{
    struct shop_text before = s->text;
    struct str body;
    before.version = latest->version;
    enum rc rc = text_body(conn, arena, &before, &body, fault);
    if (rc == RC_OK && latest->gone == s->text.gone && str_eq(body, s->body) &&
        s->order->from.n == 0)
        rc = fault_set(fault, RC_INVALID, "body: version %llu says the same",
                       (unsigned long long)latest->version);
    return rc;
}

static enum rc set_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct setting *s = context;
    ARENA_AUTO arena = ARENA_INIT;
    text_version_list versions = {NULL, 0};
    enum rc rc = find_storefront(conn, s->order->storefront, &s->text.storefront, fault);
    if (rc == RC_OK)
        rc = shop_text_versions(conn, &arena, &s->text, &versions, fault);
    if (rc != RC_OK)
        return rc;
    uint64_t latest = versions.n > 0 ? versions.v[0].version : 0;
    if (s->order->after != NULL && *s->order->after != latest)
        return fault_set(fault, RC_CONFLICT,
                         "body: version %llu was saved meanwhile; look at it first",
                         (unsigned long long)latest);
    if (latest >= SHOP_TEXT_VERSIONS_MAX)
        return fault_set(fault, RC_LIMIT, "body: it has %d versions, which is the most",
                         SHOP_TEXT_VERSIONS_MAX);
    if (s->text.gone && (latest == 0 || versions.v[0].gone))
        return fault_set(fault, RC_INVALID, "body: there is none that could be withdrawn");
    if (latest > 0)
        rc = check_changed(s, conn, &arena, &versions.v[0], fault);
    s->text.version = latest + 1;
    return rc == RC_OK ? shop_text_add(conn, &s->text, s->body, s->account, fault) : rc;
}

/* Forms end their lines with CR LF; one text has one end. */
static struct str tidied(struct arena *arena, struct str body)
{
    char *out = arena_z(arena, body);
    size_t n = 0;
    for (size_t i = 0; i < body.n; i++)
        if (body.p[i] != '\r')
            out[n++] = body.p[i];
    return str_trim((struct str){out, n});
}

static enum rc check_body(struct setting *s, struct fault *fault)
{
    bool about = s->text.kind == TEXT_ABOUT;
    if (!s->order->withdrawn)
        return text_check("body", s->body, about ? TEXT_LINE : TEXT_NEEDED,
                          about ? TEXT_ABOUT_MAX : TEXT_BODY_MAX, fault);
    if (s->body.n > 0)
        return fault_set(fault, RC_INVALID, "body: what is withdrawn has none");
    s->text.gone = true;
    return RC_OK;
}

static enum rc read_from(struct setting *s, int64_t now, struct fault *fault)
{
    int64_t from = now;
    enum {
        STILL_GOES_S = 2 * 86400
    }; /* a day begins in UTC, and ends last twelve hours west of it */
    if (s->order->from.n > 0 && !time_or_date_parse(s->order->from, false, &from))
        return fault_set(fault, RC_INVALID,
                         "from: expected a date (2026-12-31) or a time (2026-12-31T12:00:00Z)");
    if (from <= now - STILL_GOES_S)
        return fault_set(fault, RC_INVALID, "from: that day is over");
    s->text.from = from > now ? from : now; /* today's date, wherever: from now on */
    s->text.saved = now;
    return RC_OK;
}

enum rc text_set(struct writer *writer, const struct viewer *viewer, const struct text_order *order,
                 uint64_t *ret_version, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct setting s = {.order = order,
                        .account = viewer == NULL ? 0 : viewer->account,
                        .body = tidied(&arena, order->body),
                        .text = {.language = order->language}};
    if (!text_kind_parse(order->kind, &s.text.kind))
        return fault_set(fault, RC_INVALID, "kind: there is no %.*s", STR_ARG(order->kind));
    if (!language_tag_valid(order->language))
        return fault_set(fault, RC_INVALID, "language: %.*s is none: a tag as en or zh-Hans",
                         STR_ARG(order->language));
    enum rc rc = check_body(&s, fault);
    if (rc == RC_OK)
        rc = read_from(&s, clock_now(), fault);
    if (rc == RC_OK)
        rc = writer_run(writer, set_work, &s, fault);
    if (rc == RC_OK)
        *ret_version = s.text.version;
    return rc;
}

/* ---- reading ---- */

enum rc texts_storefronts(struct store_conn *conn, struct arena *arena, struct storefront **ret,
                          size_t *ret_n, struct fault *fault)
{
    return catalogue_storefronts(conn, arena, ret, ret_n, fault);
}

enum rc texts_all(struct store_conn *conn, struct arena *arena, shop_text_list *ret,
                  struct fault *fault)
{
    return shop_text_rows(conn, arena, ret, fault);
}

enum rc text_versions(struct store_conn *conn, struct arena *arena, const struct shop_text *which,
                      text_version_list *ret, struct fault *fault)
{
    return shop_text_versions(conn, arena, which, ret, fault);
}

enum rc text_body(struct store_conn *conn, struct arena *arena, const struct shop_text *which,
                  struct str *ret, struct fault *fault)
{
    enum rc rc = shop_text_body(conn, arena, which, ret, fault);
    return rc == RC_NOT_FOUND ? fault_set(fault, rc, "there is no such version of this text") : rc;
}

size_t texts_in_force(const struct gate_view *view, const struct storefront *storefront,
                      const struct shop_text *const **ret)
{
    const struct storefront_rules *rules =
        &view->rules->by_storefront[storefront - view->storefronts.v];
    *ret = rules->texts;
    return rules->text_count;
}

/* The smaller, the sooner it stands in for one in the language that was asked for. */
static size_t distance(const struct storefront *storefront, struct str language, struct str tag)
{
    size_t at = 0;
    if (str_eq(tag, language))
        return 0;
    while (at < storefront->languages.n && !str_eq(storefront->languages.v[at], tag))
        at++;
    return 1 + at;
}

const struct shop_text *text_in_force(const struct gate_view *view,
                                      const struct storefront *storefront, enum text_kind kind,
                                      struct str language)
{
    const struct shop_text *const *all, *best = NULL;
    size_t n = texts_in_force(view, storefront, &all), nearest = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t far =
            all[i]->kind == kind ? distance(storefront, language, all[i]->language) : SIZE_MAX;
        if (far < nearest) {
            nearest = far;
            best = all[i];
        }
    }
    return best;
}
