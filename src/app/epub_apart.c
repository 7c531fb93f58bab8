#include "app/epub_apart.h"

#include <errno.h>
#include <unistd.h>

#include "app/apart.h"
#include "base/clean.h"
#include "base/json.h"
#include "base/utf8.h"

enum {
    MEMORY_MAX = INT32_MAX,
    CPU_SECONDS = 30,
    WALL_MS = 90000,
    COVER_BYTES_MAX = 20 << 20,
    TITLE_MAX = 200,
};

/* ---- within the process ---- */

static json_t *json_of_words(const epub_words *words)
{
    json_t *list = json_array();
    for (size_t i = 0; i < words->n; i++)
        json_array_append_new(list, json_from_str(words->v[i]));
    return list;
}

static json_t *json_of_problems(const struct epub *e)
{
    json_t *list = json_array();
    for (size_t i = 0; i < e->problems.n; i++) {
        const struct epub_problem *p = &e->problems.v[i];
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "code", epub_wrong_code(p->wrong),
                                              "file", json_from_str(p->file), "detail",
                                              json_from_str(p->detail)));
    }
    return list;
}

static json_t *json_of_chapters(const struct epub_sample *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->chapters.n; i++) {
        const struct epub_chapter *c = &s->chapters.v[i];
        json_array_append_new(
            list,
            json_pack("{s:o, s:o, s:o, s:o, s:I}", "title", json_from_str(c->title), "language",
                      json_from_str(c->language), "direction", json_from_str(c->direction), "html",
                      json_from_str(c->html), "place", (json_int_t)c->place));
    }
    return list;
}

static json_t *json_of_access(const struct epub_access *a)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "modes", json_of_words(&a->modes),
                     "sufficient", json_of_words(&a->sufficient), "features",
                     json_of_words(&a->features), "hazards", json_of_words(&a->hazards), "summary",
                     json_from_str(a->summary), "conforms", json_from_str(a->conforms));
}

