#include "app/shown.h"

#include "app/shown_parts.h"
#include "base/clock.h"
#include "domain/isbn.h"
#include "store/catalogue.h"
#include "store/covers.h"
#include "store/readers.h"

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

struct market shown_market(const struct storefront *storefront, int64_t now)
{
    return (struct market){.country = storefront->country,
                           .currency = storefront->currency,
                           .print_without_rights = storefront->print_without_rights,
                           .today = date_of(now),
                           .tax_included = storefront->tax_included};
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

static enum rc load_offers(const struct visit *visit, const struct catalogue_edition *stored,
                           struct shown_edition *e, struct fault *fault)
{
    struct shop_record *records;
    size_t n;
    enum rc rc = catalogue_edition_shops(visit->conn, visit->arena, stored, &records, &n, fault);
    if (rc != RC_OK)
        return rc;
    struct market market = shown_market(visit->storefront, visit->view->now);
    e->offers.v = ARENA_ARRAY(visit->arena, struct shown_offer, n);
    for (size_t i = 0; i < n; i++) {
        struct shown_offer offer = {.shop = records[i].shop.slug,
                                    .shop_name = records[i].shop.name,
                                    .disclosure =
                                        gate_disclosure(visit->view, records[i].shop.slug)};
        struct visibility_facts facts = {
            .work = e->work, .isbn13 = e->key, .shop = records[i].shop.slug};
        struct visibility v = gate_decide(visit->view, visit->storefront, &facts);
        if (visibility_withholds(&v, FEATURE_SALE))
            offer.withheld = v.by[FEATURE_SALE];
        else
            offer_decide(&records[i].facts, &market, &offer.offer);
        size_t at = e->offers.n++;
        for (; at > 0 && better(&offer, &e->offers.v[at - 1]); at--)
            e->offers.v[at] = e->offers.v[at - 1];
        e->offers.v[at] = offer;
    }
    return RC_OK;
}

/* ---- one edition ---- */

/* The names as the record has them, with the ids of their pages. */
static enum rc load_contributors(const struct visit *visit, const struct edition *facts,
                                 uint64_t work, struct shown_contributor **ret, size_t *ret_n,
                                 struct fault *fault)
{
    struct contributor_row *rows;
    size_t rows_n, n = facts->contributors.n;
    enum rc rc =
        catalogue_work_contributors(visit->conn, visit->arena, work, &rows, &rows_n, fault);
    if (rc != RC_OK)
        return rc;
    struct shown_contributor *v = ARENA_ARRAY(visit->arena, struct shown_contributor, n);
    for (size_t i = 0; i < n; i++) {
        const struct contributor *c = &facts->contributors.v[i];
        struct str key = catalogue_contributor_key(visit->arena, c);
        v[i].name = c->name;
        v[i].roles.v = c->roles.v;
        v[i].roles.n = c->roles.n;
        for (size_t k = 0; key.n > 0 && k < rows_n; k++)
            if (str_eq(rows[k].key, key))
                v[i].id = rows[k].id;
    }
    *ret = v;
    *ret_n = n;
    return RC_OK;
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
                                         places[i].part};
    return RC_OK;
}

static struct str display_title(struct arena *arena, const struct edition *facts)
{
    char title[1024];
    return arena_str(arena, edition_display_title(facts, title, sizeof title));
}

static enum rc fill_edition(const struct visit *visit, const struct catalogue_edition *stored,
                            struct shown_edition *e, struct fault *fault)
{
    const struct edition *facts = e->facts = &stored->facts;
    catalogue_edition_ask(visit->conn, stored);
    e->title = display_title(visit->arena, facts);
    e->language = edition_language(facts);
    e->form = shown_form(facts);
    enum rc rc =
        load_contributors(visit, facts, e->work, &e->contributors.v, &e->contributors.n, fault);
    if (rc == RC_OK)
        rc = load_collections(visit, e->work, &e->collections, fault);
    if (rc == RC_OK)
        rc = load_offers(visit, stored, e, fault);
    if (rc == RC_OK)
        rc = shown_stars_load(visit, e->work, &e->visibility, &e->stars, fault);
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
        catalogue_work_ask(visit->conn, e.work, OTHER_EDITIONS_MAX);
        readers_reviews_ask(visit->conn, e.work, 0, reviews);
    }
    rc = fill_edition(visit, stored, &e, fault);
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

