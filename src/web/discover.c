/* How browsers find their way in: OpenSearch, suggestions while typing, the web app manifest. */
#include "app/suggest.h"
#include "base/json.h"
#include "web/atom.h"
#include "web/handlers.h"
#include "web/page.h"

#define N_(text) text
#define NN_(one, many) one, many

/* An OpenSearch 1.1 description, so that a browser can search from its own bar. */
enum rc handle_opensearch(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct html h = page_html(c, ret);
    struct str base = context_base_url(c), country = word_country(&p, c->storefront->country);
    (void)fault;
    ret->content_type = "application/opensearchdescription+xml; charset=utf-8";
    HTML_LIT(&h, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n");
    atom_text(&h, "ShortName", word_text(&p, N_("Colophon")));
    atom_text(&h, "Description",
              arena_printf(c->arena, "%.*s · %.*s",
                           STR_ARG(word_text(&p, N_("Title, author, ISBN"))), STR_ARG(country)));
    HTML_LIT(&h, "<InputEncoding>UTF-8</InputEncoding>\n<OutputEncoding>UTF-8</OutputEncoding>\n");
    atom_text(&h, "Language", language_tag(c->language));
    HTML_LIT(&h, "<Url type=\"text/html\" template=\"");
    html_escaped(&h, base);
    html_escaped(&h, link_to(&p, "search").text);
    HTML_LIT(&h, "?q={searchTerms}\"/>\n"
                 "<Url type=\"application/atom+xml;profile=opds-catalog;kind=acquisition\" "
                 "template=\"");
    html_escaped(&h, base);
    html_escaped(&h, link_to(&p, "opds/search").text);
    HTML_LIT(&h, "?q={searchTerms}\"/>\n"
                 "<Url type=\"application/x-suggestions+json\" template=\"");
    html_escaped(&h, base);
    html_escaped(&h, link_to(&p, "suggest").text);
    HTML_LIT(&h, "?q={searchTerms}\"/>\n<Url type=\"application/json\" template=\"");
    html_escaped(&h, base);
    html_escaped(&h, arena_printf(c->arena, "/api/v1/%.*s/search", STR_ARG(c->storefront->slug)));
    HTML_LIT(&h, "?q={searchTerms}\"/>\n</OpenSearchDescription>\n");
    return RC_OK;
}

/* W3C's Web Application Manifest: a name, a beginning and an icon for a home screen. */
enum rc handle_manifest(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct str country = word_country(&p, c->storefront->country);
    struct str home = link_home(&p).text;
    (void)fault;
    ret->content_type = "application/manifest+json";
    JSON_AUTO *icon = json_pack("{s:o, s:s, s:s}", "src", json_from_str(p.icon.text), "sizes",
                                "any", "type", "image/svg+xml");
    JSON_AUTO *manifest = json_pack(
        "{s:o, s:o, s:o, s:s, s:o, s:o, s:s, s:s, s:s, s:[O]}", "name",
        json_from_str(ARENA_JOIN(c->arena, word_text(&p, N_("Colophon")), STR(" · "), country)),
        "short_name", json_from_str(word_text(&p, N_("Colophon"))), "lang",
        json_from_str(language_tag(c->language)), "dir", language_rtl(c->language) ? "rtl" : "ltr",
        "start_url", json_from_str(home), "scope", json_from_str(home), "display", "minimal-ui",
        "background_color", "#fbf9f4", "theme_color", "#fbf9f4", "icons", icon);
    json_write(manifest, &ret->body);
    return RC_OK;
}

/* What a restriction keeps from the suggestions, and the search that says which one. */
static json_t *withheld_json(const struct page *p, struct str typed, uint64_t works)
{
    struct str said =
        word_count(p, NN_("%1 work is withheld here", "%1 works are withheld here"), works);
    struct url url = url_with(p->arena, link_to(p, "search"), STR("q"), typed);
    return json_pack("{s:I, s:o, s:o}", "works", (json_int_t)works, "text", json_from_str(said),
                     "url", json_from_str(url.text));
}

/* OpenSearch's suggestions, for browsers' bars and for our own box (static/suggest.js): what
 * was typed, texts, notes, addresses; and, of ours, in which languages the texts are. */
enum rc handle_suggest(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct str typed = str_trim(parameter_get(&c->request->query, "q")), base = context_base_url(c);
    suggestions list;
    uint64_t withheld;
    enum rc rc = suggest(&c->visit, c->server->indexer, typed, &list, &withheld, fault);
    if (rc != RC_OK)
        return rc;
    json_t *texts = json_array(), *notes = json_array(), *urls = json_array();
    json_t *languages = json_array();
    for (size_t i = 0; i < list.n; i++) {
        const struct suggestion *s = &list.v[i];
        struct url url =
            s->contributor != 0 ? link_contributor(&p, s->contributor) : link_book(&p, s->key);
        json_array_append_new(texts, json_from_str(s->text));
        json_array_append_new(notes, json_from_str(s->note));
        json_array_append_new(urls, json_from_str(ARENA_JOIN(c->arena, base, url.text)));
        json_array_append_new(languages, json_from_str(s->language));
    }
    json_t *more = json_pack("{s:o}", "languages", languages);
    if (withheld > 0)
        json_object_set_new(more, "withheld", withheld_json(&p, typed, withheld));
    json_t *json = json_pack("[o, o, o, o, o]", json_from_str(typed), texts, notes, urls, more);
    json_write(json, &ret->body);
    json_decref(json);
    ret->content_type = "application/x-suggestions+json; charset=utf-8";
    return RC_OK;
}
