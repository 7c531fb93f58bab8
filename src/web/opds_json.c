/* OPDS 2.0. Nothing in it is null or empty; prices are printed from whole minor units. */
#include "base/clock.h"
#include "base/json_text.h"
#include "domain/money.h"
#include "web/opds.h"

static void set(struct buf *b, const char *name, struct str value)
{
    if (value.n > 0)
        json_text_str(b, name, value);
}

static void set_time(struct buf *b, const char *name, int64_t t)
{
    BUF_AUTO text = BUF_INIT(32);
    time_add(&text, t);
    json_text_str(b, name, buf_str(&text));
}

/* Without its end. */
static void open_link(struct buf *b, const char *rel, const char *type, struct url href)
{
    json_text_object(b, NULL);
    set(b, "rel", str_of(rel));
    json_text_str(b, "href", href.text);
    set(b, "type", str_of(type));
}

static void set_count(struct buf *b, uint64_t count)
{
    if (count == 0)
        return;
    json_text_object(b, "properties");
    json_text_int(b, "numberOfItems", (int64_t)count);
    json_text_object_end(b);
}

static void put_link(struct buf *b, const char *rel, const char *type, struct url href,
                     struct str title, uint64_t count)
{
    if (href.text.n == 0)
        return;
    open_link(b, rel, type, href);
    set(b, "title", title);
    if (str_find(href.text, '{') < href.text.n)
        json_text_true(b, "templated");
    set_count(b, count);
    json_text_object_end(b);
}

static void put_links(struct buf *b, const opds_links *links)
{
    for (size_t i = 0; i < links->n; i++)
        put_link(b, links->v[i].rel, links->v[i].type, links->v[i].href, links->v[i].title,
                 links->v[i].count);
}

/* ---- publications ---- */

static void put_people(struct buf *b, const struct shown_card *card)
{
    static const char *const names[] = {
        [OPDS_AUTHOR] = "author",     [OPDS_TRANSLATOR] = "translator",
        [OPDS_EDITOR] = "editor",     [OPDS_ILLUSTRATOR] = "illustrator",
        [OPDS_NARRATOR] = "narrator", [OPDS_OTHER] = "contributor"};
    for (int part = 0; part <= OPDS_OTHER; part++) {
        size_t begun = json_text_list(b, names[part]);
        for (size_t i = 0; i < card->contributors.n; i++) {
            const struct shown_contributor *c = &card->contributors.v[i];
            if (c->name.n > 0 && (int)opds_part_of(c) == part && shown_is_named_first(card, c))
                json_text_str(b, NULL, c->name);
        }
        json_text_list_end(b, begun);
    }
}

static void put_series(struct buf *b, const struct opds_entry *e)
{
    if (e->series.n == 0)
        return;
    json_text_object(b, "belongsTo");
    size_t begun = json_text_list(b, "collection");
    for (size_t i = 0; i < e->series.n; i++) {
        json_text_object(b, NULL);
        json_text_str(b, "name", e->series.v[i].name);
        uint64_t part;
        if (str_to_u64(e->series.v[i].part, &part) && part < 100000)
            json_text_int(b, "position", (int64_t)part);
        json_text_object_end(b);
    }
    json_text_list_end(b, begun);
    json_text_object_end(b);
}

static void put_subject(struct buf *b, const struct opds_entry *e)
{
    size_t begun = json_text_list(b, "subject");
    if (e->card.thema.n > 0 && e->subject.n > 0) {
        json_text_object(b, NULL);
        json_text_str(b, "name", e->subject);
        json_text_str(b, "code", e->card.thema);
        json_text_str(b, "scheme", STR("https://ns.editeur.org/thema/"));
        json_text_object_end(b);
    }
    json_text_list_end(b, begun);
}

static void put_metadata(struct buf *b, struct context *c, const struct opds_entry *e)
{
    const struct shown_card *card = &e->card;
    struct str urn = opds_urn(c->arena, card);
    json_text_object(b, "metadata");
    json_text_str(b, "@type",
                  str_is(card->form, "audio") ? STR("http://schema.org/Audiobook")
                                              : STR("http://schema.org/Book"));
    json_text_str(b, "identifier",
                  urn.n > 0 ? urn
                            : arena_printf(c->arena, "tag:%.*s,2026:edition/%llu",
                                           STR_ARG(site_origin(c->server->site)),
                                           (unsigned long long)card->id));
    json_text_str(b, "title", card->title);
    set(b, "subtitle", card->subtitle);
    put_people(b, card);
    if (!str_is(card->language, "und"))
        set(b, "language", card->language);
    set(b, "publisher", card->publisher);
    if (card->published > 0 && card->published % 100 > 0) {
        BUF_AUTO day = BUF_INIT(32);
        date_add(&day, card->published);
        json_text_str(b, "published", buf_str(&day));
    }
    set_time(b, "modified", e->updated);
    set(b, "description", e->html.n > 0 ? e->html : e->summary);
    put_subject(b, e);
    put_series(b, e);
    if (e->pages > 0)
        json_text_int(b, "numberOfPages", e->pages);
    json_text_object_end(b);
}

