#include "web/opds.h"

#include "app/library.h"
#include "app/shown_range.h"
#include "web/book.h"
#include "web/cover_links.h"
#include "web/handlers.h"
#include "web/routes.h"

#define N_(text) text

enum { DAY = 86400 };

/* ---- addresses ---- */

static struct str form_of(bool json)
{
    return json ? STR("opds2") : STR("opds");
}

bool opds_is_json(const struct context *c)
{
    return strstr(c->route->pattern, "/opds2") != NULL;
}

const char *opds_type(bool json, bool acquisition)
{
    if (json)
        return "application/opds+json";
    return acquisition ? "application/atom+xml;profile=opds-catalog;kind=acquisition"
                       : "application/atom+xml;profile=opds-catalog;kind=navigation";
}

struct url opds_absolute(struct context *c, struct url path)
{
    /* What leads back to the choices of a page leads to no place of a feed. */
    struct str text = str_sub(path.text, 0, str_find(path.text, '#'));
    return (struct url){ARENA_JOIN(c->arena, context_base_url(c), text)};
}

static struct url place_below(const struct page *p, bool json, const char *place)
{
    struct str root = link_to(p, json ? "opds2" : "opds").text;
    return place[0] == 0 ? (struct url){root}
                         : (struct url){ARENA_JOIN(p->arena, root, STR("/"), str_of(place))};
}

struct url opds_place(struct context *c, const struct page *p, bool json, const char *place)
{
    return opds_absolute(c, place_below(p, json, place));
}

/* ---- feeds ---- */

void opds_link_add(opds_links *links, const char *rel, const char *type, struct url href,
                   struct str title, uint64_t count)
{
    if (links->n < OPDS_LINKS_MAX && href.text.n > 0)
        links->v[links->n++] = (struct opds_link){rel, type, href, title, count};
}

/* The address asked for, without the number of the page. */
static struct str id_of(struct context *c)
{
    struct str query = c->request->query_text, piece;
    struct str id = str_sub(c->request->path, 1, c->request->path.n);
    for (bool first = true; str_next(&query, '&', &piece);) {
        if (str_starts(piece, STR("page=")))
            continue;
        id = ARENA_JOIN(c->arena, id, first ? STR("?") : STR("&"), piece);
        first = false;
    }
    return id;
}

static struct url asked(struct context *c)
{
    struct str query = c->request->query_text;
    struct str path = c->request->path;
    if (query.n > 0)
        path = ARENA_JOIN(c->arena, path, STR("?"), query);
    return opds_absolute(c, (struct url){path});
}

/* The same in the other form. */
static struct url twin(struct context *c, bool json)
{
    struct str path = c->request->path, query = c->request->query_text, own = form_of(json);
    size_t at = str_find_str(path, ARENA_JOIN(c->arena, STR("/"), own)) + 1;
    path = ARENA_JOIN(c->arena, str_sub(path, 0, at), form_of(!json),
                      str_sub(path, at + own.n, path.n));
    if (query.n > 0)
        path = ARENA_JOIN(c->arena, path, STR("?"), query);
    return opds_absolute(c, (struct url){path});
}

static void add_search(struct context *c, const struct page *p, struct opds_feed *feed)
{
    if (!feed->json) {
        opds_link_add(&feed->links, "search", "application/opensearchdescription+xml",
                      opds_absolute(c, link_to(p, "opensearch.xml")), word_text(p, N_("Search")),
                      0);
        return;
    }
    struct url search = opds_place(c, p, true, "search");
    search.text = ARENA_JOIN(c->arena, search.text, STR("{?query,title,author}"));
    opds_link_add(&feed->links, "search", opds_type(true, true), search, STR_NONE, 0);
}

struct opds_feed opds_begin(struct context *c, const struct page *p, bool acquisition,
                            struct str title)
{
    bool json = opds_is_json(c);
    struct opds_feed feed = {.json = json,
                             .acquisition = acquisition,
                             .title = title,
                             .id = id_of(c),
                             .updated = c->view->now - c->view->now % DAY};
    feed.links.v = ARENA_ARRAY(c->arena, struct opds_link, OPDS_LINKS_MAX);
    opds_link_add(&feed.links, "self", opds_type(json, acquisition), asked(c), STR_NONE, 0);
    opds_link_add(&feed.links, "start", opds_type(json, false), opds_place(c, p, json, ""),
                  word_text(p, N_("Catalogue")), 0);
    opds_link_add(&feed.links, OPDS_SHELF, opds_type(json, true), opds_place(c, p, json, "shelf"),
                  word_text(p, N_("Your library")), 0);
    add_search(c, p, &feed);
    opds_link_add(&feed.links, "http://opds-spec.org/crawlable", opds_type(json, true),
                  opds_place(c, p, json, "all"), word_text(p, N_("All books")), 0);
    opds_link_add(&feed.links, "alternate", opds_type(!json, acquisition), twin(c, json), STR_NONE,
                  0);
    return feed;
}

