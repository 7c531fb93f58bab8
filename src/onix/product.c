#include <stdarg.h>

#include "base/buf.h"
#include "domain/isbn.h"
#include "domain/money.h"
#include "onix/clean.h"
#include "onix/tree.h"

struct reading {
    struct finding_place place;
    struct arena *arena;
    const struct header_defaults *defaults;
    struct edition *e;
};

/* ---- the tree ---- */

const struct node *node_child(const struct node *parent, enum tag tag)
{
    for (const struct node *n = parent == NULL ? NULL : parent->child; n != NULL; n = n->next)
        if (n->tag == tag)
            return n;
    return NULL;
}

struct str node_text(const struct node *parent, enum tag tag)
{
    const struct node *n = node_child(parent, tag);
    return n == NULL ? STR_NONE : n->text;
}

size_t node_count(const struct node *parent, enum tag tag)
{
    size_t count = 0;
    for (const struct node *n = parent == NULL ? NULL : parent->child; n != NULL; n = n->next)
        count += n->tag == tag;
    return count;
}

#define EACH(n, parent, name)                                                                      \
    for (const struct node *n = (parent) == NULL ? NULL : (parent)->child; n != NULL; n = n->next) \
        if (n->tag == (name))

/* Room for every child of that tag. */
#define ROOM(r, list, parent, name)                                                                \
    ((list).v = arena_alloc_array((r)->arena, node_count(parent, name), sizeof *(list).v))

static void put_path(struct buf *b, const struct node *node)
{
    if (node == NULL || node->tag == TAG_Product || node->tag == TAG_Header)
        return;
    put_path(b, node->parent);
    if (b->n > 0)
        buf_char(b, '/');
    buf_str_add(b, str_of(tag_names[node->tag].reference));
}

void find_fault(struct finding_place *place, enum severity severity, const struct node *node,
                enum tag missing_child, const char *code, const char *format, ...)
{
    struct onix_finding f = {.severity = severity,
                             .line = node == NULL ? 0 : node->line,
                             .reference = place->reference,
                             .code = str_of(code)};
    BUF_AUTO path = BUF_INIT(512);
    put_path(&path, node);
    if (missing_child != TAG_UNKNOWN) {
        if (path.n > 0)
            buf_char(&path, '/');
        buf_str_add(&path, str_of(tag_names[missing_child].reference));
    }
    f.element = buf_str(&path);
    va_list args;
    va_start(args, format);
    vsnprintf(f.reason, sizeof f.reason, format, args);
    va_end(args);
    if (severity == SEVERITY_ERROR)
        place->errors++;
    place->sink->finding(place->sink->context, &f);
}

/* ---- record head ---- */

static bool says_nothing(struct str text)
{
    static const char *const words[] = {"n/a", "na", "tbc", "tba", "none", "unknown", "-", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(text, str_of(words[i])))
            return true;
    return text.n == 0;
}

static struct identifier read_identifier(const struct node *node, enum tag type)
{
    return (struct identifier){node_text(node, type), node_text(node, TAG_IDTypeName),
                               node_text(node, TAG_IDValue)};
}

/* The ISBN out of identifiers of one type; false where there is none of it. */
static bool take_isbn(struct reading *r, const struct node *product, struct str type)
{
    EACH(n, product, TAG_ProductIdentifier)
    {
        char isbn[14];
        struct str value = node_text(n, TAG_IDValue);
        if (!str_eq(node_text(n, TAG_ProductIDType), type))
            continue;
        if (isbn_parse(value, isbn)) {
            memcpy(r->e->isbn13, isbn, sizeof isbn);
            return true;
        }
        if (!str_eq(type, STR("03")))
            find_fault(&r->place, SEVERITY_WARNING, n, TAG_IDValue, "isbn-check-digit",
                       "“%.*s” is no valid ISBN", STR_ARG(str_sub(value, 0, 40)));
    }
    return false;
}

