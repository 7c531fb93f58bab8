/* Inside search/: one opened generation and its columns. */
#ifndef COLOPHON_SEARCH_INDEX_H
#define COLOPHON_SEARCH_INDEX_H

#include <groonga.h>

#include "search/search.h"

/* Text columns, in the order of their sections in the index. */
enum text_column {
    TEXT_TITLE,
    TEXT_SUBTITLE,
    TEXT_ORIGINAL,
    TEXT_ISBN,
    TEXT_CONTRIBUTORS,
    TEXT_COLLECTIONS,
    TEXT_PUBLISHER,
    TEXT_KEYWORDS,
    TEXT_SOUND_TITLE, /* pinyin of what is Chinese in titles, and in names */
    TEXT_SOUND_NAME,
    TEXT_ROMAN_TITLE, /* other scripts in Latin letters, in titles, and in names */
    TEXT_ROMAN_NAME,
    TEXT_SPELT, /* Latin names that are spelled in several ways, in a plain one */
    TEXT_COLUMNS,
};

/* Columns of fixed width, which a query walks. */
enum fact_column {
    FACT_EDITION,
    FACT_WORK,
    FACT_FORMAT,   /* a number: format_codes */
    FACT_LANGUAGE, /* eight letters in one number */
    FACT_SUBJECT,  /* the same */
    FACT_YEAR,
    FACT_PUBLISHED,
    FACT_RATING,
    FACT_EXACT_TITLES, /* hashes (exact.h) */
    FACT_EXACT_NAMES,
    FACT_EXACT_SOUNDS,
    FACT_EXACT_SHORT,
    FACT_TITLE_1, /* first bytes of the title's collation key */
    FACT_TITLE_2,
    FACT_PUBLISHER, /* search_name_key */
    FACT_IMPRINT,
    FACT_TRAITS, /* bits of enum search_trait */
    FACT_PRICE,  /* and the storefronts after it */
    FACT_COLUMNS = FACT_PRICE + SEARCH_STOREFRONTS_MAX,
};

struct search_index {
    struct arena arena;
    char *folder;     /* of all generations */
    char *generation; /* of this one */
    bool writer;
    bool building;
    bool dirty;    /* the marker is there */
    uint64_t puts; /* how often something was changed */
    uint64_t position;
    uint32_t mean_milli;
    grn_ctx *ctx; /* the writer's */
    grn_obj *db;
    grn_obj *table;
    grn_obj *texts[TEXT_COLUMNS];
    grn_obj *facts[FACT_COLUMNS];
    grn_obj *names, *names_name, *names_key, *names_known; /* directory.h */
    struct directory *directory;
    grn_column_cache *places[FACT_COLUMNS]; /* where a build writes its facts; else NULL */
};

struct search_reader {
    struct search_index *index;
    grn_ctx *ctx;
};

extern const char *const text_column_names[TEXT_COLUMNS];
extern const char *const format_codes[];
#define FORMAT_CODES 5
extern const char *const availability_codes[];
#define AVAILABILITY_CODES 3
extern const struct trait_code {
    enum search_facet facet;
    const char *code;
} trait_codes[TRAIT_COUNT];

/* "alice" of "Alice's Adventures": words that own something, folded, without their s. */
struct str search_owners(struct arena *arena, struct str text);

/* Up to eight letters as one number that sorts like them. */
uint64_t pack_letters(struct str s);
struct str unpack_letters(struct arena *arena, uint64_t packed);

enum rc groonga_fault(grn_ctx *ctx, struct fault *fault, const char *doing);

/* What pages of names keep beside an open index. */
struct directory;
struct directory *directory_new(void);
void directory_free(struct directory *d);

/* Files a name, if its key is not filed yet. */
struct directory_name;
enum rc directory_put(struct search_index *index, struct arena *arena,
                      const struct directory_name *name, struct fault *fault) MUST_CHECK;

/* The index over the texts: after a bulk load, which is faster. */
enum rc index_columns_create(struct search_index *index, struct fault *fault) MUST_CHECK;

/* While an index is built nobody else has it open: numbers are set in their places. Groonga
 * writes nothing to disk that is held so. */
enum rc places_hold(struct search_index *index, struct fault *fault) MUST_CHECK;
void places_let_go(struct search_index *index);

/* The marker of a write that was not flushed: its presence at start means the
 * index may lack something. */
enum rc marker_set(struct search_index *index, struct fault *fault) MUST_CHECK;
enum rc meta_write(struct search_index *index, uint64_t position, struct fault *fault) MUST_CHECK;
/* The position alone: the marker stays, for something was put since. */
enum rc meta_write_position(struct search_index *index, uint64_t position,
                            struct fault *fault) MUST_CHECK;

/* What each character of Han is in simplified Chinese (tools/han.c, at build time). */
enum { HAN_FIRST = 0x3400, HAN_LAST = 0x9fff, HAN_COUNT = HAN_LAST - HAN_FIRST + 1 };
extern const uint16_t simplified_han[HAN_COUNT];

#endif
