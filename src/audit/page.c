#include <libxml/HTMLparser.h>
#include <string.h>

#include "audit/parts.h"

struct reading {
    struct arena *arena;
    struct page_facts *facts;
    bool in_heading;
    struct page_sum *sum; /* the line of the sums that was begun last */
    struct str voice;     /* what the next slip is about, where it is one thing that was said */
};

static struct str attribute(const xmlChar **attributes, const char *name)
{
    for (; attributes != NULL && attributes[0] != NULL; attributes += 2)
        if (strcmp((const char *)attributes[0], name) == 0)
            return str_of((const char *)attributes[1]);
    return STR_NONE;
}

static bool number(const xmlChar **attributes, const char *name, uint64_t *ret)
{
    return str_to_u64(attribute(attributes, name), ret);
}

static const char *const sum_names[VOICE_KIND_COUNT] = {"ratings", "reviews", "comments"};

static void read_sum(struct reading *r, const xmlChar **attributes)
{
    uint64_t n;
    struct str name = attribute(attributes, "data-sum");
    for (int k = 0; k < VOICE_KIND_COUNT; k++) {
        struct page_sum *s = &r->facts->sums[k];
        if (!str_eq(name, str_of(sum_names[k])))
            continue;
        r->sum = s;
        s->there = !s->there && number(attributes, "data-shown", &s->shown) &&
                   number(attributes, "data-withheld", &s->withheld) &&
                   number(attributes, "data-withdrawn", &s->withdrawn) &&
                   number(attributes, "data-erased", &s->erased);
    }
    if (r->sum != NULL && number(attributes, "data-withholds", &n))
        r->sum->by += n;
}

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    struct reading *r = context;
    struct page_facts *f = r->facts;
    uint64_t value;
    struct str edition = attribute(attributes, "data-edition");
    r->in_heading = strcmp((const char *)name, "h1") == 0;
    if (edition.n > 0 && f->edition.n == 0) {
        f->edition = arena_str(r->arena, edition);
        (void)!number(attributes, "data-work", &f->work);
    }
    if (number(attributes, "data-reviews-shown", &f->reviews_shown)) {
        f->has_tallies = number(attributes, "data-ratings-shown", &f->ratings_shown) &&
                         number(attributes, "data-comments-shown", &f->comments_shown);
    }
    read_sum(r, attributes);
    if (number(attributes, "data-review", &value))
        f->review_articles++;
    if (number(attributes, "data-comment", &value))
        f->comment_items++;
    if (number(attributes, "data-rating-count", &value) && f->rating_count < 0)
        f->rating_count = (int64_t)value;
    struct str features = attribute(attributes, "data-feature");
    struct str voice = attribute(attributes, "data-voice");
    if (voice.n > 0)
        r->voice = arena_str(r->arena, voice);
    if (features.n == 0 || !number(attributes, "data-restriction", &value))
        return;
    struct page_slip slip = {value, arena_str(r->arena, features), r->voice};
    r->voice = STR_NONE;
    if (slip.voice.n > 0) {
        if (f->voice_slip_count < PAGE_SLIPS)
            f->voice_slips[f->voice_slip_count] = slip;
        f->voice_slip_count++;
    } else if (f->slip_count < PAGE_SLIPS) {
        f->slips[f->slip_count++] = slip;
    }
}

static void on_text(void *context, const xmlChar *text, int n)
{
    struct reading *r = context;
    if (r->in_heading && str_trim((struct str){(const char *)text, (size_t)n}).n > 0)
        r->facts->heading = true;
}

static void on_end(void *context, const xmlChar *name)
{
    struct reading *r = context;
    if (strcmp((const char *)name, "h1") == 0)
        r->in_heading = false;
}

void page_read(struct arena *arena, struct str html, struct page_facts *ret)
{
    htmlSAXHandler handler = {
        .startElement = on_start, .endElement = on_end, .characters = on_text};
    struct reading reading = {.arena = arena, .facts = ret};
    memset(ret, 0, sizeof *ret);
    ret->rating_count = -1;
    htmlParserCtxtPtr parser =
        htmlCreatePushParserCtxt(&handler, &reading, "", 0, NULL, XML_CHAR_ENCODING_UTF8);
    if (parser == NULL)
        abort();
    htmlCtxtUseOptions(parser, HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    htmlParseChunk(parser, html.p, (int)html.n, 0);
    htmlParseChunk(parser, NULL, 0, 1);
    htmlFreeParserCtxt(parser);
}
