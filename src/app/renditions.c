#include "app/renditions.h"

#include "app/cover.h"

enum { WIDTHS = 4, WHOLE_QUALITY = 88 };
static const unsigned widths[WIDTHS] = {120, 240, 480, 960};

static const struct {
    enum picture_format format;
    unsigned quality; /* of about the same look */
} forms[] = {{PICTURE_AVIF, 55}, {PICTURE_WEBP, 78}, {PICTURE_JPEG, 82}};

static enum rc add_one(struct str bytes, const struct thumbnail_order *order, struct buf *ret,
                       rendition_list *list, struct fault *fault)
{
    struct picture made;
    size_t at = ret->n;
    BUF_AUTO own = BUF_INIT(COVER_BYTES_MAX);
    enum rc rc = thumbnail_make(bytes, order, &own, &made, fault);
    if (rc == RC_OK && own.n > ret->max - at)
        rc = fault_set(fault, RC_LIMIT, "all forms of the picture are more than %zu bytes",
                       ret->max);
    if (rc != RC_OK)
        return rc;
    buf_str_add(ret, buf_str(&own));
    list->v[list->n++] =
        (struct rendition){made.format, made.width, made.height, at, own.n, sha256(own.p, own.n)};
    return RC_OK;
}

enum rc renditions_make(struct arena *arena, struct str bytes, struct buf *ret,
                        rendition_list *ret_list, size_t *ret_missing, struct fault *fault)
{
    rendition_list list = {ARENA_ARRAY(arena, struct rendition, RENDITIONS_MAX), 0};
    struct thumbnail_order whole = {PICTURE_JPEG, COVER_WIDTH, COVER_HEIGHT, WHOLE_QUALITY};
    enum rc rc = add_one(bytes, &whole, ret, &list, fault);
    if (rc != RC_OK)
        return rc;
    /* What a stranger sent is decoded once; the rest is made of the JPEG that came of it. */
    struct str clean = arena_str(arena, buf_str(ret));
    unsigned most = list.v[0].width;
    size_t asked = 1;
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
        for (size_t w = 0; w < WIDTHS && (w == 0 || widths[w - 1] < most); w++) {
            struct thumbnail_order order = {forms[f].format, widths[w] < most ? widths[w] : most,
                                            65535, forms[f].quality};
            asked++;
            (void)!add_one(clean, &order, ret, &list, NULL);
        }
    *ret_missing = asked - list.n;
    *ret_list = list;
    return RC_OK;
}
