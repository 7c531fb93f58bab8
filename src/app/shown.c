#include "app/shown.h"

#include "app/shown_parts.h"
#include "base/clock.h"
#include "domain/isbn.h"
#include "store/catalogue.h"
#include "store/epubs.h"
#include "store/readers.h"
#include "store/stock.h"

enum { OTHER_EDITIONS_MAX = 60 };

/* ---- parts ---- */

shown_slips shown_slips_for(const struct visit *visit, const struct visibility *v,
                            feature_mask wanted)
{
    shown_slips slips = {ARENA_ARRAY(visit->arena, struct shown_slip, FEATURE_COUNT), 0};
    for (int f = 0; f < FEATURE_COUNT; f++) {
        if (!(wanted & v->withheld & FEATURE_BIT(f)))
            continue;
        size_t at = 0;
        while (at < slips.n && slips.v[at].restriction != v->by[f])
            at++;
        slips.v[at].restriction = v->by[f];
        slips.v[at].features |= FEATURE_BIT(f);
        if (at == slips.n)
            slips.n++;
    }
    return slips;
}

struct str shown_form(const struct edition *e)
{
    if (edition_is_digital(e))
        return e->form.n > 0 && e->form.p[0] == 'A' ? STR("audio") : STR("ebook");
    if (str_eq(e->form, STR("BB")))
        return STR("hardback");
    if (str_eq(e->form, STR("BC")))
        return STR("paperback");
    return e->form.n > 0 && e->form.p[0] == 'A' ? STR("audio") : STR("other");
}

struct market shown_market(const struct storefront *storefront, int64_t now,
                           const struct licence_answer *licences)
{
    return (struct market){.country = storefront->country,
                           .currency = storefront->currency,
                           .print_without_rights = storefront->print_without_rights,
                           .today = date_of(now),
                           .tax_included = storefront->tax_included,
                           .licences = licences};
}

enum rc shown_stars_load(const struct visit *visit, uint64_t work, const struct visibility *v,
                         struct shown_stars *ret, struct fault *fault)
{
    *ret = (struct shown_stars){0};
    if (visibility_withholds(v, FEATURE_RATINGS)) {
        ret->withheld = v->by[FEATURE_RATINGS];
        return RC_OK;
    }
    enum rc rc = shown_stars_sum(visit, work, &ret->sum, fault);
    if (rc == RC_OK) {
        ret->count = rating_count(&ret->sum);
        ret->mean_milli = rating_mean_milli(&ret->sum);
    }
    return rc;
}

/* ---- offers ---- */

/* What sells before what does not, cheap before dear. */
static bool better(const struct shown_offer *a, const struct shown_offer *b)
{
    bool a_sells = a->withheld == NULL && verdict_sells(a->offer.verdict);
    bool b_sells = b->withheld == NULL && verdict_sells(b->offer.verdict);
    if (a_sells != b_sells)
        return a_sells;
    if (!a_sells || a->offer.price == NULL || b->offer.price == NULL)
        return false;
    return a->offer.price->minor < b->offer.price->minor;
}

/* What a shop offers. `senders` are looked for once, where an e-book would be sold. */
static enum rc decide(const struct visit *visit, const struct catalogue_edition *stored,
                      const struct shop_record *record, const struct market *market,
                      epub_sender_list **senders, struct offer *ret, struct fault *fault)
{
    enum rc rc = RC_OK;
    offer_decide(&record->facts, market, ret);
    if (!edition_is_digital(&record->facts) || !verdict_sells(ret->verdict))
        return RC_OK;
    if (*senders == NULL) {
        *senders = ARENA_NEW(visit->arena, epub_sender_list);
        rc = epub_senders(visit->conn, visit->arena, stored->id, *senders, fault);
    }
    if (rc == RC_OK)
        offer_want_file(&record->facts, epub_sent_by(*senders, record->shop.id), ret);
    return rc;
}

