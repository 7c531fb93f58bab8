#include "store/pack.h"

#include <limits.h>
#include <stddef.h>

#include "base/utf8.h"
#include "domain/isbn.h"

/* One table per struct tells both directions what lies where, so that they
 * cannot disagree. Keys are for ever: a new field takes a new one. */
enum kind { TEXT, ISBN, BOOL, INT32, UINT32, INT64, UNSIGNED, STRUCT, TEXTS, STRUCTS };

struct shape;
struct field {
    uint8_t key;
    uint8_t kind; /* enum kind */
    uint16_t at;  /* offset in the struct */
    const struct shape *shape;
};
struct shape {
    size_t size;
    size_t n;
    const struct field *fields; /* keys ascending */
};

/* What every LIST(type) looks like in memory. */
struct list {
    void *v;
    size_t n;
};

enum {
    VERSION = 1,
    ELEMENTS_MAX = 100000, /* of all lists together: a cap on what unpacking takes */
    HEAD_MAX = 9,          /* bytes of an item's head */
    FOLLOWS_1 = 24,        /* in a head: its number is in the byte behind it … */
    FOLLOWS_8 = 27,        /* … in the eight bytes */
};

#define F(type, k, kind_, member)                                                                  \
    {                                                                                              \
        k, kind_, offsetof(struct type, member), NULL                                              \
    }
#define S(type, k, kind_, member, of)                                                              \
    {                                                                                              \
        k, kind_, offsetof(struct type, member), &of##_shape                                       \
    }
#define SHAPE(type)                                                                                \
    static const struct shape type##_shape = {                                                     \
        sizeof(struct type), sizeof type##_fields / sizeof *type##_fields, type##_fields}

static const struct field identifier_fields[] = {
    F(identifier, 0, TEXT, type),
    F(identifier, 1, TEXT, type_name),
    F(identifier, 2, TEXT, value),
};
SHAPE(identifier);

static const struct field title_fields[] = {
    F(title, 0, TEXT, prefix), F(title, 1, TEXT, text),     F(title, 2, TEXT, subtitle),
    F(title, 3, TEXT, part),   F(title, 4, TEXT, language),
};
SHAPE(title);

static const struct field contributor_fields[] = {
    F(contributor, 0, UINT32, sequence), F(contributor, 1, TEXT, name),
    F(contributor, 2, TEXT, inverted),   F(contributor, 3, TEXT, unnamed),
    F(contributor, 4, TEXT, identifier), F(contributor, 5, TEXTS, roles),
    F(contributor, 6, BOOL, corporate),  F(contributor, 7, TEXT, transliterated),
    F(contributor, 8, TEXT, note),
};
SHAPE(contributor);

static const struct field collection_part_fields[] = {
    F(collection_part, 0, TEXT, name),
    F(collection_part, 1, TEXT, part),
    F(collection_part, 2, TEXT, type),
    S(collection_part, 3, STRUCT, id, identifier),
};
SHAPE(collection_part);

static const struct field text_language_fields[] = {
    F(text_language, 0, TEXT, role),
    F(text_language, 1, TEXT, code),
    F(text_language, 2, TEXT, script),
};
SHAPE(text_language);

static const struct field extent_fields[] = {
    F(extent, 0, TEXT, type),
    F(extent, 1, TEXT, value),
    F(extent, 2, TEXT, unit),
};
SHAPE(extent);

static const struct field subject_fields[] = {
    F(subject, 0, TEXT, scheme),
    F(subject, 1, TEXT, code),
    F(subject, 2, TEXT, heading),
    F(subject, 3, BOOL, main),
};
SHAPE(subject);

static const struct field audience_fields[] = {
    F(audience, 0, TEXT, type),
    F(audience, 1, TEXT, value),
};
SHAPE(audience);

static const struct field text_content_fields[] = {
    F(text_content, 0, TEXT, type),     F(text_content, 1, TEXT, audience),
    F(text_content, 2, TEXT, language), F(text_content, 3, TEXT, html),
    F(text_content, 4, TEXT, author),   F(text_content, 5, TEXT, source),
};
SHAPE(text_content);

static const struct field form_feature_fields[] = {
    F(form_feature, 0, TEXT, type),
    F(form_feature, 1, TEXT, value),
    F(form_feature, 2, TEXT, text),
};
SHAPE(form_feature);

static const struct field measure_fields[] = {
    F(measure, 0, TEXT, type),
    F(measure, 1, TEXT, value),
    F(measure, 2, TEXT, unit),
};
SHAPE(measure);

