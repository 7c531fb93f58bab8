#include "app/whole_text.h"

#include <pthread.h>

#include "app/byte_cache.h"
#include "app/epub_apart.h"
#include "base/clean.h"
#include "base/encode.h"

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
    ret->places = ARENA_ARRAY(visit->arena, uint64_t, s->chapters.n);
    for (size_t i = 0; i < s->chapters.n; i++) {
        ret->places[i] = s->chapters.v[i].place;
        ret->titles.v[ret->titles.n++] = s->chapters.v[i].title;
    }
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

/* ---- few processes at once, and what they said ---- */

struct whole_texts {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    struct byte_cache *said;
    const char *reading[TEXTS_AT_ONCE]; /* the names of what is being read */
    size_t n, waiting;
};

struct whole_texts *whole_texts_new(void)
{
    struct whole_texts *t = calloc(1, sizeof *t);
    if (t == NULL)
        abort();
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->ended, NULL);
    t->said = byte_cache_new(TEXTS_MAX, TEXTS_BYTES_MAX);
    return t;
}

void whole_texts_free(struct whole_texts *t)
{
    if (t == NULL)
        return;
    byte_cache_free(t->said);
    pthread_cond_destroy(&t->ended);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

static bool is_being_read(const struct whole_texts *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->reading[i], name) == 0)
            return true;
    return false;
}

/* Until it is remembered (true), or is for us to read. Who asks for what another one is reading
 * waits for that. */
static enum rc begin(struct whole_texts *t, const char *name, struct buf *said, bool *ret_known,
                     struct fault *fault)
{
    enum rc rc = RC_OK;
    pthread_mutex_lock(&t->lock);
    while (!(*ret_known = byte_cache_get(t->said, name, said)) &&
           (t->n == TEXTS_AT_ONCE || is_being_read(t, name))) {
        if (t->waiting == TEXTS_AWAITED) {
            rc = fault_set(fault, RC_BUSY,
                           "other books are being opened; try again in some seconds");
            break;
        }
        t->waiting++;
        pthread_cond_wait(&t->ended, &t->lock);
        t->waiting--;
    }
    if (rc == RC_OK && !*ret_known)
        t->reading[t->n++] = name;
    pthread_mutex_unlock(&t->lock);
    return rc;
}

static void end(struct whole_texts *t, const char *name, struct str said)
{
    pthread_mutex_lock(&t->lock);
    if (said.n > 0 && said.n <= TEXT_BYTES_MAX)
        byte_cache_put(t->said, name, said);
    for (size_t i = 0; i < t->n; i++)
        if (t->reading[i] == name)
            t->reading[i] = t->reading[--t->n];
    pthread_cond_broadcast(&t->ended);
    pthread_mutex_unlock(&t->lock);
}

/* The file's bytes, which must be those of its row: what is remembered goes by their digest. */
static enum rc read_file(struct cover_reader *reader, const struct visit *visit,
                         const struct library_file *file, struct buf *ret, struct fault *fault)
{
    enum { PIECE = 4 << 20 };
    struct file_source *source = NULL;
    enum rc rc = library_open(reader, visit, file, &source, fault);
    while (rc == RC_OK && ret->n < file->bytes) {
        uint64_t left = file->bytes - ret->n;
        rc = file_source_read(source, ret->n, left < PIECE ? (size_t)left : PIECE, ret, fault);
    }
    file_source_close(source);
    if (rc != RC_OK)
        return rc;
    struct hash digest = sha256(ret->p == NULL ? "" : ret->p, ret->n);
    return hash_eq(&digest, &file->digest)
               ? RC_OK
               : fault_set(fault, RC_CORRUPT, "an EPUB's file is not the one that was kept");
}

static enum rc read_anew(struct cover_reader *reader, const struct visit *visit,
                         const struct library_file *file, uint64_t n, struct buf *said,
                         struct epub *ret, struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(EPUB_BYTES_MAX + 1);
    enum rc rc = read_file(reader, visit, file, &bytes, fault);
    return rc == RC_OK ? epub_chapter_apart(visit->arena, buf_str(&bytes), n, said, ret, fault)
                       : rc;
}

enum rc whole_text_read(struct whole_texts *texts, struct cover_reader *reader,
                        const struct visit *visit, const struct library_file *file, uint64_t n,
                        struct whole_text *ret, struct fault *fault)
{
    BUF_AUTO said = BUF_INIT(EPUB_SAID_MAX);
    struct str digest = hex_str(visit->arena, file->digest.b, sizeof file->digest.b);
    const char *name =
        arena_printf(visit->arena, "%.*s/%llu", STR_ARG(digest), (unsigned long long)n).p;
    struct epub e;
    bool known;
    enum rc rc = begin(texts, name, &said, &known, fault);
    if (rc != RC_OK)
        return rc;
    if (known)
        known = epub_said_read(visit->arena, buf_str(&said), &e);
    else {
        rc = read_anew(reader, visit, file, n, &said, &e, fault);
        end(texts, name, rc == RC_OK && e.sample.chapters.n > 0 ? buf_str(&said) : STR_NONE);
        known = rc == RC_OK;
    }
    if (rc == RC_OK && !known)
        rc = fault_set(fault, RC_CORRUPT, "a book's text was not remembered as it was");
    return rc == RC_OK ? take(visit, &e, n, ret, fault) : rc;
}
