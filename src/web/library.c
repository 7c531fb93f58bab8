/* The library's pages, and downloads. */
#include "web/library.h"

#include "templates.h"
#include "web/book.h"
#include "web/flow.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/partner.h"
#include "web/session.h"
#include "web/sign.h"

#define N_(text) text

enum { BOOKS_A_PAGE = 24, PAGES_MAX = 10000 };

/* ---- links and words ---- */

struct url link_library(const struct page *p)
{
    return link_to(p, "account/library");
}

struct url link_below(const struct page *p, struct url place)
{
    return link_to(p, arena_z(p->arena, str_sub(place.text, 1, place.text.n)));
}

/* Always the same name: KOReader may know a file by it. The latest has none of its number. */
struct url link_library_file(const struct page *p, const struct library_book *book,
                             const struct library_file *file)
{
    struct str name = ARENA_JOIN(p->arena, book->row.isbn, STR(".epub"));
    struct url url = link_below(p, url_path(p->arena, 2, STR("library"), name));
    if (file->replaced == 0)
        return url;
    return url_with(p->arena, url, STR("version"),
                    arena_printf(p->arena, "%llu", (unsigned long long)file->id));
}

struct url link_library_act(const struct page *p, const struct library_book *book, const char *act)
{
    return link_below(
        p, url_path(p->arena, 4, STR("account"), STR("library"), book->row.isbn, str_of(act)));
}

struct url link_read(const struct page *p, struct str isbn)
{
    return link_below(p, url_path(p->arena, 2, STR("read"), isbn));
}

struct url link_library_of(const struct page *p, struct str key)
{
    return url_with(p->arena, link_library(p), STR("q"), key);
}

struct url link_sign_in_back(const struct page *p, struct str key)
{
    return url_with(p->arena, link_to(p, "sign-in"), STR("return"), link_book(p, key).text);
}

struct str word_file(const struct page *p, const struct library_file *file)
{
    struct str version = str_ends(file->version, STR(".0"))
                             ? str_sub(file->version, 0, file->version.n - 2)
                             : file->version;
    return ARENA_JOIN(p->arena, STR("EPUB "), version, STR(" · "), word_bytes(p, file->bytes));
}

struct str word_progress(const struct page *p, uint64_t millionths)
{
    struct str percent = word_number(p, millionths / 10000);
    return millionths >= READ_WHOLE ? word_text(p, N_("Read to the end"))
                                    : word_filled(p, N_("%1 % read"), &percent, 1);
}

/* ---- the list ---- */

static const struct {
    const char *name, *word;
} orders[LIBRARY_ORDER_COUNT] = {
    [LIBRARY_OPENED] = {"read", N_("Read last")},
    [LIBRARY_SINCE] = {"new", N_("Newest first")},
    [LIBRARY_TITLE] = {"title", N_("By title")},
};

struct library_choice library_choice_of(const struct context *c)
{
    struct library_choice choice = {.words = parameter_get(&c->request->query, "q"),
                                    .hidden =
                                        parameter_has(&c->request->query, "hidden", STR("1"))};
    for (size_t i = 0; i < LIBRARY_ORDER_COUNT; i++)
        if (parameter_has(&c->request->query, "sort", str_of(orders[i].name)))
            choice.order = (enum library_order)i;
    return choice;
}

static struct url list_url(const struct page *p, const struct library_choice *choice)
{
    struct url url = link_library(p);
    if (choice->words.n > 0)
        url = url_with(p->arena, url, STR("q"), choice->words);
    if (choice->hidden)
        url = url_with(p->arena, url, STR("hidden"), STR("1"));
    if (choice->order != LIBRARY_OPENED)
        url = url_with(p->arena, url, STR("sort"), str_of(orders[choice->order].name));
    return url;
}

