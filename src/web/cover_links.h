/* Where a cover's forms are found: by digest, so that who has one needs never ask again. */
#ifndef COLOPHON_WEB_COVER_LINKS_H
#define COLOPHON_WEB_COVER_LINKS_H

#include "app/shown.h"
#include "web/page.h"

/* For <picture>: `avif`, `webp` and `jpeg` are whole srcsets, empty where there is no such form. */
struct cover_links {
    struct url src, avif, webp, jpeg;
    struct url whole;       /* the largest; empty for a drawn one */
    unsigned width, height; /* its proportions */
};
struct cover_links cover_links(const struct page *p, struct str key,
                               const struct shown_cover *cover);
/* The largest picture, else the drawn one, as others ask for it; the same in all languages. */
struct url cover_url(struct context *c, struct str key, const struct shown_cover *cover);
/* The same for those who know no SVG. */
struct url card_url(struct context *c, struct str key, const struct shown_cover *cover);

#endif
