/* Full-text search over editions: Groonga as a library. Derived data: it can be
 * rebuilt from the database at any time, and is, whenever in doubt.
 *
 * One process writes (as WAL primary, under the folder's lock); any number of
 * threads read. An index is a folder `DIR/index/<generation>`; a rebuild fills a
 * new generation and swaps it in by renaming a link. */
#ifndef COLOPHON_SEARCH_SEARCH_H
#define COLOPHON_SEARCH_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"

struct directory_name;
struct search_index;  /* one opened generation, shared by threads */
struct search_reader; /* one thread's handle */

#define SEARCH_STOREFRONTS_MAX 16

/* What the index knows of an edition. Text is searched folded (case,
 * diacritics, width; traditional to simplified by ICU), with bigrams for CJK. */
struct search_doc {
    struct str isbn13; /* the key: product key where there is no ISBN */
    uint64_t edition;
    uint64_t work;
    struct str title, subtitle, original_title;
    struct str contributors; /* names joined by newlines */
    struct str collections;
    struct str publisher;      /* names joined by newlines */
    struct str house, imprint; /* the publisher's name, and the imprint's; may be empty */
    struct str keywords;
    struct str sort_title;
    const struct directory_name *names; /* who and what it brings into the directory */
    size_t name_n;
    struct str format;     /* facet: "paperback", "hardback", "ebook", "audio", "other" */
    struct str language;   /* facet: BCP 47 */
    struct str subject;    /* Thema code, e.g. "FBC" */
    int32_t year;          /* facet; 0 unknown */
    uint32_t traits;       /* bits of enum search_trait */
    int32_t published;     /* yyyymmdd; for "newest" */
    uint32_t rating_milli; /* Bayesian; for "rating" */
    /* Price in the storefront's minor units; -1: not sold there. */
    int64_t price[SEARCH_STOREFRONTS_MAX];
};

enum search_sort { SORT_RELEVANCE, SORT_NEWEST, SORT_TITLE, SORT_PRICE, SORT_RATING };

/* Format, language ("zh-Hans"), subject (two letters of Thema), year, price band
 * ("0" to "5": below each of `price_limits`, and from the last one on), availability
 * ("here", "soon": sold and not yet published, "not-here"); and those that an edition has
 * traits of, none or several: age ("0-5", "6-8", "9-12", "13-17"), access ("screen-reader",
 * "images", "standard"), protection ("none", "watermark", "locked"), series ("part", "alone");
 * published ("month", "year", "five-years", "older") is told from the day as one asks. */
enum search_facet {
    FACET_FORMAT,
    FACET_LANGUAGE,
    FACET_SUBJECT,
    FACET_YEAR,
    FACET_PRICE,
    FACET_AVAILABILITY,
    FACET_AGE,
    FACET_ACCESS,
    FACET_PROTECTION,
    FACET_SERIES,
    FACET_PUBLISHED,
};
#define FACET_COUNTED FACET_AGE /* those before it have one value each */
#define FACET_COUNT 11

enum search_trait {
    TRAIT_AGE_0,
    TRAIT_AGE_6,
    TRAIT_AGE_9,
    TRAIT_AGE_13,
    TRAIT_SCREEN_READER,
    TRAIT_IMAGES,
    TRAIT_STANDARD,
    TRAIT_UNPROTECTED,
    TRAIT_WATERMARK,
    TRAIT_LOCKED,
    TRAIT_PART,
    TRAIT_ALONE,
    TRAIT_STORED, /* no trait: those from here on are of the day one asks */
    TRAIT_MONTH = TRAIT_STORED,
    TRAIT_YEAR,
    TRAIT_FIVE_YEARS,
    TRAIT_OLDER,
    TRAIT_COUNT,
};
#define TRAIT_BIT(trait) ((uint32_t)1 << (trait))

#define FACET_VALUES_MAX 24
#define FACET_SUBJECTS_MAX 192 /* all there are, and a count below each */
#define PRICE_LIMITS 5

struct search_rating {
    uint64_t work;
    uint32_t milli; /* as rating_milli */
};

/* The gate's snapshot compiled for the index: sorted arrays, immutable while a
 * query runs. */