static enum rc load_offers(const struct visit *visit, const struct catalogue_edition *stored,
                           struct shown_edition *e, struct fault *fault)
{
    struct shop_record *records;
    epub_sender_list *senders = NULL;
    size_t n;
    enum rc rc = catalogue_edition_shops(visit->conn, visit->arena, stored, &records, &n, fault);
    if (rc != RC_OK)
        return rc;
    struct market market = shown_market(visit->storefront, visit->view->now,
                                        gate_licences(visit->view, visit->storefront));
    e->offers.v = ARENA_ARRAY(visit->arena, struct shown_offer, n);
    for (size_t i = 0; i < n; i++) {
        struct shown_offer offer = {.shop = records[i].shop.slug,
                                    .shop_id = records[i].shop.id,
                                    .shop_name = records[i].shop.name,
                                    .barred = offer_barred(&records[i].facts, &market),
                                    .disclosure =
                                        gate_disclosure(visit->view, records[i].shop.slug)};
        struct visibility_facts facts = {
            .work = e->work, .isbn13 = e->key, .shop = records[i].shop.slug};
        struct visibility v = gate_decide(visit->view, visit->storefront, &facts);
        if (visibility_withholds(&v, FEATURE_SALE))
            offer.withheld = v.by[FEATURE_SALE];
        else
            rc = decide(visit, stored, &records[i], &market, &senders, &offer.offer, fault);
        if (rc != RC_OK)
            return rc;
        size_t at = e->offers.n++;
        for (; at > 0 && better(&offer, &e->offers.v[at - 1]); at--)
            e->offers.v[at] = e->offers.v[at - 1];
        e->offers.v[at] = offer;
    }
    return RC_OK;
}

/* What is left of it where its shops count. */
static enum rc load_stock(const struct visit *visit, struct shown_edition *e, struct fault *fault)
{
    for (size_t i = 0; i < e->offers.n; i++) {
        struct shown_offer *o = &e->offers.v[i];
        struct stock_row row;
        if (o->withheld != NULL || !verdict_sells(o->offer.verdict))
            continue;
        enum rc rc = stock_row(visit->conn, o->shop_id, e->id, &row, fault);
        if (rc != RC_OK && rc != RC_NOT_FOUND)
            return rc;
        o->counted = rc == RC_OK;
        o->left = o->counted && row.on_hand > row.promised ? row.on_hand - row.promised : 0;
    }
    return RC_OK;
}

/* ---- one edition ---- */

/* What all editions of a work share: read once for it. */
struct work_parts {
    uint64_t work; /* 0: nothing was read yet */
    struct contributor_row *contributors;
    size_t contributor_n;
    shown_places collections;
    bool has_stars;
    struct shown_stars stars;
};

bool shown_is_author(const struct shown_contributor *c)
{
    return c->name.n > 0 && c->roles.n > 0 &&
           (str_eq(c->roles.v[0], STR("A01")) || str_eq(c->roles.v[0], STR("A38")));
}

/* The names as the record has them; `keyed` where their pages are wanted. */
static void name_contributors(const struct visit *visit, const struct edition *facts, bool keyed,
                              struct shown_contributor **ret, size_t *ret_n)
{
    size_t n = facts->contributors.n;
    struct shown_contributor *v = ARENA_ARRAY(visit->arena, struct shown_contributor, n);
    for (size_t i = 0; i < n; i++) {
        const struct contributor *c = &facts->contributors.v[i];
        v[i].name = c->name;
        v[i].transliterated = c->transliterated;
        v[i].roles.v = c->roles.v;
        v[i].roles.n = c->roles.n;
        v[i].key = keyed ? catalogue_contributor_key(visit->arena, c) : STR_NONE;
    }
    *ret = v;
    *ret_n = n;
}

/* The ids of their pages. */
static void number_contributors(struct shown_contributor *v, size_t n,
                                const struct work_parts *parts)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; v[i].key.n > 0 && k < parts->contributor_n; k++)
            if (str_eq(parts->contributors[k].key, v[i].key))
                v[i].id = parts->contributors[k].id;
}

/* A hint of the shelf beside the page. */
static void ask_author(const struct visit *visit, const struct shown_edition *e)
{
    for (size_t i = 0; i < e->contributors.n; i++)
        if (shown_is_author(&e->contributors.v[i])) {
            catalogue_author_ask(visit->conn, e->contributors.v[i].key, e->work, SHELF_WORKS);
            return;
        }
}

static enum rc load_collections(const struct visit *visit, uint64_t work, shown_places *ret,
                                struct fault *fault)
{
    struct collection_place *places;
    size_t n;
    enum rc rc = catalogue_work_collections(visit->conn, visit->arena, work, &places, &n, fault);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(visit->arena, struct shown_place, n);
    ret->n = n;
    for (size_t i = 0; i < n; i++)
        ret->v[i] = (struct shown_place){places[i].collection.slug, places[i].collection.name,
                                         places[i].part, places[i].collection.id};
    return RC_OK;
}

static struct str display_title(struct arena *arena, const struct edition *facts)
{
    char title[1024];
    return arena_str(arena, edition_display_title(facts, title, sizeof title));
}

