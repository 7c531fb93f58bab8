#include "web/terms.h"

#include "base/clock.h"
#include "templates.h"
#include "web/desk.h"
#include "web/handlers.h"

#define N_(text) text

/* ---- words ---- */

struct str term_typed(const struct terms_view *v, const char *name)
{
    return v->form == NULL ? STR_NONE : parameter_get(v->form, name);
}

struct str word_product_kind(const struct page *p, enum product_kind kind)
{
    static const char *const words[PRODUCT_KIND_COUNT] = {
        [KIND_PRINT] = N_("printed books"),
        [KIND_EBOOK] = N_("e-books"),
        [KIND_AUDIO] = N_("audiobooks"),
        [KIND_AUDIO_DOWNLOAD] = N_("audiobooks to download"),
        [KIND_MAP] = N_("maps"),
        [KIND_OTHER] = N_("something else"),
        [KIND_SHIPPING] = N_("shipping"),
    };
    return word_text(p, words[kind]);
}

struct str word_rate(const struct page *p, int32_t rate)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%03d", rate % 1000);
    size_t n = 3;
    while (n > 0 && digits[n - 1] == '0')
        n--;
    return arena_printf(p->arena, "%d%s%.*s %%", rate / 1000, n > 0 ? "." : "", (int)n, digits);
}

struct str word_voucher(const struct page *p, const struct voucher *v)
{
    return v->rate > 0 ? word_rate(p, v->rate) : word_money(p, v->amount, v->currency);
}

struct str word_bands(const struct page *p, const struct shipping_method *m)
{
    struct str all = STR_NONE;
    for (size_t i = 0; i < m->bands.n; i++) {
        struct str args[] = {word_number(p, (uint64_t)m->bands.v[i].grams),
                             word_money(p, m->bands.v[i].price, m->currency)};
        struct str one = word_filled(p, N_("up to %1 g: %2"), args, 2);
        all = all.n == 0 ? one : ARENA_JOIN(p->arena, all, STR("; "), one);
    }
    return all;
}

struct str word_countries(const struct page *p, const struct shipping_method *m)
{
    struct str rest = m->countries, one, all = STR_NONE;
    while (str_next(&rest, ' ', &one))
        all = all.n == 0 ? word_country(p, one)
                         : ARENA_JOIN(p->arena, all, STR(", "), word_country(p, one));
    return all;
}

struct url link_terms(const struct page *p, const struct terms_view *v, const char *part)
{
    if (v->shop.id == 0)
        return (struct url){ARENA_JOIN(p->arena, STR("/desk/terms"), str_of(part))};
    struct url place = link_partner(p, &v->shop, "terms");
    return (struct url){ARENA_JOIN(p->arena, place.text, str_of(part))};
}

struct url link_term(const struct page *p, const struct terms_view *v, const char *part,
                     uint64_t id)
{
    struct str number = arena_printf(p->arena, "%llu/end", (unsigned long long)id);
    return (struct url){ARENA_JOIN(p->arena, link_terms(p, v, part).text, STR("/"), number)};
}

/* ---- the pages ---- */

struct looking {
    struct context *c;
    struct terms_view *v;
};

static enum rc look(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct looking *l = context;
    struct terms_view *v = l->v;
    struct arena *arena = l->c->arena;
    enum rc rc = vouchers_stated(conn, arena, v->shop.id, &v->vouchers, fault);
    if (rc == RC_OK && v->shop.id != 0)
        return shipping_stated(conn, arena, v->shop.id, true, &v->methods, fault);
    if (rc == RC_OK)
        rc = tax_stated(conn, arena, STR_NONE, &v->rates, fault);
    return rc == RC_OK ? price_laws_stated(conn, arena, &v->laws, fault) : rc;
}

static enum rc begin(struct context *c, struct terms_view *v, struct page *p, struct response *ret,
                     struct fault *fault)
{
    v->today = date_of(clock_now());
    if (c->captures[0].n > 0 && str_starts(c->request->path, STR("/desk/partner/")))
        return partner_begin(c, N_("Shipping and vouchers"), &v->shop, p, ret, fault);
    *p = desk_begin(c, N_("Tax and fixed prices"), ret);
    return RC_OK;
}

