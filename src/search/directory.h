/* Who and what stands in the catalogue by name: contributors, series, collections, publishers,
 * filed by the alphabet. Derived data, a part of the search index.
 *
 * Names are filed by ICU's root collation, which is one for everybody: Chinese ones by their
 * pinyin, names of people by their family's. The letters offered are those of the page's language
 * as CLDR has them, and of other alphabets that something stands under. What stands in here may
 * have no edition any more: who shows it looks. */
#ifndef COLOPHON_SEARCH_DIRECTORY_H
#define COLOPHON_SEARCH_DIRECTORY_H

#include "base/list.h"
#include "search/search.h"

enum directory_kind {
    DIRECTORY_CONTRIBUTORS,
    DIRECTORY_SERIES, /* whose works are numbered */
    DIRECTORY_COLLECTIONS,
    DIRECTORY_PUBLISHERS, /* and imprints */
    DIRECTORY_KINDS
};

/* One name of an edition. */
struct directory_name {
    enum directory_kind kind;
    struct str name;
    struct str filed; /* "Marlow, Ines"; empty: as it is */
    struct str key;   /* by which its kind knows it: the same key is filed once */
};

struct directory_letter {
    struct str label; /* "B"; "#" is what stands before all letters */
    bool chosen;
};
struct directory_entry {
    struct str name, key;
};
struct directory_page {
    LIST(struct directory_letter) letters; /* under which anything stands */
    LIST(struct directory_entry) entries;
    uint64_t total; /* under the chosen letter */
};

/* A page of what stands under `letter`; the first one that has anything where it is empty.
 * RC_NOT_FOUND where nothing stands under it. */
enum rc directory_read(struct search_reader *reader, struct arena *arena, enum directory_kind kind,
                       struct str language, struct str letter, size_t offset, size_t limit,
                       struct directory_page *ret, struct fault *fault) MUST_CHECK;

/* A page of all that stand there, whatever their letter, as they are filed; without letters. */
enum rc directory_all(struct search_reader *reader, struct arena *arena, enum directory_kind kind,
                      size_t offset, size_t limit, struct directory_page *ret,
                      struct fault *fault) MUST_CHECK;

/* Whatever is filed under the very same name, itself among it: namesakes; `most` at most. */
enum rc directory_same(struct search_reader *reader, struct arena *arena,
                       const struct directory_name *name, size_t most, struct directory_page *ret,
                       struct fault *fault) MUST_CHECK;

/* How many works of each publisher (or imprint), by search_name_key, stand in the index, and how
 * many of them are withheld, of which then nothing is shown. */
struct directory_count {
    uint64_t publisher, shown, withheld;
};
enum rc directory_count(struct search_reader *reader, const struct search_filter *filter,
                        struct directory_count *counts, size_t n, struct fault *fault) MUST_CHECK;

#endif
