/* The first chapters, as far as a tenth of the text goes; of a short book a little more. */
#include "base/clean.h"
#include "base/utf8.h"
#include "epub/parts.h"

enum { SHARE = 10, SHORT_TEXT = 800, SHORT_SHARE = 4, ENOUGH = 200 };

struct sampling {
    struct reading *r;
    const struct epub_item *item; /* being cleaned */
    const struct epub_item *chapters[EPUB_CHAPTERS_ALL];
    size_t planned[EPUB_CHAPTERS_ALL]; /* characters of each; 0: all */
    size_t n;
    const struct epub_item *pictures[EPUB_PICTURES_MAX];
    size_t pictures_n;
};

static struct str no_address(void *context, struct str address)
{
    (void)context;
    (void)address;
    return STR_NONE;
}

static struct str link_in_sample(void *context, struct str href)
{
    struct sampling *s = context;
    struct str path;
    if (!name_resolve(s->r->arena, s->item->path, href, &path) || path.n == 0)
        return STR_NONE;
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->chapters[i]->path, path) && s->chapters[i] != s->item)
            return arena_printf(s->r->arena, "%zu", i + 1);
    return STR_NONE;
}

static bool is_picture(const struct epub_item *item)
{
    static const char *const types[] = {"image/jpeg", "image/png", "image/gif", "image/webp"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_is(item->type, types[i]))
            return item->file != NULL && item->file->bytes.n <= EPUB_PICTURE_BYTES_MAX;
    return false;
}

static struct str picture_in_sample(void *context, struct str src)
{
    struct sampling *s = context;
    struct str path;
    if (!name_resolve(s->r->arena, s->item->path, src, &path) || path.n == 0)
        return STR_NONE;
    const struct epub_item *item = package_item_of(s->r, path);
    size_t at = 0;
    while (at < s->pictures_n && s->pictures[at] != item)
        at++;
    if (item == NULL || !is_picture(item) || at == EPUB_PICTURES_MAX)
        return STR_NONE;
    if (at == s->pictures_n)
        s->pictures[s->pictures_n++] = item;
    return arena_printf(s->r->arena, "pictures/%zu", at + 1);
}

static bool is_chapter(const struct reading *r, const struct epub_item *item)
{
    return item != r->navigation && item->file != NULL &&
           str_is(item->type, "application/xhtml+xml");
}

/* How long each is, and in which a tenth of all is reached. */
static void plan(struct sampling *s)
{
    struct reading *r = s->r;
    struct epub_sample *sample = &r->epub->sample;
    size_t *lengths = ARENA_ARRAY(r->arena, size_t, r->spine.n + 1);
    for (size_t i = 0; i < r->spine.n; i++) {
        ARENA_AUTO own = ARENA_INIT;
        struct chapter_rules rules = {&own, no_address, no_address, NULL, 0};
        struct chapter chapter;
        if (!is_chapter(r, r->spine.v[i]))
            continue;
        chapter_clean(&rules, r->spine.v[i]->file->bytes, &chapter);
        lengths[i] = chapter.text;
        sample->whole += chapter.text;
    }
    uint64_t left = sample->whole / SHARE;
    if (left < SHORT_TEXT)
        left = sample->whole / SHORT_SHARE < SHORT_TEXT ? sample->whole / SHORT_SHARE : SHORT_TEXT;
    if (left > EPUB_SAMPLE_TEXT_MAX)
        left = EPUB_SAMPLE_TEXT_MAX;
    for (size_t i = 0; i < r->spine.n && s->n < EPUB_CHAPTERS_MAX; i++) {
        if (lengths[i] == 0)
            continue;
        if (left == 0 || (s->n > 0 && left < ENOUGH && lengths[i] > left))
            break;
        s->chapters[s->n] = r->spine.v[i];
        s->planned[s->n++] = lengths[i] < left ? lengths[i] : (size_t)left;
        left -= s->planned[s->n - 1];
    }
}

