/* Pictures by strangers are decoded in a process of their own, by libvips'
 * vipsthumbnail: with limits on its memory, time and output, without a network
 * where the system allows that, and with libvips' less tried formats switched off. */
#ifndef COLOPHON_APP_THUMBNAIL_H
#define COLOPHON_APP_THUMBNAIL_H

#include "base/buf.h"
#include "base/fault.h"
#include "domain/picture.h"

/* What is taken at all. */
enum { PICTURE_BYTES_MAX = 20 << 20, PICTURE_PIXELS_MAX = 50000000 };

/* JPEG, WebP or AVIF. */
struct thumbnail_order {
    enum picture_format format;
    unsigned width, height; /* into which it fits; never larger than the picture was */
    unsigned quality;       /* 1 to 100, as the format understands it */
};

/* Upright, sRGB, with nothing of what stood beside the pixels. Adds it to `ret`,
 * whose maximum bounds it. RC_INVALID for what is no picture, RC_LIMIT for too
 * large a one, RC_IO where vipsthumbnail is missing or did not end. */
enum rc thumbnail_make(struct str bytes, const struct thumbnail_order *order, struct buf *ret,
                       struct picture *ret_picture, struct fault *fault) MUST_CHECK;

/* A drawing of ours (SVG), as a JPEG of so many pixels. What strangers wrote in it is text. As
 * above. */
enum rc thumbnail_drawing(struct str svg, unsigned width, unsigned height, struct buf *ret,
                          struct fault *fault) MUST_CHECK;

#endif
