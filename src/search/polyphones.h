/* Inside search/: characters of Han that are read in more than one way. */
#ifndef COLOPHON_SEARCH_POLYPHONES_H
#define COLOPHON_SEARCH_POLYPHONES_H

#include <stdbool.h>
#include <stdint.h>

struct polyphone {
    uint32_t han;
    char other[8]; /* the reading that `han_sounds` does not have */
    bool surname;  /* at the beginning of a name it is read so */
};
/* NULL where it has one reading. */
const struct polyphone *polyphone_of(uint32_t han);

#endif
