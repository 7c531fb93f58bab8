/* A page of ours as a PDF, by WeasyPrint (Debian's package) in a process of its own: without
 * network, without our files, with limits on memory and time. What it needs stands in the page. */
#ifndef COLOPHON_APP_PDF_H
#define COLOPHON_APP_PDF_H

#include "base/buf.h"
#include "base/fault.h"

enum { PDF_BYTES_MAX = 16 << 20 };

/* Whether it is installed. */
bool pdf_can(void);
/* Adds to `ret`. RC_BUSY where it is not installed, or took more time or memory than it may. */
enum rc pdf_make(struct str html, struct buf *ret, struct fault *fault);

#endif