static void read_identifiers(struct reading *r, const struct node *product)
{
    ROOM(r, r->e->ids, product, TAG_ProductIdentifier);
    bool isbn = take_isbn(r, product, STR("15")) || take_isbn(r, product, STR("03")) ||
                take_isbn(r, product, STR("02"));
    if (isbn && str_eq(str_of(r->e->isbn13), STR("9780000000002"))) {
        r->e->isbn13[0] = '\0';
        isbn = false;
    }
    bool other = false;
    EACH(n, product, TAG_ProductIdentifier)
    {
        struct identifier id = read_identifier(n, TAG_ProductIDType);
        if (id.value.n == 0 || id.type.n == 0)
            continue;
        /* Without an ISBN another number is the product's key: not a wrong ISBN. */
        other = other || !(str_eq(id.type, STR("15")) || str_eq(id.type, STR("02")) ||
                           str_eq(id.type, STR("03")));
        if (str_eq(id.type, STR("01")) && id.type_name.n == 0 && !isbn)
            find_fault(&r->place, SEVERITY_WARNING, n, TAG_IDTypeName, "identifier",
                       "a proprietary number needs the name of its type");
        r->e->ids.v[r->e->ids.n++] = id;
    }
    if (!isbn && !other)
        find_fault(&r->place, SEVERITY_ERROR, product, TAG_ProductIdentifier, "identifier",
                   r->e->ids.n > 0 ? "none of its numbers is a valid ISBN or another identifier"
                                   : "the product has no identifier");
}

static bool read_notification(struct str text, enum notification *ret)
{
    static const enum notification known[] = {
        NOTIFY_EARLY, NOTIFY_ADVANCE, NOTIFY_CONFIRMED, NOTIFY_BLOCK_UPDATE, NOTIFY_DELETE,
        NOTIFY_SALE,  NOTIFY_ACQUISITION, NOTIFY_TEST_UPDATE, NOTIFY_TEST};
    uint64_t n;
    if (text.n != 2 || !str_to_u64(text, &n))
        return false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (n == (uint64_t)known[i]) {
            *ret = known[i];
            return true;
        }
    return false;
}

/* ---- block 1 ---- */

static void read_title_element(const struct node *element, struct title *ret)
{
    struct str without = node_text(element, TAG_TitleWithoutPrefix);
    ret->prefix = without.n > 0 ? node_text(element, TAG_TitlePrefix) : STR_NONE;
    ret->text = without.n > 0 ? without : node_text(element, TAG_TitleText);
    ret->subtitle = node_text(element, TAG_Subtitle);
    ret->part = node_text(element, TAG_PartNumber);
    if (ret->part.n == 0)
        ret->part = node_text(element, TAG_YearOfAnnual);
    const struct node *text = node_child(element, TAG_TitleText);
    if (text == NULL)
        text = node_child(element, TAG_TitleWithoutPrefix);
    ret->language = text == NULL ? STR_NONE : text->language;
}

static struct str whole_title(struct arena *arena, const struct title *t)
{
    bool close = t->prefix.n > 0 && (t->prefix.p[t->prefix.n - 1] == '\'' ||
                                     str_ends(t->prefix, STR("’")));
    return t->prefix.n == 0 ? t->text
                            : arena_printf(arena, "%.*s%s%.*s", STR_ARG(t->prefix),
                                           close ? "" : " ", STR_ARG(t->text));
}

static void add_collection(struct reading *r, struct collection_part part)
{
    struct edition *e = r->e;
    if (part.name.n == 0)
        return;
    for (size_t i = 0; i < e->collections.n; i++)
        if (str_eq_nocase(e->collections.v[i].name, part.name)) {
            if (e->collections.v[i].part.n == 0)
                e->collections.v[i].part = part.part;
            return;
        }
    e->collections.v[e->collections.n++] = part;
}

static void read_collection(struct reading *r, const struct node *node)
{
    struct collection_part part = {.type = node_text(node, TAG_CollectionType)};
    struct title title;
    const struct node *id = node_child(node, TAG_CollectionIdentifier);
    if (id != NULL)
        part.id = read_identifier(id, TAG_CollectionIDType);
    EACH(detail, node, TAG_TitleDetail)
    {
        EACH(element, detail, TAG_TitleElement)
        {
            read_title_element(element, &title);
            bool better = str_eq(node_text(element, TAG_TitleElementLevel), STR("02"));
            if (part.name.n == 0 || better)
                part.name = whole_title(r->arena, &title);
            if (title.part.n > 0)
                part.part = title.part;
        }
    }
    EACH(sequence, node, TAG_CollectionSequence)
    {
        struct str number = node_text(sequence, TAG_CollectionSequenceNumber);
        if (part.part.n == 0 ||
            str_eq(node_text(sequence, TAG_CollectionSequenceType), STR("02")))
            part.part = number.n > 0 && part.part.n == 0 ? number : part.part;
    }
    add_collection(r, part);
}