static void fill_ways(const struct page *p, const struct library_choice *choice,
                      struct library_view *v)
{
    struct library_choice other = *choice;
    v->sorts.v = ARENA_ARRAY(p->arena, struct page_choice, LIBRARY_ORDER_COUNT);
    for (size_t i = 0; i < LIBRARY_ORDER_COUNT; i++) {
        other.order = (enum library_order)i;
        v->sorts.v[v->sorts.n++] = (struct page_choice){.name = word_text(p, orders[i].word),
                                                        .tag = str_of(orders[i].name),
                                                        .url = list_url(p, &other),
                                                        .chosen = choice->order == other.order};
    }
    other = (struct library_choice){.order = choice->order, .hidden = !choice->hidden};
    v->others = list_url(p, &other);
    other.hidden = choice->hidden;
    v->list = list_url(p, &other);
    v->words = choice->words;
    v->hidden = choice->hidden;
}

static void fill_line(const struct page *p, const struct library_book *b, struct library_line *line)
{
    *line = (struct library_line){.book = b};
    if (b->withheld != NULL)
        line->slip = (struct shown_slip){b->withheld, FEATURE_BIT(FEATURE_DELIVERY)};
    if (b->row.opened != 0)
        line->progress = word_progress(p, b->row.place);
    if (b->files.n == 0)
        return;
    const struct library_file *latest = &b->files.v[0];
    line->file = link_library_file(p, b, latest);
    line->read = link_read(p, b->row.isbn);
    line->facts = word_file(p, latest);
    line->digest = hex_str(p->arena, latest->digest.b, sizeof latest->digest.b);
    line->older.v = ARENA_ARRAY(p->arena, struct page_choice, b->files.n);
    for (size_t i = 1; i < b->files.n; i++) {
        struct str words[] = {word_day(p, b->files.v[i].added), word_file(p, &b->files.v[i])};
        line->older.v[line->older.n++] =
            (struct page_choice){.name = word_filled(p, N_("As it was from %1 on (%2)"), words, 2),
                                 .url = link_library_file(p, b, &b->files.v[i])};
    }
}

enum rc handle_library(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct library_choice choice = library_choice_of(c);
    struct library_view v = {.hidden = false};
    uint64_t number;
    enum rc rc = page_number(c, PAGES_MAX, &number, fault);
    if (rc == RC_OK)
        rc = library_show(&c->visit, &choice, (number - 1) * BOOKS_A_PAGE, BOOKS_A_PAGE, &v.page,
                          fault);
    if (rc != RC_OK)
        return rc;
    fill_ways(&p, &choice, &v);
    struct url list = list_url(&p, &choice);
    v.pager = pager_make(&p, list, v.page.total, BOOKS_A_PAGE, number);
    if (pager_is_past(&p, &v.pager, list, ret))
        return RC_OK;
    v.back = list.text;
    v.lines.v = ARENA_ARRAY(c->arena, struct library_line, v.page.books.n);
    for (size_t i = 0; i < v.page.books.n; i++)
        fill_line(&p, &v.page.books.v[i], &v.lines.v[v.lines.n++]);
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("My library"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    library_page(&h, &p, &v);
    return RC_OK;
}

/* ---- what changes it ---- */

static enum rc go_back(struct context *c, struct response *ret)
{
    struct page p = page_begin(c, ret);
    go_to(ret, safe_return(parameter_get(&c->form, "return"), link_library(&p).text));
    return RC_OK;
}

enum rc handle_library_hide(struct context *c, struct response *ret, struct fault *fault)
{
    struct library_book book;
    enum rc rc = library_book(&c->visit, c->captures[0], &book, fault);
    if (rc == RC_OK)
        rc = library_hide(c->server->writer, c->viewer.account, book.row.edition,
                          parameter_has(&c->form, "hide", STR("1")), fault);
    return rc == RC_OK ? go_back(c, ret) : rc;
}

enum rc handle_library_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct shown_edition e;
    enum rc rc = limits_list(c, fault);
    if (rc == RC_OK)
        rc = shown_edition(&c->visit, c->captures[0], &e, fault);
    if (rc == RC_WITHHELD)
        c->withheld = e.visibility.by[FEATURE_LISTING];
    if (rc == RC_OK)
        rc = library_add_free(&c->visit, c->server->writer, &e, fault);
    return rc == RC_OK ? go_back(c, ret) : rc;
}

/* ---- one of them ---- */

