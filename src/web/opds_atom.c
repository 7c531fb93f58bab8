/* OPDS 1.2. Strict readers of XML want every prefix declared at the root. */
#include "domain/money.h"
#include "web/atom.h"
#include "web/opds.h"

static void begin(struct html *h, const char *element)
{
    HTML_LIT(h, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<");
    buf_str_add(h->out, str_of(element));
    HTML_LIT(h, " xmlns=\"http://www.w3.org/2005/Atom\" xmlns:dc=\"http://purl.org/dc/terms/\""
                " xmlns:opds=\"http://opds-spec.org/2010/catalog\""
                " xmlns:thr=\"http://purl.org/syndication/thread/1.0\""
                " xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\""
                " xmlns:fh=\"http://purl.org/syndication/history/1.0\">\n");
}

static void attribute(struct html *h, const char *name, struct str value)
{
    if (value.n == 0)
        return;
    buf_printf(h->out, " %s=\"", name);
    html_escaped(h, value);
    HTML_LIT(h, "\"");
}

/* Without its end. */
static void open_link(struct html *h, const char *rel, const char *type, struct url href)
{
    HTML_LIT(h, "<link");
    attribute(h, "rel", str_of(rel));
    attribute(h, "type", str_of(type));
    attribute(h, "href", href.text);
}

static void put_link(struct html *h, const char *rel, const char *type, struct url href,
                     struct str title, uint64_t count)
{
    if (href.text.n == 0)
        return;
    open_link(h, rel, type, href);
    attribute(h, "title", title);
    if (count > 0)
        buf_printf(h->out, " thr:count=\"%llu\"", (unsigned long long)count);
    HTML_LIT(h, "/>\n");
}

static void put_links(struct html *h, const opds_links *links)
{
    for (size_t i = 0; i < links->n; i++)
        put_link(h, links->v[i].rel, links->v[i].type, links->v[i].href, links->v[i].title,
                 links->v[i].count);
}

/* ---- entries ---- */

/* KOReader keeps the last author alone: that is no translator. */
static void put_people(struct html *h, const struct shown_card *card)
{
    for (int authors = 1; authors >= 0; authors--)
        for (size_t i = 0; i < card->contributors.n; i++) {
            const struct shown_contributor *c = &card->contributors.v[i];
            if (c->name.n == 0 || !shown_is_named_first(card, c) ||
                (opds_part_of(c) == OPDS_AUTHOR) != (authors == 1))
                continue;
            const char *element = authors ? "author" : "contributor";
            buf_printf(h->out, "<%s>", element);
            atom_text(h, "name", c->name);
            buf_printf(h->out, "</%s>\n", element);
        }
}

static void put_price(struct html *h, const struct shown_card *card)
{
    buf_printf(h->out, "<opds:price currencycode=\"%.*s\">", STR_ARG(card->currency));
    money_add(h->out, card->minor, card->currency);
    HTML_LIT(h, "</opds:price>");
}

/* What is bought, or given to who has an account, is had on the book's page; what anybody may take
 * is a file. */
static void put_acquisition(struct html *h, const struct opds_entry *e)
{
    bool buy = e->card.verdict != VERDICT_FREE;
    put_link(h, opds_file_rel(e), e->media, e->file, STR_NONE, 0);
    put_link(h, "http://opds-spec.org/acquisition/sample", "text/html", e->sample, STR_NONE, 0);
    if (!opds_sells(e) || e->owned)
        return;
    open_link(h, buy ? "http://opds-spec.org/acquisition/buy" : "http://opds-spec.org/acquisition",
              "text/html", e->page);
    HTML_LIT(h, ">");
    if (buy)
        put_price(h, &e->card);
    if (e->media != NULL)
        buf_printf(h->out, "<opds:indirectAcquisition type=\"%s\"/>", e->media);
    HTML_LIT(h, "</link>\n");
}

static void put_facts(struct html *h, const struct opds_entry *e)
{
    const struct shown_card *card = &e->card;
    struct str urn = opds_urn(h->arena, card);
    if (!str_is(card->language, "und") && card->language.n > 0)
        atom_text(h, "dc:language", card->language);
    if (urn.n > 0)
        atom_text(h, "dc:identifier", urn);
    if (card->publisher.n > 0)
        atom_text(h, "dc:publisher", card->publisher);
    if (card->published > 0) {
        HTML_LIT(h, "<dc:issued>");
        date_add(h->out, card->published);
        HTML_LIT(h, "</dc:issued>\n");
    }
    for (size_t i = 0; i < e->series.n; i++)
        atom_text(h, "dc:isPartOf", e->series.v[i].name);
    if (card->thema.n == 0)
        return;
    HTML_LIT(h, "<category scheme=\"https://ns.editeur.org/thema/\"");
    attribute(h, "term", card->thema);
    attribute(h, "label", e->subject);
    HTML_LIT(h, "/>\n");
}

static void put_entry(struct html *h, const struct opds_entry *e, struct str origin)
{
    atom_text(h, "title", e->card.title);
    HTML_LIT(h, "<id>tag:");
    html_escaped(h, origin);
    buf_printf(h->out, ",2026:edition/%llu</id>\n", (unsigned long long)e->card.id);
    atom_time(h, "updated", e->updated);
    put_people(h, &e->card);
    put_facts(h, e);
    atom_text(h, "summary", e->summary);
    if (e->html.n > 0) {
        HTML_LIT(h, "<content type=\"html\">");
        html_escaped(h, e->html);
        HTML_LIT(h, "</content>\n");
    }
    if (e->card.unlisted == NULL) {
        put_link(h, e->complete ? "self" : "alternate",
                 "application/atom+xml;type=entry;profile=opds-catalog", e->entry, STR_NONE, 0);
        put_link(h, "alternate", "text/html", e->page, STR_NONE, 0);
    }
    put_link(h, "http://opds-spec.org/image", "image/jpeg", e->image, STR_NONE, 0);
    put_link(h, "http://opds-spec.org/image/thumbnail", "image/jpeg", e->thumbnail, STR_NONE, 0);
    put_acquisition(h, e);
    put_links(h, &e->withheld);
}

void opds_atom_entry(struct context *c, const struct opds_entry *e, struct response *ret)
{
    struct html h = page_html(c, ret);
    begin(&h, "entry");
    put_entry(&h, e, site_origin(c->server->site));
    if (e->card.contributors.n == 0) {
        HTML_LIT(&h, "<author>");
        atom_text(&h, "name", site_origin(c->server->site));
        HTML_LIT(&h, "</author>\n");
    }
    HTML_LIT(&h, "</entry>\n");
}

/* ---- feeds ---- */

static void put_way(struct html *h, const struct opds_feed *feed, const struct opds_way *way,
                    size_t n, struct str origin)
{
    HTML_LIT(h, "<entry>\n");
    atom_text(h, "title", way->title);
    HTML_LIT(h, "<id>tag:");
    html_escaped(h, origin);
    HTML_LIT(h, ",2026:");
    html_escaped(h, feed->id);
    buf_printf(h->out, "#%zu</id>\n", n);
    atom_time(h, "updated", feed->updated);
    HTML_LIT(h, "<content type=\"text\">");
    html_escaped(h, way->words.n > 0 ? way->words : way->title);
    HTML_LIT(h, "</content>\n");
    put_link(h, way->rel, opds_type(false, way->acquisition), way->href, STR_NONE, way->count);
    HTML_LIT(h, "</entry>\n");
}

static void put_facets(struct html *h, const struct opds_feed *feed)
{
    for (size_t i = 0; i < feed->facets.n; i++)
        for (size_t k = 0; k < feed->facets.v[i].choices.n; k++) {
            const struct opds_choice *choice = &feed->facets.v[i].choices.v[k];
            open_link(h, "http://opds-spec.org/facet", opds_type(false, true), choice->href);
            attribute(h, "title", choice->name);
            attribute(h, "opds:facetGroup", feed->facets.v[i].name);
            if (choice->active)
                HTML_LIT(h, " opds:activeFacet=\"true\"");
            if (choice->count > 0)
                buf_printf(h->out, " thr:count=\"%llu\"", (unsigned long long)choice->count);
            HTML_LIT(h, "/>\n");
        }
}

static void put_counts(struct html *h, const struct opds_feed *feed)
{
    buf_printf(h->out,
               "<opensearch:totalResults>%llu</opensearch:totalResults>\n"
               "<opensearch:itemsPerPage>%llu</opensearch:itemsPerPage>\n"
               "<opensearch:startIndex>%llu</opensearch:startIndex>\n",
               (unsigned long long)feed->total, (unsigned long long)feed->a_page,
               (unsigned long long)feed->first);
}

void opds_atom_feed(struct context *c, const struct opds_feed *feed, struct response *ret)
{
    struct str origin = site_origin(c->server->site);
    struct html h = page_html(c, ret);
    begin(&h, "feed");
    HTML_LIT(&h, "<id>tag:");
    html_escaped(&h, origin);
    HTML_LIT(&h, ",2026:");
    html_escaped(&h, feed->id);
    HTML_LIT(&h, "</id>\n");
    atom_text(&h, "title", feed->title);
    if (feed->said.n > 0)
        atom_text(&h, "subtitle", feed->said);
    atom_time(&h, "updated", feed->updated);
    HTML_LIT(&h, "<author>");
    atom_text(&h, "name", origin);
    HTML_LIT(&h, "</author>\n");
    put_links(&h, &feed->links);
    put_facets(&h, feed);
    if (feed->whole)
        HTML_LIT(&h, "<fh:complete/>\n");
    if (feed->counted)
        put_counts(&h, feed);
    for (size_t i = 0; i < feed->ways.n; i++)
        put_way(&h, feed, &feed->ways.v[i], i + 1, origin);
    for (size_t i = 0; i < feed->entries.n; i++) {
        HTML_LIT(&h, "<entry>\n");
        put_entry(&h, &feed->entries.v[i], origin);
        HTML_LIT(&h, "</entry>\n");
    }
    HTML_LIT(&h, "</feed>\n");
}