static void put_properties(struct buf *b, const struct opds_entry *e)
{
    const struct shown_card *card = &e->card;
    json_text_object(b, "properties");
    if (!opds_sells(e) || e->owned) {
        json_text_object(b, "availability");
        json_text_str(b, "state", STR("unavailable"));
        json_text_object_end(b);
    } else if (card->verdict != VERDICT_FREE) {
        BUF_AUTO amount = BUF_INIT(40);
        money_add(&amount, card->minor, card->currency);
        json_text_object(b, "price");
        json_text_digits(b, "value", buf_str(&amount));
        json_text_str(b, "currency", card->currency);
        json_text_object_end(b);
    }
    if (opds_sells(e) && !e->owned && e->media != NULL) {
        size_t begun = json_text_list(b, "indirectAcquisition");
        json_text_object(b, NULL);
        json_text_str(b, "type", str_of(e->media));
        json_text_object_end(b);
        json_text_list_end(b, begun);
    }
    json_text_object_end(b);
}

/* What is not to be had here says so: a publication has a link by which it is acquired. */
static void put_acquisition(struct buf *b, const struct opds_entry *e)
{
    bool buy = opds_sells(e) && !e->owned && e->card.verdict != VERDICT_FREE;
    put_link(b, opds_file_rel(e), e->media, e->file, STR_NONE, 0);
    put_link(b, "http://opds-spec.org/acquisition/sample", "text/html", e->sample, STR_NONE, 0);
    if (e->owned && e->file.text.n > 0)
        return;
    open_link(b, buy ? "http://opds-spec.org/acquisition/buy" : "http://opds-spec.org/acquisition",
              "text/html", e->page);
    /* A free book on paper says nothing more. */
    if (buy || e->owned || e->media != NULL || !opds_sells(e))
        put_properties(b, e);
    json_text_object_end(b);
}

static void put_publication(struct buf *b, struct context *c, const struct opds_entry *e)
{
    put_metadata(b, c, e);
    size_t begun = json_text_list(b, "links");
    if (e->card.unlisted == NULL) {
        put_link(b, "self", "application/opds-publication+json", e->entry, STR_NONE, 0);
        put_link(b, "alternate", "text/html", e->page, STR_NONE, 0);
    }
    put_acquisition(b, e);
    put_links(b, &e->withheld);
    json_text_list_end(b, begun);
    begun = json_text_list(b, "images");
    if (e->image.text.n > 0) {
        open_link(b, NULL, "image/jpeg", e->image);
        json_text_int(b, "width", e->card.cover.width);
        json_text_int(b, "height", e->card.cover.height);
        json_text_object_end(b);
    }
    if (e->image.text.n > 0 && !str_eq(e->image.text, e->thumbnail.text))
        put_link(b, NULL, "image/jpeg", e->thumbnail, STR_NONE, 0);
    json_text_list_end(b, begun);
}

void opds_json_entry(struct context *c, const struct opds_entry *e, struct response *ret)
{
    struct html h = page_html(c, ret);
    buf_char(h.out, '{');
    put_publication(h.out, c, e);
    BUF_LIT(h.out, "}\n");
}

/* ---- feeds ---- */

static void put_facets(struct buf *b, const struct opds_feed *feed)
{
    size_t all = json_text_list(b, "facets");
    for (size_t i = 0; i < feed->facets.n; i++) {
        json_text_object(b, NULL);
        json_text_object(b, "metadata");
        json_text_str(b, "title", feed->facets.v[i].name);
        json_text_object_end(b);
        size_t begun = json_text_list(b, "links");
        for (size_t k = 0; k < feed->facets.v[i].choices.n; k++) {
            const struct opds_choice *choice = &feed->facets.v[i].choices.v[k];
            put_link(b, choice->active ? "self" : NULL, opds_type(true, true), choice->href,
                     choice->name, choice->count);
        }
        json_text_list_end(b, begun);
        json_text_object_end(b);
    }
    json_text_list_end(b, all);
}

static void put_feed_metadata(struct buf *b, const struct opds_feed *feed)
{
    json_text_object(b, "metadata");
    json_text_str(b, "title", feed->title);
    set(b, "description", feed->said);
    set_time(b, "modified", feed->updated);
    if (feed->counted) {
        json_text_int(b, "numberOfItems", (int64_t)feed->total);
        json_text_int(b, "itemsPerPage", (int64_t)feed->a_page);
        json_text_int(b, "currentPage", (int64_t)feed->number);
    }
    json_text_object_end(b);
}

/* A feed without books has a way back: it must have something. */
static void put_ways(struct buf *b, const struct opds_feed *feed)
{
    size_t begun = json_text_list(b, "navigation");
    for (size_t i = 0; i < feed->ways.n; i++)
        put_link(b, feed->ways.v[i].rel, opds_type(true, true), feed->ways.v[i].href,
                 feed->ways.v[i].title, feed->ways.v[i].count);
    for (size_t i = 0; feed->ways.n + feed->entries.n == 0 && i < feed->links.n; i++)
        if (feed->links.v[i].rel != NULL && str_is(str_of(feed->links.v[i].rel), "start"))
            put_link(b, "start", feed->links.v[i].type, feed->links.v[i].href,
                     feed->links.v[i].title, 0);
    json_text_list_end(b, begun);
}

void opds_json_feed(struct context *c, const struct opds_feed *feed, struct response *ret)
{
    struct html h = page_html(c, ret);
    struct buf *b = h.out;
    buf_char(b, '{');
    put_feed_metadata(b, feed);
    size_t begun = json_text_list(b, "links");
    put_links(b, &feed->links);
    json_text_list_end(b, begun);
    put_ways(b, feed);
    put_facets(b, feed);
    begun = json_text_list(b, "publications");
    for (size_t i = 0; i < feed->entries.n; i++) {
        json_text_object(b, NULL);
        put_publication(b, c, &feed->entries.v[i]);
        json_text_object_end(b);
    }
    json_text_list_end(b, begun);
    BUF_LIT(b, "}\n");
}