void opds_tell_withheld(struct context *c, const struct page *p, const struct shown_withheld *w,
                        struct opds_feed *feed)
{
    feed->said = word_withheld(p, w);
    for (size_t i = 0; i < w->by.n; i++) {
        uint64_t id = w->by.v[i].restriction->id;
        struct str number = word_number(p, id);
        if (w->by.v[i].works > 0)
            opds_link_add(&feed->links, "describedby", "text/html",
                          opds_absolute(c, link_restriction(p, id)),
                          word_filled(p, N_("restriction %1"), &number, 1), w->by.v[i].works);
    }
}

static struct url page_of(struct context *c, struct url list, uint64_t number)
{
    struct str n = arena_printf(c->arena, "%llu", (unsigned long long)number);
    return opds_absolute(c, number == 1 ? list : url_with(c->arena, list, STR("page"), n));
}

enum rc opds_paged(struct context *c, struct opds_feed *feed, struct url list, uint64_t total,
                   uint64_t number, struct fault *fault)
{
    uint64_t last = total == 0 ? 1 : (total + OPDS_A_PAGE - 1) / OPDS_A_PAGE;
    const char *type = opds_type(feed->json, true);
    if (feed->pages_max > 0 && last > feed->pages_max)
        last = feed->pages_max;
    if (number > last)
        return fault_set(fault, RC_NOT_FOUND, "there are %llu pages", (unsigned long long)last);
    feed->counted = true;
    feed->total = total;
    feed->number = number;
    feed->a_page = OPDS_A_PAGE;
    feed->first = (number - 1) * OPDS_A_PAGE + 1;
    opds_link_add(&feed->links, "first", type, page_of(c, list, 1), STR_NONE, 0);
    if (number > 1)
        opds_link_add(&feed->links, "previous", type, page_of(c, list, number - 1), STR_NONE, 0);
    if (number < last)
        opds_link_add(&feed->links, "next", type, page_of(c, list, number + 1), STR_NONE, 0);
    opds_link_add(&feed->links, "last", type, page_of(c, list, last), STR_NONE, 0);
    return RC_OK;
}

/* ---- entries ---- */

enum opds_part opds_part_of(const struct shown_contributor *c)
{
    static const struct {
        const char *role; /* of list 17 */
        enum opds_part part;
    } parts[] = {{"A12", OPDS_ILLUSTRATOR}, {"A35", OPDS_ILLUSTRATOR}, {"B06", OPDS_TRANSLATOR},
                 {"B01", OPDS_EDITOR},      {"B21", OPDS_EDITOR},      {"E07", OPDS_NARRATOR},
                 {"E03", OPDS_NARRATOR}};
    if (c->roles.n == 0)
        return OPDS_AUTHOR;
    struct str role = c->roles.v[0];
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (str_is(role, parts[i].role))
            return parts[i].part;
    return role.n > 0 && role.p[0] == 'A' ? OPDS_AUTHOR : OPDS_OTHER;
}

struct str opds_urn(struct arena *arena, const struct shown_card *card)
{
    bool isbn = card->key.n == 13;
    for (size_t i = 0; isbn && i < card->key.n; i++)
        isbn = card->key.p[i] >= '0' && card->key.p[i] <= '9';
    return isbn ? ARENA_JOIN(arena, STR("urn:isbn:"), card->key) : STR_NONE;
}

const char *opds_file_rel(const struct opds_entry *e)
{
    return e->owned ? "http://opds-spec.org/acquisition"
                    : "http://opds-spec.org/acquisition/open-access";
}

bool opds_sells(const struct opds_entry *e)
{
    const struct shown_card *card = &e->card;
    return card->withheld == NULL && card->unlisted == NULL && verdict_sells(card->verdict) &&
           (card->verdict == VERDICT_FREE || card->minor >= 0);
}

static void tell_withholder(struct context *c, const struct page *p, const struct restriction *r,
                            struct opds_entry *e)
{
    if (r == NULL)
        return;
    struct str number = word_number(p, r->id);
    opds_link_add(&e->withheld, "describedby", "text/html",
                  opds_absolute(c, link_restriction(p, r->id)),
                  word_filled(p, N_("restriction %1"), &number, 1), 0);
}

/* "E-book · to be published on 3 May 2027", or why it is not to be had. */
static struct str summary_of(const struct page *p, const struct shown_card *card)
{
    struct str form = word_form(p, card->form);
    if (card->withheld != NULL || card->unlisted != NULL)
        return ARENA_JOIN(p->arena, form, STR(" · "),
                          word_text(p, N_("Withheld in this storefront")));
    if (verdict_sells(card->verdict))
        return form;
    struct str why = word_verdict_reason(p, card->verdict);
    struct str unsold = why.n > 0 ? word_filled(p, N_("Not sold here (%1)"), &why, 1)
                                  : word_text(p, N_("Not sold here"));
    return ARENA_JOIN(p->arena, form, STR(" · "), unsold);
}

