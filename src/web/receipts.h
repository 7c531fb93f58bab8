/* A reader's receipts: the list, and each as a file to take home. */
#ifndef COLOPHON_WEB_RECEIPTS_H
#define COLOPHON_WEB_RECEIPTS_H

#include "app/receipts.h"
#include "base/utf8.h"
#include "web/page.h"

struct receipts_view {
    struct own_receipts own;
    struct url later, earlier; /* empty where there is none */
};

struct url link_receipt(const struct page *p, uint64_t index);
struct str word_voice(const struct page *p, const struct own_receipt *r); /* "Review" */

#endif
