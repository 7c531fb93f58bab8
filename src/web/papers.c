#include "web/papers.h"

#include "app/pdf.h"
#include "templates.h"
#include "web/assets.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/limits.h"

#define N_(text) text

enum { PAPER_HTML_MAX = 4 << 20, PDFS_AT_ONCE = 2, PDF_WAIT_S = 10 };

/* ---- words ---- */

struct str word_paper(const struct page *p, const struct sale_paper *paper)
{
    struct str number = paper_number(p->arena, paper);
    return word_filled(p, paper->credit ? N_("Credit note %1") : N_("Invoice %1"), &number, 1);
}

struct str word_tax_rate(const struct page *p, int32_t rate)
{
    struct str number;
    if (rate % 1000 == 0)
        number = word_number(p, (uint64_t)(rate / 1000));
    else if (rate % 100 == 0)
        number = language_decimal(p->language, p->arena, rate);
    else
        number = arena_printf(p->arena, "%d.%03d", rate / 1000, rate % 1000);
    return word_filled(p, N_("%1 %"), &number, 1);
}

struct str word_paper_method(const struct page *p, const struct sale_paper *paper)
{
    if (str_is(paper->method, "transfer"))
        return word_text(p, N_("by bank transfer"));
    return str_is(paper->method, "card") ? word_text(p, N_("by card")) : paper->method;
}

struct str word_refund_reason(const struct page *p, struct str reason)
{
    static const struct code_word words[] = {
        {"cancelled", N_("cancelled before it was sent")}, {"returned", N_("sent back")},
        {"withdrawn", N_("withdrawn from the contract")},  {"goodwill", N_("goodwill")},
        {"overpaid", N_("more than was asked for")},
    };
    struct str word = WORD_OF(p, words, reason);
    return word.n > 0 ? word : reason;
}

struct str word_tax_code(const struct page *p, struct str code)
{
    static const struct code_word words[] = {
        {"H", N_("higher rate")},   {"P", N_("tax paid at source")},   {"R", N_("lower rate")},
        {"S", N_("standard rate")}, {"Z", N_("zero-rated or exempt")},
    };
    struct str word = WORD_OF(p, words, code);
    return word.n > 0 ? word : code;
}

struct str word_paper_line(const struct page *p, const struct paper_line *line)
{
    if (!str_is(line->kind, PAPER_SHIPPING))
        return line->title;
    struct str word = word_text(p, N_("Delivery"));
    return line->title.n == 0 ? word : ARENA_JOIN(p->arena, word, STR(": "), line->title);
}

bool paper_has_untaxed(const struct sale_paper *paper)
{
    for (size_t i = 0; i < paper->lines.n; i++)
        if (paper->lines.v[i].rate == 0)
            return true;
    return false;
}

struct url link_paper(const struct page *p, struct url order, const paper_list *papers,
                      const struct sale_paper *paper)
{
    return (struct url){arena_printf(p->arena, "%.*s/invoices/%zu", STR_ARG(order.text),
                                     (size_t)(paper - papers->v) + 1)};
}

/* ---- making one ---- */

/* In the purchase's language, whatever the page around it speaks. */
static void make_body(struct context *c, const struct page *page, struct buf *room,
                      struct paper_view *v)
{
    struct language *language = worker_language(c->worker, v->paper->language);
    struct page p = *page;
    struct html h = {room, c->arena, language};
    p.language = language;
    v->language = language_tag(language);
    v->rtl = language_rtl(language);
    size_t begun = html_capture(&h);
    paper_body(&h, &p, v->paper);
    v->body = html_captured(&h, begun);
}

static enum rc open_paper(struct context *c, struct paper_wish *wish, struct sale_paper *ret,
                          struct fault *fault)
{
    wish->viewer = &c->viewer;
    return papers_open(c->server->site, c->arena, wish, ret, fault);
}

static enum rc show_paper(struct context *c, struct page *p, const struct sale_paper *paper,
                          struct url here, struct url back, struct response *ret)
{
    BUF_AUTO room = BUF_INIT(PAPER_HTML_MAX);
    struct paper_view v = {.paper = paper, .back = back};
    make_body(c, p, &room, &v);
    if (pdf_can())
        v.pdf = (struct url){ARENA_JOIN(c->arena, here.text, STR("/pdf"))};
    p->title = word_paper(p, paper);
    p->noindex = true;
    struct html h = page_html(c, ret);
    paper_page(&h, p, &v);
    return RC_OK;
}

/* The paper alone, with its style: nothing is fetched for it. */
static enum rc write_document(struct context *c, struct page *p, const struct sale_paper *paper,
                              struct buf *ret, struct fault *fault)
{
    BUF_AUTO room = BUF_INIT(PAPER_HTML_MAX);
    struct paper_view v = {.paper = paper};
    struct html h = {ret, c->arena, worker_language(c->worker, paper->language)};
    const struct asset *style = asset_find(STR("paper.css"));
    make_body(c, p, &room, &v);
    p->language = h.language;
    buf_printf(
        ret, "<!DOCTYPE html><html lang=\"%.*s\" dir=\"%s\"><head><meta charset=\"utf-8\"><title>",
        STR_ARG(v.language), v.rtl ? "rtl" : "ltr");
    html_escaped(&h, word_paper(p, paper));
    buf_printf(ret, "</title><style>%.*s</style></head><body>", STR_ARG(style->bytes));
    buf_str_add(ret, v.body.html);
    BUF_LIT(ret, "</body></html>\n");
    enum rc rc = buf_check(ret);
    return rc == RC_OK ? rc : fault_set(fault, rc, "the paper is too long");
}