static const struct field usage_fields[] = {
    F(usage, 0, TEXT, type),
    F(usage, 1, TEXT, status),
    F(usage, 2, TEXT, quantity),
    F(usage, 3, TEXT, unit),
};
SHAPE(usage);

static const struct field prize_fields[] = {
    F(prize, 0, TEXT, name),
    F(prize, 1, TEXT, year),
    F(prize, 2, TEXT, code),
};
SHAPE(prize);

static const struct field resource_fields[] = {
    F(resource, 0, TEXT, type),
    F(resource, 1, TEXT, mode),
    F(resource, 2, TEXT, form),
    F(resource, 3, TEXT, link),
};
SHAPE(resource);

static const struct field publisher_fields[] = {
    F(publisher, 0, TEXT, role),
    F(publisher, 1, TEXT, name),
};
SHAPE(publisher);

static const struct field territory_fields[] = {
    F(territory, 0, TEXT, countries_included),
    F(territory, 1, TEXT, regions_included),
    F(territory, 2, TEXT, countries_excluded),
    F(territory, 3, TEXT, regions_excluded),
};
SHAPE(territory);

static const struct field role_date_fields[] = {
    F(role_date, 0, TEXT, role),
    F(role_date, 1, INT32, date),
};
SHAPE(role_date);

static const struct field sales_restriction_fields[] = {
    F(sales_restriction, 0, TEXT, type),
    F(sales_restriction, 1, INT32, from),
    F(sales_restriction, 2, INT32, until),
};
SHAPE(sales_restriction);

static const struct field sales_rights_fields[] = {
    F(sales_rights, 0, TEXT, type),
    S(sales_rights, 1, STRUCT, territory, territory),
    S(sales_rights, 2, STRUCTS, restrictions, sales_restriction),
};
SHAPE(sales_rights);

static const struct field related_fields[] = {
    F(related, 0, TEXT, relation),
    S(related, 1, STRUCT, id, identifier),
};
SHAPE(related);

static const struct field tax_fields[] = {
    F(tax, 0, TEXT, type),
    F(tax, 1, TEXT, rate_code),
    F(tax, 2, INT32, percent_milli),
};
SHAPE(tax);

static const struct field price_fields[] = {
    F(price, 0, TEXT, type),
    F(price, 1, TEXT, qualifier),
    F(price, 2, TEXT, status),
    F(price, 3, TEXT, currency),
    F(price, 4, INT64, minor),
    F(price, 5, TEXT, unpriced),
    F(price, 6, BOOL, conditional),
    F(price, 7, BOOL, has_territory),
    S(price, 8, STRUCT, territory, territory),
    F(price, 9, INT32, from),
    F(price, 10, INT32, until),
    S(price, 11, STRUCTS, taxes, tax),
};
SHAPE(price);

static const struct field supply_detail_fields[] = {
    F(supply_detail, 0, TEXT, supplier_role),       F(supply_detail, 1, TEXT, supplier),
    F(supply_detail, 2, TEXT, availability),        F(supply_detail, 3, TEXT, unpriced),
    S(supply_detail, 4, STRUCTS, dates, role_date), S(supply_detail, 5, STRUCTS, prices, price),
    F(supply_detail, 6, UNSIGNED, order_days),
};
SHAPE(supply_detail);

static const struct field product_supply_fields[] = {
    F(product_supply, 0, TEXT, market_reference),
    F(product_supply, 1, BOOL, has_market),
    S(product_supply, 2, STRUCTS, markets, territory),
    S(product_supply, 3, STRUCTS, restrictions, sales_restriction),
    F(product_supply, 4, TEXT, market_status),
    S(product_supply, 5, STRUCTS, dates, role_date),
    S(product_supply, 6, STRUCTS, details, supply_detail),
};
SHAPE(product_supply);

