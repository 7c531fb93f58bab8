#include "domain/edition_update.h"

#include <string.h>

static void replace_descriptive(struct edition *e, const struct edition *from)
{
    e->composition = from->composition;
    e->form = from->form;
    memcpy(&e->form_details, &from->form_details, sizeof e->form_details);
    e->protection = from->protection;
    e->title = from->title;
    e->original_title = from->original_title;
    memcpy(&e->contributors, &from->contributors, sizeof e->contributors);
    memcpy(&e->collections, &from->collections, sizeof e->collections);
    e->edition_number = from->edition_number;
    e->edition_statement = from->edition_statement;
    memcpy(&e->languages, &from->languages, sizeof e->languages);
    memcpy(&e->extents, &from->extents, sizeof e->extents);
    memcpy(&e->subjects, &from->subjects, sizeof e->subjects);
    memcpy(&e->audiences, &from->audiences, sizeof e->audiences);
    memcpy(&e->features, &from->features, sizeof e->features);
    memcpy(&e->measures, &from->measures, sizeof e->measures);
    memcpy(&e->usages, &from->usages, sizeof e->usages);
}

static void replace_collateral(struct edition *e, const struct edition *from)
{
    memcpy(&e->texts, &from->texts, sizeof e->texts);
    memcpy(&e->resources, &from->resources, sizeof e->resources);
    memcpy(&e->prizes, &from->prizes, sizeof e->prizes);
}

static void replace_publishing(struct edition *e, const struct edition *from)
{
    memcpy(&e->imprints, &from->imprints, sizeof e->imprints);
    memcpy(&e->publishers, &from->publishers, sizeof e->publishers);
    e->country_of_publication = from->country_of_publication;
    e->status = from->status;
    memcpy(&e->dates, &from->dates, sizeof e->dates);
    memcpy(&e->rights, &from->rights, sizeof e->rights);
    e->row_rights = from->row_rights;
}

static void replace_related(struct edition *e, const struct edition *from)
{
    memcpy(&e->related_works, &from->related_works, sizeof e->related_works);
    memcpy(&e->related_products, &from->related_products, sizeof e->related_products);
}

static bool by_market(const struct edition *e)
{
    for (size_t i = 0; i < e->supplies.n; i++)
        if (e->supplies.v[i].market_reference.n == 0)
            return false;
    return e->supplies.n > 0;
}

static const struct product_supply *market_of(const struct edition *e, struct str reference)
{
    for (size_t i = 0; i < e->supplies.n; i++)
        if (str_eq(e->supplies.v[i].market_reference, reference))
            return &e->supplies.v[i];
    return NULL;
}

/* What the update says of a market the record has: all of it, or, where it
 * names no supplier, that nobody supplies it any more. */
static struct product_supply updated(const struct product_supply *old,
                                     const struct product_supply *update)
{
    if (update->details.n > 0)
        return *update;
    struct product_supply s = *old;
    s.details.v = NULL;
    s.details.n = 0;
    return s;
}

static void update_supply(struct edition *e, const struct edition *update, struct arena *arena)
{
    if (!by_market(update) || !by_market(e)) {
        memcpy(&e->supplies, &update->supplies, sizeof e->supplies);
        return;
    }
    struct product_supply *merged =
        ARENA_ARRAY(arena, struct product_supply, e->supplies.n + update->supplies.n);
    size_t n = 0;
    for (size_t i = 0; i < e->supplies.n; i++) {
        const struct product_supply *old = &e->supplies.v[i];
        const struct product_supply *new = market_of(update, old->market_reference);
        merged[n++] = new == NULL ? *old : updated(old, new);
    }
    for (size_t i = 0; i < update->supplies.n; i++)
        if (market_of(e, update->supplies.v[i].market_reference) == NULL)
            merged[n++] = update->supplies.v[i];
    e->supplies.v = merged;
    e->supplies.n = n;
}

void edition_apply_update(struct edition *e, const struct edition *update, unsigned emptied,
                          struct arena *arena)
{
    static const struct edition nothing;
    unsigned sent = update->blocks;
    if ((sent | emptied) & BLOCK_DESCRIPTIVE)
        replace_descriptive(e, sent & BLOCK_DESCRIPTIVE ? update : &nothing);
    if ((sent | emptied) & BLOCK_COLLATERAL)
        replace_collateral(e, sent & BLOCK_COLLATERAL ? update : &nothing);
    if ((sent | emptied) & BLOCK_PUBLISHING)
        replace_publishing(e, sent & BLOCK_PUBLISHING ? update : &nothing);
    if ((sent | emptied) & BLOCK_RELATED)
        replace_related(e, sent & BLOCK_RELATED ? update : &nothing);
    if (sent & BLOCK_SUPPLY)
        update_supply(e, update, arena);
    else if (emptied & BLOCK_SUPPLY)
        memcpy(&e->supplies, &nothing.supplies, sizeof e->supplies);
    e->blocks = (e->blocks | sent) & ~(emptied & ~sent);
}

/* ---- without blocks ---- */

#define TAKE_TEXT(e, from, field)                                                                  \
    do {                                                                                           \
        if ((from)->field.n > 0)                                                                   \
            (e)->field = (from)->field;                                                            \
    } while (0)
#define TAKE_LIST(e, from, field)                                                                  \
    do {                                                                                           \
        if ((from)->field.n > 0)                                                                   \
            memcpy(&(e)->field, &(from)->field, sizeof(e)->field);                                 \
    } while (0)

