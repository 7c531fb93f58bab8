#include "web/structured.h"

#include "base/json_text.h"
#include "domain/money.h"
#include "web/cover_links.h"
#include "web/markdown.h"

enum { JSON_LD_MAX = 1 << 20 };

static void set(struct buf *b, const char *name, struct str value)
{
    if (value.n > 0)
        json_text_str(b, name, value);
}

/* A thing of a type, which has a name and may have more until it is ended. */
static void begin_named(struct buf *b, const char *member, const char *type, struct str name)
{
    json_text_object(b, member);
    json_text_str(b, "@type", str_of(type));
    json_text_str(b, "name", name);
}

static void set_named(struct buf *b, const char *member, const char *type, struct str name)
{
    begin_named(b, member, type, name);
    json_text_object_end(b);
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

static void set_people(struct buf *b, const char *name, const struct shown_edition *e,
                       const char *role)
{
    size_t begun = json_text_list(b, name);
    for (size_t i = 0; i < e->contributors.n; i++) {
        const struct shown_contributor *c = &e->contributors.v[i];
        bool did = false;
        for (size_t r = 0; r < c->roles.n && !did; r++)
            did = str_eq(c->roles.v[r], str_of(role));
        if (c->name.n == 0 || !did)
            continue;
        begin_named(b, NULL, "Person", c->name);
        set(b, "alternateName", c->transliterated);
        json_text_object_end(b);
    }
    json_text_list_end(b, begun);
}

static void end_rating(struct buf *b)
{
    json_text_int(b, "bestRating", 5);
    json_text_int(b, "worstRating", 1);
    json_text_object_end(b);
}

static void set_rating(struct buf *b, const struct shown_stars *s)
{
    BUF_AUTO mean = BUF_INIT(16);
    buf_printf(&mean, "%u.%u", (s->mean_milli + 50) / 1000, (s->mean_milli + 50) / 100 % 10);
    json_text_object(b, "aggregateRating");
    json_text_str(b, "@type", STR("AggregateRating"));
    json_text_str(b, "ratingValue", buf_str(&mean));
    json_text_int(b, "ratingCount", (int64_t)s->count);
    end_rating(b);
}

static const char *availability_of(const struct shown_offer *o)
{
    if (o->counted && o->left == 0)
        return "https://schema.org/OutOfStock";
    switch (o->offer.verdict) {
    case VERDICT_PREORDER:
        return "https://schema.org/PreOrder";
    case VERDICT_BACKORDER:
        return "https://schema.org/BackOrder";
    default:
        return "https://schema.org/InStock";
    }
}

static bool is_for_sale(const struct shown_offer *o)
{
    return o->withheld == NULL && verdict_sells(o->offer.verdict) && o->offer.price != NULL &&
           o->offer.price->minor >= 0;
}

static void set_offers(struct buf *b, const struct page *p, const struct shown_edition *e)
{
    size_t begun = json_text_list(b, "offers");
    for (size_t i = 0; i < e->offers.n; i++) {
        const struct shown_offer *o = &e->offers.v[i];
        if (!is_for_sale(o))
            continue;
        BUF_AUTO amount = BUF_INIT(40);
        money_add(&amount, o->offer.price->minor, o->offer.price->currency);
        json_text_object(b, NULL);
        json_text_str(b, "@type", STR("Offer"));
        json_text_str(b, "price", buf_str(&amount));
        json_text_str(b, "priceCurrency", o->offer.price->currency);
        json_text_str(b, "availability", str_of(availability_of(o)));
        json_text_str(b, "eligibleRegion", p->storefront->country);
        set_named(b, "seller", "Organization", o->shop_name);
        if (o->offer.price->until != 0)
            set(b, "priceValidUntil", date_text(p->arena, o->offer.price->until));
        json_text_object_end(b);
    }
    json_text_list_end(b, begun);
}

static void set_reviews(struct buf *b, struct arena *arena, const struct shown_reviews *r)
{
    size_t begun = json_text_list(b, "review");
    for (size_t i = 0; i < r->reviews_page.n; i++) {
        const struct shown_review *review = &r->reviews_page.v[i];
        if (review->withheld & FEATURE_BIT(FEATURE_REVIEWS))
            continue;
        begin_named(b, NULL, "Review", review->title);
        json_text_str(b, "inLanguage", review->language);
        set_named(b, "author", "Person", review->author);
        set(b, "datePublished",
            date_text(arena, date_of(review->source.n > 0 ? review->written : review->created)));
        set(b, "reviewBody",
            html_plain(arena, markdown_html(arena, markdown_unspoilt(arena, review->text)).html));
        if (review->stars > 0) {
            json_text_object(b, "reviewRating");
            json_text_str(b, "@type", STR("Rating"));
            json_text_int(b, "ratingValue", review->stars);
            end_rating(b);
        }
        json_text_object_end(b);
    }
    json_text_list_end(b, begun);
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

/* The words of schema.org for ONIX list 196. */
static void set_access(struct buf *b, const struct edition *e)
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
    size_t begun = json_text_list(b, "accessibilityFeature");
    for (size_t i = 0; i < e->features.n; i++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (str_eq(e->features.v[i].type, STR("09")) &&
                str_eq(e->features.v[i].value, str_of(words[k][0])))
                json_text_str(b, NULL, str_of(words[k][1]));
    json_text_list_end(b, begun);
}

static void set_awards(struct buf *b, struct arena *arena, const struct edition *e)
{
    size_t begun = json_text_list(b, "award");
    for (size_t i = 0; i < e->prizes.n; i++)
        if (str_eq(e->prizes.v[i].code, STR("01")) || str_eq(e->prizes.v[i].code, STR("06")))
            json_text_str(
                b, NULL,
                str_trim(ARENA_JOIN(arena, e->prizes.v[i].name, STR(" "), e->prizes.v[i].year)));
    json_text_list_end(b, begun);
}

static void set_series(struct buf *b, const struct shown_edition *e)
{
    size_t begun = json_text_list(b, "isPartOf");
    struct str position = STR_NONE;
    for (size_t i = 0; i < e->collections.n; i++) {
        struct str part = e->collections.v[i].part;
        if (part.n > 0)
            set_named(b, NULL, "BookSeries", e->collections.v[i].name);
        if (position.n == 0)
            position = part;
    }
    json_text_list_end(b, begun);
    set(b, "position", position);
}

/* What the table of details says, too. */
static void set_details(struct buf *b, struct arena *arena, const struct book_view *v)
{
    const struct shown_edition *e = &v->edition;
    char original[1024];
    struct str title = title_display(&e->facts->original_title, original, sizeof original);
    set(b, "description", v->lead_plain);
    set(b, "bookEdition",
        e->facts->edition_statement.n > 0 ? e->facts->edition_statement : e->facts->edition_number);
    set_people(b, "illustrator", e, "A12");
    set_people(b, "editor", e, "B01");
    set_series(b, e);
    if (title.n > 0)
        set_named(b, "translationOfWork", "Book", title);
    set_awards(b, arena, e->facts);
    set_access(b, e->facts);
    set(b, "accessibilitySummary", v->access_text);
}

/* A book, and where it is offered or has stars a product too: search engines show prices and stars
 * of products alone, and take a product without either for a fault. */
static void set_types(struct buf *b, const struct shown_edition *e)
{
    bool product = e->stars.withheld == NULL && e->stars.count > 0;
    for (size_t i = 0; i < e->offers.n && !product; i++)
        product = is_for_sale(&e->offers.v[i]);
    size_t begun = json_text_list(b, "@type");
    json_text_str(b, NULL, STR("Book"));
    if (product)
        json_text_str(b, NULL, STR("Product"));
    json_text_list_end(b, begun);
    if (product)
        set(b, "gtin13", str_of(e->facts->isbn13));
}

static void set_book(struct buf *b, struct context *c, const struct page *p,
                     const struct book_view *v)
{
    const struct shown_edition *e = &v->edition;
    uint32_t pages = edition_pages(e->facts);
    json_text_str(b, "@context", STR("https://schema.org"));
    set_types(b, e);
    json_text_str(b, "name", e->title);
    set(b, "url",
        ARENA_JOIN(c->arena, context_home(c, c->storefront, language_tag(c->language)),
                   url_path(c->arena, 2, STR("books"), e->key).text));
    set(b, "alternativeHeadline", e->facts->title.subtitle);
    set(b, "isbn", str_of(e->facts->isbn13));
    set(b, "image", cover_url(c, e->key, &e->cover).text);
    if (!str_eq(e->language, STR("und")))
        set(b, "inLanguage", e->language);
    if (format_of(e->form) != NULL)
        set(b, "bookFormat", str_of(format_of(e->form)));
    set_people(b, "author", e, "A01");
    set_people(b, "translator", e, "B06");
    if (edition_publisher(e->facts).n > 0)
        set_named(b, "publisher", "Organization", edition_publisher(e->facts));
    if (edition_published(e->facts) != 0)
        set(b, "datePublished", date_text(c->arena, edition_published(e->facts)));
    if (pages > 0)
        json_text_int(b, "numberOfPages", pages);
    set_details(b, c->arena, v);
    if (e->stars.withheld == NULL && e->stars.count > 0)
        set_rating(b, &e->stars);
    set_offers(b, p, e);
    if (!v->reviews_withheld)
        set_reviews(b, c->arena, &v->reviews);
}

#define SCRIPT "<script type=\"application/ld+json\">{"
#define SCRIPT_END "}</script>"

static struct html_trusted sealed(struct context *c, const struct buf *b)
{
    return buf_check(b) == RC_OK ? (struct html_trusted){arena_str(c->arena, buf_str(b))}
                                 : STR_TRUSTED_NONE;
}

static void add_trail(struct buf *b, struct context *c, const choice_list *crumbs, struct str here)
{
    json_text_str(b, "@context", STR("https://schema.org"));
    json_text_str(b, "@type", STR("BreadcrumbList"));
    size_t begun = json_text_list(b, "itemListElement");
    for (size_t i = 0; i <= crumbs->n; i++) {
        json_text_object(b, NULL);
        json_text_str(b, "@type", STR("ListItem"));
        json_text_int(b, "position", (int64_t)i + 1);
        json_text_str(b, "name", i < crumbs->n ? crumbs->v[i].name : here);
        if (i < crumbs->n)
            json_text_str(b, "item",
                          ARENA_JOIN(c->arena, context_base_url(c), crumbs->v[i].url.text));
        json_text_object_end(b);
    }
    json_text_list_end(b, begun);
}

struct html_trusted json_ld_of_trail(struct context *c, const choice_list *crumbs, struct str here)
{
    BUF_AUTO b = BUF_INIT(JSON_LD_MAX);
    BUF_LIT(&b, SCRIPT);
    add_trail(&b, c, crumbs, here);
    BUF_LIT(&b, SCRIPT_END);
    return sealed(c, &b);
}

struct html_trusted json_ld_of_book(struct context *c, const struct page *p,
                                    const struct book_view *v)
{
    BUF_AUTO b = BUF_INIT(JSON_LD_MAX);
    BUF_LIT(&b, SCRIPT);
    set_book(&b, c, p, v);
    BUF_LIT(&b, SCRIPT_END SCRIPT);
    add_trail(&b, c, &v->crumbs, v->edition.title);
    BUF_LIT(&b, SCRIPT_END);
    return sealed(c, &b);
}
