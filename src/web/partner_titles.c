/* What of a shop is on sale where, and why not, at the partner's desk. */
#include <stdio.h>

#include "base/csv.h"
#include "domain/money.h"
#include "templates.h"
#include "web/choices.h"
#include "web/handlers.h"
#include "web/partner.h"

#define N_(text) text

enum { WALK_RETRY_S = 5, TITLES_A_PAGE = 50, PAGES_MAX = 100000 };

struct url link_title(const struct page *p, const struct partner_shop *shop, struct str key,
                      const char *part)
{
    struct url url =
        url_path(p->arena, 5, STR("desk"), STR("partner"), shop->slug, STR("titles"), key);
    return (struct url){ARENA_JOIN(p->arena, url.text, str_of(part))};
}

struct url link_title_there(const struct page *p, const struct title_offer *o, struct str key)
{
    return url_path(p->arena, 3, o->storefront->slug, STR("books"), key);
}

bool offer_sells(const struct title_offer *o)
{
    return o->withheld == NULL && verdict_sells(o->verdict);
}

struct str word_offering(const struct page *p, const struct title_offer *o)
{
    if (o->withheld == NULL)
        return word_verdict(p, o->verdict);
    struct str id = word_number(p, o->withheld->id);
    return word_filled(p, N_("withheld: restriction %1"), &id, 1);
}

/* ---- what was asked for ---- */

struct str offering_name(int standing)
{
    return standing == OFFERING_WITHHELD ? STR("withheld")
                                         : str_of(verdict_name((enum verdict)standing));
}

struct str word_offering_of(const struct page *p, int standing)
{
    return standing == OFFERING_WITHHELD ? word_text(p, N_("withheld by a restriction"))
                                         : word_verdict(p, (enum verdict)standing);
}

struct url link_titles_of(const struct page *p, const struct partner_shop *shop,
                          const struct storefront *in, struct str why)
{
    struct url url = url_with(p->arena, link_partner(p, shop, "titles"), STR("in"), in->slug);
    return url_with(p->arena, url, STR("why"), why);
}

static enum rc read_choice(struct context *c, struct titles_view *v, struct title_choice *ret,
                           struct fault *fault)
{
    const parameters *query = &c->request->query;
    v->query = str_trim(parameter_get(query, "q"));
    v->where = parameter_get(query, "in");
    v->why = parameter_get(query, "why");
    v->coverless = parameter_has(query, "cover", STR("missing"));
    *ret = (struct title_choice){.query = v->query, .coverless = v->coverless};
    if (v->where.n > 0 && (ret->storefront = gate_storefront(c->view, v->where)) == NULL)
        return fault_set(fault, RC_INVALID, "in: there is no storefront %.*s", STR_ARG(v->where));
    if (v->why.n == 0)
        return RC_OK;
    if (str_eq(v->why, STR("sold")) || str_eq(v->why, STR("not-sold"))) {
        ret->wish = str_eq(v->why, STR("sold")) ? WISH_SOLD : WISH_NOT_SOLD;
        return RC_OK;
    }
    ret->wish = WISH_OFFERING;
    for (ret->standing = 0; ret->standing < OFFERING_COUNT; ret->standing++)
        if (str_eq(v->why, offering_name(ret->standing)))
            return RC_OK;
    return fault_set(fault, RC_INVALID, "why: there is no reason %.*s", STR_ARG(v->why));
}

/* The list, narrowed as it was asked for. */
static struct url list_url(const struct page *p, const struct titles_view *v, const char *place)
{
    struct url url = link_partner(p, &v->shop, place);
    url = url_with(p->arena, url, STR("q"), v->query);
    url = url_with(p->arena, url, STR("in"), v->where);
    url = url_with(p->arena, url, STR("why"), v->why);
    return v->coverless ? url_with(p->arena, url, STR("cover"), STR("missing")) : url;
}