struct search_filter {
    const uint64_t *works; /* not shown, nor counted: withheld works */
    size_t work_count;
    const uint64_t *editions; /* the same for editions */
    size_t edition_count;
    const uint64_t *unrated; /* works whose stars are withheld: they order as unrated */
    size_t unrated_count;
    const uint64_t *unrated_editions; /* the same for editions */
    size_t unrated_edition_count;
    const uint64_t *unsold; /* works whose sale is withheld: they count as not sold here */
    size_t unsold_count;
    const uint64_t *unsold_editions; /* the same for editions */
    size_t unsold_edition_count;
    uint32_t unsold_formats; /* search_format_bit of formats of which none is sold here */
    const struct search_rating *rerated; /* works that order by other stars here; by work */
    size_t rerated_count;
};

struct search_query {
    struct str text;                    /* as typed; empty finds everything */
    struct str chosen[FACET_COUNT];     /* chosen facet values; empty: any. A subject
                                           of any length finds all that begin with it */
    uint64_t publisher;                 /* search_name_key of one or of an imprint; 0: any */
    unsigned storefront;                /* column of `price` */
    int64_t price_limits[PRICE_LIMITS]; /* ascending, in the storefront's minor units */
    int32_t today;                      /* yyyymmdd */
    int32_t month_ago;                  /* the same, thirty days ago */
    int32_t since;                      /* published then or later; 0: whenever */
    enum search_sort sort;
    bool any_word;          /* one word of the text is enough */
    bool unfinished;        /* its last word may go on */
    bool next_first;        /* SORT_NEWEST the other way round */
    bool by_work;           /* of each work its first edition in the order; offset and limit
                               count works */
    bool facets;            /* count them */
    uint32_t offset, limit; /* limit at most SEARCH_LIMIT_MAX */
};
#define SEARCH_LIMIT_MAX 100

struct search_facet_value {
    struct str value;
    uint64_t count;
};

struct search_hit {
    uint64_t edition;
    uint64_t work;
};

/* Something that matched and is withheld: a work, or one edition of it. */
struct search_withheld {
    uint64_t work;
    uint64_t edition; /* 0: the work as a whole */
    bool partly;      /* another edition of the work is shown */
};

struct search_result {
    uint64_t total; /* editions shown, all pages */
    uint64_t works; /* of so many works */
    struct search_hit *hits;
    size_t hit_count;
    /* What of them matched, ascending, each once: the caller names the
     * restrictions. */
    struct search_withheld *withheld_hits;
    size_t withheld_hit_count;
    struct search_facet_value *facets[FACET_COUNT];
    size_t facet_counts[FACET_COUNT];
    /* Editions that are withheld, by subject: as many as each subject would have more. */
    struct search_facet_value withheld_subjects[FACET_SUBJECTS_MAX];
    size_t withheld_subject_count;
};

/* Process-wide start and end of the library. */
enum rc search_library_start(struct fault *fault) MUST_CHECK;
void search_library_end(void);

/* Opens the current generation. RC_NOT_FOUND where there is none, RC_CORRUPT
 * where it was left in the middle of a write or does not match `storefronts`
 * (how many price columns the shop needs): rebuild then. `writer` takes part
 * in writing; at most one process may. */
enum rc search_open(const char *folder, bool writer, struct search_index **ret,
                    struct fault *fault) MUST_CHECK;
void search_close(struct search_index *index);
/* The mean of all ratings, in thousandths, that those in it were made with: its owner's to set,
 * stored with the position. */
uint32_t search_mean(const struct search_index *index);
void search_set_mean(struct search_index *index, uint32_t mean_milli);
/* Position in the change feed that the index has reached, durable. */
uint64_t search_position(const struct search_index *index);

uint64_t search_count(const struct search_index *index); /* editions in it */
/* The stored position of the folder's current generation, whoever has it open. */
enum rc search_stored_position(const char *folder, uint64_t *ret, struct fault *fault) MUST_CHECK;

/* A new, empty generation beside the current one. Fill it with search_put
 * (index columns are built at the end, which is faster), then finish: it is
 * flushed, and becomes current by one rename; older generations are removed
 * once nobody has them open. */
enum rc search_build_start(const char *folder, struct search_index **ret,
                           struct fault *fault) MUST_CHECK;
enum rc search_build_finish(struct search_index *index, uint64_t position,
                            struct fault *fault) MUST_CHECK;