/* A title detail of the product: level 01 is the title, level 02 a collection. */
static void read_title_detail(struct reading *r, const struct node *detail, struct title *ret)
{
    EACH(element, detail, TAG_TitleElement)
    {
        struct title title;
        struct str level = node_text(element, TAG_TitleElementLevel);
        read_title_element(element, &title);
        if (str_eq(level, STR("02")) || str_eq(level, STR("03")))
            add_collection(r, (struct collection_part){.name = whole_title(r->arena, &title),
                                                       .part = title.part});
        else if (ret->text.n == 0 && ret->part.n == 0)
            *ret = title;
    }
    if (ret->text.n == 0 && r->e->collections.n > 0) {
        /* Only a number of its own: the series' title is part of the title. */
        const struct collection_part *c = &r->e->collections.v[0];
        struct str part = ret->part.n > 0 ? ret->part : c->part;
        ret->text = part.n > 0 ? arena_printf(r->arena, "%.*s %.*s", STR_ARG(c->name), STR_ARG(part))
                               : c->name;
    }
}

static void read_titles(struct reading *r, const struct node *block)
{
    static const char *const preferred[] = {"01", "00", "05", "10", "11", "12", "13", "14"};
    const struct node *distinctive = NULL;
    size_t elements = node_count(block, TAG_Collection);
    EACH(detail, block, TAG_TitleDetail) elements += node_count(detail, TAG_TitleElement);
    r->e->collections.v = ARENA_ARRAY(r->arena, struct collection_part, elements);
    EACH(collection, block, TAG_Collection) read_collection(r, collection);
    for (size_t i = 0; distinctive == NULL && i < sizeof preferred / sizeof *preferred; i++)
        EACH(detail, block, TAG_TitleDetail)
            if (distinctive == NULL &&
                str_eq(node_text(detail, TAG_TitleType), str_of(preferred[i])))
                distinctive = detail;
    if (distinctive != NULL)
        read_title_detail(r, distinctive, &r->e->title);
    EACH(detail, block, TAG_TitleDetail)
        if (str_eq(node_text(detail, TAG_TitleType), STR("03")))
            read_title_detail(r, detail, &r->e->original_title);
}

/* "Marlow, Ines" as people say it. */
static struct str turned(struct arena *arena, struct str inverted)
{
    size_t comma = str_find_str(inverted, STR(", "));
    if (comma == inverted.n)
        return inverted;
    return arena_printf(arena, "%.*s %.*s", STR_ARG(str_sub(inverted, comma + 2, inverted.n)),
                        STR_ARG(str_sub(inverted, 0, comma)));
}

static struct str joined(struct arena *arena, const struct str *parts, size_t n)
{
    BUF_AUTO b = BUF_INIT(ONIX_TEXT_MAX);
    for (size_t i = 0; i < n; i++) {
        if (parts[i].n > 0 && b.n > 0)
            buf_char(&b, ' ');
        buf_str_add(&b, parts[i]);
    }
    return arena_str(arena, buf_str(&b));
}

static void read_name(struct reading *r, const struct node *node, struct contributor *c)
{
    c->inverted = node_text(node, TAG_PersonNameInverted);
    c->name = node_text(node, TAG_PersonName);
    struct str keys = node_text(node, TAG_KeyNames);
    if (c->name.n == 0 && keys.n > 0)
        c->name = joined(r->arena,
                         (struct str[]){node_text(node, TAG_NamesBeforeKey),
                                        node_text(node, TAG_PrefixToKey), keys,
                                        node_text(node, TAG_NamesAfterKey)},
                         4);
    if (c->name.n == 0 && c->inverted.n > 0)
        c->name = turned(r->arena, c->inverted);
    if (c->name.n == 0) {
        c->name = node_text(node, TAG_CorporateName);
        if (c->name.n == 0)
            c->name = turned(r->arena, node_text(node, TAG_CorporateNameInverted));
        c->corporate = c->name.n > 0;
    }
    c->unnamed = node_text(node, TAG_UnnamedPersons);
    if (says_nothing(c->name))
        c->name = STR_NONE;
}

