#include "web/structured.h"

#include "base/json.h"
#include "domain/money.h"
#include "web/markdown.h"

enum { JSON_LD_MAX = 512 << 10 };

static void set(json_t *json, const char *name, struct str value)
{
    if (value.n > 0)
        json_object_set_new(json, name, json_from_str(value));
}

static struct str date_text(struct arena *arena, int32_t date)
{
    int year = date / 10000, month = date / 100 % 100, day = date % 100;
    if (month == 0)
        return arena_printf(arena, "%04d", year);
    if (day == 0)
        return arena_printf(arena, "%04d-%02d", year, month);
    return arena_printf(arena, "%04d-%02d-%02d", year, month, day);
}

static json_t *people_json(const struct shown_edition *e, const char *role)
{
    json_t *list = json_array();
    for (size_t i = 0; i < e->contributors.n; i++) {
        const struct shown_contributor *c = &e->contributors.v[i];
        bool did = false;
        for (size_t r = 0; r < c->roles.n && !did; r++)
            did = str_eq(c->roles.v[r], str_of(role));
        if (c->name.n == 0 || !did)
            continue;
        json_t *person = json_pack("{s:s, s:o}", "@type", "Person", "name", json_from_str(c->name));
        set(person, "alternateName", c->transliterated);
        json_array_append_new(list, person);
    }
    return list;
}

static json_t *rating_json(const struct shown_stars *s)
{
    BUF_AUTO mean = BUF_INIT(16);
    buf_printf(&mean, "%u.%u", (s->mean_milli + 50) / 1000, (s->mean_milli + 50) / 100 % 10);
    return json_pack("{s:s, s:o, s:I, s:i, s:i}", "@type", "AggregateRating", "ratingValue",
                     json_from_str(buf_str(&mean)), "ratingCount", (json_int_t)s->count,
                     "bestRating", 5, "worstRating", 1);
}

static const char *availability_of(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_PREORDER:
        return "https://schema.org/PreOrder";
    case VERDICT_BACKORDER:
        return "https://schema.org/BackOrder";
    default:
        return "https://schema.org/InStock";
    }
}

static json_t *offers_json(const struct page *p, const struct shown_edition *e)
{
    json_t *list = json_array();
    for (size_t i = 0; i < e->offers.n; i++) {
        const struct shown_offer *o = &e->offers.v[i];
        if (o->withheld != NULL || !verdict_sells(o->offer.verdict) || o->offer.price == NULL ||
            o->offer.price->minor < 0)
            continue;
        BUF_AUTO amount = BUF_INIT(40);
        money_add(&amount, o->offer.price->minor, o->offer.price->currency);
        json_t *offer = json_pack("{s:s, s:o, s:o, s:s, s:o, s:{s:s, s:o}}", "@type", "Offer",
                                  "price", json_from_str(buf_str(&amount)), "priceCurrency",
                                  json_from_str(o->offer.price->currency), "availability",
                                  availability_of(o->offer.verdict), "eligibleRegion",
                                  json_from_str(p->storefront->country), "seller", "@type",
                                  "Organization", "name", json_from_str(o->shop_name));
        if (o->offer.price->until != 0)
            set(offer, "priceValidUntil", date_text(p->arena, o->offer.price->until));
        json_array_append_new(list, offer);
    }
    return list;
}

/* What one reads of a review: its mark-up is Markdown, which no page shows. */
static struct str text_of_html(struct arena *arena, struct str html)
{
    static const struct {
        struct str name;
        char c;
    } entities[] = {{{"&lt;", 4}, '<'},
                    {{"&gt;", 4}, '>'},
                    {{"&quot;", 6}, '"'},
                    {{"&#39;", 5}, '\''},
                    {{"&amp;", 5}, '&'}};
    enum { COUNT = sizeof entities / sizeof *entities };
    BUF_AUTO b = BUF_INIT(JSON_LD_MAX);
    for (size_t i = 0; i < html.n;) {
        struct str rest = str_sub(html, i, html.n);
        size_t known = 0;
        if (rest.p[0] == '<') {
            i += str_find(rest, '>') + 1;
            continue;
        }
        while (known < COUNT && !str_starts(rest, entities[known].name))
            known++;
        buf_char(&b, known < COUNT ? entities[known].c : rest.p[0]);
        i += known < COUNT ? entities[known].name.n : 1;
    }
    return arena_str(arena, str_trim(buf_str(&b)));
}

static json_t *reviews_json(struct arena *arena, const struct shown_reviews *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->reviews_page.n; i++) {
        const struct shown_review *review = &r->reviews_page.v[i];
        if (review->withheld & FEATURE_BIT(FEATURE_REVIEWS))
            continue;
        json_t *json =
            json_pack("{s:s, s:o, s:o, s:{s:s, s:o}}", "@type", "Review", "name",
                      json_from_str(review->title), "inLanguage", json_from_str(review->language),
                      "author", "@type", "Person", "name", json_from_str(review->author));
        set(json, "datePublished", date_text(arena, date_of(review->created)));
        set(json, "reviewBody", text_of_html(arena, markdown_html(arena, review->text).html));
        if (review->stars > 0)
            json_object_set_new(json, "reviewRating",
                                json_pack("{s:s, s:i, s:i, s:i}", "@type", "Rating", "ratingValue",
                                          (int)review->stars, "bestRating", 5, "worstRating", 1));
        json_array_append_new(list, json);
    }
    return list;
}

static void set_list(json_t *json, const char *name, json_t *list)
{
    if (json_array_size(list) > 0)
        json_object_set(json, name, list);
    json_decref(list);
}

