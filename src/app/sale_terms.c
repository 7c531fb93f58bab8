#include "app/sale_terms.h"

#include <sodium.h>

#include "app/address.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "domain/money.h"
#include "store/sale_terms.h"

enum {
    NAME_MAX_BYTES = 200,
    LAW_MAX = 400,
    DAYS_MAX = 365,
    GRAMS_MAX = 1000000,
    FOR_EVER_DAYS = 3650
};

static bool is_country(struct str s)
{
    return s.n == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' && s.p[1] >= 'A' && s.p[1] <= 'Z';
}

static enum rc read_amount(const char *field, struct str typed, struct str currency, int64_t *ret,
                           struct fault *fault)
{
    if (typed.n > 0 && !money_parse(typed, currency, ret))
        return fault_set(fault, RC_INVALID, "%s: an amount is needed, as in 4.90", field);
    return RC_OK;
}

static enum rc check_currency(struct str currency, struct fault *fault)
{
    return money_exponent(currency) < 0
               ? fault_set(fault, RC_INVALID, "currency: three capital letters, as in EUR")
               : RC_OK;
}

/* ---- laws of fixed prices ---- */

enum rc price_law_read(const struct price_law_words *w, struct price_law *ret, struct fault *fault)
{
    struct price_law l = {.country = w->country, .law = str_trim(w->law)};
    if (!is_country(l.country))
        return fault_set(fault, RC_INVALID, "country: two capital letters, as in DE");
    if (!product_kind_parse(w->kind, &l.kind) || l.kind == KIND_SHIPPING)
        return fault_set(fault, RC_INVALID,
                         "kind: print, e-book, audio, audio-download, map or other");
    if (!date_parse(w->from, &l.starts))
        return fault_set(fault, RC_INVALID, "from: a day, as in 2027-01-01");
    if (w->until.n > 0 && (!date_parse(w->until, &l.ends) || l.ends < l.starts))
        return fault_set(fault, RC_INVALID, "until: a day that is not before the first");
    if (w->discount.n > 0 && !tax_rate_parse(w->discount, &l.discount))
        return fault_set(fault, RC_INVALID, "discount: per cent, as in 5");
    if (w->shipping_least.n + w->shipping_below.n > 0) {
        enum rc rc = check_currency(w->currency, fault);
        if (rc == RC_OK)
            rc = read_amount("shipping_least", w->shipping_least, w->currency, &l.shipping_least,
                             fault);
        if (rc == RC_OK)
            rc = read_amount("shipping_below", w->shipping_below, w->currency, &l.shipping_from,
                             fault);
        if (rc != RC_OK)
            return rc;
        l.currency = w->currency;
    }
    enum rc rc = text_check("law", l.law, TEXT_NEEDED, LAW_MAX, fault);
    if (rc == RC_OK)
        *ret = l;
    return rc;
}

static enum rc law_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return price_law_put(conn, context, clock_now(), fault);
}

enum rc price_law_state(struct writer *writer, const struct price_law *law, struct fault *fault)
{
    struct price_law l = *law;
    return writer_run(writer, law_work, &l, fault);
}

enum rc price_laws_stated(struct store_conn *conn, struct arena *arena, price_law_list *ret,
                          struct fault *fault)
{
    return price_laws(conn, arena, ret, fault);
}

/* ---- shipping ---- */

/* The next word, whatever white space or commas are around it. */
static bool next_word(struct str *rest, struct str *ret)
{
    size_t from = 0, to;
    while (from < rest->n && strchr(" ,\t\r\n", rest->p[from]) != NULL)
        from++;
    for (to = from; to < rest->n && strchr(" ,\t\r\n", rest->p[to]) == NULL;)
        to++;
    *ret = str_sub(*rest, from, to);
    *rest = str_sub(*rest, to, rest->n);
    return ret->n > 0;
}

static enum rc read_countries(struct arena *arena, struct str typed, struct str *ret,
                              struct fault *fault)
{
    struct str word, all = STR_NONE;
    while (next_word(&typed, &word)) {
        if (!is_country(word))
            return fault_set(fault, RC_INVALID, "countries: two capital letters each, as in DE AT");
        all = all.n == 0 ? arena_str(arena, word) : ARENA_JOIN(arena, all, STR(" "), word);
    }
    if (all.n == 0 || all.n > 3 * 250)
        return fault_set(fault, RC_INVALID, "countries: at least one is needed");
    *ret = all;
    return RC_OK;
}

