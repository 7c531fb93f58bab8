/* Covers drawn by the server, for titles that have none. Pure: the same title
 * always has the same cover. */
#ifndef COLOPHON_WEB_COVERS_H
#define COLOPHON_WEB_COVERS_H

#include "base/buf.h"
#include "base/str.h"

struct cover {
    struct str key; /* ISBN: palette and composition come from its digest */
    struct str title;
    struct str author;
    struct str part; /* number in a series; may be empty */
};

enum { COVER_DRAWN_WIDTH = 240, COVER_DRAWN_HEIGHT = 360 };
/* Writes an SVG of that size. */
void cover_draw(struct buf *out, const struct cover *cover);

/* The cover on paper, for what other sites and messengers show beside a link: an SVG of this size.
 */
enum { CARD_WIDTH = 1200, CARD_HEIGHT = 630 };
void cover_draw_card(struct buf *out, const struct cover *cover);

struct palette {
    const char *ground, *ink, *accent; /* "#1f3a3d" */
};
#define PALETTES 10
#define COMPOSITIONS 8
extern const struct palette cover_palettes[PALETTES];

#endif
