/* Files of tax rates and of laws of fixed prices. */
#include "app/csv_table.h"
#include "app/sale_terms.h"
#include "app/sales.h"
#include "base/clock.h"
#include "store/sale_terms.h"
#include "store/tax_rates.h"

enum { LOADED_MAX = 20000 };

struct loading {
    struct arena arena;
    LIST(struct tax_rate) rates;
    LIST(struct price_law) laws;
    size_t room;
    int64_t now;
};

/* The text of a fault begins with the field's name: its column is told in its place. */
static enum rc name_column(const struct csv_row *row, const char *text, struct fault *fault)
{
    struct str said = str_of(text), field = str_sub(said, 0, str_find(said, ':'));
    for (size_t i = 0; i < CSV_COLUMNS && row->names[i] != NULL; i++)
        if (row->column[i] != 0 && str_is(field, row->names[i]) && field.n == strlen(row->names[i]))
            return csv_row_wrong(row, i, text + field.n + 2, fault);
    return fault_set(fault, RC_INVALID, "line %llu: %s", (unsigned long long)row->line, text);
}

/* ---- rates ---- */

enum { RATE_COUNTRY, RATE_KIND, RATE_FROM, RATE_RATE, RATE_SOURCE, RATE_REGION, RATE_CODE };
static const char *const rate_names[CSV_COLUMNS + 1] = {"country", "kind",   "from", "rate",
                                                        "source",  "region", "code"};

static enum rc take_rate(void *context, const struct csv_row *row, struct fault *fault)
{
    struct loading *w = context;
    struct fault why = {""};
    struct tax_rate r = {.country = arena_str(&w->arena, row->v[RATE_COUNTRY]),
                         .region = arena_str(&w->arena, row->v[RATE_REGION]),
                         .code = arena_str(&w->arena, row->v[RATE_CODE]),
                         .source = arena_str(&w->arena, row->v[RATE_SOURCE])};
    if (w->rates.n == LOADED_MAX)
        return fault_set(fault, RC_LIMIT, "there are more than %d lines", LOADED_MAX);
    if (!product_kind_parse(row->v[RATE_KIND], &r.kind))
        return csv_row_wrong(
            row, RATE_KIND,
            "one of print, e-book, audio, audio-download, map, other, shipping is needed", fault);
    if (!tax_rate_parse(row->v[RATE_RATE], &r.rate))
        return csv_row_wrong(row, RATE_RATE, "per cent, as in 7 or 5.5", fault);
    if (!date_parse(row->v[RATE_FROM], &r.starts))
        return csv_row_wrong(row, RATE_FROM, "a day, as in 2027-01-01", fault);
    if (tax_check(&r, &why) != RC_OK)
        return name_column(row, why.text, fault);
    ARENA_ROOM(&w->arena, w->rates.v, w->rates.n, w->room);
    w->rates.v[w->rates.n++] = r;
    return RC_OK;
}

static enum rc rates_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct loading *w = context;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < w->rates.n; i++)
        rc = tax_rate_put(conn, &w->rates.v[i], w->now, fault);
    return rc;
}

/* ---- laws ---- */

static const char *const law_names[CSV_COLUMNS + 1] = {
    "country",  "kind",     "from",           "law",           "until",
    "discount", "currency", "shipping_least", "shipping_below"};

static enum rc take_law(void *context, const struct csv_row *row, struct fault *fault)
{
    struct loading *w = context;
    struct fault why = {""};
    struct price_law l;
    struct price_law_words words = {.country = arena_str(&w->arena, row->v[0]),
                                    .kind = row->v[1],
                                    .from = row->v[2],
                                    .law = arena_str(&w->arena, row->v[3]),
                                    .until = row->v[4],
                                    .discount = row->v[5],
                                    .currency = arena_str(&w->arena, row->v[6]),
                                    .shipping_least = row->v[7],
                                    .shipping_below = row->v[8]};
    if (w->laws.n == LOADED_MAX)
        return fault_set(fault, RC_LIMIT, "there are more than %d lines", LOADED_MAX);
    if (price_law_read(&words, &l, &why) != RC_OK)
        return name_column(row, why.text, fault);
    ARENA_ROOM(&w->arena, w->laws.v, w->laws.n, w->room);
    w->laws.v[w->laws.n++] = l;
    return RC_OK;
}

static enum rc laws_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct loading *w = context;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < w->laws.n; i++)
        rc = price_law_put(conn, &w->laws.v[i], w->now, fault);
    return rc;
}

enum rc tax_load(struct writer *writer, struct str text, size_t *ret_n, struct fault *fault)
{
    struct loading w = {.now = clock_now()};
    enum rc rc = csv_table_read(text, rate_names, 7, 5, take_rate, &w, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, rates_work, &w, fault);
    if (rc == RC_OK)
        *ret_n = w.rates.n;
    arena_free(&w.arena);
    return rc;
}

enum rc price_law_load(struct writer *writer, struct str text, size_t *ret_n, struct fault *fault)
{
    struct loading w = {.now = clock_now()};
    enum rc rc = csv_table_read(text, law_names, 9, 4, take_law, &w, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, laws_work, &w, fault);
    if (rc == RC_OK)
        *ret_n = w.laws.n;
    arena_free(&w.arena);
    return rc;
}