static const struct field edition_fields[] = {
    F(edition, 0, UNSIGNED, blocks),
    F(edition, 1, ISBN, isbn13),
    S(edition, 2, STRUCTS, ids, identifier),
    F(edition, 3, TEXT, composition),
    F(edition, 4, TEXT, form),
    F(edition, 5, TEXTS, form_details),
    F(edition, 6, TEXT, protection),
    S(edition, 7, STRUCT, title, title),
    S(edition, 8, STRUCT, original_title, title),
    S(edition, 9, STRUCTS, contributors, contributor),
    S(edition, 10, STRUCTS, collections, collection_part),
    F(edition, 11, TEXT, edition_number),
    F(edition, 12, TEXT, edition_statement),
    S(edition, 13, STRUCTS, languages, text_language),
    S(edition, 14, STRUCTS, extents, extent),
    S(edition, 15, STRUCTS, subjects, subject),
    S(edition, 16, STRUCTS, audiences, audience),
    S(edition, 17, STRUCTS, texts, text_content),
    S(edition, 18, STRUCTS, resources, resource),
    F(edition, 19, TEXTS, imprints),
    S(edition, 20, STRUCTS, publishers, publisher),
    F(edition, 21, TEXT, country_of_publication),
    F(edition, 22, TEXT, status),
    S(edition, 23, STRUCTS, dates, role_date),
    S(edition, 24, STRUCTS, rights, sales_rights),
    F(edition, 25, TEXT, row_rights),
    S(edition, 26, STRUCTS, related_works, related),
    S(edition, 27, STRUCTS, related_products, related),
    S(edition, 28, STRUCTS, supplies, product_supply),
    S(edition, 29, STRUCTS, features, form_feature),
    S(edition, 30, STRUCTS, measures, measure),
    S(edition, 31, STRUCTS, usages, usage),
    S(edition, 32, STRUCTS, prizes, prize),
};
SHAPE(edition);

/* ---- writing ---- */

struct packer {
    struct buf *out;
    size_t elements;
};

enum major {
    MAJOR_INT,
    MAJOR_NEGATIVE,
    MAJOR_BYTES,
    MAJOR_TEXT,
    MAJOR_ARRAY,
    MAJOR_MAP,
    MAJOR_TAG,
    MAJOR_OTHER
};

/* As short as it can be (RFC 8949, section 4.2.1). */
static void add_head(struct packer *p, enum major major, uint64_t n)
{
    char *to = buf_reserve(p->out, HEAD_MAX);
    if (to == NULL)
        return;
    unsigned bytes = n < FOLLOWS_1 ? 0 : n <= UINT8_MAX ? 1 : n <= UINT16_MAX ? 2 : 4;
    if (n > UINT32_MAX)
        bytes = 8;
    unsigned info = bytes == 0   ? (unsigned)n
                    : bytes == 1 ? FOLLOWS_1
                    : bytes == 2 ? FOLLOWS_1 + 1
                    : bytes == 4 ? FOLLOWS_1 + 2
                                 : FOLLOWS_8;
    *to++ = (char)((unsigned)major << 5 | info);
    for (unsigned i = bytes; i > 0; i--)
        *to++ = (char)(n >> (8 * (i - 1)));
    p->out->n += 1 + bytes;
}

static void add_int(struct packer *p, int64_t value)
{
    if (value < 0)
        add_head(p, MAJOR_NEGATIVE, (uint64_t)(-1 - value));
    else
        add_head(p, MAJOR_INT, (uint64_t)value);
}

static void add_text(struct packer *p, struct str s)
{
    add_head(p, MAJOR_TEXT, s.n);
    buf_str_add(p->out, s);
}

static int64_t number(const struct field *f, const char *at)
{
    switch (f->kind) {
    case BOOL:
        return *(const bool *)at;
    case INT32:
        return *(const int32_t *)at;
    case UINT32:
        return *(const uint32_t *)at;
    case UNSIGNED:
        return *(const unsigned *)at;
    default:
        return *(const int64_t *)at;
    }
}

static struct list list_at(const char *at)
{
    struct list list;
    memcpy(&list, at, sizeof list);
    return list;
}

static size_t pack_fields(struct packer *p, const struct shape *shape, const char *base);

/* A map's head is as long as its count, which is known behind its fields: made room for where
 * it is. */
static size_t pack_struct(struct packer *p, const struct shape *shape, const char *base)
{
    size_t at = p->out->n;
    buf_char(p->out, (char)(MAJOR_MAP << 5));
    size_t n = pack_fields(p, shape, base);
    if (p->out->failed)
        return n;
    if (n < FOLLOWS_1) {
        p->out->p[at] = (char)(MAJOR_MAP << 5 | n);
        return n;
    }
    buf_char(p->out, '\0');
    if (p->out->failed)
        return n;
    memmove(p->out->p + at + 2, p->out->p + at + 1, p->out->n - at - 2);
    p->out->p[at] = (char)(MAJOR_MAP << 5 | FOLLOWS_1);
    p->out->p[at + 1] = (char)n;
    return n;
}

static void pack_list(struct packer *p, const struct field *f, struct list list)
{
    p->elements += list.n;
    if (p->elements > ELEMENTS_MAX) {
        p->out->failed = true;
        return;
    }
    add_head(p, MAJOR_ARRAY, list.n);
    for (size_t i = 0; i < list.n; i++) {
        if (f->kind == TEXTS)
            add_text(p, ((const struct str *)list.v)[i]);
        else
            pack_struct(p, f->shape, (const char *)list.v + i * f->shape->size);
    }
}

