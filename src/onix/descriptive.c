#include "base/buf.h"
#include "base/clean.h"
#include "base/utf8.h"
#include "onix/reading.h"

static void read_title_element(struct reading *r, const struct node *element, struct title *ret)
{
    struct str without = spoken_text(r, element, TAG_TitleWithoutPrefix);
    ret->prefix = without.n > 0 ? node_text(element, TAG_TitlePrefix) : STR_NONE;
    ret->text = without.n > 0 ? without : spoken_text(r, element, TAG_TitleText);
    ret->subtitle = spoken_text(r, element, TAG_Subtitle);
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
    bool close =
        t->prefix.n > 0 && (t->prefix.p[t->prefix.n - 1] == '\'' || str_ends(t->prefix, STR("’")));
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
            read_title_element(r, element, &title);
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
        if (part.part.n == 0)
            part.part = number;
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
        read_title_element(r, element, &title);
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
        ret->text = part.n > 0
                        ? arena_printf(r->arena, "%.*s %.*s", STR_ARG(c->name), STR_ARG(part))
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
    if (distinctive == NULL && str_eq(node_text(detail, TAG_TitleType), str_of(preferred[i])))
        distinctive = detail;
    if (distinctive != NULL)
        read_title_detail(r, distinctive, &r->e->title);
    EACH(detail, block, TAG_TitleDetail)
    if (str_eq(node_text(detail, TAG_TitleType), STR("03")))
        read_title_detail(r, detail, &r->e->original_title);
}

/* Names in characters stand as they are said there: the family's first, and nothing between. */
static bool is_cjk(struct str name)
{
    uint32_t c;
    bool any = false;
    while (utf8_next(&name, &c)) {
        if (!utf8_is_cjk(c))
            return false;
        any = true;
    }
    return any;
}

/* "Marlow, Ines" as people say it. */
static struct str turned(struct arena *arena, struct str inverted)
{
    size_t comma = str_find_str(inverted, STR(", "));
    if (comma == inverted.n)
        return inverted;
    struct str family = str_sub(inverted, 0, comma);
    struct str given = str_sub(inverted, comma + 2, inverted.n);
    if (is_cjk(family) && is_cjk(given))
        return ARENA_JOIN(arena, family, given);
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
    struct str given = ARENA_JOIN(r->arena, node_text(node, TAG_NamesBeforeKey),
                                  node_text(node, TAG_NamesAfterKey));
    if (c->name.n == 0 && is_cjk(keys) && is_cjk(given))
        c->name = ARENA_JOIN(r->arena, keys, given);
    if (c->name.n == 0 && keys.n > 0)
        c->name = joined(r->arena,
                         (struct str[]){node_text(node, TAG_NamesBeforeKey),
                                        node_text(node, TAG_PrefixToKey), keys,
                                        node_text(node, TAG_NamesAfterKey)},
                         4);
    /* The family's name is the key one, of however many words; how a feed inverts it stands over
     * that. */
    if (c->inverted.n == 0 && keys.n > 0 && c->name.n > 0 && !is_cjk(keys))
        c->inverted = ARENA_JOIN(r->arena, keys, given.n > 0 ? STR(", ") : STR_NONE, given);
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
            c.identifier =
                arena_printf(r->arena, "%s:%.*s", isni ? "isni" : "orcid", STR_ARG(value));
    }
    EACH(other, node, TAG_AlternativeName)
    if (c.transliterated.n == 0 && str_eq(node_text(other, TAG_NameType), STR("05"))) {
        struct contributor named = {0};
        read_name(r, other, &named);
        c.transliterated = named.name;
    }
    struct str note = node_text(node, TAG_BiographicalNote);
    if (!says_nothing(note))
        c.note = html_clean(r->arena, note);
    r->e->contributors.v[r->e->contributors.n++] = c;
}

/* In their sequence; those with the same number as they came. */
static int by_sequence(const void *a, const void *b)
{
    const struct contributor *const *one = a, *const *other = b;
    if ((*one)->sequence != (*other)->sequence)
        return (*one)->sequence < (*other)->sequence ? -1 : 1;
    return *one < *other ? -1 : *one > *other;
}

