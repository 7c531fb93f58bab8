/* Pages of names: contributors, series, collections and publishers, with how much of theirs is
 * shown here. */
#include "app/find.h"
#include "app/shown_parts.h"
#include "base/knob.h"
#include "search/directory.h"
#include "store/catalogue.h"

enum { WORKS_MAX = 1000 };

static enum rc count_named(const struct visit *visit, const struct named_works *named,
                           uint64_t most, struct shown_name *ret, struct fault *fault)
{
    struct shown_page page;
    size_t n = named->works.n < most ? named->works.n : most;
    enum rc rc = shown_page_of(visit, named->works.v, n, 0, 0, &page, fault);
    if (rc != RC_OK)
        return rc;
    ret->id = named->id;
    ret->slug = named->slug;
    ret->works = page.total;
    ret->withheld = page.withheld.works;
    ret->more = named->works.n > most;
    return RC_OK;
}

/* What of them the database knows, in the directory's order: the rest had editions once. */
static enum rc names_of_works(const struct visit *visit, enum directory_kind kind,
                              const struct directory_page *page, struct shown_names *ret,
                              struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t from = 0; rc == RC_OK && from < page->entries.n; from += CATALOGUE_KEYS_AT_ONCE) {
        struct named_works named[CATALOGUE_KEYS_AT_ONCE];
        struct str keys[CATALOGUE_KEYS_AT_ONCE];
        size_t n = 0, found = 0;
        for (; n < CATALOGUE_KEYS_AT_ONCE && from + n < page->entries.n; n++)
            keys[n] = page->entries.v[from + n].key;
        rc = kind == DIRECTORY_CONTRIBUTORS
                 ? catalogue_works_of_contributors(visit->conn, visit->arena, ret->most, keys, n,
                                                   named, &found, fault)
                 : catalogue_works_of_collections(visit->conn, visit->arena, ret->most, keys, n,
                                                  named, &found, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++)
            for (size_t k = 0; rc == RC_OK && k < found; k++)
                if (str_eq(named[k].key, keys[i])) {
                    struct shown_name *name = &ret->names.v[ret->names.n];
                    name->name = page->entries.v[from + i].name;
                    rc = count_named(visit, &named[k], ret->most, name, fault);
                    ret->names.n += name->works + name->withheld > 0;
                }
    }
    return rc;
}

static enum rc publishers(const struct visit *visit, struct indexer *indexer,
                          const struct directory_page *page, struct shown_names *ret,
                          struct fault *fault)
{
    const struct gate_filter *hidden = gate_filter(visit->view, visit->storefront, FEATURE_LISTING);
    struct search_filter filter = {.works = hidden->works,
                                   .work_count = hidden->work_count,
                                   .editions = hidden->editions,
                                   .edition_count = hidden->edition_count};
    struct directory_count *counts =
        ARENA_ARRAY(visit->arena, struct directory_count, page->entries.n);
    for (size_t i = 0; i < page->entries.n; i++)
        counts[i].publisher = search_name_key(visit->arena, page->entries.v[i].name);
    enum rc rc = indexer_count_houses(indexer, &filter, counts, page->entries.n, fault);
    for (size_t i = 0; rc == RC_OK && i < page->entries.n; i++) {
        uint64_t key = search_name_key(visit->arena, page->entries.v[i].name);
        size_t at = 0;
        while (counts[at].publisher != key)
            at++;
        if (counts[at].shown + counts[at].withheld > 0)
            ret->names.v[ret->names.n++] = (struct shown_name){.name = page->entries.v[i].name,
                                                               .slug = page->entries.v[i].key,
                                                               .works = counts[at].shown,
                                                               .withheld = counts[at].withheld};
    }
    return rc;
}

enum rc shown_names(const struct visit *visit, struct indexer *indexer, enum directory_kind kind,
                    struct str language, struct str letter, size_t offset, size_t limit,
                    struct shown_names *ret, struct fault *fault)
{
    struct directory_page page;
    struct shown_names names = {.most = knob("COLOPHON_NAME_WORKS", WORKS_MAX)};
    enum rc rc =
        indexer_names(indexer, visit->arena, kind, language, letter, offset, limit, &page, fault);
    if (rc != RC_OK)
        return rc;
    names.total = page.total;
    names.letters.v = ARENA_ARRAY(visit->arena, struct str, page.letters.n);
    for (size_t i = 0; i < page.letters.n; i++) {
        names.letters.v[names.letters.n++] = page.letters.v[i].label;
        if (page.letters.v[i].chosen)
            names.letter = page.letters.v[i].label;
    }
    names.names.v = ARENA_ARRAY(visit->arena, struct shown_name, page.entries.n + 1);
    rc = kind == DIRECTORY_PUBLISHERS ? publishers(visit, indexer, &page, &names, fault)
                                      : names_of_works(visit, kind, &page, &names, fault);
    if (rc == RC_OK)
        *ret = names;
    return rc;
}

static enum rc add_namesake(const struct visit *visit, const struct shown_name *name,
                            shown_namesakes *ret, struct fault *fault)
{
    struct shown_namesake same = {
        .id = name->id, .works = name->works, .withheld = name->withheld, .name = name->name};
    struct shown_page page;
    uint64_t *works;
    size_t n;
    enum rc rc =
        catalogue_contributor_works(visit->conn, visit->arena, name->id, &works, &n, fault);
    if (rc == RC_OK)
        rc = shown_page_of(visit, works, n < WORKS_MAX ? n : WORKS_MAX, 0, 1, &page, fault);
    if (rc == RC_OK && page.cards.n > 0) {
        same.title = page.cards.v[0].title;
        same.language = page.cards.v[0].language;
    }
    if (rc == RC_OK)
        ret->v[ret->n++] = same;
    return rc;
}

enum rc shown_namesakes_of(const struct visit *visit, struct indexer *indexer,
                           const struct shown_person *person, shown_namesakes *ret,
                           struct fault *fault)
{
    enum { SAME_MAX = 6 };
    struct directory_page same;
    struct shown_names names = {.most = WORKS_MAX};
    size_t n = 0;
    *ret = (shown_namesakes){NULL, 0};
    if (person->filing.name.n == 0)
        return RC_OK;
    enum rc rc = indexer_namesakes(indexer, visit->arena, &person->filing, SAME_MAX, &same, fault);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < same.entries.n; i++)
        if (!str_eq(same.entries.v[i].key, person->filing.key))
            same.entries.v[n++] = same.entries.v[i];
    same.entries.n = n;
    names.names.v = ARENA_ARRAY(visit->arena, struct shown_name, n + 1);
    ret->v = ARENA_ARRAY(visit->arena, struct shown_namesake, n + 1);
    rc = names_of_works(visit, DIRECTORY_CONTRIBUTORS, &same, &names, fault);
    for (size_t i = 0; rc == RC_OK && i < names.names.n; i++)
        rc = add_namesake(visit, &names.names.v[i], ret, fault);
    return rc;
}

enum rc shown_own_collections(const struct visit *visit, shown_places *ret, struct fault *fault)
{
    enum { OWN_MAX = 200 };
    struct collection *rows;
    size_t n;
    enum rc rc = catalogue_collections_latest(visit->conn, visit->arena, OWN_MAX, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (shown_places){ARENA_ARRAY(visit->arena, struct shown_place, n), 0};
    for (size_t i = 0; i < n; i++)
        if (rows[i].own)
            ret->v[ret->n++] =
                (struct shown_place){rows[i].slug, rows[i].name, STR_NONE, rows[i].id};
    return RC_OK;
}
