/* ONIX 2.1: where a title may be sold. */
#include "base/buf.h"
#include "onix/old.h"
#include "onix/reading.h"

static const struct places rights_places = {
    .country = TAG_RightsCountry, .territory = TAG_RightsTerritory, .region = TAG_RightsRegion};

/* List 46: what opens. Anything else shuts, as in 3.0. */
static bool opens(struct str type)
{
    static const char *const types[] = {"00", "01", "02", "07", "08"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_is(type, types[i]))
            return true;
    return false;
}

static bool names_world(const struct node *from)
{
    EACH(n, from, TAG_RightsTerritory)
    if (str_find_str(n->text, STR("WORLD")) < n->text.n)
        return true;
    EACH(n, from, TAG_RightsRegion)
    if (str_is(n->text, "000"))
        return true;
    return false;
}

/* In 2.1 a sender says "the world" and, beside it, where not: in 3.0 that is one statement with
 * an exception. */
struct rights {
    struct str denied; /* codes of all places that are shut */
    struct node *rest; /* the statement on all other places */
    struct str rest_type;
    unsigned wide;
};

static void find_denied(struct turning *t, struct rights *rights)
{
    BUF_AUTO denied = BUF_INIT(OLD_CODES_MAX);
    for (struct node *n = t->old->child; n != NULL; n = n->next)
        if (n->tag == TAG_NotForSale ||
            (n->tag == TAG_SalesRights && !opens(node_text(n, TAG_SalesRightsType))))
            old_codes_add(&denied, old_codes(t, n, &rights_places));
    old_without_row(t, old_codes_end(t, &denied, t->old, TAG_NotForSale), &rights->denied);
}

static bool names_places(const struct node *n)
{
    return n->tag == TAG_RightsCountry || n->tag == TAG_RightsTerritory ||
           n->tag == TAG_RightsRegion;
}

/* Whether the places are none but "all others", which is said once for the record. */
static bool take_rest(struct turning *t, struct rights *rights, struct node *from, struct str type)
{
    bool rest = false, other = false;
    for (struct node *n = from->child; n != NULL; n = n->next) {
        struct str left = n->text;
        if (!names_places(n))
            continue;
        turn_done(n);
        if (n->tag == TAG_RightsRegion && str_is(n->text, "001"))
            left = STR("ROW");
        if (n->tag != TAG_RightsCountry && old_without_row(t, left, &left))
            rest = true;
        n->text = left;
        other |= left.n > 0;
    }
    if (rest && (rights->rest == NULL || !opens(type))) {
        rights->rest = from;
        rights->rest_type = type;
    }
    return rest && !other;
}

static void turn_right(struct turning *t, struct node *block, struct rights *rights,
                       struct node *from, struct str type)
{
    turn_done(from);
    turn_done(old_child(from, TAG_SalesRightsType));
    if (take_rest(t, rights, from, type))
        return;
    struct node *right = turn_add(t, block, TAG_SalesRights, from);
    turn_value(t, right, TAG_SalesRightsType, from, type);
    struct node *territory = turn_territory(t, right, from, &rights_places, STR_NONE);
    if (territory == NULL || !opens(type) || !names_world(from) || rights->denied.n == 0)
        return;
    turn_value(t, territory, TAG_CountriesExcluded, from, rights->denied);
    if (++rights->wide > OLD_WIDE_MAX)
        find_fault(&t->place, SEVERITY_ERROR, from, TAG_UNKNOWN, "sales-rights",
                   "too many statements on the whole world");
}

struct node *old_minors_flag(struct turning *t)
{
    EACH_OLD(supply, t->old, TAG_SupplyDetail)
    EACH_OLD(n, supply, TAG_AudienceRestrictionFlag)
    if (str_is(n->text, "X"))
        return n;
    return NULL;
}

void turn_restrictions(struct turning *t, struct node *parent)
{
    struct node *flag = old_minors_flag(t);
    EACH_OLD(n, t->old, TAG_SalesRestriction)
    TURN_SAME(t, turn_add(t, parent, TAG_SalesRestriction, n), n, TAG_SalesRestrictionType);
    if (flag != NULL)
        turn_value(t, turn_add(t, parent, TAG_SalesRestriction, flag), TAG_SalesRestrictionType,
                   flag, STR("08"));
}

void turn_rights(struct turning *t, struct node *block)
{
    struct rights rights = {.wide = 0};
    find_denied(t, &rights);
    EACH_OLD(n, t->old, TAG_SalesRights)
    turn_right(t, block, &rights, n, node_text(n, TAG_SalesRightsType));
    EACH_OLD(n, t->old, TAG_NotForSale) turn_right(t, block, &rights, n, STR("03"));
    if (rights.rest != NULL)
        turn_value(t, block, TAG_ROWSalesRightsType, rights.rest, rights.rest_type);
    bool any = old_child(block, TAG_SalesRights) != NULL;
    if (any)
        turn_restrictions(t, block);
    if (!any && rights.rest == NULL && !t->partial)
        find_fault(&t->place, SEVERITY_WARNING, t->old, TAG_SalesRights, ONIX_RIGHTS_MISSING,
                   "where it may be sold is not said: an e-book is sold nowhere, a printed book "
                   "where the shop takes that for yes");
}
