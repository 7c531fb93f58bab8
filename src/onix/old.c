#include "onix/old.h"

#include <string.h>

#include "base/buf.h"
#include "onix/reading.h"

enum { TOLD_MAX = 64 };

/* ---- making nodes ---- */

struct node *old_child(struct node *parent, enum tag tag)
{
    EACH_OLD(n, parent, tag) return n;
    return NULL;
}

void turn_done(struct node *from)
{
    if (from != NULL)
        from->origin = from;
}

struct node *turn_add(struct turning *t, struct node *parent, enum tag tag, struct node *from)
{
    struct node *node = ARENA_NEW(t->arena, struct node);
    node->tag = tag;
    node->line = from->line;
    node->origin = from;
    node->parent = parent;
    if (parent->last != NULL)
        parent->last->next = node;
    else
        parent->child = node;
    parent->last = node;
    turn_done(from);
    return node;
}

void turn_value(struct turning *t, struct node *parent, enum tag tag, struct node *from,
                struct str text)
{
    turn_done(from);
    if (text.n > 0)
        turn_add(t, parent, tag, from)->text = text;
}

void turn_text(struct turning *t, struct node *parent, enum tag tag, struct node *from)
{
    turn_done(from);
    if (from == NULL || from->text.n == 0)
        return;
    struct node *node = turn_add(t, parent, tag, from);
    node->text = from->text;
    node->format = from->format;
    node->language = from->language;
}

void turn_same(struct turning *t, struct node *parent, struct node *from, const enum tag *tags,
               size_t n)
{
    for (struct node *child = from->child; child != NULL; child = child->next)
        for (size_t i = 0; i < n; i++)
            if (child->tag == tags[i])
                turn_text(t, parent, child->tag, child);
}

struct node *turn_block(struct turning *t, enum tag block)
{
    struct node *node = old_child(t->product, block);
    return node != NULL ? node : turn_add(t, t->product, block, t->old);
}

void turn_identifier(struct turning *t, struct node *parent, enum tag composite, enum tag type,
                     struct node *from, enum tag old_type)
{
    struct node *id = turn_add(t, parent, composite, from);
    turn_text(t, id, type, old_child(from, old_type));
    TURN_SAME(t, id, from, TAG_IDTypeName, TAG_IDValue);
}

void turn_number(struct turning *t, struct node *parent, enum tag composite, enum tag type_tag,
                 struct node *from, const char *type)
{
    turn_done(from);
    if (from->text.n == 0)
        return;
    struct node *id = turn_add(t, parent, composite, from);
    turn_value(t, id, type_tag, from, str_of(type));
    turn_text(t, id, TAG_IDValue, from);
}

/* ---- places ---- */

static bool separates(char c)
{
    return c == ' ' || c == ',' || c == ';' || c == '\n' || c == '\t';
}

bool old_without_row(struct turning *t, struct str codes, struct str *ret_rest)
{
    BUF_AUTO rest = BUF_INIT(ONIX_TEXT_MAX);
    bool found = false;
    for (size_t from = 0, end; from < codes.n; from = end + 1) {
        end = from;
        while (end < codes.n && !separates(codes.p[end]))
            end++;
        struct str code = str_sub(codes, from, end);
        if (str_eq_nocase(code, STR("ROW"))) {
            found = true;
            continue;
        }
        if (rest.n > 0 && code.n > 0)
            buf_char(&rest, ' ');
        buf_str_add(&rest, code);
    }
    *ret_rest = found ? arena_str(t->arena, buf_str(&rest)) : codes;
    return found;
}

/* Lists 47 and 52, of which one code has a place in 3.0. */
static struct str of_region(struct str region)
{
    return str_is(region, "000")   ? STR("WORLD")
           : str_is(region, "001") ? STR("ROW")
           : str_is(region, "002") ? STR("GB-AIR")
                                   : region;
}

void old_codes_add(struct buf *all, struct str codes)
{
    if (all->n > 0 && codes.n > 0)
        buf_char(all, ' ');
    buf_str_add(all, codes);
}

struct str old_codes_end(struct turning *t, const struct buf *all, struct node *from, enum tag tag)
{
    if (all->failed)
        find_fault(&t->place, SEVERITY_ERROR, from, tag, "territory", "too many codes");
    return arena_str(t->arena, buf_str(all));
}

