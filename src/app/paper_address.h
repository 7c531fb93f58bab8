/* Inside app/: an address as it stands on paper, in the order of its country. */
#ifndef COLOPHON_APP_PAPER_ADDRESS_H
#define COLOPHON_APP_PAPER_ADDRESS_H

#include "domain/paper.h"

/* Of a purchase's JSON (postal in app/sales.h); without a name where there is none. */
struct paper_party paper_buyer(struct arena *arena, struct str json);

#endif
