#include <string.h>

#include "base/clean.h"
#include "onix/reading.h"

/* ---- block 2 ---- */

static void read_text_content(struct reading *r, const struct node *node)
{
    struct edition *e = r->e;
    EACH(text, node, TAG_Text)
    {
        struct text_content t = {.type = node_text(node, TAG_TextType),
                                 .audience = node_text(node, TAG_ContentAudience),
                                 .language = text->language,
                                 .author = node_text(node, TAG_TextAuthor),
                                 .source = node_text(node, TAG_SourceTitle)};
        if (t.source.n == 0)
            t.source = node_text(node, TAG_TextSourceCorporate);
        EACH(audience, node, TAG_ContentAudience)
        if (str_eq(audience->text, STR("00")) || str_eq(audience->text, STR("03")))
            t.audience = audience->text;
        if (says_nothing(text->text)) {
            find_fault(&r->place, SEVERITY_WARNING, text, TAG_UNKNOWN, "placeholder",
                       "the text says nothing and is left out");
            continue;
        }
        t.html = html_clean(r->arena, text->text);
        if (t.html.n > 0)
            e->texts.v[e->texts.n++] = t;
    }
}

void read_collateral(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    size_t texts = 0, links = 0;
    EACH(n, block, TAG_TextContent) texts += node_count(n, TAG_Text);
    EACH(n, block, TAG_SupportingResource)
    EACH(version, n, TAG_ResourceVersion) links += node_count(version, TAG_ResourceLink);
    e->texts.v = ARENA_ARRAY(r->arena, struct text_content, texts);
    e->resources.v = ARENA_ARRAY(r->arena, struct resource, links);
    ROOM(r, e->prizes, block, TAG_Prize);
    EACH(n, block, TAG_Prize)
    if (node_text(n, TAG_PrizeName).n > 0)
        e->prizes.v[e->prizes.n++] = (struct prize){
            node_text(n, TAG_PrizeName), node_text(n, TAG_PrizeYear), node_text(n, TAG_PrizeCode)};
    EACH(n, block, TAG_TextContent) read_text_content(r, n);
    EACH(n, block, TAG_SupportingResource)
    EACH(version, n, TAG_ResourceVersion)
    EACH(link, version, TAG_ResourceLink)
    e->resources.v[e->resources.n++] =
        (struct resource){node_text(n, TAG_ResourceContentType), node_text(n, TAG_ResourceMode),
                          node_text(version, TAG_ResourceForm), link->text};
}

/* ---- blocks 4 and 5 ---- */

void read_restrictions(struct reading *r, const struct node *parent, struct sales_restriction **ret,
                       size_t *ret_n)
{
    struct sales_restriction *v =
        ARENA_ARRAY(r->arena, struct sales_restriction, node_count(parent, TAG_SalesRestriction));
    size_t n = 0;
    EACH(node, parent, TAG_SalesRestriction)
    {
        const struct node *from = node_child(node, TAG_StartDate);
        const struct node *until = node_child(node, TAG_EndDate);
        v[n++] =
            (struct sales_restriction){node_text(node, TAG_SalesRestrictionType),
                                       from == NULL ? 0 : value_date(&r->place, from, DATE_BARS),
                                       until == NULL ? 0 : value_date(&r->place, until, DATE_BARS)};
    }
    *ret = v;
    *ret_n = n;
}