struct str old_codes(struct turning *t, struct node *from, const struct places *places)
{
    const enum tag tags[] = {places->country, places->territory, places->region,
                             places->not_country, places->not_territory};
    BUF_AUTO codes = BUF_INIT(OLD_CODES_MAX);
    for (const struct node *n = from->child; n != NULL; n = n->next)
        for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
            if (tags[i] == TAG_UNKNOWN || n->tag != tags[i] || n->text.n == 0)
                continue;
            old_codes_add(&codes, n->tag == places->region ? of_region(n->text) : n->text);
        }
    return old_codes_end(t, &codes, from, TAG_UNKNOWN);
}

struct node *turn_territory(struct turning *t, struct node *parent, struct node *from,
                            const struct places *places, struct str row)
{
    struct node *territory = NULL;
    bool world = false, included = false;
    for (struct node *n = from->child; n != NULL; n = n->next) {
        bool country = n->tag == places->country, not_country = n->tag == places->not_country;
        bool region = n->tag == places->region, not_region = n->tag == places->not_territory;
        if (n->tag == TAG_UNKNOWN ||
            !(country || not_country || region || not_region || n->tag == places->territory))
            continue;
        struct str codes = region ? of_region(n->text) : n->text;
        if (!not_country && !not_region) {
            world |= old_without_row(t, codes, &codes);
            included |= codes.n > 0;
        }
        if (territory == NULL && n->text.n > 0)
            territory = turn_add(t, parent, TAG_Territory, from);
        turn_done(n);
        if (codes.n > 0)
            turn_value(t, territory,
                       country       ? TAG_CountriesIncluded
                       : not_country ? TAG_CountriesExcluded
                       : not_region  ? TAG_RegionsExcluded
                                     : TAG_RegionsIncluded,
                       n, codes);
    }
    if (territory == NULL)
        return NULL;
    if (world || !included)
        turn_value(t, territory, TAG_RegionsIncluded, from, STR("WORLD"));
    if (world && row.n > 0)
        turn_value(t, territory, TAG_CountriesExcluded, from, row);
    return territory;
}

/* ---- the header ---- */

const struct node *old_header(struct node *old, struct arena *arena)
{
    struct turning t = {.arena = arena, .old = old};
    struct node *header = ARENA_NEW(arena, struct node);
    header->tag = TAG_Header;
    header->line = old->line;
    header->origin = old;
    struct node *sender = turn_add(&t, header, TAG_Sender, old);
    EACH_OLD(n, old, TAG_SenderIdentifier)
    turn_identifier(&t, sender, TAG_SenderIdentifier, TAG_SenderIDType, n, TAG_SenderIDType);
    EACH_OLD(n, old, TAG_FromEANNumber)
    turn_number(&t, sender, TAG_SenderIdentifier, TAG_SenderIDType, n, "06");
    EACH_OLD(n, old, TAG_FromSAN)
    turn_number(&t, sender, TAG_SenderIdentifier, TAG_SenderIDType, n, "07");
    turn_text(&t, sender, TAG_SenderName, old_child(old, TAG_FromCompany));
    struct node *sent = old_child(old, TAG_SentDate);
    if (sent != NULL && sent->text.n == 12) /* YYYYMMDDHHMM, which 3.0 parts by a T */
        turn_value(
            &t, header, TAG_SentDateTime, sent,
            ARENA_JOIN(arena, str_sub(sent->text, 0, 8), STR("T"), str_sub(sent->text, 8, 12)));
    else
        turn_text(&t, header, TAG_SentDateTime, sent);
    turn_text(&t, header, TAG_DefaultPriceType, old_child(old, TAG_DefaultPriceTypeCode));
    TURN_SAME(&t, header, old, TAG_MessageNumber, TAG_DefaultLanguageOfText,
              TAG_DefaultCurrencyCode);
    return header;
}

/* ---- the record ---- */

/* Three kinds of update that 3.0 does not tell apart. */
static void turn_notification(struct turning *t)
{
    struct node *n = old_child(t->old, TAG_NotificationType);
    if (n == NULL)
        return;
    bool part = str_is(n->text, "12") || str_is(n->text, "13") || str_is(n->text, "14");
    turn_value(t, t->product, TAG_NotificationType, n, part ? STR("04") : n->text);
    t->partial = part || str_is(n->text, "04");
}

