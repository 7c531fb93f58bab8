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

struct erase_view {
    bool all;       /* the account, not one voice */
    uint64_t index; /* of the voice */
    struct str error;
    struct url action;
};

struct url link_erase(const struct page *p, uint64_t index);
struct url link_receipt(const struct page *p, uint64_t index);
struct str word_voice(const struct page *p, const struct own_receipt *r); /* "Review" */

#endif