static void read_contributor(struct reading *r, const struct node *node, size_t order)
{
    struct contributor c = {0};
    uint64_t sequence;
    read_name(r, node, &c);
    if (c.name.n == 0 && c.unnamed.n == 0) {
        find_fault(&r->place, SEVERITY_WARNING, node, TAG_PersonName, "contributor",
                   "a contributor without a name is left out");
        return;
    }
    c.sequence = str_to_u64(node_text(node, TAG_SequenceNumber), &sequence) && sequence < 100000
                     ? (uint32_t)sequence
                     : (uint32_t)order;
    ROOM(r, c.roles, node, TAG_ContributorRole);
    EACH(role, node, TAG_ContributorRole) c.roles.v[c.roles.n++] = role->text;
    EACH(id, node, TAG_NameIdentifier)
    {
        struct str type = node_text(id, TAG_NameIDType), value = node_text(id, TAG_IDValue);
        bool isni = str_eq(type, STR("16"));
        if (value.n > 0 && c.identifier.n == 0 && (isni || str_eq(type, STR("21"))))
            c.identifier = arena_printf(r->arena, "%s:%.*s", isni ? "isni" : "orcid", STR_ARG(value));
    }
    /* In their sequence; those with the same number as they came. */
    size_t at = r->e->contributors.n++;
    struct contributor *v = r->e->contributors.v;
    for (; at > 0 && v[at - 1].sequence > c.sequence; at--)
        v[at] = v[at - 1];
    v[at] = c;
}

static void read_subjects(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    ROOM(r, e->subjects, block, TAG_Subject);
    EACH(n, block, TAG_Subject)
    {
        struct subject s = {.scheme = node_text(n, TAG_SubjectSchemeIdentifier),
                            .code = node_text(n, TAG_SubjectCode),
                            .heading = node_text(n, TAG_SubjectHeadingText),
                            .main = node_child(n, TAG_MainSubject) != NULL};
        if (s.code.n > 0 || s.heading.n > 0)
            e->subjects.v[e->subjects.n++] = s;
    }
}

static void read_audiences(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    size_t n = node_count(block, TAG_Audience) + node_count(block, TAG_AudienceRange);
    e->audiences.v = ARENA_ARRAY(r->arena, struct audience, n);
    EACH(a, block, TAG_Audience)
        e->audiences.v[e->audiences.n++] = (struct audience){node_text(a, TAG_AudienceCodeType),
                                                             node_text(a, TAG_AudienceCodeValue)};
    EACH(a, block, TAG_AudienceRange)
    {
        BUF_AUTO b = BUF_INIT(256);
        buf_str_add(&b, node_text(a, TAG_AudienceRangeQualifier));
        for (const struct node *part = a->child; part != NULL; part = part->next)
            if (part->tag == TAG_AudienceRangePrecision || part->tag == TAG_AudienceRangeValue) {
                buf_char(&b, ':');
                buf_str_add(&b, part->text);
            }
        e->audiences.v[e->audiences.n++] =
            (struct audience){STR("range"), arena_str(r->arena, buf_str(&b))};
    }
}

static void read_descriptive(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    size_t order = 0;
    e->composition = node_text(block, TAG_ProductComposition);
    e->form = node_text(block, TAG_ProductForm);
    e->protection = node_text(block, TAG_EpubTechnicalProtection);
    e->edition_number = node_text(block, TAG_EditionNumber);
    e->edition_statement = node_text(block, TAG_EditionStatement);
    ROOM(r, e->form_details, block, TAG_ProductFormDetail);
    EACH(n, block, TAG_ProductFormDetail) e->form_details.v[e->form_details.n++] = n->text;
    read_titles(r, block);
    ROOM(r, e->contributors, block, TAG_Contributor);
    EACH(n, block, TAG_Contributor) read_contributor(r, n, ++order);
    ROOM(r, e->languages, block, TAG_Language);
    EACH(n, block, TAG_Language)
        e->languages.v[e->languages.n++] =
            (struct language){node_text(n, TAG_LanguageRole), node_text(n, TAG_LanguageCode),
                              node_text(n, TAG_ScriptCode)};
    if (e->languages.n == 0 && r->defaults->language.n > 0) {
        e->languages.v = ARENA_NEW(r->arena, struct language);
        e->languages.v[e->languages.n++] =
            (struct language){STR("01"), r->defaults->language, STR_NONE};
    }
    ROOM(r, e->extents, block, TAG_Extent);
    EACH(n, block, TAG_Extent)
        e->extents.v[e->extents.n++] = (struct extent){
            node_text(n, TAG_ExtentType), node_text(n, TAG_ExtentValue), node_text(n, TAG_ExtentUnit)};
    read_subjects(r, block);
    read_audiences(r, block);
}

