/* The number of a volume, however it is printed. */
#ifndef COLOPHON_DOMAIN_PART_NUMBER_H
#define COLOPHON_DOMAIN_PART_NUMBER_H

#include "base/str.h"

/* 2 for "Volume 2", "II", "Book Two", "第二卷", "下" being no number; 0 where it has none,
 * or is one of plain digits already. Up to 99. */
unsigned part_number(struct str part);

#endif
