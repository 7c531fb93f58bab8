#include "app/thumbnail.h"

#include <signal.h>

#include "app/apart.h"

enum {
    MEMORY_MAX = 1 << 30, /* 50 million pixels with alpha are 200 MB */
    CPU_SECONDS = 20,
    WALL_MS = 30000,
    DRAWING_QUALITY = 86,
};

/* How vipsthumbnail is told what to write to its standard output. */
static bool say_output(const struct thumbnail_order *o, char *ret, size_t room)
{
    if (o->format == PICTURE_JPEG)
        snprintf(ret, room, ".jpg[Q=%u,strip,background=255,optimize_coding]", o->quality);
    else if (o->format == PICTURE_WEBP)
        snprintf(ret, room, ".webp[Q=%u,strip]", o->quality);
    else if (o->format == PICTURE_AVIF)
        snprintf(ret, room, ".avif[Q=%u,strip,effort=2,compression=av1]", o->quality);
    else
        return false;
    return true;
}

/* Which of libvips's loaders reads what a stranger sent is settled before it starts: whoever
 * calls has found one of the formats of picture_read by its first bytes, and libvips, which
 * looks at the same bytes, is kept from the loaders that it calls untried (SVG, PDF, what
 * ImageMagick reads …). `trusted`: it is of ours, and an SVG. */
static enum rc run_vips(struct str bytes, const struct thumbnail_order *order, bool trusted,
                        struct buf *ret, struct fault *fault)
{
    char size[40], output[100];
    snprintf(size, sizeof size, "%ux%u>", order->width, order->height);
    if (!say_output(order, output, sizeof output))
        return fault_set(fault, RC_INVALID, "a thumbnail is a JPEG, a WebP or an AVIF");
    const char *const argv[] = {"vipsthumbnail",
                                "stdin[fail_on=truncated]",
                                "--size",
                                size,
                                "--eprofile",
                                "srgb",
                                "--output",
                                output,
                                NULL};
    const char *const environment[] = {"VIPS_CONCURRENCY=1", "VIPS_WARNING=0", "LC_ALL=C",
                                       trusted ? NULL : "VIPS_BLOCK_UNTRUSTED=1", NULL};
    struct apart_order apart = {.argv = argv,
                                .environment = environment,
                                .input = bytes,
                                .memory_max = MEMORY_MAX,
                                .cpu_seconds = CPU_SECONDS,
                                .wall_ms = WALL_MS};
    struct apart_outcome outcome;
    enum rc rc = apart_run(&apart, ret, &outcome, fault);
    if (rc == RC_LIMIT)
        return fault_set(fault, rc, "the picture made small is still larger than %zu bytes",
                         ret->max);
    if (rc != RC_OK)
        return rc;
    if (outcome.end == APART_TOO_LONG || outcome.end == APART_STOPPED)
        return fault_set(fault, RC_IO, "vipsthumbnail did not end within %d s", WALL_MS / 1000);
    if (outcome.end == APART_SIGNAL)
        return fault_set(fault, outcome.status == SIGXFSZ ? RC_LIMIT : RC_INVALID,
                         "the picture cannot be read: its reader ended by signal %d",
                         outcome.status);
    if (outcome.status == 127)
        return fault_set(fault, RC_IO,
                         "vipsthumbnail is not installed (Debian's package libvips-tools)");
    if (outcome.status != 0)
        return fault_set(fault, RC_INVALID, "the picture cannot be read: %.*s",
                         STR_ARG(apart_reason(&outcome)));
    return RC_OK;
}

enum rc thumbnail_make(struct str bytes, const struct thumbnail_order *order, struct buf *ret,
                       struct picture *ret_picture, struct fault *fault)
{
    struct picture given, made;
    if (bytes.n > PICTURE_BYTES_MAX)
        return fault_set(fault, RC_LIMIT, "a picture of %zu bytes; at most %d are taken", bytes.n,
                         PICTURE_BYTES_MAX);
    enum rc rc = picture_read(bytes, &given, fault);
    if (rc == RC_OK && (uint64_t)given.width * given.height > PICTURE_PIXELS_MAX)
        rc = fault_set(fault, RC_LIMIT, "a picture of %u × %u pixels; at most %d are taken",
                       given.width, given.height, PICTURE_PIXELS_MAX);
    if (rc != RC_OK)
        return rc;
    size_t had = ret->n;
    rc = run_vips(bytes, order, false, ret, fault);
    /* What it made is looked at, too: its reader may have been led astray. */
    if (rc == RC_OK &&
        (picture_read(str_sub(buf_str(ret), had, ret->n), &made, NULL) != RC_OK ||
         made.format != order->format || made.width > order->width || made.height > order->height))
        rc = fault_set(fault, RC_INVALID, "the picture cannot be read: nothing came of it");
    if (rc == RC_OK)
        *ret_picture = made;
    else
        ret->n = had;
    return rc;
}

enum rc thumbnail_drawing(struct str svg, unsigned width, unsigned height, struct buf *ret,
                          struct fault *fault)
{
    struct thumbnail_order order = {PICTURE_JPEG, width, height, DRAWING_QUALITY};
    struct picture made;
    size_t had = ret->n;
    enum rc rc = run_vips(svg, &order, true, ret, fault);
    if (rc == RC_OK && (picture_read(str_sub(buf_str(ret), had, ret->n), &made, NULL) != RC_OK ||
                        made.width != width || made.height != height))
        rc = fault_set(fault, RC_IO, "vipsthumbnail cannot draw (libvips without librsvg?)");
    if (rc != RC_OK)
        ret->n = had;
    return rc;
}
