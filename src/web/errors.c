#include "base/json.h"
#include "base/utf8.h"
#include "templates.h"
#include "web/book.h"
#include "web/handlers.h"
#include "web/session.h"

#define N_(text) text

static const char *heading_of(int status)
{
    switch (status) {
    case 400:
    case 422:
        return N_("That cannot be read");
    case 403:
        return N_("Not allowed");
    case 404:
        return N_("Not found");
    case 405:
        return N_("Not possible here");
    case 409:
        return N_("That is there already");
    case 429:
        return N_("Too often");
    case 503:
        return N_("Not at this moment");
    default:
        return N_("Something failed here");
    }
}

static const char *text_of(int status)
{
    switch (status) {
    case 404:
        return N_(
            "There is nothing at this address. It is not withheld either: whatever is, says so.");
    case 405:
        return N_("This address does not take that.");
    case 503:
        return N_("Please try again in a moment; nothing was lost.");
    default:
        return N_("It was our fault, not yours. Nothing was changed.");
    }
}

void error_page(struct context *c, int status, struct str reason, struct response *ret)
{
    struct page p = page_begin(c, ret);
    struct html h = page_html(c, ret);
    bool told = status < 500 && status != 404 && status != 405 && reason.n > 0;
    p.title = word_text(&p, heading_of(status));
    p.noindex = true;
    /* Who came to a desk that is not theirs may want to come as somebody else. */
    if (status == 403 && c->storefront == NULL && c->viewer.account != 0 && !c->viewer.bearer)
        p.token = session_form_token(c, ret);
    ret->status = status;
    struct str asked = STR_NONE;
    if (status == 404 && c->request->segments.n > 0)
        asked = c->request->segments.v[c->request->segments.n - 1];
    message_page(&h, &p, p.title, told ? word_fault(&p, reason) : word_text(&p, text_of(status)),
                 asked);
}

void error_problem(struct context *c, int status, struct str reason, struct response *ret)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {{400, "Bad request"},
                  {401, "Unauthorized"},
                  {403, "Forbidden"},
                  {404, "Not found"},
                  {405, "Method not allowed"},
                  {409, "Conflict"},
                  {413, "Content too large"},
                  {415, "Unsupported media type"},
                  {422, "Unprocessable content"},
                  {429, "Too many requests"},
                  {451, "Unavailable for legal reasons"},
                  {501, "Not implemented"},
                  {503, "Service unavailable"}};
    const char *title = "Internal server error";
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (titles[i].status == status)
            title = titles[i].title;
    JSON_AUTO *json =
        json_pack("{s:s, s:s, s:i}", "type", "about:blank", "title", title, "status", status);
    if (c->withheld != NULL)
        json_object_set_new(
            json, "withheld",
            json_pack("[{s:s, s:I, s:I}]", "feature",
                      feature_name(c->withheld->features & FEATURE_BIT(FEATURE_SUBMISSIONS)
                                       ? FEATURE_SUBMISSIONS
                                       : FEATURE_LISTING),
                      "restriction", (json_int_t)c->withheld->id, "record_index",
                      (json_int_t)c->withheld->record_index));
    if (reason.n > 0 && (status < 500 || status == 501 || status == 503))
        json_object_set_new(json, "detail", json_from_str(reason));
    if (c->refusal.n > 0)
        json_object_set_new(json, "refusal", json_from_str(c->refusal));
    if (utf8_clean(c->request->path)) /* else the request is refused for just that */
        json_object_set_new(json, "instance", json_from_str(c->request->path));
    buf_renew(&ret->body, 64 << 10);
    json_write(json, &ret->body);
    ret->status = status;
    ret->content_type = "application/problem+json";
}

/* ---- what a restriction refuses ---- */

void withheld_page(struct context *c, const struct restriction *r, struct str reason,
                   struct response *ret)
{
    struct page p = page_begin(c, ret);
    struct html h = page_html(c, ret);
    feature_mask meant =
        r->features & (FEATURE_BIT(FEATURE_SUBMISSIONS) | FEATURE_BIT(FEATURE_LISTING));
    struct shown_slip slip = {r, meant};
    p.title = word_text(&p, N_("Withheld in this storefront"));
    p.noindex = true;
    answer_withheld(c, r, ret);
    if (ret->status == 0)
        ret->status = 403;
    refused_page(&h, &p, &slip, reason);
}

void withheld_problem(struct context *c, const struct restriction *r, struct str reason,
                      struct response *ret)
{
    answer_withheld(c, r, ret);
    error_problem(c, ret->status == 0 ? 403 : ret->status, reason, ret);
}
