#include <string.h>

#include "base/buf.h"
#include "domain/isbn.h"
#include "onix/reading.h"

static bool is_type(const struct node *identifier, const char *type)
{
    return str_eq(node_text(identifier, TAG_ProductIDType), str_of(type));
}

/* Types whose value is an ISBN; GTIN-13 only where it is one of books. */
static bool says_isbn(const struct node *identifier)
{
    struct str value = node_text(identifier, TAG_IDValue);
    return is_type(identifier, "15") || is_type(identifier, "02") ||
           (is_type(identifier, "03") &&
            (str_starts(value, STR("978")) || str_starts(value, STR("979"))));
}

/* Feeds write this one, or the same with a wrong check digit, for "none yet". */
static bool is_no_isbn(struct str value)
{
    return str_starts(value, STR("978000000000")) && value.n == 13;
}

static bool take_isbn(struct reading *r, const struct node *product, const char *type)
{
    EACH(n, product, TAG_ProductIdentifier)
    {
        char isbn[14];
        if (!is_type(n, type) || !isbn_parse(node_text(n, TAG_IDValue), isbn) ||
            is_no_isbn(str_of(isbn)))
            continue;
        memcpy(r->e->isbn13, isbn, sizeof isbn);
        return true;
    }
    return false;
}

/* Tells of the ISBNs that are none. They refuse a record only where nothing else
 * says which product it is. Returns how many there are. */
static unsigned tell_bad_isbns(struct reading *r, const struct node *product, bool identified)
{
    unsigned bad = 0;
    EACH(n, product, TAG_ProductIdentifier)
    {
        char isbn[14];
        struct str value = node_text(n, TAG_IDValue);
        bool none = is_no_isbn(value);
        if (!says_isbn(n) || (isbn_parse(value, isbn) && !none))
            continue;
        find_fault(&r->place, identified || bad > 0 ? SEVERITY_WARNING : SEVERITY_ERROR, n,
                   TAG_IDValue, none ? "isbn-placeholder" : "isbn-check-digit",
                   none ? "“%.*s” stands for no ISBN" : "“%.*s” is no valid ISBN",
                   STR_ARG(shown(value)));
        bad++;
    }
    return bad;
}

/* Without an ISBN another number is the product's key: not a product code of no
 * book, nor the co-publisher's ISBN. */
static bool is_other_key(const struct identifier *id)
{
    return id->value.n > 0 && id->type.n > 0 && !str_eq(id->type, STR("15")) &&
           !str_eq(id->type, STR("02")) && !str_eq(id->type, STR("03")) &&
           !str_eq(id->type, STR("24"));
}

static void read_identifiers(struct reading *r, const struct node *product)
{
    struct edition *e = r->e;
    bool isbn =
        take_isbn(r, product, "15") || take_isbn(r, product, "03") || take_isbn(r, product, "02");
    bool other = false;
    ROOM(r, e->ids, product, TAG_ProductIdentifier);
    EACH(n, product, TAG_ProductIdentifier)
    {
        struct identifier id = read_identifier(n, TAG_ProductIDType);
        if (id.value.n == 0 || id.type.n == 0)
            continue;
        other = other || is_other_key(&id);
        if (str_eq(id.type, STR("01")) && id.type_name.n == 0 && !isbn)
            find_fault(&r->place, SEVERITY_WARNING, n, TAG_IDTypeName, "identifier",
                       "a proprietary number needs the name of its type");
        e->ids.v[e->ids.n++] = id;
    }
    if (tell_bad_isbns(r, product, isbn || other) == 0 && !isbn && !other)
        find_fault(&r->place, SEVERITY_ERROR, product, TAG_ProductIdentifier, "identifier",
                   e->ids.n > 0 ? "none of its numbers says which product it is"
                                : "the product has no identifier");
}

static bool read_notification(struct str text, enum notification *ret)
{
    static const enum notification known[] = {
        NOTIFY_EARLY, NOTIFY_ADVANCE,     NOTIFY_CONFIRMED,   NOTIFY_BLOCK_UPDATE, NOTIFY_DELETE,
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
    /* The record may outlive the reader, and with it the header. */
    const struct header_defaults own = {arena_str(arena, defaults->language),
                                        arena_str(arena, defaults->price_type),
                                        arena_str(arena, defaults->currency)};
    struct reading r = {.place = {sink, arena, record.reference, 0},
                        .arena = arena,
                        .defaults = &own,
                        .e = &record.edition,
                        .on_hand = -1};
    struct str notification = node_text(product, TAG_NotificationType);
    if (record.reference.n == 0 || record.reference.n > 200)
        find_fault(&r.place, SEVERITY_ERROR, product, TAG_RecordReference, "record-reference",
                   record.reference.n == 0 ? "the RecordReference is missing"
                                           : "the RecordReference is longer than 200 bytes");
    if (!read_notification(notification, &record.notification))
        find_fault(&r.place, SEVERITY_ERROR, product, TAG_NotificationType, "notification-type",
                   notification.n == 0 ? "the NotificationType is missing%.*s"
                                       : "“%.*s” is no NotificationType that is read here",
                   STR_ARG(shown(notification)));
    read_identifiers(&r, product);
    if (record.notification != NOTIFY_DELETE)
        read_blocks(&r, product, &record);
    record.on_hand = r.on_hand <= ON_HAND_MAX ? r.on_hand : ON_HAND_MAX;
    if (is_full(record.notification) && says_nothing(record.edition.title.text))
        find_fault(&r.place, SEVERITY_ERROR, product, TAG_DescriptiveDetail, "title",
                   "a full record needs a title");
    if (r.place.errors > 0)
        return RC_INVALID;
    *ret = record;
    return RC_OK;
}