static void fill_images(struct context *c, const struct page *p, struct opds_entry *e)
{
    struct cover_links links = cover_links(p, e->card.key, &e->card.cover);
    e->image = opds_absolute(c, links.whole);
    e->thumbnail = opds_absolute(c, links.src);
}

/* What is given away is a file that anybody may take. */
static enum rc fill_file(struct context *c, const struct page *p, struct opds_entry *e,
                         struct fault *fault)
{
    struct shown_edition edition;
    struct library_file file;
    if (e->card.verdict != VERDICT_FREE || e->media == NULL || !opds_sells(e))
        return RC_OK;
    enum rc rc = shown_edition(&c->visit, e->card.key, &edition, fault);
    if (rc == RC_OK)
        rc = library_free_file(&c->visit, &edition, &file, fault);
    if (rc == RC_OK)
        e->file =
            opds_absolute(c, link_to(p, arena_z(c->arena, ARENA_JOIN(c->arena, STR("opds/files/"),
                                                                     e->card.key, STR(".epub")))));
    return rc == RC_NOT_FOUND || rc == RC_WITHHELD ? RC_OK : rc;
}

enum rc opds_entry_of(struct context *c, const struct page *p, bool json,
                      const struct shown_card *card, struct opds_entry *ret, struct fault *fault)
{
    struct opds_entry e = {.card = *card, .media = card->media, .summary = summary_of(p, card)};
    enum { WITHHELD_MAX = 2 };
    if (card->thema.n > 0)
        e.subject = word_subject(p, card->thema);
    e.withheld.v = ARENA_ARRAY(c->arena, struct opds_link, WITHHELD_MAX);
    tell_withholder(c, p, card->unlisted, &e);
    if (card->withheld != card->unlisted)
        tell_withholder(c, p, card->withheld, &e);
    e.page = opds_absolute(c, link_book(p, card->key));
    struct url below = url_path(c->arena, 3, form_of(json), STR("books"), card->key);
    e.entry = opds_absolute(c, (struct url){ARENA_JOIN(c->arena, p->root, below.text)});
    /* The drawn ones are of a form that e-readers do not know. */
    if (card->cover.file.n > 0 && card->unlisted == NULL)
        fill_images(c, p, &e);
    enum rc rc = shown_arrival(&c->visit, card->id, &e.updated, fault);
    if (rc == RC_OK)
        rc = fill_file(c, p, &e, fault);
    if (rc == RC_OK)
        *ret = e;
    return rc;
}

enum rc opds_fill(struct context *c, const struct page *p, const shown_cards *cards,
                  struct opds_feed *feed, struct fault *fault)
{
    enum rc rc = RC_OK;
    feed->entries = (opds_entries){ARENA_ARRAY(c->arena, struct opds_entry, cards->n), 0};
    for (size_t i = 0; rc == RC_OK && i < cards->n; i++) {
        struct opds_entry *e = &feed->entries.v[feed->entries.n++];
        rc = opds_entry_of(c, p, feed->json, &cards->v[i], e, fault);
        if (i == 0 || e->updated > feed->updated)
            feed->updated = e->updated;
    }
    return rc;
}

enum rc opds_entry_whole(struct context *c, struct page *p, bool json,
                         const struct shown_edition *e, struct opds_entry *ret, struct fault *fault)
{
    struct book_view *v = ARENA_NEW(c->arena, struct book_view);
    struct shown_card card = shown_card_of(e);
    struct shown_file file = {0};
    *v = (struct book_view){.edition = *e};
    enum rc rc = opds_entry_of(c, p, json, &card, ret, fault);
    if (rc == RC_OK)
        rc = shown_file(&c->visit, e, &file, fault);
    if (rc != RC_OK)
        return rc;
    book_texts_fill(p, v);
    ret->complete = true;
    ret->html = v->lead.html;
    ret->series = e->collections;
    ret->pages = edition_pages(e->facts);
    if (file.sample && !file.withheld && file.barred == VERDICT_OK)
        ret->sample = opds_absolute(c, link_book_part(p, e->key, "sample"));
    return RC_OK;
}

/* ---- answers ---- */

void opds_write(struct context *c, const struct opds_feed *feed, struct response *ret)
{
    ret->content_type = opds_type(feed->json, feed->acquisition);
    ret->modified = c->view->now;
    if (feed->json)
        opds_json_feed(c, feed, ret);
    else
        opds_atom_feed(c, feed, ret);
}

void opds_write_entry(struct context *c, bool json, const struct opds_entry *e,
                      struct response *ret)
{
    ret->content_type = json ? "application/opds-publication+json"
                             : "application/atom+xml;type=entry;profile=opds-catalog";
    ret->modified = c->view->now;
    if (json)
        opds_json_entry(c, e, ret);
    else
        opds_atom_entry(c, e, ret);
}
