/* News of the Record, as Atom. */
#include "templates.h"
#include "web/handlers.h"
#include "web/record.h"
#include "web/record_filter.h"

#define N_(text) text

enum { FEED_MAX = 100 };

static void xml_time(struct html *h, const char *element, int64_t t)
{
    buf_printf(h->out, "<%s>", element);
    time_add(h->out, t);
    buf_printf(h->out, "</%s>\n", element);
}

/* When there was news of it last: decided, begun, ended or lifted. */
static int64_t news_of(const struct restriction_view *v)
{
    const struct restriction *r = v->r;
    if (v->state == STATE_LIFTED)
        return r->lifted;
    if (v->state == STATE_EXPIRED)
        return r->until != 0 ? r->until : r->review;
    return v->state == STATE_IN_EFFECT ? r->from : r->decided;
}

static int by_news(const void *a, const void *b)
{
    const struct restriction_view *x = a, *y = b;
    int64_t tx = news_of(x), ty = news_of(y);
    return tx != ty ? (tx < ty) - (tx > ty) : (x->r->id < y->r->id) - (x->r->id > y->r->id);
}

/* Atom, RFC 4287: an entry for each restriction, updated when it begins, ends or
 * is lifted; the latest news first, so that an old one's lift is among them. */
enum rc handle_feed(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct record_query q = record_filter_read(c);
    struct record_found found;
    struct str base = context_base_url(c), origin = site_origin(c->server->site);
    enum rc rc = record_query_run(c->worker->conn, c->arena, c->view, &q, &found, fault);
    if (rc != RC_OK)
        return rc;
    struct restriction_view *all = found.restrictions.v;
    struct str asked = record_filter_url(c->arena, link_record(&p, "feed.atom"), &q).text;
    struct str words = record_filter_words(&p, &q);
    size_t told = 0;
    for (size_t i = 0; i < found.restrictions.n; i++)
        if (all[i].state != STATE_PENDING)
            all[told++] = all[i];
    if (told > 1)
        qsort(all, told, sizeof *all, by_news);
    rc = restriction_titles(c->worker->conn, c->arena, all, told < FEED_MAX ? told : FEED_MAX,
                            fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    ret->content_type = "application/atom+xml; charset=utf-8";
    HTML_LIT(&h, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed "
                 "xmlns=\"http://www.w3.org/2005/Atom\">\n<title>");
    html_escaped(&h, word_text(&p, N_("The Record: news")));
    if (words.n > 0) {
        HTML_LIT(&h, " · ");
        html_escaped(&h, words);
    }
    HTML_LIT(&h, "</title>\n<id>tag:");
    html_escaped(&h, origin);
    HTML_LIT(&h, ",2026:record");
    html_escaped(&h, record_filter_url(c->arena, URL_LITERAL(""), &q).text);
    HTML_LIT(&h, "</id>\n<author><name>");
    html_escaped(&h, origin);
    HTML_LIT(&h, "</name></author>\n<link rel=\"self\" href=\"");
    html_escaped(&h, base);
    html_escaped(&h, asked);
    HTML_LIT(&h, "\"/>\n");
    xml_time(&h, "updated", told > 0 ? news_of(&all[0]) : 0);
    for (size_t i = 0; i < told && i < FEED_MAX; i++) {
        const struct restriction *r = all[i].r;
        HTML_LIT(&h, "<entry>\n<title>");
        html_escaped(&h, restriction_title(&p, &all[i]));
        HTML_LIT(&h, " (");
        html_escaped(&h, word_state(&p, all[i].state));
        HTML_LIT(&h, ")</title>\n<id>tag:");
        html_escaped(&h, origin);
        buf_printf(h.out, ",2026:restriction/%llu</id>\n<link href=\"", (unsigned long long)r->id);
        html_escaped(&h, base);
        buf_printf(h.out, "/record/restrictions/%llu\"/>\n", (unsigned long long)r->id);
        xml_time(&h, "published", r->decided);
        xml_time(&h, "updated", news_of(&all[i]));
        HTML_LIT(&h, "<summary>");
        html_escaped(&h, word_storefronts(&p, r));
        HTML_LIT(&h, " · ");
        html_escaped(&h, r->authority.n > 0 ? r->authority : word_ground(&p, r->ground));
        HTML_LIT(&h, "</summary>\n</entry>\n");
    }
    HTML_LIT(&h, "</feed>\n");
    return RC_OK;
}
