/* Samples: the first chapters of an EPUB, a page each, with their pictures. These pages need no
 * script; the reader in the browser (reading.c) reads the same. */
#include "web/sample.h"

#include "app/cover.h"
#include "templates.h"
#include "web/handlers.h"

#define N_(text) text

static struct url link_chapter(const struct page *p, const struct sample_view *v, uint64_t n)
{
    char part[40];
    snprintf(part, sizeof part, "sample/%llu", (unsigned long long)n);
    return link_book_part(p, v->book.edition.key, part);
}

struct url link_read_sample(const struct page *p, struct str key)
{
    struct str place = ARENA_JOIN(p->arena, STR("read/"), key, STR("/sample"));
    return link_to(p, arena_z(p->arena, place));
}

static struct str chapter_name(const struct page *p, struct str title, uint64_t n)
{
    struct str number = word_number(p, n);
    return title.n > 0 ? title : word_filled(p, N_("Part %1"), &number, 1);
}

/* In the place of the sample, where reading in the book is withheld here. */
static enum rc answer_sample_withheld(struct context *c, struct page *p, struct sample_view *v,
                                      struct response *ret)
{
    struct html h = page_html(c, ret);
    v->slips =
        shown_slips_for(&c->visit, &v->book.edition.visibility, FEATURE_BIT(FEATURE_DELIVERY));
    p->noindex = true;
    answer_withheld(c, v->book.edition.visibility.by[FEATURE_DELIVERY], ret);
    sample_withheld_page(&h, p, v);
    return RC_OK;
}

/* In its place, where rights or licences let it be given no more than the book be sold. */
static enum rc answer_sample_barred(struct context *c, struct page *p, struct sample_view *v,
                                    struct response *ret)
{
    struct html h = page_html(c, ret);
    v->barred = shown_sample_barred(&v->book.edition);
    p->noindex = true;
    ret->status = 404;
    sample_barred_page(&h, p, v);
    return RC_OK;
}

enum rc sample_begin(struct context *c, struct page *p, struct sample_view *v, struct response *ret,
                     bool *ret_done, struct fault *fault)
{
    *p = page_begin(c, ret);
    *ret_done = true;
    enum rc rc = shown_edition(&c->visit, c->captures[0], &v->book.edition, fault);
    if (rc == RC_WITHHELD)
        return answer_listing_withheld(c, p, &v->book, ret);
    if (rc != RC_OK)
        return rc;
    p->title = word_filled(p, N_("Sample: %1"), &v->book.edition.title, 1);
    rc = shown_sample(&c->visit, &v->book.edition, &v->sample, fault);
    if (rc == RC_WITHHELD)
        return answer_sample_withheld(c, p, v, ret);
    if (rc == RC_CONFLICT)
        return answer_sample_barred(c, p, v, ret);
    if (rc != RC_OK)
        return rc;
    *ret_done = false;
    v->percent = v->sample.whole == 0 ? 0 : (unsigned)(v->sample.text * 100 / v->sample.whole);
    v->chapters.v = ARENA_ARRAY(c->arena, struct page_choice, v->sample.titles.n);
    for (size_t i = 0; i < v->sample.titles.n; i++)
        v->chapters.v[v->chapters.n++] =
            (struct page_choice){.name = chapter_name(p, v->sample.titles.v[i], i + 1),
                                 .url = link_chapter(p, v, i + 1)};
    return RC_OK;
}

enum rc handle_sample(struct context *c, struct response *ret, struct fault *fault)
{
    struct sample_view v = {.n = 0};
    struct page p;
    bool done;
    enum rc rc = sample_begin(c, &p, &v, ret, &done, fault);
    if (rc != RC_OK || done)
        return rc;
    struct html h = page_html(c, ret);
    sample_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_sample_chapter(struct context *c, struct response *ret, struct fault *fault)
{
    struct sample_view v = {.n = 0};
    struct page p;
    bool done;
    enum rc rc = sample_begin(c, &p, &v, ret, &done, fault);
    if (rc != RC_OK || done)
        return rc;
    if (!str_to_u64(c->captures[1], &v.n))
        return fault_set(fault, RC_NOT_FOUND, "the sample has no such chapter");
    rc = shown_sample_chapter(&c->visit, &v.book.edition, v.n, &v.chapter, fault);
    if (rc != RC_OK)
        return rc;
    v.name = chapter_name(&p, v.chapter.title, v.n);
    struct str both[] = {v.book.edition.title, v.name};
    p.title = word_filled(&p, N_("%1: %2"), both, 2);
    v.headed = str_starts(v.chapter.html, STR("<h2"));
    v.language = v.chapter.language.n > 0 ? v.chapter.language : v.book.edition.language;
    v.direction = v.chapter.direction.n > 0 ? v.chapter.direction
                  : v.sample.rtl            ? STR("rtl")
                                            : STR("auto");
    if (v.n > 1)
        v.previous = link_chapter(&p, &v, v.n - 1);
    if (v.n < v.chapters.n)
        v.next = link_chapter(&p, &v, v.n + 1);
    struct html h = page_html(c, ret);
    sample_chapter_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_sample_picture(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    struct shown_sample sample;
    uint64_t n;
    enum rc rc = shown_edition(&c->visit, c->captures[0], &e, fault);
    if (rc == RC_OK)
        rc = shown_sample(&c->visit, &e, &sample, fault);
    if (rc == RC_CONFLICT)
        rc = fault_set(fault, RC_NOT_FOUND, "the sample is not given here");
    if (rc == RC_OK && (!str_to_u64(c->captures[1], &n) || n < 1 || n > sample.pictures.parts.n))
        rc = fault_set(fault, RC_NOT_FOUND, "the sample has no such picture");
    if (rc == RC_WITHHELD) {
        enum feature by = visibility_withholds(&e.visibility, FEATURE_LISTING) ? FEATURE_LISTING
                                                                               : FEATURE_DELIVERY;
        answer_withheld(c, e.visibility.by[by], ret);
        ret->status = ret->status == 0 ? 404 : ret->status;
        ret->content_type = "text/plain; charset=utf-8";
        buf_renew(&ret->body, 256);
        buf_str_add(&ret->body, str_of(fault->text));
        return RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    const struct rendition *part = &sample.pictures.parts.v[n - 1];
    ret->not_kept = true; /* the page cache is for pages; files have a place */
    ret->etag = arena_printf(c->arena, "\"%.*s\"", STR_ARG(hex_str(c->arena, part->digest.b, 8)));
    ret->content_type = picture_type(part->format);
    buf_renew(&ret->body, COVER_BYTES_MAX);
    if (etag_matches(c->request->if_none_match, ret->etag))
        return RC_OK;
    return cover_read(c->server->covers, &c->visit, &sample.pictures, part, &ret->body, fault);
}