static enum rc load_parts(const struct visit *visit, uint64_t work, struct work_parts *parts,
                          struct fault *fault)
{
    if (parts->work == work)
        return RC_OK;
    *parts = (struct work_parts){.work = 0};
    enum rc rc = catalogue_work_contributors(visit->conn, visit->arena, work, &parts->contributors,
                                             &parts->contributor_n, fault);
    if (rc == RC_OK)
        rc = load_collections(visit, work, &parts->collections, fault);
    if (rc == RC_OK)
        parts->work = work;
    return rc;
}

/* The same for each edition but where a restriction on it alone withholds them. */
static enum rc load_stars(const struct visit *visit, struct work_parts *parts,
                          const struct visibility *v, struct shown_stars *ret, struct fault *fault)
{
    if (parts->has_stars && !visibility_withholds(v, FEATURE_RATINGS)) {
        *ret = parts->stars;
        return RC_OK;
    }
    enum rc rc = shown_stars_load(visit, parts->work, v, ret, fault);
    if (rc == RC_OK && ret->withheld == NULL) {
        parts->stars = *ret;
        parts->has_stars = true;
    }
    return rc;
}

/* A list may show a title whose page is withheld: never its cover. */
static struct shown_cover cover_of(const struct visit *visit, const struct shown_edition *e,
                                   const struct cover_row *row)
{
    struct shown_cover cover = {row->file, row->digest, row->width, row->height, {NULL, 0}};
    if (row->file.n == 0 || visibility_withholds(&e->visibility, FEATURE_LISTING) ||
        !renditions_unpack(visit->arena, row->parts, &cover.parts))
        return (struct shown_cover){0};
    return cover;
}

/* What the record itself says. */
static void fill_facts(const struct visit *visit, const struct catalogue_edition *stored,
                       struct shown_edition *e)
{
    const struct edition *facts = e->facts = &stored->facts;
    e->title = display_title(visit->arena, facts);
    e->language = edition_language(facts);
    e->form = shown_form(facts);
    e->cover = cover_of(visit, e, &stored->cover);
}

static enum rc fill_edition(const struct visit *visit, const struct catalogue_edition *stored,
                            struct work_parts *parts, struct shown_edition *e, struct fault *fault)
{
    if (parts->work != e->work)
        catalogue_edition_ask(visit->conn, stored);
    fill_facts(visit, stored, e);
    enum rc rc = load_parts(visit, e->work, parts, fault);
    if (rc != RC_OK)
        return rc;
    if (e->contributors.v == NULL)
        name_contributors(visit, e->facts, true, &e->contributors.v, &e->contributors.n);
    number_contributors(e->contributors.v, e->contributors.n, parts);
    e->collections = parts->collections;
    rc = load_offers(visit, stored, e, fault);
    if (rc == RC_OK)
        rc = load_stars(visit, parts, &e->visibility, &e->stars, fault);
    return rc;
}