/* ---- block 2 ---- */

static void read_text_content(struct reading *r, const struct node *node)
{
    struct edition *e = r->e;
    EACH(text, node, TAG_Text)
    {
        struct text_content t = {.type = node_text(node, TAG_TextType),
                                 .audience = node_text(node, TAG_ContentAudience),
                                 .language = text->language};
        EACH(audience, node, TAG_ContentAudience)
            if (str_eq(audience->text, STR("00")) || str_eq(audience->text, STR("03")))
                t.audience = audience->text;
        t.html = html_clean(r->arena, text->text);
        if (!says_nothing(t.html))
            e->texts.v[e->texts.n++] = t;
    }
}

static void read_collateral(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    size_t texts = 0, links = 0;
    EACH(n, block, TAG_TextContent) texts += node_count(n, TAG_Text);
    EACH(n, block, TAG_SupportingResource)
        EACH(version, n, TAG_ResourceVersion) links += node_count(version, TAG_ResourceLink);
    e->texts.v = ARENA_ARRAY(r->arena, struct text_content, texts);
    e->resources.v = ARENA_ARRAY(r->arena, struct resource, links);
    EACH(n, block, TAG_TextContent) read_text_content(r, n);
    EACH(n, block, TAG_SupportingResource)
        EACH(version, n, TAG_ResourceVersion)
            EACH(link, version, TAG_ResourceLink)
                e->resources.v[e->resources.n++] = (struct resource){
                    node_text(n, TAG_ResourceContentType), node_text(n, TAG_ResourceMode),
                    node_text(version, TAG_ResourceForm), link->text};
}

/* ---- blocks 4 and 5 ---- */

static void read_restrictions(struct reading *r, const struct node *parent,
                              struct sales_restriction **ret, size_t *ret_n)
{
    struct sales_restriction *v = ARENA_ARRAY(r->arena, struct sales_restriction,
                                              node_count(parent, TAG_SalesRestriction));
    size_t n = 0;
    EACH(node, parent, TAG_SalesRestriction)
    {
        const struct node *from = node_child(node, TAG_StartDate);
        const struct node *until = node_child(node, TAG_EndDate);
        v[n++] = (struct sales_restriction){node_text(node, TAG_SalesRestrictionType),
                                            from == NULL ? 0 : value_date(&r->place, from),
                                            until == NULL ? 0 : value_date(&r->place, until)};
    }
    *ret = v;
    *ret_n = n;
}

static void read_dates(struct reading *r, const struct node *parent, enum tag composite,
                       enum tag role, struct role_date **ret, size_t *ret_n)
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
        d.date = value_date(&r->place, date);
        if (d.date != 0)
            v[n++] = d;
    }
    *ret = v;
    *ret_n = n;
}

