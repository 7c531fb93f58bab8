/* What a book's record says at length: description, contents, a sample, who wrote it, what
 * the press said. All of it was cleaned when it was read (base/clean.h). */
#include "web/book.h"

/* Whether a text is meant for readers: list 154, 00 anybody, 03 end-customers. */
static bool is_open(const struct text_content *text)
{
    return text->audience.n == 0 || str_eq(text->audience, STR("00")) ||
           str_eq(text->audience, STR("03"));
}

static struct str base_of(struct str tag)
{
    return str_sub(tag, 0, str_find(tag, '-'));
}

/* In the page's language; where nothing says which, in the book's, most likely. */
static bool is_spoken(const struct page *p, struct str code)
{
    return code.n > 0 &&
           str_eq(base_of(language_of_code(code)), base_of(language_tag(p->language)));
}

static struct book_text text_of(const struct book_view *v, const struct text_content *t)
{
    bool both = t->author.n > 0 && t->source.n > 0;
    return (struct book_text){.html = t->html,
                              .lang = t->language.n > 0 ? language_of_code(t->language)
                                                        : v->edition.language,
                              .by = t->author.n > 0 ? t->author : t->source,
                              .in = both ? t->source : STR_NONE};
}

/* The first of these types, in the page's language where there is one. */
static struct book_text first_of(const struct page *p, const struct book_view *v,
                                 const char *const *types, size_t n)
{
    const struct edition *e = v->edition.facts;
    for (int pass = 0; pass < 2; pass++)
        for (size_t t = 0; t < n; t++)
            for (size_t i = 0; i < e->texts.n; i++) {
                const struct text_content *text = &e->texts.v[i];
                if (str_eq(text->type, str_of(types[t])) && is_open(text) &&
                    (pass == 1 || is_spoken(p, text->language)))
                    return text_of(v, text);
            }
    return (struct book_text){.html = STR_NONE};
}

static void fill_press(const struct page *p, struct book_view *v)
{
    enum { PRESS_MAX = 8 };
    static const char *const types[] = {"06", "08", "09"};
    const struct edition *e = v->edition.facts;
    v->press.v = ARENA_ARRAY(p->arena, struct book_text, PRESS_MAX);
    for (size_t t = 0; t < sizeof types / sizeof *types; t++)
        for (size_t i = 0; i < e->texts.n && v->press.n < PRESS_MAX; i++)
            if (str_eq(e->texts.v[i].type, str_of(types[t])) && is_open(&e->texts.v[i]))
                v->press.v[v->press.n++] = text_of(v, &e->texts.v[i]);
}

static void fill_authors(const struct page *p, struct book_view *v)
{
    static const char *const biography[] = {"12"};
    const struct edition *e = v->edition.facts;
    v->authors.v = ARENA_ARRAY(p->arena, struct book_text, e->contributors.n + 1);
    for (size_t i = 0; i < e->contributors.n; i++)
        if (e->contributors.v[i].note.n > 0)
            v->authors.v[v->authors.n++] =
                (struct book_text){.html = e->contributors.v[i].note, .lang = v->edition.language};
    if (v->authors.n == 0) {
        struct book_text note = first_of(p, v, biography, 1);
        if (note.html.n > 0)
            v->authors.v[v->authors.n++] = note;
    }
}

void book_texts_fill(const struct page *p, struct book_view *v)
{
    static const char *const leads[] = {"03", "02", "10", "27"};
    static const char *const contents[] = {"04"};
    static const char *const samples[] = {"14"};
    v->lead = first_of(p, v, leads, sizeof leads / sizeof *leads);
    v->contents = first_of(p, v, contents, 1);
    v->sample = first_of(p, v, samples, 1);
    fill_authors(p, v);
    fill_press(p, v);
}
