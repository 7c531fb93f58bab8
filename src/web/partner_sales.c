#include "web/partner_sales.h"

#include "base/clock.h"
#include "base/csv.h"
#include "domain/money.h"
#include "domain/tax.h"
#include "templates.h"
#include "web/handlers.h"

#define N_(text) text

enum { CHARTED_MAX = 40, DAYS_USUAL = 90 };

static const char *const by_names[SOLD_BYS] = {"day", "month", "country", "format"};

const char *sold_by_name(enum sold_by by)
{
    return by_names[by];
}

struct str word_sold_by(const struct page *p, enum sold_by by)
{
    static const char *const words[SOLD_BYS] = {N_("By day"), N_("By month"), N_("By country"),
                                                N_("By format")};
    return word_text(p, words[by]);
}

static struct str word_kind(const struct page *p, struct str kind)
{
    static const struct code_word words[] = {{"print", N_("printed books")},
                                             {"e-book", N_("e-books")},
                                             {"audio", N_("audiobooks")},
                                             {"audio-download", N_("audiobooks to download")},
                                             {"map", N_("maps")},
                                             {"other", N_("something else")}};
    return WORD_OF(p, words, kind);
}

struct url link_sold(const struct page *p, const struct sold_view *v, enum sold_by by)
{
    struct url url =
        url_with(p->arena, link_partner(p, &v->shop, "sales"), STR("by"), str_of(by_names[by]));
    url = url_with(p->arena, url, STR("from"), v->from);
    return url_with(p->arena, url, STR("until"), v->until);
}

struct str word_sold(const struct page *p, const struct sold_line *l)
{
    return word_money(p, l->sum->paid, l->sum->currency);
}

static struct str day_text(struct arena *arena, int32_t day)
{
    BUF_AUTO b = BUF_INIT(32);
    date_add(&b, day);
    return arena_str(arena, buf_str(&b));
}

/* The last ninety days, where nothing else is asked for. */
static enum rc read_wish(struct context *c, struct sold_view *v, int32_t *ret_from,
                         int32_t *ret_until, struct fault *fault)
{
    const parameters *q = &c->request->query;
    struct str by = parameter_get(q, "by");
    int64_t now = clock_now();
    v->from = parameter_get(q, "from");
    v->until = parameter_get(q, "until");
    v->by = SOLD_BY_MONTH;
    for (int i = 0; i < SOLD_BYS; i++)
        if (str_is(by, by_names[i]) && by.n == strlen(by_names[i]))
            v->by = (enum sold_by)i;
    if (v->from.n == 0)
        v->from = day_text(c->arena, date_of(now - (int64_t)DAYS_USUAL * 86400));
    if (v->until.n == 0)
        v->until = day_text(c->arena, date_of(now));
    if (!date_parse(v->from, ret_from))
        return fault_set(fault, RC_INVALID, "from: a day, as in 2027-01-01");
    if (!date_parse(v->until, ret_until) || *ret_until < *ret_from)
        return fault_set(fault, RC_INVALID, "until: a day that is not before the first");
    return RC_OK;
}

struct summing {
    struct context *c;
    const struct sold_view *v;
    int32_t from, until;
    sales_sums sums;
};

static enum rc sum_up(void *context, struct store_conn *conn, struct fault *fault)
{
    struct summing *s = context;
    return sales_report(conn, s->c->arena, s->v->shop.id, s->from, s->until, s->v->by, &s->sums,
                        fault);
}

enum rc sold_read(struct context *c, struct sold_view *v, sales_sums *ret, struct fault *fault)
{
    struct summing s = {.c = c, .v = v};
    enum rc rc = read_wish(c, v, &s.from, &s.until, fault);
    if (rc == RC_OK)
        rc = site_look_wholly(c->server->site, sum_up, &s, fault);
    *ret = s.sums;
    return rc;
}

static struct str name_of(const struct page *p, const struct sales_sum *s, enum sold_by by)
{
    if (by == SOLD_BY_COUNTRY)
        return word_country(p, s->country);
    return by == SOLD_BY_KIND ? word_kind(p, s->kind) : word_date(p, s->day);
}