static enum rc read_bands(struct arena *arena, const struct shipping_words *w,
                          struct shipping_method *m, struct fault *fault)
{
    struct str rest = w->bands, word;
    m->bands.v = ARENA_ARRAY(arena, struct shipping_band, SHIPPING_BANDS_MAX);
    while (next_word(&rest, &word)) {
        uint64_t grams = 0;
        size_t at = str_find(word, '=');
        int64_t price = 0, before = m->bands.n > 0 ? m->bands.v[m->bands.n - 1].grams : 0;
        if (m->bands.n == SHIPPING_BANDS_MAX)
            return fault_set(fault, RC_INVALID, "bands: at most %d", SHIPPING_BANDS_MAX);
        if (!str_to_u64(str_sub(word, 0, at), &grams) || grams > GRAMS_MAX ||
            (int64_t)grams <= before)
            return fault_set(fault, RC_INVALID,
                             "bands: grams=price, the lightest first, as in 1000=4.90 5000=7.90");
        if (at >= word.n || !money_parse(str_sub(word, at + 1, word.n), w->currency, &price))
            return fault_set(fault, RC_INVALID, "bands: %.*s is no grams=price", STR_ARG(word));
        m->bands.v[m->bands.n++] = (struct shipping_band){(int64_t)grams, price};
    }
    return m->bands.n > 0 ? RC_OK
                          : fault_set(fault, RC_INVALID, "bands: at least one, as in 1000=4.90");
}

enum rc shipping_read(struct arena *arena, const struct shipping_words *w,
                      struct shipping_method *ret, struct fault *fault)
{
    struct shipping_method m = {
        .shop = w->shop, .name = str_trim(w->name), .currency = w->currency, .free_from = -1};
    size_t dash = str_find(w->days, '-');
    uint64_t least = 0, most = 0;
    enum rc rc = text_check("name", m.name, TEXT_NEEDED, NAME_MAX_BYTES, fault);
    if (rc == RC_OK)
        rc = check_currency(m.currency, fault);
    if (rc == RC_OK)
        rc = read_countries(arena, w->countries, &m.countries, fault);
    if (rc != RC_OK)
        return rc;
    if (!str_to_u64(str_sub(w->days, 0, dash), &least) ||
        !str_to_u64(dash < w->days.n ? str_sub(w->days, dash + 1, w->days.n) : w->days, &most) ||
        least > most || most > DAYS_MAX)
        return fault_set(fault, RC_INVALID, "days: as in 2-5");
    m.days_least = (int64_t)least;
    m.days_most = (int64_t)most;
    rc = read_amount("free_from", w->free_from, w->currency, &m.free_from, fault);
    if (rc == RC_OK)
        rc = read_bands(arena, w, &m, fault);
    if (rc == RC_OK)
        *ret = m;
    return rc;
}

struct stating {
    const struct shipping_method *method;
    const struct voucher *voucher;
    uint64_t id, shop;
};

static enum rc method_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct stating *s = context;
    return shipping_method_add(conn, s->method, &s->id, fault);
}

enum rc shipping_state(struct writer *writer, const struct shipping_method *method,
                       uint64_t *ret_id, struct fault *fault)
{
    struct stating s = {.method = method};
    enum rc rc = writer_run(writer, method_work, &s, fault);
    if (rc == RC_OK)
        *ret_id = s.id;
    return rc;
}

static enum rc method_end_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct stating *s = context;
    return shipping_method_end(conn, s->id, s->shop, clock_now(), fault);
}

enum rc shipping_end(struct writer *writer, uint64_t id, uint64_t shop, struct fault *fault)
{
    struct stating s = {.id = id, .shop = shop};
    return writer_run(writer, method_end_work, &s, fault);
}

enum rc shipping_stated(struct store_conn *conn, struct arena *arena, uint64_t shop, bool ended,
                        shipping_methods *ret, struct fault *fault)
{
    return shipping_methods_of(conn, arena, shop, ended, ret, fault);
}