/* False where it says nothing, and is left out. */
static bool pack_field(struct packer *p, const struct field *f, const char *at)
{
    size_t before = p->out->n;
    struct list list;
    struct str text;
    int64_t n;
    switch (f->kind) {
    case TEXT:
    case ISBN:
        text = f->kind == TEXT ? *(const struct str *)at : str_of(at);
        if (text.n == 0)
            return false;
        add_head(p, MAJOR_INT, f->key);
        add_text(p, text);
        return true;
    case STRUCT:
        add_head(p, MAJOR_INT, f->key);
        if (pack_struct(p, f->shape, at) > 0)
            return true;
        p->out->n = before;
        return false;
    case TEXTS:
    case STRUCTS:
        list = list_at(at);
        if (list.n == 0)
            return false;
        add_head(p, MAJOR_INT, f->key);
        pack_list(p, f, list);
        return true;
    default:
        n = number(f, at);
        if (n == 0)
            return false;
        add_head(p, MAJOR_INT, f->key);
        add_int(p, n);
        return true;
    }
}

static size_t pack_fields(struct packer *p, const struct shape *shape, const char *base)
{
    size_t n = 0;
    for (size_t i = 0; i < shape->n; i++)
        n += pack_field(p, &shape->fields[i], base + shape->fields[i].at);
    return n;
}

_Static_assert(sizeof edition_fields / sizeof *edition_fields <= UINT8_MAX,
               "a map's count fits in one byte");

void pack_edition(const struct edition *e, struct buf *out)
{
    struct packer p = {out, 0};
    buf_char(out, VERSION);
    pack_struct(&p, &edition_shape, (const char *)e);
}

/* ---- reading ---- */

/* What is left of it lies from `at` to `end`. */
struct unpacker {
    const char *at, *end;
    struct arena *arena;
    size_t elements;
};

enum { SIMPLE_FALSE = 20, SIMPLE_UNDEFINED = 23 };

static inline size_t left_of(const struct unpacker *u)
{
    return (size_t)(u->end - u->at);
}

/* The number in an item's head, whose first byte was taken; indefinite lengths, which are
 * never written, have none. */
static bool next_number(struct unpacker *u, unsigned info, uint64_t *ret)
{
    size_t n = (size_t)1 << (info - FOLLOWS_1);
    if (info > FOLLOWS_8 || n > left_of(u))
        return false;
    uint64_t number = 0;
    for (size_t i = 0; i < n; i++)
        number = number << 8 | (unsigned char)u->at[i];
    u->at += n;
    *ret = number;
    return true;
}

/* RFC 8949, section 3: read here, where it is most of what unpacking does. The number is a value,
 * a length, or the count of an array or of a map's pairs; most are in the first byte. */
static inline bool next(struct unpacker *u, enum major *ret_major, uint64_t *ret)
{
    if (u->at == u->end)
        return false;
    unsigned first = (unsigned char)*u->at++, info = first & 31;
    *ret_major = (enum major)(first >> 5);
    *ret = info;
    return info < FOLLOWS_1 || next_number(u, info, ret);
}

/* Reads past one value of whatever shape, without recursion. */
static bool skip(struct unpacker *u)
{
    for (uint64_t left = 1; left > 0; left--) {
        enum major major;
        uint64_t n, inside = 0;
        if (u->at == u->end)
            return false;
        unsigned info = (unsigned char)*u->at & 31;
        if (!next(u, &major, &n))
            return false;
        switch (major) {
        case MAJOR_INT:
        case MAJOR_NEGATIVE:
            break;
        case MAJOR_BYTES:
        case MAJOR_TEXT:
            if (n > left_of(u))
                return false;
            u->at += n;
            break;
        case MAJOR_ARRAY:
        case MAJOR_MAP:
            inside = major == MAJOR_MAP ? 2 : 1;
            break;
        case MAJOR_TAG: /* never written */
            return false;
        case MAJOR_OTHER: /* of the simple values, what everybody knows; numbers with a point */
            if ((info < SIMPLE_FALSE || info > SIMPLE_UNDEFINED) && info <= FOLLOWS_1)
                return false;
            break;
        }
        /* Every value takes a byte at least. */
        if (inside > 0 && n > left_of(u))
            return false;
        left += inside * n;
        if (left > left_of(u) + 1)
            return false;
    }
    return true;
}