static void list_choices(const struct page *p, struct titles_view *v)
{
    size_t n = p->view->storefronts.n;
    v->wheres.v = ARENA_ARRAY(p->arena, struct page_choice, n + 1);
    choices_add(&v->wheres, STR_NONE, word_text(p, N_("any storefront")), v->where);
    for (size_t i = 0; i < n; i++) {
        const struct storefront *s = &p->view->storefronts.v[i];
        choices_add(&v->wheres, s->slug, word_country(p, s->country), v->where);
    }
    v->whys.v = ARENA_ARRAY(p->arena, struct page_choice, OFFERING_COUNT + 3);
    choices_add(&v->whys, STR_NONE, word_text(p, N_("on sale or not")), v->why);
    choices_add(&v->whys, STR("sold"), word_text(p, N_("on sale")), v->why);
    choices_add(&v->whys, STR("not-sold"), word_text(p, N_("not on sale")), v->why);
    for (int s = 0; s < OFFERING_COUNT; s++)
        choices_add(&v->whys, offering_name(s), word_offering_of(p, s), v->why);
}

/* Reasons that any title has, in any storefront. */
static void list_reasons(const struct page *p, struct titles_view *v)
{
    size_t n = p->view->storefronts.n;
    v->reasons.v = ARENA_ARRAY(p->arena, struct reason_row, OFFERING_COUNT);
    for (int s = 0; s < OFFERING_COUNT; s++) {
        struct reason_row row = {.name = word_offering_of(p, s),
                                 .sells = s != OFFERING_WITHHELD && verdict_sells((enum verdict)s)};
        uint64_t any = 0;
        row.cells.v = ARENA_ARRAY(p->arena, struct reason_cell, n);
        for (size_t i = 0; i < n; i++) {
            const struct storefront *in = &p->view->storefronts.v[i];
            row.cells.v[row.cells.n++] =
                (struct reason_cell){in->country, v->counts.standing[i][s],
                                     link_titles_of(p, &v->shop, in, offering_name(s))};
            any += v->counts.standing[i][s];
        }
        if (any > 0)
            v->reasons.v[v->reasons.n++] = row;
    }
}

enum rc handle_partner_titles(struct context *c, struct response *ret, struct fault *fault)
{
    struct titles_view v = {0};
    struct title_choice choice;
    struct page p;
    uint64_t number;
    enum rc rc = partner_begin(c, N_("Titles"), &v.shop, &p, ret, fault);
    if (rc == RC_OK)
        rc = page_number(c, PAGES_MAX, &number, fault);
    if (rc == RC_OK)
        rc = read_choice(c, &v, &choice, fault);
    if (rc == RC_OK)
        rc = title_survey_find(c->server->surveys, c->worker->conn, c->arena, c->view, &v.shop,
                               &choice, (number - 1) * TITLES_A_PAGE, TITLES_A_PAGE, &v.titles,
                               &v.total, &v.counts, fault);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < v.titles.n; i++)
        fill_cover_news(c, &v.titles.v[i]);
    list_choices(&p, &v);
    list_reasons(&p, &v);
    v.csv = list_url(&p, &v, "titles.csv");
    v.missing =
        url_with(c->arena, link_partner(&p, &v.shop, "titles"), STR("cover"), STR("missing"));
    v.pager = pager_make(&p, list_url(&p, &v, "titles"), v.total, TITLES_A_PAGE, number);
    struct html h = page_html(c, ret);
    partner_titles_page(&h, &p, &v);
    return RC_OK;
}

/* ---- to take along ---- */

struct taking {
    const struct page *page;
    const struct title_choice *choice;
    FILE *out;
};