static void turn_identifiers(struct turning *t)
{
    static const struct {
        enum tag old;
        const char *type;
    } plain[] = {{TAG_ISBN, "02"}, {TAG_EAN13, "03"}, {TAG_UPC, "04"},
                 {TAG_ISMN, "05"}, {TAG_DOI, "06"},   {TAG_PublisherProductNo, "01"}};
    EACH_OLD(n, t->old, TAG_ProductIdentifier)
    turn_identifier(t, t->product, TAG_ProductIdentifier, TAG_ProductIDType, n, TAG_ProductIDType);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        EACH_OLD(n, t->old, plain[i].old)
        {
            turn_number(t, t->product, TAG_ProductIdentifier, TAG_ProductIDType, n, plain[i].type);
            if (plain[i].old == TAG_PublisherProductNo && n->text.n > 0)
                turn_value(t, t->product->last, TAG_IDTypeName, n, STR("PublisherProductNo"));
        }
}

const struct node *old_product(struct node *old, const struct header_defaults *defaults,
                               const struct onix_sink *sink, struct arena *arena,
                               unsigned *ret_errors)
{
    struct turning t = {.place = {sink, arena, node_text(old, TAG_RecordReference), 0},
                        .arena = arena,
                        .defaults = defaults,
                        .old = old,
                        .product = ARENA_NEW(arena, struct node)};
    t.product->tag = TAG_Product;
    t.product->line = old->line;
    t.product->origin = old;
    TURN_SAME(&t, t.product, old, TAG_RecordReference, TAG_RecordSourceType);
    turn_notification(&t);
    turn_identifiers(&t);
    if (!str_is(node_text(old, TAG_NotificationType), "05")) {
        turn_descriptive(&t);
        turn_collateral(&t);
        turn_publishing(&t);
        turn_supply(&t);
    }
    *ret_errors = t.place.errors;
    return t.product;
}

/* ---- what was left ---- */

struct told {
    const struct node *v[TOLD_MAX];
    size_t n;
};

static bool is_told(const struct told *told, const struct node *node)
{
    for (size_t i = 0; i < told->n; i++)
        if (told->v[i]->tag == node->tag && told->v[i]->parent->tag == node->parent->tag &&
            (node->tag != TAG_UNKNOWN || str_eq(told->v[i]->text, node->text)))
            return true;
    return false;
}

static void tell(struct finding_place *place, struct told *told, struct node *node)
{
    bool empty = node->child == NULL && node->text.n == 0;
    if ((empty && tag_names[node->tag].kind != KIND_LEFT) || told->n == TOLD_MAX ||
        is_told(told, node))
        return;
    told->v[told->n++] = node;
    find_fault(place, SEVERITY_INFORMATION, node, TAG_UNKNOWN, "not-taken",
               "what ONIX 2.1 says here is not taken over");
}

void old_tell_left(struct node *product, const struct onix_sink *sink, struct arena *arena)
{
    struct finding_place place = {sink, arena, node_text(product, TAG_RecordReference), 0};
    struct told told = {.n = 0};
    if (str_is(node_text(product, TAG_NotificationType), "05"))
        return;
    for (struct node *n = product->child; n != NULL;) {
        if (n->origin == NULL)
            tell(&place, &told, n);
        /* Into what was taken, else on, else up. */
        struct node *next = n->origin != NULL && n->child != NULL ? n->child : n->next;
        while (next == NULL && n->parent != product) {
            n = n->parent;
            next = n->next;
        }
        n = next;
    }
}

const char *old_name(enum tag tag)
{
    static const struct {
        enum tag tag, old;
    } names[] = {{TAG_DescriptiveDetail, TAG_Title},
                 {TAG_Territory, TAG_RightsTerritory},
                 {TAG_Sender, TAG_FromCompany},
                 {TAG_SentDateTime, TAG_SentDate},
                 {TAG_TitleElement, TAG_Title}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].tag == tag)
            return tag_names[names[i].old].reference;
    return tag_names[tag].reference;
}
