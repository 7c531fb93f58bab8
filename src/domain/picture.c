#include "domain/picture.h"

#include "base/buf.h"

static const struct {
    const char *type, *suffix;
} formats[PICTURE_FORMATS] = {
    [PICTURE_JPEG] = {"image/jpeg", "jpg"},  [PICTURE_PNG] = {"image/png", "png"},
    [PICTURE_WEBP] = {"image/webp", "webp"}, [PICTURE_GIF] = {"image/gif", "gif"},
    [PICTURE_TIFF] = {"image/tiff", "tif"},  [PICTURE_AVIF] = {"image/avif", "avif"},
};

const char *picture_type(enum picture_format format)
{
    return formats[format].type;
}

const char *picture_suffix(enum picture_format format)
{
    return formats[format].suffix;
}

static unsigned byte_at(struct str s, size_t at)
{
    return at < s.n ? (unsigned char)s.p[at] : 0;
}

static unsigned be16(struct str s, size_t at)
{
    return byte_at(s, at) << 8 | byte_at(s, at + 1);
}

static unsigned long be32(struct str s, size_t at)
{
    return (unsigned long)be16(s, at) << 16 | be16(s, at + 2);
}

static unsigned le16(struct str s, size_t at)
{
    return byte_at(s, at) | byte_at(s, at + 1) << 8;
}

static unsigned long le32(struct str s, size_t at)
{
    return le16(s, at) | (unsigned long)le16(s, at + 2) << 16;
}

static enum rc sized(enum picture_format format, unsigned long width, unsigned long height,
                     struct picture *ret, struct fault *fault)
{
    if (width == 0 || height == 0 || width > 65535 || height > 65535)
        return fault_set(fault, RC_INVALID, "the picture says it is %lu × %lu pixels", width,
                         height);
    *ret = (struct picture){format, (unsigned)width, (unsigned)height};
    return RC_OK;
}

/* Segments until the one that begins a frame: SOF0 to SOF15, which C4 (tables),
 * C8 (reserved) and CC (conditioning) are not. */
static enum rc read_jpeg(struct str s, struct picture *ret, struct fault *fault)
{
    size_t at = 2;
    while (at + 4 <= s.n) {
        unsigned marker = byte_at(s, at + 1);
        if (byte_at(s, at) != 0xff)
            break;
        if (marker == 0xff) { /* filling */
            at++;
            continue;
        }
        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc)
            return at + 9 <= s.n ? sized(PICTURE_JPEG, be16(s, at + 7), be16(s, at + 5), ret, fault)
                                 : fault_set(fault, RC_INVALID, "the picture is cut short");
        if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xda) || be16(s, at + 2) < 2)
            break;
        at += 2 + be16(s, at + 2);
    }
    return fault_set(fault, RC_INVALID, "a JPEG without a frame");
}

static enum rc read_png(struct str s, struct picture *ret, struct fault *fault)
{
    if (s.n < 24 || !str_eq(str_sub(s, 12, 16), STR("IHDR")))
        return fault_set(fault, RC_INVALID, "a PNG without a header");
    return sized(PICTURE_PNG, be32(s, 16), be32(s, 20), ret, fault);
}

static enum rc read_webp(struct str s, struct picture *ret, struct fault *fault)
{
    struct str kind = str_sub(s, 12, 16);
    if (s.n >= 30 && str_eq(kind, STR("VP8X")))
        return sized(PICTURE_WEBP, 1UL + le16(s, 24) + ((unsigned long)byte_at(s, 26) << 16),
                     1UL + le16(s, 27) + ((unsigned long)byte_at(s, 29) << 16), ret, fault);
    if (s.n >= 30 && str_eq(kind, STR("VP8 ")) && byte_at(s, 23) == 0x9d &&
        byte_at(s, 24) == 0x01 && byte_at(s, 25) == 0x2a)
        return sized(PICTURE_WEBP, le16(s, 26) & 0x3fff, le16(s, 28) & 0x3fff, ret, fault);
    if (s.n >= 25 && str_eq(kind, STR("VP8L")) && byte_at(s, 20) == 0x2f) {
        unsigned long bits = le16(s, 21) | (unsigned long)le16(s, 23) << 16;
        return sized(PICTURE_WEBP, 1 + (bits & 0x3fff), 1 + (bits >> 14 & 0x3fff), ret, fault);
    }
    return fault_set(fault, RC_INVALID, "a WebP without a picture");
}