static void write_out(struct str bytes)
{
    for (size_t done = 0; done < bytes.n;) {
        ssize_t n = write(1, bytes.p + done, bytes.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(3);
        done += (size_t)n;
    }
}

/* A line of JSON, then pictures and cover, one behind the other. */
static int answer(const struct epub *e)
{
    const struct epub_sample *s = &e->sample;
    struct str cover = e->cover.n <= COVER_BYTES_MAX ? e->cover : STR_NONE;
    BUF_AUTO head = BUF_INIT(EPUB_LINE_MAX);
    json_t *sizes = json_array();
    for (size_t i = 0; i < s->pictures.n; i++)
        json_array_append_new(sizes, json_integer((json_int_t)s->pictures.v[i].n));
    JSON_AUTO *json = json_pack(
        "{s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:b, s:b, s:I, s:I, s:I}", "version",
        json_from_str(e->version), "title", json_from_str(e->title), "language",
        json_from_str(e->language), "identifiers", json_of_words(&e->identifiers), "fixed",
        (int)e->fixed, "access", json_of_access(&e->access), "problems", json_of_problems(e),
        "chapters", json_of_chapters(s), "pictures", sizes, "vertical", (int)s->vertical, "rtl",
        (int)s->rtl, "text", (json_int_t)s->text, "whole", (json_int_t)s->whole, "cover",
        (json_int_t)cover.n);
    if (json == NULL)
        return 2;
    json_write(json, &head);
    buf_char(&head, '\n');
    if (buf_check(&head) != RC_OK)
        return 2;
    write_out(buf_str(&head));
    for (size_t i = 0; i < s->pictures.n; i++)
        write_out(s->pictures.v[i]);
    write_out(cover);
    return 0;
}

int epub_serve(const char *chapter)
{
    enum { CHUNK = 1 << 16 };
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO bytes = BUF_INIT(EPUB_BYTES_MAX + CHUNK + 1);
    struct epub e;
    for (size_t n = 1; n > 0;) {
        char *to = buf_reserve(&bytes, CHUNK);
        if (to == NULL)
            return 2;
        n = fread(to, 1, CHUNK, stdin);
        bytes.n += n;
    }
    uint64_t n = 0;
    if (chapter == NULL)
        epub_read(&arena, buf_str(&bytes), &e);
    else if (str_to_u64(str_of(chapter), &n))
        epub_read_chapter(&arena, buf_str(&bytes), n, &e);
    else
        return 2;
    return answer(&e);
}

/* ---- who asks it ---- */

static struct str text_of(struct arena *arena, const json_t *json, const char *name, size_t most)
{
    struct str s = json_member_str(json, name);
    return utf8_clean(s) ? arena_str(arena, utf8_cut(s, most)) : STR_NONE;
}

static void read_words(struct arena *arena, const json_t *json, const char *name, epub_words *ret)
{
    enum { WORDS_MAX = 60, WORD_MAX = 500 };
    const json_t *list = json_object_get(json, name), *one;
    size_t i;
    ret->v = ARENA_ARRAY(arena, struct str, WORDS_MAX);
    json_array_foreach (list, i, one) {
        const char *text = json_string_value(one);
        if (text == NULL || ret->n == WORDS_MAX || !utf8_clean(str_of(text)))
            continue;
        ret->v[ret->n++] = arena_str(arena, utf8_cut(str_of(text), WORD_MAX));
    }
}

static void read_access(struct arena *arena, const json_t *json, struct epub_access *ret)
{
    enum { SUMMARY_MAX = 2000 };
    read_words(arena, json, "modes", &ret->modes);
    read_words(arena, json, "sufficient", &ret->sufficient);
    read_words(arena, json, "features", &ret->features);
    read_words(arena, json, "hazards", &ret->hazards);
    ret->summary = text_of(arena, json, "summary", SUMMARY_MAX);
    ret->conforms = text_of(arena, json, "conforms", SUMMARY_MAX);
}

static void read_problems(struct arena *arena, const json_t *list, struct epub *ret)
{
    const json_t *one;
    size_t i;
    json_array_foreach (list, i, one) {
        enum epub_wrong wrong;
        if (epub_wrong_parse(json_member_str(one, "code"), &wrong))
            epub_add_problem(arena, ret, wrong, text_of(arena, one, "file", 300),
                             text_of(arena, one, "detail", 300));
    }
}

static struct str language_of(struct arena *arena, const json_t *json)
{
    struct str s = text_of(arena, json, "language", 35);
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
              (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-'))
            return STR_NONE;
    return s;
}

static uint64_t place_of(const json_t *json)
{
    json_int_t place = json_integer_value(json_object_get(json, "place"));
    return place > 0 && place <= INT32_MAX ? (uint64_t)place : 0;
}

static void read_chapters(struct arena *arena, const json_t *list, struct epub_sample *ret)
{
    const json_t *one;
    size_t i;
    ret->chapters.v = ARENA_ARRAY(arena, struct epub_chapter, EPUB_CHAPTERS_ALL);
    json_array_foreach (list, i, one) {
        struct str direction = text_of(arena, one, "direction", 3);
        if (ret->chapters.n == EPUB_CHAPTERS_ALL)
            break;
        ret->chapters.v[ret->chapters.n++] = (struct epub_chapter){
            .title = text_of(arena, one, "title", TITLE_MAX),
            .html = text_of(arena, one, "html", CHAPTER_BYTES_MAX),
            .language = language_of(arena, one),
            .place = place_of(one),
            .direction =
                str_is(direction, "rtl") || str_is(direction, "ltr") ? direction : STR_NONE};
    }
}

/* Pieces behind the line; false where they do not add up. */
static bool read_pieces(struct arena *arena, const json_t *json, struct str rest, struct epub *ret)
{
    const json_t *sizes = json_object_get(json, "pictures"), *one;
    json_int_t cover = json_integer_value(json_object_get(json, "cover"));
    size_t i;
    ret->sample.pictures.v = ARENA_ARRAY(arena, struct str, EPUB_PICTURES_MAX);
    json_array_foreach (sizes, i, one) {
        json_int_t n = json_integer_value(one);
        if (n < 0 || (uint64_t)n > rest.n || ret->sample.pictures.n == EPUB_PICTURES_MAX)
            return false;
        ret->sample.pictures.v[ret->sample.pictures.n++] = str_sub(rest, 0, (size_t)n);
        rest = str_sub(rest, (size_t)n, rest.n);
    }
    ret->cover = rest;
    return cover >= 0 && (uint64_t)cover == rest.n;
}

bool epub_said_read(struct arena *arena, struct str said, struct epub *ret)
{
    JSON_AUTO *json = NULL;
    size_t line = str_find(said, '\n');
    if (line >= said.n || line > EPUB_LINE_MAX ||
        json_read(str_sub(said, 0, line), &json, NULL) != RC_OK)
        return false;
    struct epub e = {.version = text_of(arena, json, "version", 10),
                     .title = text_of(arena, json, "title", 1000),
                     .language = language_of(arena, json),
                     .fixed = json_is_true(json_object_get(json, "fixed"))};
    read_words(arena, json, "identifiers", &e.identifiers);
    read_access(arena, json_object_get(json, "access"), &e.access);
    read_problems(arena, json_object_get(json, "problems"), &e);
    read_chapters(arena, json_object_get(json, "chapters"), &e.sample);
    e.sample.vertical = json_is_true(json_object_get(json, "vertical"));
    e.sample.rtl = json_is_true(json_object_get(json, "rtl"));
    e.sample.text = (uint64_t)json_integer_value(json_object_get(json, "text"));
    e.sample.whole = (uint64_t)json_integer_value(json_object_get(json, "whole"));
    if (!read_pieces(arena, json, str_sub(said, line + 1, said.n), &e))
        return false;
    *ret = e;
    return true;
}

static enum rc read_apart(struct arena *arena, struct str bytes, const char *const *argv,
                          struct buf *said, struct epub *ret, struct fault *fault)
{
    static const char *const environment[] = {"LC_ALL=C", NULL};
    struct apart_order apart = {.argv = argv,
                                .ours = true,
                                .environment = environment,
                                .input = bytes,
                                .memory_max = MEMORY_MAX,
                                .cpu_seconds = CPU_SECONDS,
                                .wall_ms = WALL_MS};
    struct apart_outcome outcome;
    *ret = (struct epub){.fixed = false};
    if (bytes.n > EPUB_BYTES_MAX) {
        epub_add_problem(arena, ret, WRONG_LARGE, STR_NONE, STR("64 MB"));
        return RC_OK;
    }
    enum rc rc = apart_run(&apart, said, &outcome, fault);
    if (rc != RC_OK && rc != RC_LIMIT)
        return rc;
    if (rc == RC_LIMIT || outcome.end != APART_EXITED || outcome.status != 0 ||
        !epub_said_read(arena, buf_str(said), ret)) {
        *ret = (struct epub){.fixed = false};
        epub_add_problem(arena, ret, WRONG_DAMAGED, STR_NONE,
                         STR("reading it took more memory or time than a book does"));
    }
    return RC_OK;
}

enum rc epub_read_apart(struct arena *arena, struct str bytes, struct buf *said, struct epub *ret,
                        struct fault *fault)
{
    static const char *const argv[] = {"colophon", "epub-one", NULL};
    return read_apart(arena, bytes, argv, said, ret, fault);
}

enum rc epub_chapter_apart(struct arena *arena, struct str bytes, uint64_t n, struct buf *said,
                           struct epub *ret, struct fault *fault)
{
    char number[24];
    const char *const argv[] = {"colophon", "epub-one", number, NULL};
    snprintf(number, sizeof number, "%llu", (unsigned long long)n);
    return read_apart(arena, bytes, argv, said, ret, fault);
}