static enum rc give_pdf(struct context *c, struct page *p, const struct sale_paper *paper,
                        struct response *ret, struct fault *fault)
{
    BUF_AUTO html = BUF_INIT(2 * PAPER_HTML_MAX), pdf = BUF_INIT(PDF_BYTES_MAX);
    enum rc rc = limits_pdf(c, fault);
    if (rc == RC_OK)
        rc = write_document(c, p, paper, &html, fault);
    if (rc != RC_OK)
        return rc;
    if (atomic_fetch_add(&c->server->pdfs, 1) >= PDFS_AT_ONCE)
        rc = fault_set(fault, RC_BUSY, "other PDFs are being made; try again in some seconds");
    if (rc == RC_OK)
        rc = pdf_make(buf_str(&html), &pdf, fault);
    atomic_fetch_sub(&c->server->pdfs, 1);
    c->retry_after = PDF_WAIT_S;
    if (rc != RC_OK)
        return rc;
    struct str number = paper_number(c->arena, paper);
    buf_renew(&ret->body, PDF_BYTES_MAX);
    buf_str_add(&ret->body, buf_str(&pdf));
    ret->content_type = "application/pdf";
    ret->disposition = arena_printf(c->arena, "inline; filename=\"%s-%.*s.pdf\"",
                                    paper->credit ? "credit-note" : "invoice", STR_ARG(number));
    return RC_OK;
}

/* ---- for whom ---- */

static struct url link_order_of_secret(const struct page *p, struct str secret)
{
    return link_to(p, arena_printf(p->arena, "orders/%.*s", STR_ARG(secret)).p);
}

static enum rc by_secret(struct context *c, bool pdf, struct response *ret, struct fault *fault)
{
    struct paper_wish wish = {.secret = c->captures[0], .number = c->captures[1]};
    struct sale_paper paper;
    enum rc rc = captured_id(c, 2, &wish.n, fault);
    if (rc == RC_OK)
        rc = open_paper(c, &wish, &paper, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = page_begin(c, ret);
    struct url back = link_order_of_secret(&p, wish.secret);
    struct url here = {arena_printf(c->arena, "%.*s/%.*s/invoices/%llu", STR_ARG(back.text),
                                    STR_ARG(wish.number), (unsigned long long)wish.n)};
    return pdf ? give_pdf(c, &p, &paper, ret, fault) : show_paper(c, &p, &paper, here, back, ret);
}

enum rc handle_paper_by_secret(struct context *c, struct response *ret, struct fault *fault)
{
    return by_secret(c, false, ret, fault);
}

enum rc handle_paper_by_secret_pdf(struct context *c, struct response *ret, struct fault *fault)
{
    return by_secret(c, true, ret, fault);
}

/* "…/orders/NUMBER" is where they are listed. */
static enum rc by_number(struct context *c, struct page *p, bool desk, bool pdf,
                         struct response *ret, struct fault *fault)
{
    struct paper_wish wish = {.desk = desk, .number = c->captures[0]};
    struct sale_paper paper;
    enum rc rc = captured_id(c, 1, &wish.n, fault);
    if (rc == RC_OK)
        rc = open_paper(c, &wish, &paper, fault);
    if (rc != RC_OK)
        return rc;
    struct url back =
        desk ? url_path(c->arena, 3, STR("desk"), STR("orders"), wish.number)
             : link_to(p, arena_printf(c->arena, "account/orders/%.*s", STR_ARG(paper.order)).p);
    struct url here = {arena_printf(c->arena, "%.*s/invoices/%llu", STR_ARG(back.text),
                                    (unsigned long long)wish.n)};
    return pdf ? give_pdf(c, p, &paper, ret, fault) : show_paper(c, p, &paper, here, back, ret);
}

enum rc handle_own_paper(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    return by_number(c, &p, false, false, ret, fault);
}

enum rc handle_own_paper_pdf(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    return by_number(c, &p, false, true, ret, fault);
}

enum rc handle_desk_paper(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = desk_begin(c, N_("Invoice"), ret);
    return by_number(c, &p, true, false, ret, fault);
}

enum rc handle_desk_paper_pdf(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = desk_begin(c, N_("Invoice"), ret);
    return by_number(c, &p, true, true, ret, fault);
}

/* ---- parcels ---- */

struct packing_look {
    struct context *c;
    struct packing_view *view;
};

static enum rc look_at_parcels(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct packing_look *l = context;
    struct context *c = l->c;
    uint64_t shop = c->viewer.operator_role ? 0 : c->viewer.shop;
    if (!l->view->one)
        return packing_all(conn, c->arena, shop, &l->view->lists, &l->view->cut, fault);
    l->view->lists = (packing_lists){ARENA_NEW(c->arena, struct packing_list), 1};
    return packing_of(conn, c->arena, shop, c->captures[0], &l->view->lists.v[0], fault);
}

static enum rc show_parcels(struct context *c, bool one, struct response *ret, struct fault *fault)
{
    struct packing_view v = {.one = one};
    struct packing_look look = {c, &v};
    enum rc rc = site_look_wholly(c->server->site, look_at_parcels, &look, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = desk_begin(c, N_("Packing list"), ret);
    struct html h = page_html(c, ret);
    packing_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_packing(struct context *c, struct response *ret, struct fault *fault)
{
    return show_parcels(c, true, ret, fault);
}

enum rc handle_desk_packing_all(struct context *c, struct response *ret, struct fault *fault)
{
    return show_parcels(c, false, ret, fault);
}
