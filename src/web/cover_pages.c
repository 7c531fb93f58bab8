/* Covers as files: what the gate lets through of them, or a drawn one. */
#include "app/cover.h"
#include "app/thumbnail.h"
#include "web/book.h"
#include "web/cover_links.h"
#include "web/covers.h"
#include "web/handlers.h"
#include "web/limits.h"

enum { DRAWN_MAX = 64 << 10, CARD_MAX = 512 << 10, DIGEST_DIGITS = 16 };

/* One form of the picture. Where its file does not come, a cover is drawn as for a book
 * without, and nobody keeps that. */
static void answer_picture(struct context *c, const struct shown_cover *cover,
                           const struct rendition *part, struct response *ret, bool *ret_answered)
{
    const struct hash *digest = part == NULL ? &cover->digest : &part->digest;
    ret->not_kept = true; /* the page cache is for pages; files have a place */
    ret->etag = arena_printf(c->arena, "\"%.*s\"", STR_ARG(hex_str(c->arena, digest->b, 8)));
    ret->content_type = picture_type(part == NULL ? PICTURE_JPEG : part->format);
    buf_renew(&ret->body, COVER_BYTES_MAX);
    /* Who has it already needs no file for that to be said. */
    *ret_answered =
        etag_matches(c->request->if_none_match, ret->etag) ||
        cover_read(c->server->covers, &c->visit, cover, part, &ret->body, NULL) == RC_OK;
    if (*ret_answered)
        return;
    buf_free(&ret->body);
    ret->etag = STR_NONE;
    ret->caching = CACHING_NEVER;
}

static struct cover drawing_of(const struct shown_edition *e)
{
    struct cover cover = {.key = e->key, .title = e->title};
    for (size_t i = 0; i < e->contributors.n && cover.author.n == 0; i++)
        cover.author = e->contributors.v[i].name;
    if (e->collections.n > 0)
        cover.part = e->collections.v[0].part;
    return cover;
}

static void answer_drawn(const struct shown_edition *e, struct response *ret)
{
    struct cover cover = drawing_of(e);
    buf_renew(&ret->body, DRAWN_MAX);
    ret->content_type = "image/svg+xml";
    cover_draw(&ret->body, &cover);
}

/* A cover would tell what the page does not. */
static void answer_no_cover(struct context *c, const struct shown_edition *e,
                            const struct fault *fault, struct response *ret)
{
    answer_withheld(c, e->visibility.by[FEATURE_LISTING], ret);
    if (ret->status == 0)
        ret->status = 404;
    ret->content_type = "text/plain; charset=utf-8";
    buf_renew(&ret->body, 256);
    buf_str_add(&ret->body, str_of(fault->text));
}

enum rc handle_cover(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    enum rc rc = shown_edition(&c->visit, c->captures[0], &e, fault);
    bool answered = rc == RC_WITHHELD;
    if (answered)
        answer_no_cover(c, &e, fault, ret);
    else if (rc != RC_OK)
        return rc;
    if (!answered && e.cover.file.n > 0)
        answer_picture(c, &e.cover, e.cover.parts.n > 0 ? &e.cover.parts.v[0] : NULL, ret,
                       &answered);
    if (!answered)
        answer_drawn(&e, ret);
    return RC_OK;
}

/* "3f9c….jpg" or "3f9c…-480.avif": of this very cover? The form is NULL where it is the one
 * JPEG that the file is. */
static bool find_form(const struct shown_cover *cover, struct arena *arena, struct str name,
                      const struct rendition **ret)
{
    struct str digest = str_sub(name, 0, DIGEST_DIGITS),
               rest = str_sub(name, DIGEST_DIGITS, name.n);
    if (cover->file.n == 0 || !str_eq(digest, hex_str(arena, cover->digest.b, DIGEST_DIGITS / 2)))
        return false;
    *ret = cover->parts.n > 0 ? &cover->parts.v[0] : NULL;
    if (str_eq(rest, STR(".jpg")))
        return true;
    for (size_t i = 1; i < cover->parts.n; i++) {
        const struct rendition *r = &cover->parts.v[i];
        *ret = r;
        if (str_eq(rest, arena_printf(arena, "-%u.%s", r->width, picture_suffix(r->format))))
            return true;
    }
    return false;
}

enum rc handle_cover_form(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    const struct rendition *part;
    bool answered = false;
    enum rc rc = shown_edition(&c->visit, c->captures[0], &e, fault);
    if (rc == RC_WITHHELD || (rc == RC_OK && !find_form(&e.cover, c->arena, c->captures[1], &part)))
        /* Another cover stands there by now, or none: a page of a moment ago shows it. */
        return handle_cover(c, ret, fault);
    if (rc != RC_OK)
        return rc;
    /* Readers keep what they were shown; nobody in between does, since the title may be
     * withheld from the next. */
    ret->caching = CACHING_KEPT;
    answer_picture(c, &e.cover, part, ret, &answered);
    if (!answered)
        answer_drawn(&e, ret);
    return RC_OK;
}

static enum rc draw_card(struct context *c, const struct shown_edition *e, struct buf *ret,
                         struct fault *fault)
{
    enum { AT_ONCE = 2 };
    BUF_AUTO svg = BUF_INIT(DRAWN_MAX);
    struct cover cover = drawing_of(e);
    enum rc rc = RC_OK;
    cover_draw_card(&svg, &cover);
    if (atomic_fetch_add(&c->server->cards, 1) >= AT_ONCE)
        rc = fault_set(fault, RC_BUSY, "other cards are being drawn");
    if (rc == RC_OK)
        rc = thumbnail_drawing(buf_str(&svg), CARD_WIDTH, CARD_HEIGHT, ret, fault);
    atomic_fetch_sub(&c->server->cards, 1);
    return rc;
}

/* Few at once, and few for each client, since each is a process: for all others there is the cover
 * itself, the one that somebody gave or the drawn one. */
enum rc handle_card(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    enum rc rc = shown_edition(&c->visit, c->captures[0], &e, fault);
    if (rc == RC_WITHHELD) {
        answer_no_cover(c, &e, fault, ret);
        return RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    ret->content_type = picture_type(PICTURE_JPEG);
    buf_renew(&ret->body, CARD_MAX);
    if (e.cover.file.n == 0 && limits_card(c, NULL) == RC_OK &&
        draw_card(c, &e, &ret->body, NULL) == RC_OK) {
        ret->rests_on_work = e.work;
        return RC_OK;
    }
    ret->status = 303;
    ret->location = cover_url(c, e.key, &e.cover).text;
    ret->not_kept = true;
    return RC_OK;
}
