#include "app/whole_text.h"

#include <unistd.h>

#include "app/epub_apart.h"
#include "base/clean.h"

struct cleaning {
    struct arena *arena;
    uint64_t n, chapters, pictures;
};

static struct str link_again(void *context, struct str href)
{
    const struct cleaning *c = context;
    uint64_t n;
    return str_to_u64(href, &n) && n >= 1 && n <= c->chapters ? href : STR_NONE;
}

static struct str picture_again(void *context, struct str src)
{
    const struct cleaning *c = context;
    uint64_t k;
    if (!str_starts(src, STR("pictures/")) || !str_to_u64(str_sub(src, 9, src.n), &k) || k < 1 ||
        k > c->pictures)
        return STR_NONE;
    return arena_printf(c->arena, "pictures/%llu-%llu", (unsigned long long)c->n,
                        (unsigned long long)k);
}

static enum rc read_whole(int fd, size_t n, struct buf *ret, struct fault *fault)
{
    size_t had = 0;
    char *place = buf_reserve(ret, n);
    while (place != NULL && had < n) {
        ssize_t got = pread(fd, place + had, n - had, (off_t)had);
        if (got <= 0)
            return fault_set(fault, RC_IO, "an EPUB's file cannot be read");
        had += (size_t)got;
    }
    ret->n += had;
    return place != NULL ? RC_OK : fault_set(fault, RC_LIMIT, "an EPUB's file is too large");
}

static enum rc take(const struct visit *visit, const struct epub *e, uint64_t n,
                    struct whole_text *ret, struct fault *fault)
{
    const struct epub_sample *s = &e->sample;
    struct cleaning cleaning = {visit->arena, n, s->chapters.n, s->pictures.n};
    struct chapter_rules rules = {visit->arena, link_again, picture_again, &cleaning, 0};
    struct chapter clean = {.html = STR_NONE};
    if (s->chapters.n == 0 || n > s->chapters.n)
        return fault_set(fault, RC_NOT_FOUND, "the book has no such chapter");
    *ret = (struct whole_text){.vertical = s->vertical, .rtl = s->rtl};
    ret->titles.v = ARENA_ARRAY(visit->arena, struct str, s->chapters.n);
    for (size_t i = 0; i < s->chapters.n; i++)
        ret->titles.v[ret->titles.n++] = s->chapters.v[i].title;
    ret->pictures.v = ARENA_ARRAY(visit->arena, struct str, s->pictures.n);
    for (size_t i = 0; i < s->pictures.n; i++)
        ret->pictures.v[ret->pictures.n++] = arena_str(visit->arena, s->pictures.v[i]);
    if (n == 0)
        return RC_OK;
    chapter_clean(&rules, s->chapters.v[n - 1].html, &clean);
    ret->html = clean.html;
    ret->language = s->chapters.v[n - 1].language;
    ret->direction = s->chapters.v[n - 1].direction;
    return RC_OK;
}

enum rc whole_text_read(struct cover_reader *reader, const struct visit *visit,
                        const struct library_file *file, uint64_t n, struct whole_text *ret,
                        struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(EPUB_BYTES_MAX + 1);
    BUF_AUTO said = BUF_INIT(EPUB_SAID_MAX);
    struct epub e;
    int fd = -1;
    enum rc rc = library_open(reader, visit, file, &fd, fault);
    if (rc != RC_OK)
        return rc;
    rc = read_whole(fd, (size_t)file->bytes, &bytes, fault);
    close(fd);
    if (rc == RC_OK)
        rc = epub_chapter_apart(visit->arena, buf_str(&bytes), n, &said, &e, fault);
    return rc == RC_OK ? take(visit, &e, n, ret, fault) : rc;
}
