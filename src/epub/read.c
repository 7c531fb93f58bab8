#include "base/encode.h"
#include "epub/parts.h"

/* Chapters that are not well-formed are shown by no reading system. */
static void check_chapters(struct reading *r)
{
    for (size_t i = 0; i < r->items.n; i++) {
        const struct epub_item *item = &r->items.v[i];
        if (item->file == NULL || item == r->navigation ||
            !str_is(item->type, "application/xhtml+xml"))
            continue;
        xmlDocPtr doc = xml_read(r, item->file, WRONG_XML);
        xmlFreeDoc(doc);
    }
}

void epub_read(struct arena *arena, struct str bytes, struct epub *ret)
{
    struct reading r = {.arena = arena, .epub = ret};
    *ret = (struct epub){.fixed = false};
    if (!container_open(&r, bytes) || !package_read(&r))
        return;
    if (r.drm)
        return; /* what is locked cannot be looked at */
    navigation_read(&r);
    check_chapters(&r);
    if (!epub_is_refused(ret))
        sample_make(&r);
}

void epub_read_chapter(struct arena *arena, struct str bytes, uint64_t n, struct epub *ret)
{
    struct reading r = {.arena = arena, .epub = ret};
    *ret = (struct epub){.fixed = false};
    if (!container_open(&r, bytes) || !package_read(&r) || r.drm)
        return;
    navigation_read(&r);
    sample_make_chapter(&r, n);
}

struct str epub_partial_md5(struct arena *arena, struct str bytes)
{
    enum { SAMPLES = 12, SAMPLE = 1024 };
    struct str samples[SAMPLES];
    size_t n = 0;
    uint64_t at = 0;
    while (n < SAMPLES && (at < bytes.n || n == 0)) {
        samples[n++] = str_sub(bytes, at, at + SAMPLE);
        at = at == 0 ? SAMPLE : at * 4;
    }
    return md5_hex_of_parts(arena, samples, n);
}
