/* The chapters of a reader's own book as plain pages, where no script runs. */
#include "domain/picture.h"
#include "templates.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/reading.h"
#include "web/session.h"

#define N_(text) text

struct url link_read_part(const struct page *p, struct str isbn, struct str part)
{
    return link_below(p, url_path(p->arena, 3, STR("read"), isbn, part));
}

static struct url link_number(const struct page *p, const struct chapters_view *v, uint64_t n)
{
    return link_read_part(p, v->book.row.isbn,
                          arena_printf(p->arena, "%llu", (unsigned long long)n));
}

static struct str name_of(const struct page *p, const struct chapters_view *v, uint64_t n)
{
    struct str number = word_number(p, n), title = v->text.titles.v[n - 1];
    return title.n > 0 ? title : word_filled(p, N_("Part %1"), &number, 1);
}

/* The book with its chapter `n`; not true: *ret_rc, or it is answered. */
static bool begin(struct context *c, uint64_t n, struct chapters_view *v, struct response *ret,
                  enum rc *ret_rc, struct fault *fault)
{
    *ret_rc = limits_reading(c, fault);
    if (*ret_rc != RC_OK || !library_begin(c, c->captures[0], &v->book, ret, ret_rc, fault))
        return false;
    v->n = n;
    *ret_rc = whole_text_read(c->server->texts, c->server->covers, &c->visit, &v->book.files.v[0],
                              n, &v->text, fault);
    return *ret_rc == RC_OK;
}

static void fill(struct context *c, struct page *p, struct chapters_view *v, struct response *ret)
{
    v->chapters.v = ARENA_ARRAY(c->arena, struct page_choice, v->text.titles.n);
    for (size_t i = 0; i < v->text.titles.n; i++)
        v->chapters.v[v->chapters.n++] =
            (struct page_choice){.name = name_of(p, v, i + 1), .url = link_number(p, v, i + 1)};
    v->language = v->text.language.n > 0 ? v->text.language : v->book.row.language;
    v->direction = v->text.direction.n > 0 ? v->text.direction
                   : v->text.rtl           ? STR("rtl")
                                           : STR("auto");
    v->act = link_library_act(p, &v->book, "place");
    p->noindex = true;
    p->title = v->book.row.title;
    p->token = session_form_token(c, ret);
}

enum rc handle_read_chapters(struct context *c, struct response *ret, struct fault *fault)
{
    struct chapters_view v = {.n = 0};
    enum rc rc;
    if (!begin(c, 0, &v, ret, &rc, fault))
        return rc;
    struct page p = page_begin(c, ret);
    fill(c, &p, &v, ret);
    struct html h = page_html(c, ret);
    own_chapters_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_read_chapter(struct context *c, struct response *ret, struct fault *fault)
{
    struct chapters_view v = {.n = 0};
    uint64_t n;
    enum rc rc;
    if (!str_to_u64(c->captures[1], &n) || n < 1)
        return fault_set(fault, RC_NOT_FOUND, "the book has no such chapter");
    if (!begin(c, n, &v, ret, &rc, fault))
        return rc;
    struct page p = page_begin(c, ret);
    fill(c, &p, &v, ret);
    v.name = name_of(&p, &v, n);
    v.headed = str_starts(v.text.html, STR("<h2"));
    v.millionths = n * WHOLE_BOOK / v.text.titles.n;
    uint64_t on = v.text.places[n < v.text.titles.n ? n : n - 1];
    if (on > 0) /* the body of that part of the spine */
        v.locator = arena_printf(c->arena, "epubcfi(/6/%llu!/4)", 2 * (unsigned long long)on);
    if (n > 1)
        v.previous = link_number(&p, &v, n - 1);
    if (n < v.text.titles.n)
        v.next = link_number(&p, &v, n + 1);
    struct html h = page_html(c, ret);
    own_chapter_page(&h, &p, &v);
    return RC_OK;
}

/* "3-1": the first picture of the third chapter. */
enum rc handle_read_picture(struct context *c, struct response *ret, struct fault *fault)
{
    struct str name = c->captures[1];
    size_t dash = str_find(name, '-');
    struct chapters_view v = {.n = 0};
    struct picture picture;
    uint64_t n, k;
    enum rc rc;
    if (!str_to_u64(str_sub(name, 0, dash), &n) || n < 1 ||
        !str_to_u64(str_sub(name, dash + 1, name.n), &k))
        return fault_set(fault, RC_NOT_FOUND, "the book has no such picture");
    if (!begin(c, n, &v, ret, &rc, fault))
        return rc;
    if (k < 1 || k > v.text.pictures.n ||
        picture_read(v.text.pictures.v[k - 1], &picture, NULL) != RC_OK)
        return fault_set(fault, RC_NOT_FOUND, "the book has no such picture");
    buf_renew(&ret->body, EPUB_PICTURE_BYTES_MAX);
    buf_str_add(&ret->body, v.text.pictures.v[k - 1]);
    ret->content_type = picture_type(picture.format);
    ret->caching = CACHING_PRIVATE;
    return buf_check(&ret->body);
}
