/* Findings of imports (onix/onix.h, app/import_apply.c) as partners are told them. */
#ifndef COLOPHON_WEB_MENDING_H
#define COLOPHON_WEB_MENDING_H

#include "web/page.h"

/* What is wrong: the import's English sentence in the page's language. A rare one of libxml2's
 * about a broken file stays as it is, behind words of ours. */
struct str word_finding(const struct page *p, struct str reason);
/* Why a feed is held: one of these, or what the desk says. */
struct str word_held(const struct page *p, struct str reason);
/* What an offer rests on: an element's place stays as it is. */
struct str word_evidence(const struct page *p, struct str said);
/* What a partner does about it, by its code. */
struct str word_mending(const struct page *p, struct str code);

#endif
