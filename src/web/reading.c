/* The reader in the browser, and what it keeps on the server. */
#include "web/reading.h"

#include "base/encode.h"
#include "templates.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/session.h"
#include "web/sign.h"

#define N_(text) text

/* ---- the page ---- */

/* Documents of a book are blobs, which inherit this: no script of theirs runs, not even a file of
 * ours, for they know no nonce; nothing is loaded from any other host, nor, of a whole book, any
 * picture from this one; no form is sent. What opens connections ahead, a policy does not name:
 * reader.js takes that out. */
static void set_policy(struct context *c, struct reader_view *v, struct response *ret)
{
    uint8_t bytes[16];
    random_bytes(bytes, sizeof bytes);
    v->nonce = hex_str(c->arena, bytes, sizeof bytes);
    ret->policy = arena_printf(
        c->arena,
        "default-src 'none'; script-src 'nonce-%.*s'; style-src 'self' blob: 'unsafe-inline'; "
        "img-src %sblob: data:; font-src blob: data:; media-src blob:; frame-src blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        STR_ARG(v->nonce), v->sample != NULL ? "'self' " : "");
}

static void fill_shell(struct context *c, const struct page *p, struct reader_view *v,
                       struct response *ret)
{
    v->style = link_asset(c->arena, "reader.css");
    v->script = link_asset(c->arena, "reader.js");
    v->module = link_module(c->arena, "view.js");
    (void)p;
    set_policy(c, v, ret);
}

static enum rc fill_places(struct context *c, uint64_t edition, struct reader_view *v,
                           struct fault *fault)
{
    struct store_conn *conn = c->worker->conn;
    uint64_t account = c->viewer.account;
    enum rc rc = reading_is_on(conn, account, &v->kept, fault);
    if (rc == RC_OK)
        rc = reading_place_get(conn, c->arena, account, edition, STR("web"), &v->own, fault);
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        rc = reading_place_get(conn, c->arena, account, edition, STR_NONE, &v->latest, fault);
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        rc = reading_marks_of(conn, c->arena, account, edition, &v->marks, fault);
    return rc;
}

enum rc handle_read(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct reader_view v = {.kept = false};
    struct library_book book;
    enum rc rc;
    if (!library_begin(c, c->captures[0], &book, ret, &rc, fault))
        return rc;
    rc = fill_places(c, book.row.edition, &v, fault);
    if (rc != RC_OK)
        return rc;
    fill_shell(c, &p, &v, ret);
    v.title = book.row.title;
    v.language = book.row.language;
    v.key = book.row.isbn;
    v.back = link_library(&p);
    v.back_word = word_text(&p, N_("My library"));
    v.file = link_library_file(&p, &book, &book.files.v[0]);
    v.act = link_library_act(&p, &book, "");
    p.title = book.row.title;
    p.token = session_form_token(c, ret);
    struct html h = page_html(c, ret);
    reader_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_read_sample(struct context *c, struct response *ret, struct fault *fault)
{
    struct sample_view sample = {.n = 0};
    struct reader_view v = {.sample = &sample};
    struct page p;
    bool done;
    enum rc rc = sample_begin(c, &p, &sample, ret, &done, fault);
    if (rc != RC_OK || done)
        return rc;
    fill_shell(c, &p, &v, ret);
    v.title = sample.book.edition.title;
    v.language = sample.book.edition.language;
    v.key = sample.book.edition.key;
    v.back = link_book(&p, v.key);
    v.back_word = word_text(&p, N_("Back to the book"));
    struct html h = page_html(c, ret);
    reader_page(&h, &p, &v);
    return RC_OK;
}

/* ---- what it keeps ---- */

/* The edition of the book that the path names, which must be the viewer's. */
static enum rc edition_of(struct context *c, uint64_t *ret, struct fault *fault)
{
    struct library_book book;
    enum rc rc = limits_reading(c, fault);
    if (rc == RC_OK)
        rc = library_book(&c->visit, c->captures[0], &book, fault);
    if (rc == RC_OK)
        *ret = book.row.edition;
    return rc;
}

static enum rc say(struct response *ret, const char *word)
{
    ret->content_type = "text/plain; charset=utf-8";
    buf_str_add(&ret->body, str_of(word));
    return RC_OK;
}

enum rc handle_reading_place(struct context *c, struct response *ret, struct fault *fault)
{
    struct place_row place = {.kind = STR("web"),
                              .locator = parameter_get(&c->form, "locator"),
                              .device = STR("browser")};
    bool kept = false;
    enum rc rc = edition_of(c, &place.edition, fault);
    if (rc == RC_OK)
        rc = parameter_number(&c->form, "place", 0, WHOLE_BOOK, &place.millionths, fault);
    if (rc == RC_OK)
        rc = reading_place_put(c->server->writer, c->viewer.account, &place, &kept, fault);
    struct str back = parameter_get(&c->form, "return");
    if (rc == RC_OK && back.n > 0) { /* a page without a script */
        go_to(ret, safe_return(back, STR("/")));
        return RC_OK;
    }
    return rc == RC_OK ? say(ret, kept ? "kept" : "off") : rc;
}

enum rc handle_reading_mark(struct context *c, struct response *ret, struct fault *fault)
{
    struct mark_row mark = {.kind = parameter_get(&c->form, "kind"),
                            .locator = parameter_get(&c->form, "locator"),
                            .excerpt = parameter_get(&c->form, "excerpt"),
                            .note = parameter_get(&c->form, "note")};
    uint64_t id = 0;
    enum rc rc = edition_of(c, &mark.edition, fault);
    if (rc == RC_OK)
        rc = parameter_number(&c->form, "place", 0, WHOLE_BOOK, &mark.millionths, fault);
    if (rc == RC_OK)
        rc = reading_mark_add(c->server->writer, c->viewer.account, &mark, &id, fault);
    return rc == RC_OK ? say(ret, arena_printf(c->arena, "%llu", (unsigned long long)id).p) : rc;
}

enum rc handle_reading_mark_change(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t id = 0;
    enum rc rc = limits_reading(c, fault);
    if (rc == RC_OK)
        rc = captured_id(c, 1, &id, fault); /* theirs, also where the book is no more */
    if (rc != RC_OK)
        return rc;
    rc = parameter_has(&c->form, "remove", STR("1"))
             ? reading_mark_remove(c->server->writer, c->viewer.account, id, fault)
             : reading_mark_note(c->server->writer, c->viewer.account, id,
                                 parameter_get(&c->form, "note"), fault);
    return rc == RC_OK ? say(ret, "kept") : rc;
}

/* ---- whether it is kept at all ---- */

enum rc handle_reading(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct reading_view v = {.done = parameter_has(&c->request->query, "done", STR("1"))};
    enum { LEFT_A_PAGE = 100 };
    uint64_t after = 0;
    enum rc rc = reading_is_on(c->worker->conn, c->viewer.account, &v.on, fault);
    if (rc == RC_OK)
        rc = parameter_number(&c->request->query, "after", 0, INT64_MAX, &after, fault);
    if (rc == RC_OK)
        rc = reading_marks_left(c->worker->conn, c->arena, c->viewer.account, after, LEFT_A_PAGE,
                                &v.left, fault);
    if (rc != RC_OK)
        return rc;
    if (v.left.n == LEFT_A_PAGE)
        v.more =
            url_with(c->arena, link_to(&p, "account/reading"), STR("after"),
                     arena_printf(c->arena, "%llu", (unsigned long long)v.left.v[v.left.n - 1].id));
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("What I read"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    reading_page(&h, &p, &v);
    return RC_OK;
}

static enum rc remove_mark(struct context *c, struct fault *fault)
{
    uint64_t id = 0;
    enum rc rc = parameter_number(&c->form, "mark", 1, INT64_MAX, &id, fault);
    return rc == RC_OK ? reading_mark_remove(c->server->writer, c->viewer.account, id, fault) : rc;
}

enum rc handle_reading_change(struct context *c, struct response *ret, struct fault *fault)
{
    struct str act = parameter_get(&c->form, "do");
    struct writer *writer = c->server->writer;
    uint64_t account = c->viewer.account;
    enum rc rc = str_is(act, "on")       ? reading_switch(writer, account, true, fault)
                 : str_is(act, "off")    ? reading_switch(writer, account, false, fault)
                 : str_is(act, "erase")  ? reading_erase(writer, account, true, fault)
                 : str_is(act, "remove") ? remove_mark(c, fault)
                                         : fault_set(fault, RC_INVALID, "do: there is no such act");
    if (rc != RC_OK)
        return rc;
    struct page p = page_begin(c, ret);
    go_to(ret, url_with(c->arena, link_to(&p, "account/reading"), STR("done"), STR("1")).text);
    return RC_OK;
}