/* `reviews`: so many of them will be read besides; 0: nothing else of the work. */
static enum rc load_edition(const struct visit *visit, struct str key, size_t reviews,
                            struct shown_edition *ret, struct fault *fault)
{
    char isbn[14];
    struct catalogue_edition *stored = ARENA_NEW(visit->arena, struct catalogue_edition);
    if (isbn_parse(key, isbn))
        key = arena_str(visit->arena, str_of(isbn));
    enum rc rc = catalogue_edition_by_key(visit->conn, visit->arena, key, stored, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no edition %.*s here", STR_ARG(key));
    if (rc != RC_OK)
        return rc;
    struct shown_edition e = {.id = stored->id, .work = stored->work, .key = stored->product_key};
    struct visibility_facts facts = {.work = e.work, .isbn13 = e.key};
    e.visibility = gate_decide(visit->view, visit->storefront, &facts);
    if (visibility_withholds(&e.visibility, FEATURE_LISTING)) {
        *ret = e;
        return fault_set(fault, RC_WITHHELD, "%.*s is withheld here by restriction %llu",
                         STR_ARG(key), (unsigned long long)e.visibility.by[FEATURE_LISTING]->id);
    }
    if (reviews > 0) {
        catalogue_others_ask(visit->conn, stored, OTHER_EDITIONS_MAX);
        readers_reviews_ask(visit->conn, e.work, 0, reviews);
        name_contributors(visit, &stored->facts, true, &e.contributors.v, &e.contributors.n);
        ask_author(visit, &e);
    }
    e.parts = ARENA_NEW(visit->arena, struct work_parts);
    bool printed = !edition_is_digital(&stored->facts);
    if (printed)
        stock_row_ask(visit->conn, stored->shop, stored->id);
    else if (reviews > 0)
        epub_row_ask(visit->conn, stored->id, stored->shop);
    rc = fill_edition(visit, stored, e.parts, &e, fault);
    if (rc == RC_OK && printed)
        rc = load_stock(visit, &e, fault);
    if (rc == RC_OK)
        *ret = e;
    return rc;
}

enum rc shown_edition(const struct visit *visit, struct str key, struct shown_edition *ret,
                      struct fault *fault)
{
    return load_edition(visit, key, 0, ret, fault);
}

enum rc shown_edition_with(const struct visit *visit, struct str key, size_t reviews,
                           struct shown_edition *ret, struct fault *fault)
{
    return load_edition(visit, key, reviews, ret, fault);
}

shown_slips shown_submission_slips(const struct visit *visit, const struct shown_edition *e)
{
    struct visibility_facts facts = {.work = e->work, .isbn13 = e->key};
    struct visibility v = e->visibility;
    if (visit->viewer->account != 0)
        v = gate_decide_account(visit->view, visit->storefront, &facts, visit->viewer->account);
    return shown_slips_for(visit, &v, FEATURE_BIT(FEATURE_SUBMISSIONS));
}

/* ---- cards ---- */

struct shown_card shown_card_of(const struct shown_edition *e)
{
    struct shown_card card = {.id = e->id,
                              .work = e->work,
                              .key = e->key,
                              .title = e->title,
                              .sorted_as = e->facts->title.text,
                              .publisher = edition_publisher(e->facts),
                              .imprint = edition_imprint(e->facts),
                              .subtitle = e->facts->title.subtitle,
                              .language = e->language,
                              .form = e->form,
                              .media = edition_media(e->facts),
                              .cover = e->cover,
                              .thema = edition_thema(e->facts),
                              .published = edition_published(e->facts),
                              .unlisted = e->visibility.by[FEATURE_LISTING],
                              .verdict = VERDICT_NO_SUPPLY,
                              .minor = -1,
                              .stars = e->stars};
    card.contributors.v = e->contributors.v;
    card.contributors.n = e->contributors.n;
    if (e->collections.n > 0) {
        card.collection = e->collections.v[0].name;
        card.part = e->collections.v[0].part;
    }
    if (e->offers.n > 0) {
        const struct shown_offer *best = &e->offers.v[0];
        card.withheld = best->withheld;
        card.verdict = best->offer.verdict;
        card.price_includes_tax = best->offer.price_includes_tax;
        if (best->withheld == NULL && best->offer.price != NULL) {
            card.minor = best->offer.price->minor;
            card.currency = best->offer.price->currency;
        }
    }
    return card;
}

/* The gate's word on an edition of a list; false where `feature` is withheld. */
static bool begin_card(const struct visit *visit, enum feature feature,
                       const struct catalogue_edition *stored, struct shown_edition *ret)
{
    struct shown_edition e = {.id = stored->id, .work = stored->work, .key = stored->product_key};
    struct visibility_facts facts = {.work = e.work, .isbn13 = e.key};
    e.visibility = gate_decide(visit->view, visit->storefront, &facts);
    *ret = e;
    return !visibility_withholds(&e.visibility, feature);
}

/* False where the feature is withheld. */
static enum rc card_of(const struct visit *visit, enum feature feature,
                       const struct catalogue_edition *stored, struct work_parts *parts,
                       bool *ret_shown, struct shown_card *ret, struct fault *fault)
{
    struct shown_edition e;
    *ret_shown = begin_card(visit, feature, stored, &e);
    if (!*ret_shown)
        return RC_OK;
    enum rc rc = fill_edition(visit, stored, parts, &e, fault);
    if (rc == RC_OK)
        *ret = shown_card_of(&e);
    return rc;
}

enum rc shown_card_bare(const struct visit *visit, enum feature feature,
                        const struct catalogue_edition *stored, bool *ret_shown,
                        struct shown_card *ret, struct fault *fault)
{
    struct shown_edition e;
    *ret_shown = begin_card(visit, feature, stored, &e);
    if (!*ret_shown)
        return RC_OK;
    fill_facts(visit, stored, &e);
    name_contributors(visit, e.facts, false, &e.contributors.v, &e.contributors.n);
    enum rc rc = load_offers(visit, stored, &e, fault);
    if (rc == RC_OK)
        *ret = shown_card_of(&e);
    return rc;
}

enum rc shown_cards_of(const struct visit *visit, enum feature feature, const uint64_t *editions,
                       size_t n, shown_cards *ret, struct fault *fault)
{
    shown_cards cards = {ARENA_ARRAY(visit->arena, struct shown_card, n), 0};
    struct work_parts parts = {.work = 0};
    for (size_t i = 0; i < n; i++) {
        struct catalogue_edition stored;
        bool shown;
        enum rc rc = catalogue_edition(visit->conn, visit->arena, editions[i], &stored, fault);
        if (rc == RC_NOT_FOUND)
            continue; /* the index is a moment behind */
        if (rc == RC_OK)
            rc = card_of(visit, feature, &stored, &parts, &shown, &cards.v[cards.n], fault);
        if (rc != RC_OK)
            return rc;
        if (shown)
            cards.n++;
    }
    *ret = cards;
    return shown_mark_own(visit, ret, fault);
}

unsigned shown_fitness(const struct visit *visit, const struct shown_card *card)
{
    unsigned points = card->withheld == NULL && verdict_sells(card->verdict) ? 4 : 0;
    struct str base = str_sub(card->language, 0, str_find(card->language, '-'));
    for (size_t i = 0; i < visit->storefront->languages.n; i++) {
        struct str spoken = visit->storefront->languages.v[i];
        if (str_eq(str_sub(spoken, 0, str_find(spoken, '-')), base))
            return points + 2;
    }
    return points;
}

/* The one edition of a work that a list shows; false where none is shown. */
static enum rc work_card(const struct visit *visit, uint64_t work, bool *ret_shown,
                         struct shown_card *ret, struct fault *fault)
{
    struct catalogue_edition *stored;
    struct work_parts parts = {.work = 0};
    size_t n;
    unsigned best = 0;
    *ret_shown = false;
    enum rc rc = catalogue_work_editions(visit->conn, visit->arena, work, OTHER_EDITIONS_MAX,
                                         &stored, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct shown_card card;
        bool shown;
        rc = card_of(visit, FEATURE_LISTING, &stored[i], &parts, &shown, &card, fault);
        if (rc == RC_OK && shown && (!*ret_shown || shown_fitness(visit, &card) > best)) {
            best = shown_fitness(visit, &card);
            *ret = card;
            *ret_shown = true;
        }
    }
    return rc;
}

enum rc shown_cards_of_works(const struct visit *visit, const uint64_t *works, size_t n,
                             shown_cards *ret, struct fault *fault)
{
    shown_cards cards = {ARENA_ARRAY(visit->arena, struct shown_card, n), 0};
    for (size_t i = 0; i < n; i++) {
        bool shown;
        enum rc rc = work_card(visit, works[i], &shown, &cards.v[cards.n], fault);
        if (rc != RC_OK)
            return rc;
        if (shown)
            cards.n++;
    }
    *ret = cards;
    return shown_mark_own(visit, ret, fault);
}

/* All but the edition `without` (0: all). */
static enum rc edition_cards(const struct visit *visit, uint64_t work, uint64_t without,
                             struct work_parts *parts, shown_cards *ret, struct fault *fault)
{
    struct catalogue_edition *stored;
    size_t n;
    enum rc rc = catalogue_other_editions(visit->conn, visit->arena, work, without,
                                          OTHER_EDITIONS_MAX, &stored, &n, fault);
    shown_cards cards = {ARENA_ARRAY(visit->arena, struct shown_card, rc == RC_OK ? n : 0), 0};
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        bool shown = false;
        rc = card_of(visit, FEATURE_LISTING, &stored[i], parts, &shown, &cards.v[cards.n], fault);
        if (shown)
            cards.n++;
    }
    if (rc == RC_OK)
        *ret = cards;
    return rc;
}

enum rc shown_other_editions(const struct visit *visit, const struct shown_edition *e,
                             shown_cards *ret, struct fault *fault)
{
    return edition_cards(visit, e->work, e->id, e->parts, ret, fault);
}

enum rc shown_work_editions(const struct visit *visit, uint64_t work, shown_cards *ret,
                            struct shown_stars *ret_stars, struct fault *fault)
{
    struct visibility_facts facts = {.work = work};
    struct visibility v = gate_decide(visit->view, visit->storefront, &facts);
    struct work_parts parts = {.work = 0};
    enum rc rc = edition_cards(visit, work, 0, &parts, ret, fault);
    return rc == RC_OK ? shown_stars_load(visit, work, &v, ret_stars, fault) : rc;
}

bool shown_is_named_first(const struct shown_card *card, const struct shown_contributor *c)
{
    for (const struct shown_contributor *o = card->contributors.v; o < c; o++)
        if (str_eq(o->name, c->name))
            return false;
    return c->name.n > 0;
}
