/* What went wrong, in one sentence for a person.
 *
 * A fault is passed as the last argument and is written only on failure. It
 * never allocates, so it can describe any failure. NULL is allowed wherever a
 * fault is taken: the sentence is then lost, the code is not. */
#ifndef COLOPHON_BASE_FAULT_H
#define COLOPHON_BASE_FAULT_H

#include "base/rc.h"

struct fault {
    char text[400]; /* UTF-8, NUL-terminated; cut at a character boundary */
};

/* Writes the sentence and returns `rc`, so that callers can write
 * `return fault_set(fault, RC_INVALID, "…");`. */
enum rc fault_set(struct fault *fault, enum rc rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "context: " before the sentence that is there; returns `rc`. */
enum rc fault_prefix(struct fault *fault, enum rc rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
