#include "web/cover_links.h"

#include "base/encode.h"
#include "web/covers.h"

static struct str name_of(struct arena *arena, const struct shown_cover *cover,
                          const struct rendition *r)
{
    struct str digest = hex_str(arena, cover->digest.b, 8);
    /* The first is the largest, and has a name without a width. */
    if (r == NULL || r == &cover->parts.v[0])
        return arena_printf(arena, "%.*s.jpg", STR_ARG(digest));
    return arena_printf(arena, "%.*s-%u.%s", STR_ARG(digest), r->width, picture_suffix(r->format));
}

/* "/us/covers/9780000000040/3f9c….avif 120w, …" */
static struct url set_of(const struct page *p, struct str key, const struct shown_cover *cover,
                         enum picture_format format)
{
    BUF_AUTO b = BUF_INIT(4096);
    for (size_t i = 1; i < cover->parts.n; i++) {
        const struct rendition *r = &cover->parts.v[i];
        if (r->format != format)
            continue;
        buf_printf(&b, "%s%.*s %uw", b.n > 0 ? ", " : "",
                   STR_ARG(link_cover_form(p, key, name_of(p->arena, cover, r)).text), r->width);
    }
    return (struct url){buf_check(&b) == RC_OK ? arena_str(p->arena, buf_str(&b)) : STR_NONE};
}

struct cover_links cover_links(const struct page *p, struct str key,
                               const struct shown_cover *cover)
{
    if (cover->file.n == 0)
        return (struct cover_links){
            .src = link_cover(p, key), .width = COVER_DRAWN_WIDTH, .height = COVER_DRAWN_HEIGHT};
    struct cover_links links = {
        .whole = link_cover_form(p, key, name_of(p->arena, cover, NULL)),
        .avif = set_of(p, key, cover, PICTURE_AVIF),
        .webp = set_of(p, key, cover, PICTURE_WEBP),
        .jpeg = set_of(p, key, cover, PICTURE_JPEG),
        .width = cover->width,
        .height = cover->height,
    };
    links.src = links.whole;
    /* Who knows no srcset gets one of middle size. */
    for (size_t i = 1; i < cover->parts.n; i++)
        if (cover->parts.v[i].format == PICTURE_JPEG && cover->parts.v[i].width <= 480)
            links.src = link_cover_form(p, key, name_of(p->arena, cover, &cover->parts.v[i]));
    return links;
}

static struct url at_home(struct context *c, struct url path)
{
    return (struct url){ARENA_JOIN(
        c->arena, context_home(c, c->storefront, c->storefront->languages.v[0]), path.text)};
}

struct url cover_url(struct context *c, struct str key, const struct shown_cover *cover)
{
    return at_home(c, cover->file.n > 0 ? url_path(c->arena, 3, STR("covers"), key,
                                                   name_of(c->arena, cover, NULL))
                                        : url_path(c->arena, 2, STR("covers"), key));
}

struct url card_url(struct context *c, struct str key, const struct shown_cover *cover)
{
    return cover->file.n > 0 ? cover_url(c, key, cover)
                             : at_home(c, url_path(c->arena, 2, STR("cards"), key));
}
