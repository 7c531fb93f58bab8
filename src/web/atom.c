#include "web/atom.h"

enum { DAY = 86400 };

static int by_news(const void *a, const void *b)
{
    const struct atom_item *x = a, *y = b;
    if (x->updated != y->updated)
        return (x->updated < y->updated) - (x->updated > y->updated);
    return (x->id < y->id) - (x->id > y->id);
}

void atom_sort(atom_items *items)
{
    if (items->n > 1)
        qsort(items->v, items->n, sizeof *items->v, by_news);
}

void atom_time(struct html *h, const char *element, int64_t t)
{
    buf_printf(h->out, "<%s>", element);
    time_add(h->out, t);
    buf_printf(h->out, "</%s>\n", element);
}

void atom_text(struct html *h, const char *element, struct str text)
{
    buf_printf(h->out, "<%s>", element);
    html_escaped(h, text);
    buf_printf(h->out, "</%s>\n", element);
}

static void write_item(struct html *h, const struct atom_item *item, struct str base,
                       struct str origin)
{
    HTML_LIT(h, "<entry>\n<title>");
    html_escaped(h, item->title);
    HTML_LIT(h, "</title>\n<id>tag:");
    html_escaped(h, origin);
    buf_printf(h->out, ",2026:%s/%llu</id>\n<link href=\"", item->kind,
               (unsigned long long)item->id);
    html_escaped(h, base);
    if (item->page.text.n > 0)
        html_escaped(h, item->page.text);
    else
        buf_printf(h->out, "/record/%ss/%llu", item->kind, (unsigned long long)item->id);
    HTML_LIT(h, "\"/>\n");
    atom_time(h, "published", item->published);
    atom_time(h, "updated", item->updated);
    HTML_LIT(h, "<summary>");
    html_escaped(h, item->summary);
    HTML_LIT(h, "</summary>\n</entry>\n");
}

void atom_write(struct context *c, const struct atom_feed *feed, struct response *ret)
{
    struct str base = context_base_url(c), origin = site_origin(c->server->site);
    struct html h = page_html(c, ret);
    ret->content_type = "application/atom+xml; charset=utf-8";
    HTML_LIT(&h, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed "
                 "xmlns=\"http://www.w3.org/2005/Atom\">\n<title>");
    html_escaped(&h, feed->title);
    if (feed->words.n > 0) {
        HTML_LIT(&h, " · ");
        html_escaped(&h, feed->words);
    }
    HTML_LIT(&h, "</title>\n<id>tag:");
    html_escaped(&h, origin);
    HTML_LIT(&h, ",2026:");
    html_escaped(&h, feed->id);
    HTML_LIT(&h, "</id>\n<author><name>");
    html_escaped(&h, origin);
    HTML_LIT(&h, "</name></author>\n<link rel=\"self\" href=\"");
    html_escaped(&h, base);
    html_escaped(&h, feed->self.text);
    HTML_LIT(&h, "\"/>\n");
    /* That there is nothing is said as of today. */
    atom_time(&h, "updated",
              feed->items.n > 0 ? feed->items.v[0].updated : c->view->now - c->view->now % DAY);
    for (size_t i = 0; i < feed->items.n && i < ATOM_MAX; i++)
        write_item(&h, &feed->items.v[i], base, origin);
    HTML_LIT(&h, "</feed>\n");
}
