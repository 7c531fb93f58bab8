#include "domain/rendition.h"

enum { PACKED = 1 + 2 + 2 + 4 + 32 };

static uint64_t read_be(const uint8_t *bytes, size_t n)
{
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | bytes[i];
    return value;
}

void renditions_pack(const rendition_list *list, struct buf *ret)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct rendition *r = &list->v[i];
        buf_be(ret, r->format, 1);
        buf_be(ret, r->width, 2);
        buf_be(ret, r->height, 2);
        buf_be(ret, r->bytes, 4);
        buf_add(ret, r->digest.b, sizeof r->digest.b);
    }
}

bool renditions_unpack(struct arena *arena, struct str bytes, rendition_list *ret)
{
    size_t n = bytes.n / PACKED;
    uint64_t at = 0;
    if (bytes.n % PACKED != 0 || n > RENDITIONS_MAX)
        return false;
    rendition_list list = {ARENA_ARRAY(arena, struct rendition, n), n};
    for (size_t i = 0; i < n; i++) {
        const uint8_t *p = (const uint8_t *)bytes.p + i * PACKED;
        struct rendition *r = &list.v[i];
        if (p[0] >= PICTURE_FORMATS)
            return false;
        *r = (struct rendition){(enum picture_format)p[0],   (unsigned)read_be(p + 1, 2),
                                (unsigned)read_be(p + 3, 2), at,
                                read_be(p + 5, 4),           {{0}}};
        memcpy(r->digest.b, p + 9, sizeof r->digest.b);
        at += r->bytes;
    }
    *ret = list;
    return true;
}
