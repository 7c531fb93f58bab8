/* Samples made here stand in no Record and in no catalogue: only operators see
 * them, on this one page. Everything else that is shown goes through the gate. */
#include "web/components.h"

#include "app/restriction_view.h"
#include "base/clock.h"
#include "templates.h"
#include "web/covers.h"
#include "web/handlers.h"

#define N_(text) text

enum { COVER_SAMPLES = 12, COVER_ROOM = 64 << 10, LINES = 4, A_DAY = 86400 };

static const struct {
    const char *key, *title, *author, *part;
} cover_samples[COVER_SAMPLES] = {
    {"9780000000019", "Journey to the West", "Wu Cheng’en", ""},
    {"9780000000026", "红楼梦", "曹雪芹", ""},
    {"9780000000033", "Middlemarch", "George Eliot", ""},
    {"9780000000040",
     "The Strange Case of a Title that Does Not Want to End, Told Again from Its "
     "Beginning and with Every Name in It",
     "Nobody in Particular", ""},
    {"9780000000057", "三国演义", "罗贯中", "2"},
    {"9780000000064", "Donaudampfschifffahrtsgesellschaft", "A. Kapitän", ""},
    {"9780000000071", "中国文学史 A History of Chinese Literature", "李明 Li Ming", ""},
    {"9780000000088", "Emma", "Jane Austen", "14"},
    {"9780000000095", "吾輩は猫である", "夏目漱石", ""},
    {"9780000000101", "I", "", ""},
    {"9780000000118", "The Art of War", "Sun Tzu", ""},
    {"9780000000125", "Преступление и наказание", "Фёдор Достоевский", ""},
};

static const struct restriction *sample(struct context *c, enum ground ground,
                                        enum target_kind target, feature_mask features)
{
    struct restriction *r = ARENA_NEW(c->arena, struct restriction);
    int64_t today = date_start(date_of(c->view->now));
    bool own = ground == GROUND_OPERATOR;
    *r = (struct restriction){.id = 1 + (uint64_t)ground,
                              .record_index = 40 + (uint64_t)ground,
                              .target = target,
                              .target_key = STR("9780000000019"),
                              .target_name = STR("Four Great Classical Novels"),
                              .works_count = 41,
                              .storefronts = &c->view->storefronts.v[0].slug,
                              .storefront_count = 1,
                              .features = features,
                              .ground = ground,
                              .from = today - A_DAY,
                              .published = true};
    if (own) {
        r->review = today + 91 * A_DAY;
    } else {
        r->authority = STR("Example Authority");
        r->legal_basis = STR("Act 1, § 4");
        r->reference = STR("2026/17");
        r->until = today + 366 * A_DAY;
    }
    return r;
}

static struct shown_slip slip_sample(struct context *c, enum ground ground, enum target_kind target,
                                     feature_mask features)
{
    return (struct shown_slip){sample(c, ground, target, features), features};
}

static void fill_offers(struct context *c, struct components_view *v)
{
    struct price *price = ARENA_NEW(c->arena, struct price);
    struct shown_offer *offers = ARENA_ARRAY(c->arena, struct shown_offer, 3);
    struct disclosure *owner = ARENA_NEW(c->arena, struct disclosure);
    *owner = (struct disclosure){.shop = STR("sample"),
                                 .owner = STR("Riverside Books Ltd"),
                                 .controlled_by = STR("Example Press Group")};
    *price = (struct price){
        .type = STR("04"), .currency = c->view->storefronts.v[0].currency, .minor = 1999};
    offers[0] = (struct shown_offer){STR("sample"), STR("Riverside"),
                                     NULL,          {.verdict = VERDICT_OK, .price = price},
                                     VERDICT_OK,    owner};
    offers[1] =
        (struct shown_offer){STR("sample"),
                             STR("A Shop with a Name that Takes Two Lines of the Box"),
                             NULL,
                             {.verdict = VERDICT_NOT_FOR_SALE,
                              .evidence = "PublishingDetail/SalesRights[2]/SalesRightsType = 03"}};
    offers[2] = (struct shown_offer){
        STR("sample"),
        STR("Hillside"),
        sample(c, GROUND_RIGHTSHOLDER, TARGET_EDITION, FEATURE_BIT(FEATURE_SALE)),
        {0}};
    v->book.edition.form = STR("paperback");
    v->book.edition.offers.v = offers;
    v->book.edition.offers.n = 3;
}

static void fill_stars(struct components_view *v)
{
    struct shown_stars *s = &v->book.edition.stars;
    s->sum = (struct rating_sum){{31, 44, 120, 402, 610}};
    s->count = rating_count(&s->sum);
    s->mean_milli = rating_mean_milli(&s->sum);
}