static void read_sales_rights(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    struct sales_restriction *direct;
    size_t direct_n;
    read_restrictions(r, block, &direct, &direct_n); /* 3.0 allowed them here */
    ROOM(r, e->rights, block, TAG_SalesRights);
    EACH(n, block, TAG_SalesRights)
    {
        struct sales_rights right = {.type = node_text(n, TAG_SalesRightsType)};
        const struct node *territory = node_child(n, TAG_Territory);
        if (territory != NULL)
            value_territory(&r->place, territory, &right.territory);
        else
            find_fault(&r->place, SEVERITY_ERROR, n, TAG_Territory, "territory",
                       "sales rights without a territory");
        read_restrictions(r, n, &right.restrictions.v, &right.restrictions.n);
        if (direct_n > 0) {
            struct sales_restriction *all = ARENA_ARRAY(r->arena, struct sales_restriction,
                                                        right.restrictions.n + direct_n);
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

static void read_publishing(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    ROOM(r, e->imprints, block, TAG_Imprint);
    EACH(n, block, TAG_Imprint)
        if (node_text(n, TAG_ImprintName).n > 0)
            e->imprints.v[e->imprints.n++] = node_text(n, TAG_ImprintName);
    ROOM(r, e->publishers, block, TAG_Publisher);
    EACH(n, block, TAG_Publisher)
        if (node_text(n, TAG_PublisherName).n > 0)
            e->publishers.v[e->publishers.n++] = (struct publisher){
                node_text(n, TAG_PublishingRole), node_text(n, TAG_PublisherName)};
    e->country_of_publication = node_text(block, TAG_CountryOfPublication);
    e->status = node_text(block, TAG_PublishingStatus);
    read_dates(r, block, TAG_PublishingDate, TAG_PublishingDateRole, &e->dates.v, &e->dates.n);
    read_sales_rights(r, block);
}

static void read_related(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    size_t works = 0, products = 0;
    EACH(n, block, TAG_RelatedWork) works += node_count(n, TAG_WorkIdentifier);
    EACH(n, block, TAG_RelatedProduct)
        products += node_count(n, TAG_ProductIdentifier) * node_count(n, TAG_ProductRelationCode);
    e->related_works.v = ARENA_ARRAY(r->arena, struct related, works);
    e->related_products.v = ARENA_ARRAY(r->arena, struct related, products);
    EACH(n, block, TAG_RelatedWork)
        EACH(id, n, TAG_WorkIdentifier)
            e->related_works.v[e->related_works.n++] = (struct related){
                node_text(n, TAG_WorkRelationCode), read_identifier(id, TAG_WorkIDType)};
    EACH(n, block, TAG_RelatedProduct)
        EACH(relation, n, TAG_ProductRelationCode)
            EACH(id, n, TAG_ProductIdentifier)
                e->related_products.v[e->related_products.n++] =
                    (struct related){relation->text, read_identifier(id, TAG_ProductIDType)};
}

/* ---- block 6 ---- */

static void read_taxes(struct reading *r, const struct node *node, struct price *price)
{
    ROOM(r, price->taxes, node, TAG_Tax);
    EACH(t, node, TAG_Tax)
    {
        struct str percent = node_text(t, TAG_TaxRatePercent);
        int64_t milli = -1;
        /* Percent with three decimals, as a currency of three. */
        if (percent.n > 0 && (!money_parse(percent, STR("KWD"), &milli) || milli > 1000000))
            milli = -1;
        price->taxes.v[price->taxes.n++] = (struct tax){node_text(t, TAG_TaxType),
                                                        node_text(t, TAG_TaxRateCode),
                                                        (int32_t)milli};
    }
}

static void read_amount(struct reading *r, const struct node *node, struct price *price)
{
    const struct node *amount = node_child(node, TAG_PriceAmount);
    price->minor = -1;
    if (amount == NULL)
        return;
    if (money_exponent(price->currency) < 0) {
        find_fault(&r->place, SEVERITY_ERROR, node, TAG_CurrencyCode, "currency",
                   "“%.*s” is no currency", STR_ARG(str_sub(price->currency, 0, 20)));
        return;
    }
    if (!money_parse(amount->text, price->currency, &price->minor)) {
        price->minor = -1;
        find_fault(&r->place, SEVERITY_ERROR, amount, TAG_UNKNOWN, "price",
                   "“%.*s” is no amount of %.*s", STR_ARG(str_sub(amount->text, 0, 40)),
                   STR_ARG(price->currency));
    } else if (price->minor == 0 && !str_eq(price->unpriced, STR("01"))) {
        price->minor = -1;
        find_fault(&r->place, SEVERITY_WARNING, amount, TAG_UNKNOWN, "price-placeholder",
                   "0 without UnpricedItemType 01 stands for no price");
    }
}

static void read_price(struct reading *r, const struct node *node, struct price *ret)
{
    struct price price = {.type = node_text(node, TAG_PriceType),
                          .qualifier = node_text(node, TAG_PriceQualifier),
                          .status = node_text(node, TAG_PriceStatus),
                          .currency = node_text(node, TAG_CurrencyCode),
                          .unpriced = node_text(node, TAG_UnpricedItemType),
                          .conditional = node_child(node, TAG_PriceCondition) != NULL};
    if (price.type.n == 0)
        price.type = r->defaults->price_type;
    if (price.currency.n == 0)
        price.currency = r->defaults->currency;
    read_amount(r, node, &price);
    const struct node *territory = node_child(node, TAG_Territory);
    if (territory != NULL) {
        price.has_territory = true;
        value_territory(&r->place, territory, &price.territory);
    }
    EACH(date, node, TAG_PriceDate)
    {
        const struct node *day = node_child(date, TAG_Date);
        struct str role = node_text(date, TAG_PriceDateRole);
        if (day != NULL && str_eq(role, STR("14")))
            price.from = value_date(&r->place, day);
        else if (day != NULL && str_eq(role, STR("15")))
            price.until = value_date(&r->place, day);
    }
    read_taxes(r, node, &price);
    *ret = price;
}

static void read_supply_detail(struct reading *r, const struct node *node,
                               struct supply_detail *ret)
{
    const struct node *supplier = node_child(node, TAG_Supplier);
    *ret = (struct supply_detail){.supplier_role = node_text(supplier, TAG_SupplierRole),
                                  .supplier = node_text(supplier, TAG_SupplierName),
                                  .availability = node_text(node, TAG_ProductAvailability),
                                  .unpriced = node_text(node, TAG_UnpricedItemType)};
    read_dates(r, node, TAG_SupplyDate, TAG_SupplyDateRole, &ret->dates.v, &ret->dates.n);
    ROOM(r, ret->prices, node, TAG_Price);
    EACH(price, node, TAG_Price) read_price(r, price, &ret->prices.v[ret->prices.n++]);
}

static void read_supply(struct reading *r, const struct node *node, struct product_supply *ret)
{
    *ret = (struct product_supply){.market_reference = node_text(node, TAG_MarketReference)};
    ROOM(r, ret->markets, node, TAG_Market);
    EACH(market, node, TAG_Market)
    {
        const struct node *territory = node_child(market, TAG_Territory);
        ret->has_market = true;
        if (territory != NULL)
            value_territory(&r->place, territory, &ret->markets.v[ret->markets.n++]);
        if (ret->restrictions.n == 0)
            read_restrictions(r, market, &ret->restrictions.v, &ret->restrictions.n);
    }
    const struct node *detail = node_child(node, TAG_MarketPublishingDetail);
    ret->market_status = node_text(detail, TAG_MarketPublishingStatus);
    read_dates(r, detail, TAG_MarketDate, TAG_MarketDateRole, &ret->dates.v, &ret->dates.n);
    ROOM(r, ret->details, node, TAG_SupplyDetail);
    EACH(supply, node, TAG_SupplyDetail)
        read_supply_detail(r, supply, &ret->details.v[ret->details.n++]);
}

/* ---- the record ---- */

static void read_blocks(struct reading *r, const struct node *product, struct onix_record *record)
{
    static const struct {
        enum tag tag;
        enum onix_block block;
        void (*read)(struct reading *r, const struct node *block);
    } blocks[] = {{TAG_DescriptiveDetail, BLOCK_DESCRIPTIVE, read_descriptive},
                  {TAG_CollateralDetail, BLOCK_COLLATERAL, read_collateral},
                  {TAG_PublishingDetail, BLOCK_PUBLISHING, read_publishing},
                  {TAG_RelatedMaterial, BLOCK_RELATED, read_related}};
    struct edition *e = r->e;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        const struct node *block = node_child(product, blocks[i].tag);
        if (block == NULL)
            continue;
        if (block->child == NULL && block->text.n == 0) {
            record->emptied |= blocks[i].block;
            continue;
        }
        e->blocks |= blocks[i].block;
        blocks[i].read(r, block);
    }
    size_t supplies = node_count(product, TAG_ProductSupply), filled = 0;
    e->supplies.v = ARENA_ARRAY(r->arena, struct product_supply, supplies);
    EACH(n, product, TAG_ProductSupply)
        if (n->child != NULL) {
            read_supply(r, n, &e->supplies.v[e->supplies.n++]);
            filled++;
        }
    if (filled > 0)
        e->blocks |= BLOCK_SUPPLY;
    else if (supplies > 0)
        record->emptied |= BLOCK_SUPPLY;
}

static bool is_full(enum notification n)
{
    return n == NOTIFY_EARLY || n == NOTIFY_ADVANCE || n == NOTIFY_CONFIRMED || n == NOTIFY_TEST;
}

enum rc product_read(const struct node *product, const struct header_defaults *defaults,
                     const struct onix_sink *sink, struct arena *arena, struct onix_record *ret)
{
    struct onix_record record = {.reference = node_text(product, TAG_RecordReference),
                                 .source_type = node_text(product, TAG_RecordSourceType),
                                 .line = product->line};
    struct reading r = {.place = {sink, arena, record.reference, 0},
                        .arena = arena,
                        .defaults = defaults,
                        .e = &record.edition};
    struct str notification = node_text(product, TAG_NotificationType);
    if (record.reference.n == 0 || record.reference.n > 200)
        find_fault(&r.place, SEVERITY_ERROR, product, TAG_RecordReference, "record-reference",
                   record.reference.n == 0 ? "it is missing" : "it is too long");
    if (!read_notification(notification, &record.notification))
        find_fault(&r.place, SEVERITY_ERROR, product, TAG_NotificationType, "notification-type",
                   "“%.*s” is none of list 1 that is read here",
                   STR_ARG(str_sub(notification, 0, 20)));
    read_identifiers(&r, product);
    if (record.notification != NOTIFY_DELETE)
        read_blocks(&r, product, &record);
    if (is_full(record.notification) && says_nothing(record.edition.title.text))
        find_fault(&r.place, SEVERITY_ERROR, product, TAG_DescriptiveDetail, "title",
                   "a full record needs a title");
    if (r.place.errors > 0)
        return RC_INVALID;
    *ret = record;
    return RC_OK;
}

/* ---- the header ---- */

static struct str sender_key(struct arena *arena, const struct node *sender)
{
    static const struct {
        const char *type, *name;
    } kinds[] = {{"06", "gln"}, {"07", "san"}, {"16", "isni"}, {"23", "vat"}, {"01", "own"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        EACH(id, sender, TAG_SenderIdentifier)
        {
            struct str value = node_text(id, TAG_IDValue), named = node_text(id, TAG_IDTypeName);
            if (value.n > 0 && str_eq(node_text(id, TAG_SenderIDType), str_of(kinds[i].type)))
                return named.n > 0 ? arena_printf(arena, "%s:%.*s:%.*s", kinds[i].name,
                                                  STR_ARG(named), STR_ARG(value))
                                   : arena_printf(arena, "%s:%.*s", kinds[i].name, STR_ARG(value));
        }
    struct str name = node_text(sender, TAG_SenderName);
    char *folded = (char *)arena_printf(arena, "name:%.*s", STR_ARG(name)).p;
    for (char *p = folded; *p != '\0'; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + 32);
    return str_sub(str_of(folded), 0, 200);
}

void header_read(const struct node *header, const struct onix_sink *sink, struct arena *arena,
                 struct onix_header *ret, struct header_defaults *ret_defaults)
{
    struct finding_place place = {sink, arena, STR_NONE, 0};
    const struct node *sender = node_child(header, TAG_Sender);
    struct str sent = node_text(header, TAG_SentDateTime);
    ret->sender = sender_key(arena, sender);
    ret->sender_name = node_text(sender, TAG_SenderName);
    ret->message_number = node_text(header, TAG_MessageNumber);
    if (sender == NULL)
        find_fault(&place, SEVERITY_WARNING, header, TAG_Sender, "sender",
                   "the message does not say who sends it");
    if (!value_time(sent, &ret->sent))
        find_fault(&place, SEVERITY_WARNING, header, TAG_SentDateTime, "sent-date",
                   "“%.*s” is no date and time", STR_ARG(str_sub(sent, 0, 40)));
    ret_defaults->language = node_text(header, TAG_DefaultLanguageOfText);
    ret_defaults->price_type = node_text(header, TAG_DefaultPriceType);
    ret_defaults->currency = node_text(header, TAG_DefaultCurrencyCode);
}