static enum rc write_title(void *context, const struct shop_title *t, struct fault *fault)
{
    (void)fault;
    struct taking *taking = context;
    if (!title_chosen(taking->choice, t))
        return RC_OK;
    for (size_t i = 0; i < t->offers.n; i++) {
        ARENA_AUTO arena = ARENA_INIT;
        BUF_AUTO line = BUF_INIT(64 << 10), price = BUF_INIT(64);
        const struct title_offer *o = &t->offers.v[i];
        struct page page = *taking->page;
        page.arena = &arena;
        if (taking->choice->storefront != NULL && taking->choice->storefront != o->storefront)
            continue;
        if (o->minor >= 0)
            money_add(&price, o->minor, o->currency);
        struct str cells[] = {
            t->key,
            t->title,
            t->names,
            o->storefront->slug,
            o->storefront->country,
            offer_sells(o) ? STR("yes") : STR("no"),
            offering_name(o->withheld != NULL ? OFFERING_WITHHELD : (int)o->verdict),
            word_offering(&page, o),
            o->evidence,
            buf_str(&price),
            o->currency,
            t->cover ? STR("yes") : STR("no")};
        csv_line_add(&line, cells, sizeof cells / sizeof *cells);
        fwrite(line.p, 1, line.n, taking->out);
    }
    return RC_OK;
}

enum rc handle_partner_titles_csv(struct context *c, struct response *ret, struct fault *fault)
{
    struct titles_view v = {0};
    struct title_choice choice;
    struct page p;
    enum rc rc = partner_begin(c, N_("Titles"), &v.shop, &p, ret, fault);
    if (rc == RC_OK)
        rc = read_choice(c, &v, &choice, fault);
    if (rc == RC_OK)
        rc = title_walk_begin(c->server->surveys, c->viewer.account, fault);
    c->retry_after = WALK_RETRY_S; /* too often, not too large */
    if (rc != RC_OK)
        return rc;
    FILE *out = tmpfile();
    if (out == NULL) {
        title_walk_end(c->server->surveys, c->viewer.account);
        return fault_set(fault, RC_IO, "there is no room for the file");
    }
    struct taking taking = {&p, &choice, out};
    fputs("isbn,title,contributors,storefront,country,on_sale,reason,in_words,evidence,price,"
          "currency,cover\r\n",
          out);
    rc = shop_titles_each(c->worker->conn, c->view, &v.shop, write_title, &taking, fault);
    title_walk_end(c->server->surveys, c->viewer.account);
    if (rc == RC_OK)
        rc = answer_download(ret, out, "text/csv; charset=utf-8; header=present",
                             arena_printf(c->arena, "titles-%.*s.csv", STR_ARG(v.shop.slug)),
                             c->arena, fault);
    fclose(out);
    return rc;
}

/* ---- one of them ---- */

struct str word_field(const struct page *p, const struct corrected_field *f)
{
    static const char *const words[CORRECTION_FIELDS] = {
        [CORRECT_TITLE] = N_("Title"),
        [CORRECT_SUBTITLE] = N_("Subtitle"),
        [CORRECT_CONTRIBUTOR] = N_("Name of a contributor"),
        [CORRECT_DESCRIPTION] = N_("Description (simple HTML)"),
        [CORRECT_COVER] = N_("Cover"),
    };
    return word_text(p, words[f->field]);
}

struct str word_corrected(const struct page *p, const struct corrected_field *f)
{
    struct str args[] = {f->who, word_day(p, f->at)};
    return word_filled(p,
                       f->who.n > 0 ? N_("Corrected by %1 on %2.")
                                    : N_("Corrected on %2 by somebody whose account is gone."),
                       args, 2);
}

enum rc show_partner_title(struct context *c, struct title_view *v, struct response *ret,
                           struct fault *fault)
{
    struct page p;
    enum rc rc = partner_begin(c, N_("A title"), &v->shop, &p, ret, fault);
    if (rc == RC_OK)
        rc = shop_title_get(c->worker->conn, c->arena, c->view, &v->shop, c->captures[1], &v->title,
                            fault);
    if (rc == RC_OK)
        rc = corrections_read(c->worker->conn, c->arena, &v->shop, v->title.key, &v->fields, fault);
    if (rc == RC_OK)
        rc = fill_epubs(c, v, fault);
    if (rc != RC_OK)
        return rc;
    fill_cover_news(c, &v->title);
    p.title = v->title.title;
    struct html h = page_html(c, ret);
    partner_title_page(&h, &p, v);
    return RC_OK;
}

