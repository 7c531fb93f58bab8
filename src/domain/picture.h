/* What a picture says of itself at its beginning: its format and its size. */
#ifndef COLOPHON_DOMAIN_PICTURE_H
#define COLOPHON_DOMAIN_PICTURE_H

#include "base/fault.h"
#include "base/str.h"

/* As they are stored (rendition.h): a new one comes last. */
enum picture_format {
    PICTURE_JPEG,
    PICTURE_PNG,
    PICTURE_WEBP,
    PICTURE_GIF,
    PICTURE_TIFF,
    PICTURE_AVIF,
    PICTURE_FORMATS
};

/* "image/avif"; "avif", as a file's name ends. */
const char *picture_type(enum picture_format format);
const char *picture_suffix(enum picture_format format);

struct picture {
    enum picture_format format;
    unsigned width, height; /* pixels, 1 to 65,535 each */
};

/* RC_INVALID for everything else. Says nothing of whether the rest is whole. */
enum rc picture_read(struct str bytes, struct picture *ret, struct fault *fault) MUST_CHECK;

#endif
