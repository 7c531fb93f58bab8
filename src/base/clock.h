/* Time. Points in time are int64_t seconds since 1970-01-01T00:00:00Z; dates
 * are yyyymmdd as int32_t, with 00 for an unknown month or day. */
#ifndef COLOPHON_BASE_CLOCK_H
#define COLOPHON_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

int64_t clock_now(void); /* seconds; COLOPHON_NOW in the environment stands in for it in tests */
int64_t clock_machine(void);      /* the same, whatever stands in for it */
int64_t clock_monotonic_ms(void); /* for durations only */
int64_t clock_monotonic_us(void);
int64_t clock_thread_us(void); /* what this thread has had of the processor */

/* "2026-11-24T06:07:00Z" (RFC 3339, UTC, whole seconds). */
void time_add(struct buf *b, int64_t t);
bool time_parse(struct str s, int64_t *ret);
/* That, or a date, which lasts its day: its first second, or with `end` the one after its
 * last. */
bool time_or_date_parse(struct str s, bool end, int64_t *ret);
/* "2026-11-24"; checks month lengths. */
bool date_parse(struct str s, int32_t *ret_date);
void date_add(struct buf *b, int32_t date); /* "2026", "2026-11" or "2026-11-24" */
int32_t date_of(int64_t t);                 /* the UTC day of a point in time */
int64_t date_start(int32_t date);           /* its first second */
int64_t date_end(int32_t date);             /* the first second after it */
bool date_valid(int32_t date);              /* 00 allowed for month and day */

#endif