static enum rc show_title(struct context *c, struct str error, struct response *ret,
                          struct fault *fault)
{
    struct title_view v = {.error = error,
                           .done = parameter_has(&c->request->query, "done", STR("1"))};
    return show_partner_title(c, &v, ret, fault);
}

enum rc handle_partner_title(struct context *c, struct response *ret, struct fault *fault)
{
    return show_title(c, STR_NONE, ret, fault);
}

/* ---- correcting it ---- */

/* Back to the title's page, with what was wrong or that it is done. */
static enum rc after_change(struct context *c, const struct page *p,
                            const struct partner_shop *shop, enum rc rc, struct response *ret,
                            struct fault *fault)
{
    if (rc == RC_OK) {
        struct url done =
            url_with(c->arena, link_title(p, shop, c->captures[1], ""), STR("done"), STR("1"));
        go_to(ret, url_fragment(c->arena, done, "corrections").text);
        return RC_OK;
    }
    if (rc != RC_INVALID && rc != RC_LIMIT && rc != RC_DENIED)
        return rc;
    struct str error = arena_str(c->arena, str_of(fault->text));
    int status = status_of(rc == RC_LIMIT ? RC_INVALID : rc);
    rc = show_title(c, error, ret, fault);
    ret->status = status;
    return rc;
}

/* The form's fields in their order: before each contributor's name stands the feed's. */
static size_t read_wishes(struct context *c, struct correction *ret, size_t room)
{
    struct str said = STR_NONE;
    size_t n = 0;
    for (size_t i = 0; i < c->form.n && n < room; i++) {
        const struct parameter *field = &c->form.v[i];
        enum correction_field which;
        if (str_eq(field->name, STR("said")))
            said = field->value;
        if (!correction_field_parse(field->name, &which) || which == CORRECT_COVER)
            continue;
        ret[n++] = (struct correction){which, which == CORRECT_CONTRIBUTOR ? said : STR_NONE,
                                       field->value};
    }
    return n;
}

enum rc handle_partner_correct(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct page p;
    size_t changed;
    struct correction *wishes = ARENA_ARRAY(c->arena, struct correction, c->form.n);
    enum rc rc = partner_begin(c, N_("A title"), &shop, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    rc = corrections_put(c->server->writer, &c->viewer, &shop, c->captures[1], wishes,
                         read_wishes(c, wishes, c->form.n), &changed, fault);
    return after_change(c, &p, &shop, rc, ret, fault);
}

enum rc handle_partner_cover(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct page p;
    const struct request *r = c->request;
    enum rc rc = partner_begin(c, N_("A title"), &shop, &p, ret, fault);
    if (rc != RC_OK)
        return rc;
    if (parameter_has(&c->form, "remove", STR("1")))
        rc = correction_cover_remove(c->server->site, c->server->writer, &c->viewer, &shop,
                                     c->captures[1], fault);
    else if (r->spooled.n == 0)
        rc = fault_set(fault, RC_INVALID, "cover: choose a picture");
    else
        rc = correction_cover_put(c->server->site, c->server->writer, &c->viewer, &shop,
                                  c->captures[1], r->spooled.v[0].path, fault);
    if (rc == RC_INVALID || rc == RC_LIMIT) { /* without the name of our own file */
        size_t at = str_find_str(str_of(fault->text), STR("part-"));
        size_t colon = str_find_str(str_of(fault->text), STR(": "));
        if (at < colon && colon < strlen(fault->text))
            fault_set(fault, rc, "cover: %s",
                      arena_z(c->arena, str_sub(str_of(fault->text), colon + 2, SIZE_MAX)));
    }
    return after_change(c, &p, &shop, rc, ret, fault);
}