static enum rc read_gif(struct str s, struct picture *ret, struct fault *fault)
{
    if (s.n < 13)
        return fault_set(fault, RC_INVALID, "the picture is cut short");
    return sized(PICTURE_GIF, le16(s, 6), le16(s, 8), ret, fault);
}

/* The first directory's ImageWidth and ImageLength, each a SHORT or a LONG. */
static enum rc read_tiff(struct str s, bool big, struct picture *ret, struct fault *fault)
{
    enum { WIDTH = 256, HEIGHT = 257, SHORT = 3, LONG = 4, ENTRY = 12 };
    unsigned (*const two)(struct str, size_t) = big ? be16 : le16;
    unsigned long (*const four)(struct str, size_t) = big ? be32 : le32;
    size_t at = four(s, 4);
    unsigned long width = 0, height = 0;
    unsigned n = two(s, at);
    for (unsigned i = 0; i < n && at + 2 + (i + 1) * (size_t)ENTRY <= s.n; i++) {
        size_t entry = at + 2 + i * (size_t)ENTRY;
        unsigned tag = two(s, entry), type = two(s, entry + 2);
        unsigned long value = type == SHORT  ? two(s, entry + 8)
                              : type == LONG ? four(s, entry + 8)
                                             : 0;
        if (tag == WIDTH)
            width = value;
        else if (tag == HEIGHT)
            height = value;
    }
    return sized(PICTURE_TIFF, width, height, ret, fault);
}

/* The largest "ispe" property: a picture put together of tiles has theirs, too. */
static enum rc read_avif(struct str s, struct picture *ret, struct fault *fault)
{
    unsigned long width = 0, height = 0;
    for (size_t at = 0, step; (step = str_find_str(str_sub(s, at, s.n), STR("ispe"))) < s.n - at;) {
        at += step;
        unsigned long w = be32(s, at + 8), h = be32(s, at + 12);
        if (at + 16 <= s.n && (uint64_t)w * h >= (uint64_t)width * height) {
            width = w;
            height = h;
        }
        at += 4;
    }
    if (width == 0)
        return fault_set(fault, RC_INVALID, "an AVIF without a picture");
    return sized(PICTURE_AVIF, width, height, ret, fault);
}

enum rc picture_read(struct str bytes, struct picture *ret, struct fault *fault)
{
    if (str_starts(bytes, STR("\xff\xd8\xff")))
        return read_jpeg(bytes, ret, fault);
    if (str_starts(bytes, STR("\x89PNG\r\n\x1a\n")))
        return read_png(bytes, ret, fault);
    if (str_starts(bytes, STR("RIFF")) && str_eq(str_sub(bytes, 8, 12), STR("WEBP")))
        return read_webp(bytes, ret, fault);
    if (str_starts(bytes, STR("GIF87a")) || str_starts(bytes, STR("GIF89a")))
        return read_gif(bytes, ret, fault);
    if (str_starts(bytes, STR("II*\0")) || str_starts(bytes, STR("MM\0*")))
        return read_tiff(bytes, bytes.p[0] == 'M', ret, fault);
    if (str_eq(str_sub(bytes, 4, 12), STR("ftypavif")))
        return read_avif(bytes, ret, fault);
    return fault_set(fault, RC_INVALID, "a picture is needed: JPEG, PNG, WebP, AVIF, GIF or TIFF");
}