/* Embargoes and announcements (lists 163, 166): not to be passed by mistake. */
static bool bars(struct str role)
{
    static const char *const roles[] = {"02", "09", "27", "32", "33"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (str_eq(role, str_of(roles[i])))
            return true;
    return false;
}

void read_dates(struct reading *r, const struct node *parent, enum tag composite, enum tag role,
                struct role_date **ret, size_t *ret_n)
{
    struct role_date *v = ARENA_ARRAY(r->arena, struct role_date, node_count(parent, composite));
    size_t n = 0;
    EACH(node, parent, composite)
    {
        const struct node *date = node_child(node, TAG_Date);
        struct role_date d = {node_text(node, role), 0};
        if (date == NULL) {
            find_fault(&r->place, SEVERITY_WARNING, node, TAG_Date, "date", "the date is missing");
            continue;
        }
        d.date = value_date(&r->place, date, bars(d.role) ? DATE_BARS : DATE_TELLS);
        if (d.date != 0)
            v[n++] = d;
    }
    *ret = v;
    *ret_n = n;
}

/* List 46: 03 to 06 say where it is not for sale. What is not known is none of
 * those that open (00, 01, 02, 07, 08). */
static bool is_denial(struct str type)
{
    return !str_eq(type, STR("00")) && !str_eq(type, STR("01")) && !str_eq(type, STR("02")) &&
           !str_eq(type, STR("07")) && !str_eq(type, STR("08"));
}

/* Every right gets its copy of those that stand outside all. */
enum { DIRECT_MAX = 64 };

static void read_sales_rights(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    struct sales_restriction *direct;
    size_t direct_n;
    read_restrictions(r, block, &direct, &direct_n); /* 3.0 allowed them here */
    if (direct_n > DIRECT_MAX)
        find_fault(&r->place, SEVERITY_ERROR, block, TAG_SalesRestriction, "sales-restriction",
                   "%zu sales restrictions outside the sales rights are too many", direct_n);
    if (direct_n > DIRECT_MAX)
        return;
    ROOM(r, e->rights, block, TAG_SalesRights);
    EACH(n, block, TAG_SalesRights)
    {
        struct sales_rights right = {.type = node_text(n, TAG_SalesRightsType)};
        const struct node *territory = node_child(n, TAG_Territory);
        if (territory != NULL)
            value_territory(&r->place, territory, is_denial(right.type), &right.territory);
        else
            find_fault(&r->place, SEVERITY_ERROR, n, TAG_Territory, "territory",
                       "sales rights without a territory");
        read_restrictions(r, n, &right.restrictions.v, &right.restrictions.n);
        if (direct_n > 0) {
            struct sales_restriction *all =
                ARENA_ARRAY(r->arena, struct sales_restriction, right.restrictions.n + direct_n);
            if (right.restrictions.n > 0)
                memcpy(all, right.restrictions.v, right.restrictions.n * sizeof *all);
            memcpy(all + right.restrictions.n, direct, direct_n * sizeof *all);
            right.restrictions.v = all;
            right.restrictions.n += direct_n;
        }
        e->rights.v[e->rights.n++] = right;
    }
    e->row_rights = node_text(block, TAG_ROWSalesRightsType);
}

void read_publishing(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    ROOM(r, e->imprints, block, TAG_Imprint);
    EACH(n, block, TAG_Imprint)
    if (node_text(n, TAG_ImprintName).n > 0)
        e->imprints.v[e->imprints.n++] = node_text(n, TAG_ImprintName);
    ROOM(r, e->publishers, block, TAG_Publisher);
    EACH(n, block, TAG_Publisher)
    if (node_text(n, TAG_PublisherName).n > 0)
        e->publishers.v[e->publishers.n++] =
            (struct publisher){node_text(n, TAG_PublishingRole), node_text(n, TAG_PublisherName)};
    e->country_of_publication = node_text(block, TAG_CountryOfPublication);
    e->status = node_text(block, TAG_PublishingStatus);
    read_dates(r, block, TAG_PublishingDate, TAG_PublishingDateRole, &e->dates.v, &e->dates.n);
    read_sales_rights(r, block);
}

/* Each relation to each number is one row: few of both, or a small record
 * would become a large one. */
enum { RELATIONS_MAX = 8 };

static void read_related_product(struct reading *r, const struct node *node)
{
    struct edition *e = r->e;
    size_t relations = 0;
    EACH(relation, node, TAG_ProductRelationCode)
    {
        size_t ids = 0;
        if (relations++ == RELATIONS_MAX)
            return;
        EACH(id, node, TAG_ProductIdentifier)
        if (ids++ < RELATIONS_MAX)
            e->related_products.v[e->related_products.n++] =
                (struct related){relation->text, read_identifier(id, TAG_ProductIDType)};
    }
}

static size_t at_most(size_t n, size_t max)
{
    return n < max ? n : max;
}

void read_related(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    size_t works = 0, products = 0;
    EACH(n, block, TAG_RelatedWork) works += node_count(n, TAG_WorkIdentifier);
    EACH(n, block, TAG_RelatedProduct)
    products += at_most(node_count(n, TAG_ProductIdentifier), RELATIONS_MAX) *
                at_most(node_count(n, TAG_ProductRelationCode), RELATIONS_MAX);
    e->related_works.v = ARENA_ARRAY(r->arena, struct related, works);
    e->related_products.v = ARENA_ARRAY(r->arena, struct related, products);
    EACH(n, block, TAG_RelatedWork)
    EACH(id, n, TAG_WorkIdentifier)
    e->related_works.v[e->related_works.n++] =
        (struct related){node_text(n, TAG_WorkRelationCode), read_identifier(id, TAG_WorkIDType)};
    EACH(n, block, TAG_RelatedProduct) read_related_product(r, n);
}