static void make_chapter(struct sampling *s, size_t at)
{
    struct epub_sample *sample = &s->r->epub->sample;
    struct chapter_rules rules = {s->r->arena, link_in_sample, picture_in_sample, s,
                                  s->planned[at]};
    struct chapter c;
    s->item = s->chapters[at];
    chapter_clean(&rules, s->item->file->bytes, &c);
    struct str title = navigation_title(s->r, s->item->path);
    sample->chapters.v[sample->chapters.n++] =
        (struct epub_chapter){title.n > 0 ? title : c.heading, c.html, c.language, c.direction, 0};
    sample->text += c.text;
}

/* Set from top to bottom, as Chinese and Japanese books are: their style sheets say so. */
static bool is_vertical(const struct reading *r)
{
    if (!r->right_to_left)
        return false;
    for (size_t i = 0; i < r->items.n; i++) {
        const struct epub_item *item = &r->items.v[i];
        if (item->file != NULL && (str_is(item->type, "text/css") || is_chapter(r, item)) &&
            str_find_str(item->file->bytes, STR("vertical-rl")) < item->file->bytes.n)
            return true;
    }
    return false;
}

void sample_make(struct reading *r)
{
    struct epub_sample *sample = &r->epub->sample;
    struct sampling *s = ARENA_NEW(r->arena, struct sampling);
    s->r = r;
    if (r->epub->fixed) {
        tell(r, WRONG_NO_SAMPLE, r->package, STR("it is laid out in pages"));
        return;
    }
    plan(s);
    if (s->n == 0) {
        tell(r, WRONG_NO_SAMPLE, r->package, STR("it has too little text"));
        return;
    }
    sample->vertical = is_vertical(r);
    sample->rtl = r->right_to_left && !sample->vertical;
    sample->chapters.v = ARENA_ARRAY(r->arena, struct epub_chapter, s->n);
    size_t bytes = 0;
    for (size_t i = 0; i < s->n; i++) {
        uint64_t before = sample->text;
        make_chapter(s, i);
        bytes += sample->chapters.v[i].html.n;
        if (bytes <= EPUB_SAMPLE_BYTES_MAX)
            continue;
        sample->chapters.n = i;
        sample->text = before;
        break;
    }
    if (sample->chapters.n == 0) {
        tell(r, WRONG_NO_SAMPLE, r->package, STR("it is more mark-up than text"));
        return;
    }
    sample->pictures.v = ARENA_ARRAY(r->arena, struct str, s->pictures_n + 1);
    for (size_t i = 0; i < s->pictures_n; i++)
        sample->pictures.v[sample->pictures.n++] = s->pictures[i]->file->bytes;
}

void sample_make_chapter(struct reading *r, uint64_t n)
{
    struct epub_sample *sample = &r->epub->sample;
    struct sampling *s = ARENA_NEW(r->arena, struct sampling);
    uint64_t *places = ARENA_ARRAY(r->arena, uint64_t, EPUB_CHAPTERS_ALL);
    s->r = r;
    for (size_t i = 0; i < r->spine.n && s->n < EPUB_CHAPTERS_ALL; i++)
        if (is_chapter(r, r->spine.v[i])) {
            s->planned[s->n] = 0;
            places[s->n] = r->spine_places[i];
            s->chapters[s->n++] = r->spine.v[i];
        }
    sample->vertical = is_vertical(r);
    sample->rtl = r->right_to_left && !sample->vertical;
    sample->chapters.v = ARENA_ARRAY(r->arena, struct epub_chapter, s->n);
    for (size_t i = 0; i < s->n; i++)
        if (i + 1 == n)
            make_chapter(s, i);
        else
            sample->chapters.v[sample->chapters.n++] =
                (struct epub_chapter){.title = navigation_title(r, s->chapters[i]->path)};
    for (size_t i = 0; i < sample->chapters.n; i++)
        sample->chapters.v[i].place = places[i];
    sample->pictures.v = ARENA_ARRAY(r->arena, struct str, s->pictures_n + 1);
    for (size_t i = 0; i < s->pictures_n; i++)
        sample->pictures.v[sample->pictures.n++] = s->pictures[i]->file->bytes;
}