static enum rc show_terms(struct context *c, struct page *p, struct terms_view *v,
                          struct response *ret, struct fault *fault)
{
    struct looking l = {c, v};
    enum rc rc = site_look_wholly(c->server->site, look, &l, fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    if (v->shop.id != 0)
        shop_terms_page(&h, p, v);
    else
        desk_terms_page(&h, p, v);
    return RC_OK;
}

enum rc handle_terms(struct context *c, struct response *ret, struct fault *fault)
{
    struct terms_view v = {.code = STR_NONE};
    struct page p;
    enum rc rc = begin(c, &v, &p, ret, fault);
    return rc == RC_OK ? show_terms(c, &p, &v, ret, fault) : rc;
}

/* What was refused stands above the forms, with what was typed in them. */
static enum rc answer(struct context *c, struct page *p, struct terms_view *v, enum rc rc,
                      struct response *ret, struct fault *fault)
{
    if (rc == RC_OK && v->code.n == 0) {
        go_to_done(c, ret, link_terms(p, v, "").text);
        return RC_OK;
    }
    if (rc != RC_OK && rc != RC_INVALID && rc != RC_CONFLICT)
        return rc;
    if (rc != RC_OK) {
        v->error = arena_str(c->arena, str_of(fault->text));
        v->form = &c->form;
    }
    int status = rc == RC_OK ? 200 : status_of(rc);
    rc = show_terms(c, p, v, ret, fault);
    ret->status = status;
    return rc;
}

static struct str typed(const struct context *c, const char *name)
{
    return str_trim(parameter_get(&c->form, name));
}

enum rc handle_terms_tax(struct context *c, struct response *ret, struct fault *fault)
{
    struct terms_view v = {.code = STR_NONE};
    struct page p;
    struct tax_rate rate = {.country = typed(c, "country"),
                            .region = typed(c, "region"),
                            .code = typed(c, "code"),
                            .source = typed(c, "source")};
    enum rc rc = begin(c, &v, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    if (!product_kind_parse(typed(c, "kind"), &rate.kind))
        rc = fault_set(fault, RC_INVALID, "kind: choose one");
    else if (!tax_rate_parse(typed(c, "rate"), &rate.rate))
        rc = fault_set(fault, RC_INVALID, "rate: per cent, as in 7 or 5.5");
    else if (!date_parse(typed(c, "from"), &rate.starts))
        rc = fault_set(fault, RC_INVALID, "from: a day, as in 2027-01-01");
    else
        rc = tax_state(c->server->writer, &rate, fault);
    return answer(c, &p, &v, rc, ret, fault);
}

enum rc handle_terms_law(struct context *c, struct response *ret, struct fault *fault)
{
    struct terms_view v = {.code = STR_NONE};
    struct page p;
    struct price_law law;
    struct price_law_words words = {.country = typed(c, "country"),
                                    .kind = typed(c, "kind"),
                                    .from = typed(c, "from"),
                                    .until = typed(c, "until"),
                                    .discount = typed(c, "discount"),
                                    .currency = typed(c, "currency"),
                                    .shipping_least = typed(c, "shipping_least"),
                                    .shipping_below = typed(c, "shipping_below"),
                                    .law = typed(c, "law")};
    enum rc rc = begin(c, &v, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    rc = price_law_read(&words, &law, fault);
    if (rc == RC_OK)
        rc = price_law_state(c->server->writer, &law, fault);
    return answer(c, &p, &v, rc, ret, fault);
}

enum rc handle_terms_shipping(struct context *c, struct response *ret, struct fault *fault)
{
    struct terms_view v = {.code = STR_NONE};
    struct page p;
    struct shipping_method method;
    uint64_t id;
    enum rc rc = begin(c, &v, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    struct shipping_words words = {.shop = v.shop.id,
                                   .name = typed(c, "name"),
                                   .currency = typed(c, "currency"),
                                   .days = typed(c, "days"),
                                   .free_from = typed(c, "free_from"),
                                   .countries = typed(c, "countries"),
                                   .bands = typed(c, "bands")};
    rc = shipping_read(c->arena, &words, &method, fault);
    if (rc == RC_OK)
        rc = shipping_state(c->server->writer, &method, &id, fault);
    return answer(c, &p, &v, rc, ret, fault);
}

enum rc handle_terms_voucher(struct context *c, struct response *ret, struct fault *fault)
{
    struct terms_view v = {.code = STR_NONE};
    struct page p;
    struct voucher voucher;
    struct str code;
    uint64_t id;
    enum rc rc = begin(c, &v, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    struct voucher_words words = {.shop = v.shop.id,
                                  .name = typed(c, "name"),
                                  .amount = typed(c, "amount"),
                                  .currency = typed(c, "currency"),
                                  .rate = typed(c, "rate"),
                                  .least = typed(c, "least"),
                                  .until = typed(c, "until"),
                                  .uses = typed(c, "uses")};
    rc = voucher_read(c->arena, &words, &voucher, &code, fault);
    if (rc == RC_OK)
        rc = voucher_state(c->server->writer, &voucher, &id, fault);
    if (rc == RC_OK)
        v.code = code;
    return answer(c, &p, &v, rc, ret, fault);
}

static enum rc end_one(struct context *c, unsigned capture,
                       enum rc (*ends)(struct writer *writer, uint64_t id, uint64_t shop,
                                       struct fault *fault),
                       struct response *ret, struct fault *fault)
{
    struct terms_view v = {.code = STR_NONE};
    struct page p;
    uint64_t id;
    enum rc rc = begin(c, &v, &p, ret, fault);
    if (rc == RC_OK)
        rc = captured_id(c, capture, &id, fault);
    if (rc == RC_OK)
        rc = ends(c->server->writer, id, v.shop.id, fault);
    if (rc == RC_OK)
        go_to_done(c, ret, link_terms(&p, &v, "").text);
    return rc;
}

enum rc handle_terms_shipping_end(struct context *c, struct response *ret, struct fault *fault)
{
    return end_one(c, 1, shipping_end, ret, fault);
}

enum rc handle_terms_voucher_end(struct context *c, struct response *ret, struct fault *fault)
{
    return end_one(c, 1, voucher_end, ret, fault);
}

enum rc handle_desk_voucher_end(struct context *c, struct response *ret, struct fault *fault)
{
    return end_one(c, 0, voucher_end, ret, fault);
}
