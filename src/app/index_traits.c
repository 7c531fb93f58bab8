#include "app/index_traits.h"

#include "domain/edition.h"
#include "search/search.h"

/* The bands of age that two years and all between them touch. */
static uint32_t bands(uint64_t from, uint64_t to)
{
    static const struct {
        uint64_t last;
        enum search_trait trait;
    } ages[] = {{5, TRAIT_AGE_0}, {8, TRAIT_AGE_6}, {12, TRAIT_AGE_9}, {17, TRAIT_AGE_13}};
    uint32_t found = 0;
    uint64_t first = 0;
    for (size_t i = 0; i < sizeof ages / sizeof *ages; first = ages[i++].last + 1)
        if (from <= ages[i].last && to >= first)
            found |= TRAIT_BIT(ages[i].trait);
    return found;
}

/* Thema's qualifiers of interest age: from how many years on. */
static uint32_t age_of_qualifier(struct str code)
{
    static const struct {
        const char *code;
        uint64_t from;
    } known[] = {{"5AB", 0},  {"5AC", 3},  {"5AD", 4}, {"5AF", 5},  {"5AG", 6},
                 {"5AH", 7},  {"5AJ", 8},  {"5AK", 9}, {"5AL", 10}, {"5AM", 11},
                 {"5AN", 12}, {"5AP", 13}, {"5AQ", 14}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_is(code, known[i].code))
            return bands(known[i].from, known[i].from);
    return 0;
}

/* A range that is open above tells where it begins, and no more. */
static uint32_t ages(const struct edition *e)
{
    uint32_t found = 0;
    for (size_t i = 0; i < e->audiences.n; i++) {
        struct str from, to;
        uint64_t low = 0, high = 0;
        if (audience_ages(&e->audiences.v[i], &from, &to) &&
            (from.n == 0 || str_to_u64(from, &low)) && (to.n == 0 || str_to_u64(to, &high)))
            found |= bands(low, to.n > 0 ? high : low);
    }
    for (size_t i = 0; found == 0 && i < e->subjects.n; i++)
        if (str_is(e->subjects.v[i].scheme, "98"))
            found = age_of_qualifier(e->subjects.v[i].code);
    return found;
}

static uint32_t accessibility(const struct edition *e)
{
    static const struct {
        const char *value; /* of ONIX list 196 */
        enum search_trait trait;
    } known[] = {{"51", TRAIT_SCREEN_READER}, {"52", TRAIT_SCREEN_READER}, {"14", TRAIT_IMAGES},
                 {"15", TRAIT_IMAGES},        {"02", TRAIT_STANDARD},      {"03", TRAIT_STANDARD},
                 {"04", TRAIT_STANDARD},      {"05", TRAIT_STANDARD},      {"06", TRAIT_STANDARD},
                 {"80", TRAIT_STANDARD},      {"81", TRAIT_STANDARD},      {"82", TRAIT_STANDARD}};
    uint32_t found = 0;
    for (size_t i = 0; e->features.n > 0 && i < sizeof known / sizeof *known; i++)
        if (edition_has_access(e, known[i].value))
            found |= TRAIT_BIT(known[i].trait);
    return edition_has_access(e, "09") ? found & ~TRAIT_BIT(TRAIT_SCREEN_READER) : found;
}

/* ONIX list 144. */
static uint32_t protection(const struct edition *e)
{
    if (e->protection.n == 0)
        return 0;
    if (str_is(e->protection, "00"))
        return TRAIT_BIT(TRAIT_UNPROTECTED);
    return TRAIT_BIT(str_is(e->protection, "02") ? TRAIT_WATERMARK : TRAIT_LOCKED);
}

static uint32_t series(const struct edition *e)
{
    for (size_t i = 0; i < e->collections.n; i++)
        if (e->collections.v[i].part.n > 0)
            return TRAIT_BIT(TRAIT_PART);
    return e->collections.n == 0 ? TRAIT_BIT(TRAIT_ALONE) : 0;
}

uint32_t edition_traits(const struct edition *e)
{
    return ages(e) | accessibility(e) | protection(e) | series(e);
}
