/* The catalogue as it came, the latest first: for whoever takes all of it. */
#ifndef COLOPHON_APP_SHOWN_RANGE_H
#define COLOPHON_APP_SHOWN_RANGE_H

#include "app/shown.h"

/* When an edition came; of what was there before anybody noted it, the day that noting began. */
enum rc shown_arrival(const struct visit *visit, uint64_t edition, int64_t *ret,
                      struct fault *fault) MUST_CHECK;

typedef LIST(struct shown_edition) shown_editions;
/* Editions of a range of ids, the highest first: a few, so that it is a short reading, and stays as
 * it is while others come. */
struct shown_range {
    uint64_t number, count; /* of the range, from 1 on, and of how many */
    shown_editions editions;
    struct shown_withheld withheld; /* works with an edition that is not listed here */
};
enum { SHOWN_RANGE_IDS = 50 };
/* 0: the last. RC_NOT_FOUND behind it; without any edition there is one range, which is empty. */
enum rc shown_range(const struct visit *visit, uint64_t number, struct shown_range *ret,
                    struct fault *fault) MUST_CHECK;

/* A book of the reader's own whose title is shown no more: as it was called when it came. */
struct library_row;
struct shown_card shown_card_kept(const struct library_row *row);

#endif