static inline bool unpack_text(struct unpacker *u, struct str *ret)
{
    enum major major;
    uint64_t n;
    if (!next(u, &major, &n) || major != MAJOR_TEXT || n > left_of(u))
        return false;
    *ret = (struct str){u->at, n};
    u->at += n;
    return utf8_valid(*ret, NULL);
}

static inline bool unpack_int(struct unpacker *u, int64_t min, int64_t max, int64_t *ret)
{
    enum major major;
    uint64_t n;
    if (!next(u, &major, &n) || (major != MAJOR_INT && major != MAJOR_NEGATIVE) || n > INT64_MAX)
        return false;
    int64_t value = major == MAJOR_INT ? (int64_t)n : -1 - (int64_t)n;
    if (value < min || value > max)
        return false;
    *ret = value;
    return true;
}

static bool unpack_number(struct unpacker *u, const struct field *f, char *at)
{
    int64_t value;
    switch (f->kind) {
    case BOOL:
        return unpack_int(u, 0, 1, &value) && (*(bool *)at = value != 0, true);
    case INT32:
        return unpack_int(u, INT32_MIN, INT32_MAX, &value) &&
               (*(int32_t *)at = (int32_t)value, true);
    case UINT32:
        return unpack_int(u, 0, UINT32_MAX, &value) && (*(uint32_t *)at = (uint32_t)value, true);
    case UNSIGNED:
        return unpack_int(u, 0, UINT_MAX, &value) && (*(unsigned *)at = (unsigned)value, true);
    default:
        return unpack_int(u, INT64_MIN, INT64_MAX, (int64_t *)at);
    }
}

static bool unpack_struct(struct unpacker *u, const struct shape *shape, char *base);

static bool unpack_list(struct unpacker *u, const struct field *f, char *at)
{
    enum major major;
    struct list list = {NULL, 0};
    if (!next(u, &major, &list.n) || major != MAJOR_ARRAY || list.n > left_of(u) ||
        list.n > ELEMENTS_MAX - u->elements)
        return false;
    size_t size = f->kind == TEXTS ? sizeof(struct str) : f->shape->size;
    list.v = arena_alloc_array(u->arena, list.n, size);
    u->elements += list.n;
    for (size_t i = 0; i < list.n; i++) {
        char *element = (char *)list.v + i * size;
        if (!(f->kind == TEXTS ? unpack_text(u, (struct str *)element)
                               : unpack_struct(u, f->shape, element)))
            return false;
    }
    memcpy(at, &list, sizeof list);
    return true;
}

static bool unpack_isbn(struct unpacker *u, char *at)
{
    struct str isbn;
    if (!unpack_text(u, &isbn) || !isbn13_valid(isbn))
        return false;
    memcpy(at, isbn.p, isbn.n);
    at[isbn.n] = '\0';
    return true;
}

static bool unpack_field(struct unpacker *u, const struct field *f, char *at)
{
    switch (f->kind) {
    case TEXT:
        return unpack_text(u, (struct str *)at);
    case ISBN:
        return unpack_isbn(u, at);
    case STRUCT:
        return unpack_struct(u, f->shape, at);
    case TEXTS:
    case STRUCTS:
        return unpack_list(u, f, at);
    default:
        return unpack_number(u, f, at);
    }
}

/* Keys come ascending, as they are written: one walk along the table. */
static bool unpack_struct(struct unpacker *u, const struct shape *shape, char *base)
{
    enum major major;
    uint64_t left;
    int64_t last = -1;
    const struct field *f = shape->fields, *end = f + shape->n;
    if (!next(u, &major, &left) || major != MAJOR_MAP)
        return false;
    for (; left > 0; left--) {
        int64_t key;
        if (!unpack_int(u, last + 1, INT32_MAX, &key))
            return false;
        last = key;
        while (f < end && f->key < key)
            f++;
        bool known = f < end && f->key == key;
        if (!(known ? unpack_field(u, f, base + f->at) : skip(u)))
            return false;
    }
    return true;
}

enum rc unpack_edition(struct str bytes, struct arena *arena, struct edition *ret,
                       struct fault *fault)
{
    struct edition e = {0};
    if (bytes.n < 2 || bytes.p[0] != VERSION)
        return fault_set(fault, RC_CORRUPT, "packed facts of an unknown version");
    struct unpacker u = {bytes.p + 1, bytes.p + bytes.n, arena, 0};
    if (!unpack_struct(&u, &edition_shape, (char *)&e) || u.at < u.end)
        return fault_set(fault, RC_CORRUPT, "packed facts are damaged at byte %zu of %zu",
                         bytes.n - left_of(&u), bytes.n);
    *ret = e;
    return RC_OK;
}