/* ---- vouchers ---- */

/* Ten characters that nobody mistakes for others, of which none is guessed. */
static struct str make_code(struct arena *arena)
{
    static const char letters[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
    char code[10];
    for (size_t i = 0; i < sizeof code; i++)
        code[i] = letters[randombytes_uniform(sizeof letters - 1)];
    return arena_str(arena, (struct str){code, sizeof code});
}

static enum rc read_worth(const struct voucher_words *w, struct voucher *v, struct fault *fault)
{
    if ((w->amount.n > 0) == (w->rate.n > 0))
        return fault_set(fault, RC_INVALID, "amount: an amount, or a rate");
    if (w->rate.n > 0 && (!tax_rate_parse(w->rate, &v->rate) || v->rate == 0))
        return fault_set(fault, RC_INVALID, "rate: per cent, as in 10");
    if (w->rate.n > 0 && w->least.n == 0)
        return RC_OK;
    enum rc rc = check_currency(w->currency, fault);
    if (rc == RC_OK)
        rc = read_amount("amount", w->amount, w->currency, &v->amount, fault);
    if (rc == RC_OK)
        rc = read_amount("least", w->least, w->currency, &v->least, fault);
    if (rc == RC_OK && w->rate.n == 0 && v->amount == 0)
        rc = fault_set(fault, RC_INVALID, "amount: more than nothing");
    v->currency = w->currency;
    return rc;
}

enum rc voucher_read(struct arena *arena, const struct voucher_words *w, struct voucher *ret,
                     struct str *ret_code, struct fault *fault)
{
    int64_t now = clock_now();
    struct voucher v = {.shop = w->shop,
                        .name = str_trim(w->name),
                        .starts = now,
                        .ends = now + (int64_t)FOR_EVER_DAYS * 86400};
    struct str code = str_trim(w->code);
    enum rc rc = text_check("name", v.name, TEXT_NEEDED, NAME_MAX_BYTES, fault);
    if (rc == RC_OK)
        rc = read_worth(w, &v, fault);
    if (rc != RC_OK)
        return rc;
    if (w->from.n > 0 && !time_or_date_parse(w->from, false, &v.starts))
        return fault_set(fault, RC_INVALID, "from: a day, as in 2027-01-01");
    if (w->until.n > 0 && (!time_or_date_parse(w->until, true, &v.ends) || v.ends <= v.starts))
        return fault_set(fault, RC_INVALID, "until: a day that is not before the first");
    if (w->uses.n > 0 && (!str_to_u64(w->uses, &v.uses) || v.uses > 100000000))
        return fault_set(fault, RC_INVALID, "uses: a whole number is needed");
    if (code.n > 0 && (code.n < 6 || code.n > 40))
        return fault_set(fault, RC_INVALID, "code: six to forty characters");
    *ret_code = code.n > 0 ? code : make_code(arena);
    v.hash = voucher_hash(*ret_code);
    *ret = v;
    return RC_OK;
}

static enum rc voucher_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct stating *s = context;
    return voucher_row_add(conn, s->voucher, clock_now(), &s->id, fault);
}

enum rc voucher_state(struct writer *writer, const struct voucher *voucher, uint64_t *ret_id,
                      struct fault *fault)
{
    struct stating s = {.voucher = voucher};
    enum rc rc = writer_run(writer, voucher_work, &s, fault);
    if (rc == RC_OK)
        *ret_id = s.id;
    return rc;
}

static enum rc voucher_end_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct stating *s = context;
    return voucher_row_end(conn, s->id, s->shop, clock_now(), fault);
}

enum rc voucher_end(struct writer *writer, uint64_t id, uint64_t shop, struct fault *fault)
{
    struct stating s = {.id = id, .shop = shop};
    return writer_run(writer, voucher_end_work, &s, fault);
}

enum rc vouchers_stated(struct store_conn *conn, struct arena *arena, uint64_t shop,
                        voucher_list *ret, struct fault *fault)
{
    return vouchers_of(conn, arena, shop, VOUCHERS_SHOWN, ret, fault);
}