enum rc shown_cover(const struct visit *visit, const struct shown_edition *e,
                    struct shown_cover *ret, struct fault *fault)
{
    struct cover_row row;
    if (visibility_withholds(&e->visibility, FEATURE_LISTING))
        return fault_set(fault, RC_WITHHELD, "the cover is withheld with its title");
    enum rc rc = cover_row_get(visit->conn, visit->arena, e->id, &row, fault);
    *ret = (struct shown_cover){0};
    if (rc == RC_OK)
        *ret = (struct shown_cover){row.file, row.digest, row.width, row.height};
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* ---- cards ---- */

/* False where the feature is withheld. */
static enum rc card_of(const struct visit *visit, enum feature feature,
                       const struct catalogue_edition *stored, bool *ret_shown,
                       struct shown_card *ret, struct fault *fault)
{
    struct shown_edition e = {.id = stored->id, .work = stored->work, .key = stored->product_key};
    struct visibility_facts facts = {.work = e.work, .isbn13 = e.key};
    e.visibility = gate_decide(visit->view, visit->storefront, &facts);
    *ret_shown = !visibility_withholds(&e.visibility, feature);
    if (!*ret_shown)
        return RC_OK;
    enum rc rc = fill_edition(visit, stored, &e, fault);
    if (rc != RC_OK)
        return rc;
    struct shown_card card = {.id = e.id,
                              .work = e.work,
                              .key = e.key,
                              .title = e.title,
                              .sorted_as = e.facts->title.text,
                              .subtitle = e.facts->title.subtitle,
                              .language = e.language,
                              .form = e.form,
                              .thema = edition_thema(e.facts),
                              .published = edition_published(e.facts),
                              .unlisted = e.visibility.by[FEATURE_LISTING],
                              .verdict = VERDICT_NO_SUPPLY,
                              .minor = -1,
                              .stars = e.stars};
    card.contributors.v = e.contributors.v;
    card.contributors.n = e.contributors.n;
    if (e.collections.n > 0) {
        card.collection = e.collections.v[0].name;
        card.part = e.collections.v[0].part;
    }
    if (e.offers.n > 0) {
        const struct shown_offer *best = &e.offers.v[0];
        card.withheld = best->withheld;
        card.verdict = best->offer.verdict;
        card.price_includes_tax = best->offer.price_includes_tax;
        if (best->withheld == NULL && best->offer.price != NULL) {
            card.minor = best->offer.price->minor;
            card.currency = best->offer.price->currency;
        }
    }
    *ret = card;
    return RC_OK;
}

enum rc shown_cards_of(const struct visit *visit, enum feature feature, const uint64_t *editions,
                       size_t n, shown_cards *ret, struct fault *fault)
{
    shown_cards cards = {ARENA_ARRAY(visit->arena, struct shown_card, n), 0};
    for (size_t i = 0; i < n; i++) {
        struct catalogue_edition stored;
        bool shown;
        enum rc rc = catalogue_edition(visit->conn, visit->arena, editions[i], &stored, fault);
        if (rc == RC_NOT_FOUND)
            continue; /* the index is a moment behind */
        if (rc == RC_OK)
            rc = card_of(visit, feature, &stored, &shown, &cards.v[cards.n], fault);
        if (rc != RC_OK)
            return rc;
        if (shown)
            cards.n++;
    }
    *ret = cards;
    return RC_OK;
}

/* How well an edition stands for its work here. */
static unsigned fitness(const struct visit *visit, const struct shown_card *card)
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
    size_t n;
    unsigned best = 0;
    *ret_shown = false;
    enum rc rc = catalogue_work_editions(visit->conn, visit->arena, work, OTHER_EDITIONS_MAX,
                                         &stored, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct shown_card card;
        bool shown;
        rc = card_of(visit, FEATURE_LISTING, &stored[i], &shown, &card, fault);
        if (rc == RC_OK && shown && (!*ret_shown || fitness(visit, &card) > best)) {
            best = fitness(visit, &card);
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
    return RC_OK;
}

/* All but the edition `without` (0: all). */
static enum rc edition_cards(const struct visit *visit, uint64_t work, uint64_t without,
                             shown_cards *ret, struct fault *fault)
{
    struct catalogue_edition *stored;
    size_t n;
    enum rc rc = catalogue_work_editions(visit->conn, visit->arena, work, OTHER_EDITIONS_MAX,
                                         &stored, &n, fault);
    shown_cards cards = {ARENA_ARRAY(visit->arena, struct shown_card, rc == RC_OK ? n : 0), 0};
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        bool shown = false;
        if (stored[i].id != without)
            rc = card_of(visit, FEATURE_LISTING, &stored[i], &shown, &cards.v[cards.n], fault);
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
    return edition_cards(visit, e->work, e->id, ret, fault);
}

enum rc shown_work_editions(const struct visit *visit, uint64_t work, shown_cards *ret,
                            struct shown_stars *ret_stars, struct fault *fault)
{
    struct visibility_facts facts = {.work = work};
    struct visibility v = gate_decide(visit->view, visit->storefront, &facts);
    enum rc rc = edition_cards(visit, work, 0, ret, fault);
    return rc == RC_OK ? shown_stars_load(visit, work, &v, ret_stars, fault) : rc;
}
