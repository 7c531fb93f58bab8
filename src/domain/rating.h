/* Aggregates of stars. Integers only; pure. */
#ifndef COLOPHON_DOMAIN_RATING_H
#define COLOPHON_DOMAIN_RATING_H

#include <stdbool.h>
#include <stdint.h>

struct rating_sum {
    uint64_t stars[5]; /* how many gave 1, 2, 3, 4, 5 */
};

uint64_t rating_count(const struct rating_sum *r);
/* The mean in thousandths of a star, rounded half up; 0 where nobody rated. */
uint32_t rating_mean_milli(const struct rating_sum *r);
/* So many ratings of the mean are added to each work's own. */
enum { RATING_PRIOR_WEIGHT = 10 };
/* (sum + m*C) / (count + m) in thousandths, with prior weight m = 10 and the
 * catalogue's mean C in thousandths: the published order of rating lists. */
uint32_t rating_bayes_milli(const struct rating_sum *r, uint32_t catalogue_mean_milli);

#endif