static const char *format_of(struct str form)
{
    static const char *const formats[][2] = {
        {"paperback", "https://schema.org/Paperback"},
        {"hardback", "https://schema.org/Hardcover"},
        {"ebook", "https://schema.org/EBook"},
        {"audio", "https://schema.org/AudiobookFormat"},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (str_eq(form, str_of(formats[i][0])))
            return formats[i][1];
    return NULL;
}

static struct html_trusted element_of(struct arena *arena, struct str json)
{
    BUF_AUTO b = BUF_INIT(2 * JSON_LD_MAX);
    struct html h = {.out = &b};
    BUF_LIT(&b, "<script type=\"application/ld+json\">");
    html_json(&h, json);
    BUF_LIT(&b, "</script>");
    return buf_check(&b) == RC_OK ? (struct html_trusted){arena_str(arena, buf_str(&b))}
                                  : STR_TRUSTED_NONE;
}

/* The words of schema.org for ONIX list 196. */
static json_t *access_json(const struct edition *e)
{
    static const char *const words[][2] = {
        {"11", "tableOfContents"},
        {"12", "index"},
        {"13", "readingOrder"},
        {"14", "alternativeText"},
        {"15", "longDescription"},
        {"17", "MathML"},
        {"19", "pageNavigation"},
        {"20", "synchronizedAudioText"},
        {"21", "ttsMarkup"},
        {"26", "highContrastDisplay"},
        {"29", "structuralNavigation"},
        {"30", "ARIA"},
        {"35", "latex"},
        {"36", "displayTransformability"},
    };
    json_t *list = json_array();
    for (size_t i = 0; i < e->features.n; i++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (str_eq(e->features.v[i].type, STR("09")) &&
                str_eq(e->features.v[i].value, str_of(words[k][0])))
                json_array_append_new(list, json_string(words[k][1]));
    return list;
}

static json_t *awards_json(struct arena *arena, const struct edition *e)
{
    json_t *list = json_array();
    for (size_t i = 0; i < e->prizes.n; i++)
        if (str_eq(e->prizes.v[i].code, STR("01")) || str_eq(e->prizes.v[i].code, STR("06")))
            json_array_append_new(
                list, json_from_str(str_trim(
                          ARENA_JOIN(arena, e->prizes.v[i].name, STR(" "), e->prizes.v[i].year))));
    return list;
}

static json_t *series_json(const struct shown_edition *e)
{
    json_t *list = json_array();
    for (size_t i = 0; i < e->collections.n; i++)
        if (e->collections.v[i].part.n > 0)
            json_array_append_new(list, json_pack("{s:s, s:o}", "@type", "BookSeries", "name",
                                                  json_from_str(e->collections.v[i].name)));
    return list;
}

/* What the table of details says, too. */
static void set_details(json_t *json, struct arena *arena, const struct book_view *v)
{
    const struct shown_edition *e = &v->edition;
    char original[1024];
    struct str title = title_display(&e->facts->original_title, original, sizeof original);
    set(json, "description", text_of_html(arena, v->lead.html));
    set(json, "bookEdition",
        e->facts->edition_statement.n > 0 ? e->facts->edition_statement : e->facts->edition_number);
    set_list(json, "illustrator", people_json(e, "A12"));
    set_list(json, "editor", people_json(e, "B01"));
    set_list(json, "isPartOf", series_json(e));
    for (size_t i = 0; i < e->collections.n && json_object_get(json, "position") == NULL; i++)
        set(json, "position", e->collections.v[i].part);
    if (title.n > 0)
        json_object_set_new(json, "translationOfWork",
                            json_pack("{s:s, s:o}", "@type", "Book", "name", json_from_str(title)));
    set_list(json, "award", awards_json(arena, e->facts));
    set_list(json, "accessibilityFeature", access_json(e->facts));
    set(json, "accessibilitySummary", v->access_text);
}

struct html_trusted json_ld_of_book(struct context *c, const struct page *p,
                                    const struct book_view *v)
{
    const struct shown_edition *e = &v->edition;
    BUF_AUTO text = BUF_INIT(JSON_LD_MAX);
    JSON_AUTO *json = json_pack("{s:s, s:s, s:o}", "@context", "https://schema.org", "@type",
                                "Book", "name", json_from_str(e->title));
    uint32_t pages = edition_pages(e->facts);
    set(json, "url",
        ARENA_JOIN(c->arena, context_home(c, c->storefront, language_tag(c->language)),
                   url_path(c->arena, 2, STR("books"), e->key).text));
    set(json, "alternativeHeadline", e->facts->title.subtitle);
    set(json, "isbn", str_of(e->facts->isbn13));
    set(json, "inLanguage", e->language);
    if (format_of(e->form) != NULL)
        set(json, "bookFormat", str_of(format_of(e->form)));
    set_list(json, "author", people_json(e, "A01"));
    set_list(json, "translator", people_json(e, "B06"));
    if (edition_publisher(e->facts).n > 0)
        json_object_set_new(json, "publisher",
                            json_pack("{s:s, s:o}", "@type", "Organization", "name",
                                      json_from_str(edition_publisher(e->facts))));
    if (edition_published(e->facts) != 0)
        set(json, "datePublished", date_text(c->arena, edition_published(e->facts)));
    if (pages > 0)
        json_object_set_new(json, "numberOfPages", json_integer(pages));
    set_details(json, c->arena, v);
    if (e->stars.withheld == NULL && e->stars.count > 0)
        json_object_set_new(json, "aggregateRating", rating_json(&e->stars));
    set_list(json, "offers", offers_json(p, e));
    if (!v->reviews_withheld)
        set_list(json, "review", reviews_json(c->arena, &v->reviews));
    json_write(json, &text);
    return buf_check(&text) == RC_OK ? element_of(c->arena, buf_str(&text)) : STR_TRUSTED_NONE;
}
