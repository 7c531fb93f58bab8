/* E-books that accounts have, where they are in them, and what they marked there: plain facts. */
#ifndef COLOPHON_DOMAIN_LIBRARY_H
#define COLOPHON_DOMAIN_LIBRARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/str.h"

/* As it was called when it came. */
struct library_row {
    uint64_t account, edition, work, line; /* line: of a sales order; 0: it was free */
    struct str isbn, title, contributor, language;
    struct str shop;   /* slug */
    struct str source; /* "bought", "free" */
    struct str words;  /* folded; where it is put */
    uint8_t sorted[16];
    int64_t since, opened; /* opened 0: never, or nobody keeps it */
    uint64_t place;        /* millionths */
    bool hidden;
};
typedef LIST(struct library_row) library_rows;

enum library_order { LIBRARY_OPENED, LIBRARY_SINCE, LIBRARY_TITLE, LIBRARY_ORDER_COUNT };

/* Where a reader is in a book, as one kind of program says it. */
struct place_row {
    uint64_t edition, millionths;
    struct str kind, locator, device, device_id;
    int64_t at;
};
typedef LIST(struct place_row) place_rows;

/* A bookmark, or a passage that was marked. */
struct mark_row {
    uint64_t id, edition, millionths;
    struct str kind, locator, excerpt, note;
    struct str title; /* of its book, where that is in the library no more */
    int64_t created;
};
typedef LIST(struct mark_row) mark_rows;

#endif
