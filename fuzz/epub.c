/* EPUBs, whatever they are: nothing of a name leads out, chapters hold the tags that are allowed
 * alone, and no more than there was comes out. */
#include <stdint.h>

#include "base/utf8.h"
#include "epub/epub.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void insist(bool right)
{
    if (!right)
        abort();
}

static bool holds(struct str text, const char *what)
{
    return str_find_str(text, str_of(what)) < text.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const never[] = {"<script", "<style", "<iframe", "<object", "<form",
                                        "<svg",    "<link",  "<meta",   "<body",   "<html"};
    ARENA_AUTO arena = ARENA_INIT;
    struct epub e;
    epub_read(&arena, (struct str){(const char *)bytes, n}, &e);
    const struct epub_sample *s = &e.sample;
    insist(e.problems.n <= EPUB_PROBLEMS_MAX && s->chapters.n <= EPUB_CHAPTERS_MAX &&
           s->pictures.n <= EPUB_PICTURES_MAX && s->text <= s->whole);
    insist(!epub_is_refused(&e) || s->chapters.n == 0);
    for (size_t i = 0; i < e.problems.n; i++)
        insist(utf8_valid(e.problems.v[i].file, NULL) || e.problems.v[i].file.n == 300);
    for (size_t i = 0; i < s->chapters.n; i++) {
        insist(utf8_valid(s->chapters.v[i].html, NULL) && utf8_valid(s->chapters.v[i].title, NULL));
        for (size_t k = 0; k < sizeof never / sizeof *never; k++)
            insist(!holds(s->chapters.v[i].html, never[k]));
    }
    return 0;
}
