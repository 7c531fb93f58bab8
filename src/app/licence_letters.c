#include "app/licence_letters.h"

#include "app/licences.h"
#include "app/mail_queue.h"
#include "base/clock.h"
#include "store/catalogue.h"
#include "store/staff_rows.h"
#include "store/store.h"

enum { DAY = 86400, OPERATORS_MAX = 200, TOLD_NAME = 64 };

/* The days before its end that are told of; 0: it is too early yet, or over. */
static unsigned days_due(const struct licence *l, int64_t now)
{
    static const unsigned days[] = {7, 30, 90};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (licence_ends_soon(l, now, (int64_t)days[i] * DAY))
            return days[i];
    return 0;
}

/* What would not be sold any more without it, by country and format. */
static json_t *stops_of(const struct licence_book *book, const struct licence *l,
                        const struct storefront *storefronts, size_t n, int64_t now)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        for (int f = 0; f < LICENCE_FORMAT_COUNT; f++) {
            const struct storefront *s = &storefronts[i];
            struct licence_answer with =
                licence_decide(book, s->country, (enum licence_format)f, s->unresearched, now);
            struct licence_answer without = licence_decide_without(
                book, s->country, (enum licence_format)f, s->unresearched, l, now);
            if (licence_sells(with.standing) && !licence_sells(without.standing))
                json_array_append_new(list, json_pack("{s:o, s:i}", "country",
                                                      json_from_str(s->country), "format", f));
        }
    return list;
}

static enum rc tell(struct store_conn *conn, struct arena *arena, const struct licence *l,
                    const struct licence_book *book, int64_t now, struct fault *fault)
{
    struct storefront *storefronts;
    struct staff_row *staff;
    size_t n, staff_n;
    enum rc rc = catalogue_storefronts(conn, arena, &storefronts, &n, fault);
    if (rc == RC_OK)
        rc = staff_rows(conn, arena, OPERATORS_MAX, &staff, &staff_n, fault);
    if (rc != RC_OK)
        return rc;
    JSON_AUTO *values = json_pack("{s:I, s:o, s:I, s:o}", "licence", (json_int_t)l->id, "country",
                                  json_from_str(l->country), "until", (json_int_t)l->until, "stops",
                                  stops_of(book, l, storefronts, n, now));
    for (size_t i = 0; rc == RC_OK && i < staff_n; i++) {
        struct letter letter = {
            .kind = "licence-ends", .account = staff[i].id, .values = values, .until = l->until};
        if (str_eq(staff[i].role, STR("operator")))
            rc = mail_queue(conn, &letter, fault);
    }
    return rc;
}

/* Once for each term and distance: a licence that was prolonged is told of anew. */
static enum rc tell_once(struct store_conn *conn, struct arena *arena, const struct licence *l,
                         const struct licence_book *book, int64_t now, struct fault *fault)
{
    unsigned days = days_due(l, now);
    char name[TOLD_NAME];
    struct str told = STR_NONE;
    if (days == 0)
        return RC_OK;
    snprintf(name, sizeof name, "licence-%llu-told", (unsigned long long)l->id);
    struct str mark = arena_printf(arena, "%lld %u", (long long)l->until, days);
    enum rc rc = store_setting(conn, arena, name, &told, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    if (str_eq(told, mark))
        return RC_OK;
    rc = tell(conn, arena, l, book, now, fault);
    return rc == RC_OK ? store_setting_put(conn, name, mark, fault) : rc;
}

enum rc licence_letters_queue(struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct licences all;
    bool set = false;
    int64_t now = clock_now();
    enum rc rc = mail_is_set(conn, &set, fault);
    if (rc != RC_OK || !set)
        return rc;
    rc = licences_read(conn, &arena, &all, fault);
    for (size_t i = 0; rc == RC_OK && i < all.book.licences.n; i++)
        rc = tell_once(conn, &arena, &all.book.licences.v[i], &all.book, now, fault);
    return rc;
}