static void read_contributors(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    size_t order = 0;
    ROOM(r, e->contributors, block, TAG_Contributor);
    EACH(n, block, TAG_Contributor) read_contributor(r, n, ++order);
    size_t n = e->contributors.n;
    const struct contributor **sorted = ARENA_ARRAY(r->arena, const struct contributor *, n);
    struct contributor *v = ARENA_ARRAY(r->arena, struct contributor, n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = &e->contributors.v[i];
    qsort(sorted, n, sizeof *sorted, by_sequence);
    for (size_t i = 0; i < n; i++)
        v[i] = *sorted[i];
    e->contributors.v = v;
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
    e->audiences.v[e->audiences.n++] =
        (struct audience){node_text(a, TAG_AudienceCodeType), node_text(a, TAG_AudienceCodeValue)};
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

static void read_features(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    ROOM(r, e->features, block, TAG_ProductFormFeature);
    EACH(n, block, TAG_ProductFormFeature)
    e->features.v[e->features.n++] = (struct form_feature){
        node_text(n, TAG_ProductFormFeatureType), node_text(n, TAG_ProductFormFeatureValue),
        node_text(n, TAG_ProductFormFeatureDescription)};
    ROOM(r, e->measures, block, TAG_Measure);
    EACH(n, block, TAG_Measure)
    e->measures.v[e->measures.n++] =
        (struct measure){node_text(n, TAG_MeasureType), node_text(n, TAG_Measurement),
                         node_text(n, TAG_MeasureUnitCode)};
}

/* What one may do with an e-book: a line for each limit, or one without any. */
static void read_usages(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    size_t room = 0;
    EACH(n, block, TAG_EpubUsageConstraint) room += 1 + node_count(n, TAG_EpubUsageLimit);
    e->usages.v = ARENA_ARRAY(r->arena, struct usage, room);
    EACH(n, block, TAG_EpubUsageConstraint)
    {
        struct usage usage = {.type = node_text(n, TAG_EpubUsageType),
                              .status = node_text(n, TAG_EpubUsageStatus)};
        EACH(limit, n, TAG_EpubUsageLimit)
        {
            usage.quantity = node_text(limit, TAG_Quantity);
            usage.unit = node_text(limit, TAG_EpubUsageUnit);
            e->usages.v[e->usages.n++] = usage;
        }
        if (node_count(n, TAG_EpubUsageLimit) == 0)
            e->usages.v[e->usages.n++] = usage;
    }
}

void read_descriptive(struct reading *r, const struct node *block)
{
    struct edition *e = r->e;
    e->composition = node_text(block, TAG_ProductComposition);
    e->form = node_text(block, TAG_ProductForm);
    e->protection = node_text(block, TAG_EpubTechnicalProtection);
    e->edition_number = node_text(block, TAG_EditionNumber);
    e->edition_statement = node_text(block, TAG_EditionStatement);
    ROOM(r, e->form_details, block, TAG_ProductFormDetail);
    EACH(n, block, TAG_ProductFormDetail) e->form_details.v[e->form_details.n++] = n->text;
    read_titles(r, block);
    read_contributors(r, block);
    ROOM(r, e->languages, block, TAG_Language);
    EACH(n, block, TAG_Language)
    e->languages.v[e->languages.n++] =
        (struct text_language){node_text(n, TAG_LanguageRole), node_text(n, TAG_LanguageCode),
                               node_text(n, TAG_ScriptCode)};
    if (e->languages.n == 0 && r->defaults->language.n > 0) {
        e->languages.v = ARENA_NEW(r->arena, struct text_language);
        e->languages.v[e->languages.n++] =
            (struct text_language){STR("01"), r->defaults->language, STR_NONE};
    }
    ROOM(r, e->extents, block, TAG_Extent);
    EACH(n, block, TAG_Extent)
    e->extents.v[e->extents.n++] = (struct extent){
        node_text(n, TAG_ExtentType), node_text(n, TAG_ExtentValue), node_text(n, TAG_ExtentUnit)};
    read_subjects(r, block);
    read_audiences(r, block);
    read_features(r, block);
    read_usages(r, block);
}