static void answer_delivery_withheld(struct context *c, const struct library_book *book,
                                     struct response *ret)
{
    struct page p = page_begin(c, ret);
    struct shown_slip slip = {book->withheld, FEATURE_BIT(FEATURE_DELIVERY)};
    struct library_withheld_view v = {.book = *book, .slips = {&slip, 1}};
    struct html h = page_html(c, ret);
    p.title = word_text(&p, N_("Withheld in this storefront"));
    p.noindex = true;
    answer_withheld(c, book->withheld, ret);
    if (ret->status == 0)
        ret->status = 403;
    ret->caching = CACHING_NEVER;
    library_withheld_page(&h, &p, &v);
}

bool library_begin(struct context *c, struct str isbn, struct library_book *ret,
                   struct response *response, enum rc *ret_rc, struct fault *fault)
{
    *ret_rc = library_book(&c->visit, isbn, ret, fault);
    if (*ret_rc != RC_OK)
        return false;
    if (ret->withheld != NULL) {
        answer_delivery_withheld(c, ret, response);
        return false;
    }
    if (ret->files.n > 0)
        return true;
    *ret_rc = fault_set(fault, RC_NOT_FOUND, "nobody has sent the file of this e-book yet");
    return false;
}

/* The folder's file itself, or the first piece of a remote store's. */
static enum rc begin_sending(struct context *c, const struct library_file *file,
                             struct response *ret, struct fault *fault)
{
    struct file_source *source = NULL;
    enum rc rc = library_open(c->server->covers, &c->visit, file, &source, fault);
    if (rc != RC_OK)
        return rc;
    int fd = file_source_take_fd(source);
    if (fd < 0)
        return flow_new(&c->server->flows, source, ret->file_at, ret->file_size, c->request->head,
                        &ret->flow, fault);
    file_source_close(source);
    ret->file = fd;
    return RC_OK;
}

enum rc library_send(struct context *c, const struct library_file *file, struct str isbn,
                     struct response *ret, struct fault *fault)
{
    BUF_AUTO digest = BUF_INIT(80);
    BUF_LIT(&digest, "sha-256=:");
    base64_add(&digest, file->digest.b, sizeof file->digest.b);
    buf_char(&digest, ':');
    ret->file_size = file->bytes;
    ret->etag = ARENA_JOIN(c->arena, STR("\""), hex_str(c->arena, file->digest.b, 32), STR("\""));
    bool wanted = take_range(c->arena, ret, c->request);
    enum rc rc = wanted ? begin_sending(c, file, ret, fault) : RC_OK;
    if (rc != RC_OK)
        return rc;
    buf_free(&ret->body); /* room that a page would have taken */
    if (ret->status != 416)
        ret->content_type = "application/epub+zip";
    ret->digest = arena_str(c->arena, buf_str(&digest));
    ret->disposition = ARENA_JOIN(c->arena, STR("attachment; filename=\""), isbn, STR(".epub\""));
    ret->caching = CACHING_PRIVATE;
    return RC_OK;
}

enum rc library_file_asked(const struct context *c, const struct library_book *book,
                           const struct library_file **ret, struct fault *fault)
{
    struct str version = parameter_get(&c->request->query, "version");
    size_t at = 0;
    uint64_t id;
    if (version.n > 0) {
        bool number = str_to_u64(version, &id);
        while (number && at < book->files.n && book->files.v[at].id != id)
            at++;
        if (!number)
            at = book->files.n;
    }
    if (at >= book->files.n)
        return fault_set(fault, RC_NOT_FOUND, "there is no such version of this file");
    *ret = &book->files.v[at];
    return RC_OK;
}

/* "9780000000965.epub". */
enum rc handle_library_file(struct context *c, struct response *ret, struct fault *fault)
{
    struct str name = c->captures[0];
    const struct library_file *file;
    struct library_book book;
    enum rc rc;
    if (!str_ends(name, STR(".epub")))
        return fault_set(fault, RC_NOT_FOUND, "there is no such file");
    if (!library_begin(c, str_sub(name, 0, name.n - 5), &book, ret, &rc, fault))
        return rc;
    rc = library_file_asked(c, &book, &file, fault);
    return rc == RC_OK ? library_send(c, file, book.row.isbn, ret, fault) : rc;
}