static void fill_record(struct context *c, const struct page *p, struct components_view *v)
{
    static const struct {
        enum ground ground;
        enum restriction_state state;
    } lines[LINES] = {{GROUND_AUTHORITY_ORDER, STATE_IN_EFFECT},
                      {GROUND_COURT_ORDER, STATE_SCHEDULED},
                      {GROUND_RIGHTSHOLDER, STATE_LIFTED},
                      {GROUND_OPERATOR, STATE_EXPIRED}};
    v->record.restrictions.v = ARENA_ARRAY(c->arena, struct restriction_view, LINES);
    v->chips.v = ARENA_ARRAY(c->arena, struct page_choice, LINES);
    for (int i = 0; i < LINES; i++) {
        v->record.restrictions.v[v->record.restrictions.n++] = (struct restriction_view){
            .r = sample(c, lines[i].ground, TARGET_COLLECTION,
                        FEATURE_BIT(FEATURE_RATINGS) | FEATURE_BIT(FEATURE_REVIEWS)),
            .state = lines[i].state};
        v->chips.v[v->chips.n++] = (struct page_choice){
            .name = word_state(p, lines[i].state), .url = link_record(p, ""), .chosen = i == 0};
    }
}

/* `desk`: as its staff see it; else as anybody does, who comes by the address alone. */
static enum rc show_components(struct context *c, bool desk, struct response *ret,
                               struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct components_view v = {.error = STR("email: this is no mail address")};
    struct shown_home home;
    if (c->view->storefronts.n == 0)
        return fault_set(fault, RC_NOT_FOUND, "there is no storefront yet");
    p.desk = desk;
    p.noindex = true;
    p.title = desk ? word_text(&p, N_("Components")) : word_text(&p, N_("The style guide"));
    v.home = (struct url){desk ? STR("/desk/components") : STR("/styleguide")};
    v.shop = p;
    v.shop.storefront = &c->view->storefronts.v[0];
    v.shop.root = page_root_of(c, v.shop.storefront, v.shop.storefront->languages.v[0]);
    struct visit visit = c->visit;
    visit.storefront = v.shop.storefront;
    enum rc rc = shown_home(&visit, c->server->indexer, language_tag(c->language), 6, &home, fault);
    if (rc != RC_OK)
        return rc;
    v.cards = home.latest;
    fill_offers(c, &v);
    book_offers_fill(&v.shop, &v.book);
    fill_stars(&v);
    fill_record(c, &p, &v);
    v.texts = slip_sample(c, GROUND_AUTHORITY_ORDER, TARGET_COLLECTION,
                          FEATURE_BIT(FEATURE_RATINGS) | FEATURE_BIT(FEATURE_REVIEWS) |
                              FEATURE_BIT(FEATURE_COMMENTS));
    v.listing = slip_sample(c, GROUND_COURT_ORDER, TARGET_EDITION, FEATURE_BIT(FEATURE_LISTING));
    v.submissions = slip_sample(c, GROUND_OPERATOR, TARGET_WORK, FEATURE_BIT(FEATURE_SUBMISSIONS));
    struct shown_withholder by = {v.listing.restriction, 3, 0};
    v.withheld.works = 3;
    v.withheld.by.v = &by;
    v.withheld.by.n = 1;
    v.pager = pager_make(&p, link_record(&p, ""), 900, 50, 7);
    v.covers.v = ARENA_ARRAY(c->arena, struct url, COVER_SAMPLES);
    for (int i = 0; i < COVER_SAMPLES; i++)
        v.covers.v[v.covers.n++] =
            (struct url){arena_printf(c->arena, "%.*s/covers/%d", STR_ARG(v.home.text), i)};
    struct html h = page_html(c, ret);
    components_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_components(struct context *c, struct response *ret, struct fault *fault)
{
    return show_components(c, true, ret, fault);
}

enum rc handle_styleguide(struct context *c, struct response *ret, struct fault *fault)
{
    return show_components(c, false, ret, fault);
}

enum rc handle_components_cover(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t i;
    if (!str_to_u64(c->captures[0], &i) || i >= COVER_SAMPLES)
        return fault_set(fault, RC_NOT_FOUND, "there are %d samples", COVER_SAMPLES);
    struct cover cover = {str_of(cover_samples[i].key), str_of(cover_samples[i].title),
                          str_of(cover_samples[i].author), str_of(cover_samples[i].part)};
    buf_renew(&ret->body, COVER_ROOM);
    ret->content_type = "image/svg+xml";
    cover_draw(&ret->body, &cover);
    return RC_OK;
}
