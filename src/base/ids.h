/* Sets of 64-bit ids as sorted arrays. */
#ifndef COLOPHON_BASE_IDS_H
#define COLOPHON_BASE_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sorts in place and drops what is there twice; returns how many are left. */
size_t ids_sort(uint64_t *v, size_t n);
/* `v` ascending. */
bool ids_have(const uint64_t *v, size_t n, uint64_t id);

#endif