static void fill_lines(const struct page *p, struct sold_view *v, const sales_sums *sums)
{
    v->lines.v = ARENA_ARRAY(p->arena, struct sold_line, sums->n);
    v->charted = sums->n > 0 && sums->n <= CHARTED_MAX;
    for (size_t i = 0; i < sums->n; i++) {
        const struct sales_sum *s = &sums->v[i];
        int64_t most = 0;
        for (size_t k = 0; k < sums->n; k++)
            if (str_eq(sums->v[k].currency, s->currency) && sums->v[k].paid > most)
                most = sums->v[k].paid;
        v->lines.v[v->lines.n++] =
            (struct sold_line){s, name_of(p, s, v->by),
                               most == 0 ? 0 : (unsigned)((double)s->paid * 100 / (double)most)};
    }
}

enum rc handle_partner_sales(struct context *c, struct response *ret, struct fault *fault)
{
    struct sold_view v = {.error = STR_NONE};
    sales_sums sums;
    struct page p;
    enum rc rc = partner_begin(c, N_("What was sold"), &v.shop, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    rc = sold_read(c, &v, &sums, fault);
    if (rc == RC_INVALID || rc == RC_LIMIT) {
        v.error = arena_str(c->arena, str_of(fault->text));
        ret->status = 422;
    } else if (rc != RC_OK) {
        return rc;
    }
    fill_lines(&p, &v, &sums);
    v.csv = link_sold(&p, &v, v.by);
    v.csv = (struct url){ARENA_JOIN(c->arena, link_partner(&p, &v.shop, "sales.csv").text,
                                    str_sub(v.csv.text, str_find(v.csv.text, '?'), v.csv.text.n))};
    struct html h = page_html(c, ret);
    partner_sales_page(&h, &p, &v);
    return RC_OK;
}

/* ---- to take along ---- */

static struct str amount_text(struct arena *arena, int64_t minor, struct str currency)
{
    BUF_AUTO b = BUF_INIT(64);
    money_add(&b, minor, currency);
    return arena_str(arena, buf_str(&b));
}

static void write_sums(FILE *out, struct arena *arena, const sales_sums *sums)
{
    fputs("day,country,format,currency,copies,paid,tax,given_back\r\n", out);
    for (size_t i = 0; i < sums->n; i++) {
        const struct sales_sum *s = &sums->v[i];
        BUF_AUTO line = BUF_INIT(4096);
        struct str cells[] = {s->day == 0 ? STR_NONE : day_text(arena, s->day),
                              s->country,
                              s->kind,
                              s->currency,
                              arena_printf(arena, "%lld", (long long)s->copies),
                              amount_text(arena, s->paid, s->currency),
                              amount_text(arena, s->tax, s->currency),
                              amount_text(arena, s->refunded, s->currency)};
        csv_line_add(&line, cells, sizeof cells / sizeof *cells);
        fwrite(line.p, 1, line.n, out);
    }
}

enum rc handle_partner_sales_csv(struct context *c, struct response *ret, struct fault *fault)
{
    struct sold_view v = {.error = STR_NONE};
    sales_sums sums;
    struct page p;
    enum rc rc = partner_begin(c, N_("What was sold"), &v.shop, &p, ret, fault);
    if (rc == RC_OK)
        rc = sold_read(c, &v, &sums, fault);
    FILE *out = rc == RC_OK ? tmpfile() : NULL;
    if (rc == RC_OK && out == NULL)
        rc = fault_set(fault, RC_IO, "there is no room for the file");
    if (rc == RC_OK) {
        write_sums(out, c->arena, &sums);
        rc = answer_download(ret, out, "text/csv; charset=utf-8; header=present",
                             arena_printf(c->arena, "sales-%.*s.csv", STR_ARG(v.shop.slug)),
                             c->arena, fault);
    }
    if (out != NULL)
        fclose(out);
    return rc;
}