/* Adds or replaces one edition; removes one. One writing thread at a time. */
enum rc search_put(struct search_index *index, const struct search_doc *doc,
                   struct fault *fault) MUST_CHECK;
enum rc search_remove(struct search_index *index, struct str isbn13,
                      struct fault *fault) MUST_CHECK;
/* The stars alone, of an edition that is there; RC_OK where it is not. */
enum rc search_put_rating(struct search_index *index, struct str isbn13, uint32_t rating_milli,
                          struct fault *fault) MUST_CHECK;
/* Makes what was put findable after a crash too, and stores the position. */
enum rc search_flush(struct search_index *index, uint64_t position, struct fault *fault) MUST_CHECK;
/* The same beside the writing, in three steps: the disk may take seconds, in which
 * what comes must be put and found. The writing thread marks where it stands;
 * another one, if it likes, has the files written, with a context of its own; then
 * the writing thread settles it. What was put since the mark keeps the index marked
 * as not flushed. The index must not be closed meanwhile. */
struct search_mark {
    uint64_t position, puts;
};
struct search_mark search_flush_mark(const struct search_index *index, uint64_t position);
enum rc search_flush_files(const struct search_index *index, struct fault *fault) MUST_CHECK;
enum rc search_flush_settle(struct search_index *index, struct search_mark mark,
                            struct fault *fault) MUST_CHECK;

enum rc search_reader_open(struct search_index *index, struct search_reader **ret,
                           struct fault *fault) MUST_CHECK;
void search_reader_close(struct search_reader *reader);
/* The text is never interpreted as Groonga's query language beyond words and
 * "quoted phrases". */
enum rc search_run(struct search_reader *reader, struct arena *arena,
                   const struct search_query *query, const struct search_filter *filter,
                   struct search_result *ret, struct fault *fault) MUST_CHECK;

/* What to look for instead of a text that finds nothing: the nearest spelling that finds
 * something, or those of its words that do (`any_word`). Empty where there is neither.
 * Whatever it says stands in editions that the filter lets through. */
struct search_instead {
    struct str text;
    bool any_word;
};
/* A near spelling that finds many times as much, where a text finds little: one of its words
 * is rare, and another of one letter less, more or else is not. Empty where there is none. */
enum rc search_better(struct search_reader *reader, struct arena *arena,
                      const struct search_query *query, const struct search_filter *filter,
                      uint64_t works, struct str *ret, struct fault *fault) MUST_CHECK;
enum rc search_instead(struct search_reader *reader, struct arena *arena,
                       const struct search_query *query, const struct search_filter *filter,
                       struct search_instead *ret, struct fault *fault) MUST_CHECK;

/* The works of everything that a text finds, ascending, whoever withholds what:
 * for making collections. */
enum rc search_works(struct search_reader *reader, struct arena *arena, struct str text,
                     uint64_t **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;

/* A number for a name, however it is spelled; 0 for one that says nothing. */
uint64_t search_name_key(struct arena *arena, struct str name);
/* The folding used for both documents and queries; exposed for tests. */
struct str search_fold(struct arena *arena, struct str text);
/* How much a hit in each column counts, in Groonga's words; for the yardstick of
 * `make bench`. */
const char *search_weights(void);
/* What it counts besides where a title, or the part of it before a colon or a bracket, or
 * the first contributor's name, or the last word of that, is what was typed: as much of
 * these as it is of all that was typed. */
enum {
    SEARCH_WORD_MAX = 12, /* a word, however often it stands there */
    SEARCH_EXACT_TITLE = 60,
    SEARCH_EXACT_HEAD = 50,
    SEARCH_EXACT_NAME = 80,
    SEARCH_EXACT_LAST_NAME = 60
};
const char *search_sound_weights(void); /* the same of syllables of pinyin */
const char *search_roman_weights(void); /* of other scripts in Latin letters */
const char *search_loose_weights(void); /* of all, in plain spelling, where little is found */

/* Of "ebook", say, as a document's format is. */
uint32_t search_format_bit(struct str format);
const char *search_facet_name(enum search_facet facet); /* "format", "language" … */
bool search_sort_parse(struct str s, enum search_sort *ret);
const char *search_sort_name(enum search_sort sort);
#endif
