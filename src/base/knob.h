/* Numbers that tests make smaller, so that they need not fill what is large. */
#ifndef COLOPHON_BASE_KNOB_H
#define COLOPHON_BASE_KNOB_H

#include <stdint.h>

/* What the environment says under this name, where that is a number above zero. */
uint64_t knob(const char *name, uint64_t usual);

#endif