static void take_description(struct edition *e, const struct edition *from)
{
    TAKE_TEXT(e, from, composition);
    TAKE_TEXT(e, from, form);
    if (from->form.n > 0) /* they say more of the form */
        memcpy(&e->form_details, &from->form_details, sizeof e->form_details);
    TAKE_LIST(e, from, form_details);
    TAKE_TEXT(e, from, protection);
    if (from->title.text.n > 0)
        e->title = from->title;
    if (from->original_title.text.n > 0)
        e->original_title = from->original_title;
    TAKE_LIST(e, from, contributors);
    TAKE_LIST(e, from, collections);
    TAKE_TEXT(e, from, edition_number);
    TAKE_TEXT(e, from, edition_statement);
    TAKE_LIST(e, from, languages);
    TAKE_LIST(e, from, extents);
    TAKE_LIST(e, from, subjects);
    TAKE_LIST(e, from, audiences);
    TAKE_LIST(e, from, features);
    TAKE_LIST(e, from, measures);
    TAKE_LIST(e, from, usages);
    TAKE_LIST(e, from, texts);
    TAKE_LIST(e, from, resources);
    TAKE_LIST(e, from, prizes);
}

/* Each role is an element of its own in 2.1. */
static void take_dates(struct edition *e, const struct edition *from, struct arena *arena)
{
    struct role_date *all = ARENA_ARRAY(arena, struct role_date, e->dates.n + from->dates.n);
    size_t n = 0;
    for (size_t i = 0; i < e->dates.n; i++) {
        bool replaced = false;
        for (size_t k = 0; k < from->dates.n && !replaced; k++)
            replaced = str_eq(e->dates.v[i].role, from->dates.v[k].role);
        if (!replaced)
            all[n++] = e->dates.v[i];
    }
    for (size_t i = 0; i < from->dates.n; i++)
        all[n++] = from->dates.v[i];
    e->dates.v = all;
    e->dates.n = n;
}

/* A restriction that stood with the supply, and that the update says nothing of, goes on. */
static void take_supply(struct edition *e, const struct edition *from, struct arena *arena)
{
    const struct product_supply *restricted = NULL;
    for (size_t i = 0; i < e->supplies.n && restricted == NULL; i++)
        if (e->supplies.v[i].restrictions.n > 0)
            restricted = &e->supplies.v[i];
    if (from->supplies.n == 0)
        return;
    struct product_supply *v = ARENA_ARRAY(arena, struct product_supply, from->supplies.n);
    for (size_t i = 0; i < from->supplies.n; i++) {
        v[i] = from->supplies.v[i];
        if (restricted != NULL && v[i].restrictions.n == 0)
            memcpy(&v[i].restrictions, &restricted->restrictions, sizeof v[i].restrictions);
    }
    e->supplies.v = v;
    e->supplies.n = from->supplies.n;
}

/* Not for sale, by list 46. */
static bool denies(struct str type)
{
    return type.n == 2 && type.p[0] == '0' && type.p[1] >= '3' && type.p[1] <= '6';
}

static void add_denials(struct sales_rights *all, size_t *n, const struct edition *e)
{
    for (size_t i = 0; i < e->rights.n; i++)
        if (denies(e->rights.v[i].type))
            all[(*n)++] = e->rights.v[i];
}

/* Where it is sold takes the place of where it was. What shuts it out (NotForSale) and how it
 * may be sold (SalesRestriction) are elements of their own in 2.1: an update that says nothing
 * of them opens nothing. Whoever takes them back sends the whole record. */
static void take_rights(struct edition *e, const struct edition *from, struct arena *arena)
{
    struct sales_rights *all =
        ARENA_ARRAY(arena, struct sales_rights, e->rights.n + from->rights.n);
    const struct sales_rights *restricted = NULL;
    size_t n = 0, told = 0;
    if (from->rights.n == 0 && from->row_rights.n == 0)
        return;
    for (size_t i = 0; i < from->rights.n; i++)
        told += denies(from->rights.v[i].type);
    if (told == 0)
        add_denials(all, &n, e);
    for (size_t i = 0; i < e->rights.n && restricted == NULL; i++)
        if (e->rights.v[i].restrictions.n > 0 && !denies(e->rights.v[i].type))
            restricted = &e->rights.v[i];
    for (size_t i = 0; i < from->rights.n; i++) {
        all[n] = from->rights.v[i];
        if (restricted != NULL && all[n].restrictions.n == 0 && !denies(all[n].type))
            memcpy(&all[n].restrictions, &restricted->restrictions, sizeof all[n].restrictions);
        n++;
    }
    e->rights.v = all;
    e->rights.n = n;
    e->row_rights = from->row_rights;
}

void edition_apply_partial(struct edition *e, const struct edition *update, struct arena *arena)
{
    take_description(e, update);
    TAKE_LIST(e, update, imprints);
    TAKE_LIST(e, update, publishers);
    TAKE_TEXT(e, update, country_of_publication);
    TAKE_TEXT(e, update, status);
    take_dates(e, update, arena);
    take_rights(e, update, arena);
    TAKE_LIST(e, update, related_works);
    TAKE_LIST(e, update, related_products);
    take_supply(e, update, arena);
    e->blocks |= update->blocks;
}
