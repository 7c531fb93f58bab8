/* The Record in other people's pages: a small frame of what is withheld, and oEmbed
 * (oembed.com, "rich") for whoever makes one out of an address. */
#include "app/restriction_view.h"
#include "templates.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/record.h"

#define N_(text) text

enum { EMBEDDED_MAX = 10, WIDTH = 480, HEIGHT = 420 };

enum rc handle_record_embed(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct record_query q = record_filter_read(c);
    struct record_found found;
    enum rc rc = record_query_run(c->worker->conn, c->arena, c->view, &q, &found, fault);
    if (rc != RC_OK)
        return rc;
    struct embed_view v = {
        .all = record_filter_url(c->arena, link_record(&p, ""), &q),
        .words = record_filter_words(&p, &q),
        .origin = site_origin(c->server->site),
        .in_effect = found.counts[STATE_IN_EFFECT],
        .restrictions = {found.restrictions.v, found.restrictions.n < EMBEDDED_MAX
                                                   ? found.restrictions.n
                                                   : EMBEDDED_MAX}};
    rc = restriction_titles(c->worker->conn, c->arena, v.restrictions.v, v.restrictions.n, fault);
    if (rc != RC_OK)
        return rc;
    p.noindex = true;
    p.title = word_text(&p, N_("The Record"));
    ret->framed = true;
    struct html h = page_html(c, ret);
    embed_page(&h, &p, &v);
    return RC_OK;
}

/* What stands behind the Record's first page in the address; RC_NOT_FOUND for others. */
static enum rc embedded_query(const struct context *c, struct str url, struct str *ret,
                              struct fault *fault)
{
    struct str base = context_base_url(c);
    struct str path = str_starts(url, base) ? str_sub(url, base.n, url.n) : STR_NONE;
    struct str query = str_sub(path, str_find(path, '?') + 1, path.n);
    if (!str_eq(str_sub(path, 0, str_find(path, '?')), STR("/record/")))
        return fault_set(fault, RC_NOT_FOUND, "url: only the Record's list can be embedded");
    *ret = query;
    return RC_OK;
}

enum rc handle_oembed(struct context *c, struct response *ret, struct fault *fault)
{
    parameters asked;
    struct record_query q = {0};
    struct str text, format = parameter_get(&c->request->query, "format");
    uint64_t width, height;
    enum rc rc = embedded_query(c, parameter_get(&c->request->query, "url"), &text, fault);
    if (rc == RC_OK && format.n > 0 && !str_eq(format, STR("json"))) {
        c->failed_status = 501; /* as oEmbed says */
        rc = fault_set(fault, RC_INVALID, "format: json only");
    }
    if (rc == RC_OK)
        rc = parameter_number(&c->request->query, "maxwidth", WIDTH, 100000, &width, fault);
    if (rc == RC_OK)
        rc = parameter_number(&c->request->query, "maxheight", HEIGHT, 100000, &height, fault);
    if (rc == RC_OK)
        rc = form_decode(c->arena, text, &asked, fault);
    if (rc != RC_OK)
        return rc;
    for (int i = 0; i < RECORD_FIELDS; i++)
        q.v[i] = str_trim(parameter_get(&asked, record_field_name((enum record_field)i)));
    struct str language = parameter_get(&asked, "language");
    struct url frame =
        record_filter_url(c->arena,
                          url_with(c->arena, URL_LITERAL("/record/embed"), STR("language"),
                                   language_is_offered(language) ? language : STR_NONE),
                          &q);
    width = width < WIDTH ? width : WIDTH;
    height = height < HEIGHT ? height : HEIGHT;
    BUF_AUTO html = BUF_INIT(16 << 10);
    struct html h = {&html, c->arena, c->language};
    HTML_LIT(&h, "<iframe src=\"");
    html_escaped(&h, context_base_url(c));
    html_escaped(&h, frame.text);
    buf_printf(&html, "\" width=\"%llu\" height=\"%llu\" title=\"", (unsigned long long)width,
               (unsigned long long)height);
    html_escaped(&h, language_text(c->language, N_("The Record")));
    HTML_LIT(&h,
             "\" loading=\"lazy\" sandbox=\"allow-popups allow-top-navigation-by-user-activation\" "
             "style=\"border:0\"></iframe>");
    api_answer(ret,
               json_pack("{s:s, s:s, s:o, s:o, s:o, s:I, s:I}", "version", "1.0", "type", "rich",
                         "title", json_from_str(language_text(c->language, N_("The Record"))),
                         "provider_name", json_from_str(site_origin(c->server->site)), "html",
                         json_from_str(buf_str(&html)), "width", (json_int_t)width, "height",
                         (json_int_t)height));
    return RC_OK;
}
