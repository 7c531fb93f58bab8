#include "app/library.h"

#include "base/clock.h"
#include "domain/isbn.h"
#include "domain/title_order.h"
#include "search/search.h"
#include "store/catalogue.h"
#include "store/epubs.h"
#include "store/library.h"

/* ---- what comes and goes ---- */

static void put_sorted(uint8_t ret[16], struct str title)
{
    uint64_t key[2];
    title_order_key(title, &key[0], &key[1]);
    for (size_t i = 0; i < 16; i++)
        ret[i] = (uint8_t)(key[i / 8] >> (56 - 8 * (i % 8)));
}

static struct str first_name(const struct edition *e)
{
    for (size_t i = 0; i < e->contributors.n; i++)
        if (e->contributors.v[i].name.n > 0)
            return e->contributors.v[i].name;
    return STR_NONE;
}

/* `shop`: whose e-book it is, by its slug. */
static enum rc give(struct store_conn *conn, uint64_t account, uint64_t edition, uint64_t line,
                    struct str shop, int64_t now, struct fault *fault)
{
    enum { TITLE_ROOM = 2048 };
    ARENA_AUTO arena = ARENA_INIT;
    struct catalogue_edition stored;
    char title[TITLE_ROOM];
    enum rc rc = catalogue_edition(conn, &arena, edition, &stored, fault);
    if (rc != RC_OK)
        return rc;
    struct library_row row = {.account = account,
                              .edition = edition,
                              .work = stored.work,
                              .line = line,
                              .isbn = stored.product_key,
                              .title = edition_display_title(&stored.facts, title, sizeof title),
                              .contributor = first_name(&stored.facts),
                              .language = edition_language(&stored.facts),
                              .shop = shop,
                              .source = line != 0 ? STR("bought") : STR("free"),
                              .since = now};
    row.words = search_fold(
        &arena, ARENA_JOIN(&arena, row.title, STR(" "), row.contributor, STR(" "), row.isbn));
    put_sorted(row.sorted, row.title);
    return library_row_add(conn, &row, fault);
}

enum rc library_give(struct store_conn *conn, uint64_t account, uint64_t edition, uint64_t line,
                     int64_t now, bool *ret_file, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str shop;
    epub_rows files = {NULL, 0};
    enum rc rc = library_shop_of_line(conn, &arena, line, &shop, fault);
    if (rc == RC_OK)
        rc = give(conn, account, edition, line, shop, now, fault);
    if (rc == RC_OK)
        rc = epub_files_of(conn, &arena, edition, shop, now, 1, &files, fault);
    *ret_file = files.n > 0;
    return rc;
}

enum rc library_take_back(struct store_conn *conn, uint64_t account, uint64_t edition, int64_t now,
                          struct fault *fault)
{
    return library_row_end(conn, account, edition, now, fault);
}

/* ---- what is free ---- */

static struct library_file file_of(const struct epub_row *row)
{
    return (struct library_file){row->id,     row->bytes, row->file,    row->version,
                                 row->digest, row->added, row->replaced};
}

/* The first of the shops that give it away, and may hand it over; NULL: none does. What is free has
 * a file (offer_want_file). */
static const struct shown_offer *free_offer(const struct visit *visit,
                                            const struct shown_edition *e)
{
    if (!edition_is_digital(e->facts) || visibility_withholds(&e->visibility, FEATURE_DELIVERY))
        return NULL;
    for (size_t i = 0; i < e->offers.n; i++) {
        const struct shown_offer *o = &e->offers.v[i];
        struct visibility_facts facts = {.work = e->work, .isbn13 = e->key, .shop = o->shop};
        struct visibility v = gate_decide(visit->view, visit->storefront, &facts);
        if (o->withheld == NULL && o->offer.verdict == VERDICT_FREE &&
            !visibility_withholds(&v, FEATURE_DELIVERY))
            return o;
    }
    return NULL;
}

enum rc library_free_file(const struct visit *visit, const struct shown_edition *e,
                          struct library_file *ret, struct fault *fault)
{
    const struct shown_offer *offer = free_offer(visit, e);
    struct epub_row row;
    enum rc rc = offer == NULL
                     ? RC_NOT_FOUND
                     : epub_of_shop(visit->conn, visit->arena, e->id, offer->shop_id, &row, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "no file of it is given away here");
    if (rc == RC_OK)
        *ret = file_of(&row);
    return rc;
}

bool library_is_free(const struct visit *visit, const struct shown_edition *e)
{
    return free_offer(visit, e) != NULL;
}

struct giving_free {
    uint64_t account, edition;
    struct str shop;
};

static enum rc give_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct giving_free *g = context;
    return give(conn, g->account, g->edition, 0, g->shop, clock_now(), fault);
}

enum rc library_add_free(const struct visit *visit, struct writer *writer,
                         const struct shown_edition *e, struct fault *fault)
{
    const struct shown_offer *offer = free_offer(visit, e);
    if (offer == NULL)
        return fault_set(fault, RC_CONFLICT, "it is not given away here");
    struct giving_free g = {visit->viewer->account, e->id, offer->shop};
    return writer_run_aside(writer, give_work, &g, fault);
}

struct hiding {
    uint64_t account, edition;
    bool hidden;
};

static enum rc hide_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct hiding *h = context;
    bool any = false;
    enum rc rc = library_row_hide(conn, h->account, h->edition, h->hidden, &any, fault);
    return rc == RC_OK && !any
               ? fault_set(fault, RC_NOT_FOUND, "there is no such book in your library")
               : rc;
}

enum rc library_hide(struct writer *writer, uint64_t account, uint64_t edition, bool hidden,
                     struct fault *fault)
{
    struct hiding h = {account, edition, hidden};
    return writer_run_aside(writer, hide_work, &h, fault);
}

enum rc library_has(const struct visit *visit, uint64_t edition, bool *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct library_row row;
    *ret = false;
    if (visit->viewer->account == 0)
        return RC_OK;
    enum rc rc = library_row_get(visit->conn, &arena, visit->viewer->account, edition, &row, fault);
    *ret = rc == RC_OK;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* ---- what is shown ---- */

/* The gate's word on the file, by the ids alone. */
static const struct restriction *withholder(const struct visit *visit,
                                            const struct library_row *row)
{
    struct visibility_facts facts = {.work = row->work, .isbn13 = row->isbn, .shop = row->shop};
    struct visibility v = gate_decide(visit->view, visit->storefront, &facts);
    return visibility_withholds(&v, FEATURE_DELIVERY) ? v.by[FEATURE_DELIVERY] : NULL;
}

static enum rc load_files(const struct visit *visit, struct library_book *b, struct fault *fault)
{
    epub_rows rows = {NULL, 0};
    enum rc rc = epub_files_of(visit->conn, visit->arena, b->row.edition, b->row.shop, b->row.since,
                               LIBRARY_FILES_MAX, &rows, fault);
    if (rc != RC_OK)
        return rc;
    b->files.v = ARENA_ARRAY(visit->arena, struct library_file, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        b->files.v[b->files.n++] = file_of(&rows.v[i]);
    }
    return RC_OK;
}

/* Gate, files and cards of what was found. */
static enum rc fill(const struct visit *visit, const library_rows *rows, library_books *ret,
                    struct fault *fault)
{
    shown_cards cards = {NULL, 0};
    uint64_t *ids = ARENA_ARRAY(visit->arena, uint64_t, rows->n);
    library_books books = {ARENA_ARRAY(visit->arena, struct library_book, rows->n), 0};
    for (size_t i = 0; i < rows->n; i++)
        ids[i] = rows->v[i].edition;
    enum rc rc = shown_cards_of(visit, FEATURE_LISTING, ids, rows->n, &cards, fault);
    for (size_t i = 0; rc == RC_OK && i < rows->n; i++) {
        struct library_book *b = &books.v[books.n++];
        *b = (struct library_book){.row = rows->v[i], .withheld = withholder(visit, &rows->v[i])};
        for (size_t k = 0; k < cards.n && !b->listed; k++)
            if (cards.v[k].id == b->row.edition) {
                b->card = cards.v[k];
                b->listed = true;
            }
        if (b->withheld == NULL)
            rc = load_files(visit, b, fault);
    }
    if (rc == RC_OK)
        *ret = books;
    return rc;
}

/* Folded words in between of anything; what LIKE takes for signs of its own is quoted. */
static struct str pattern(struct arena *arena, struct str words)
{
    enum { PATTERN_MAX = 1024 };
    BUF_AUTO out = BUF_INIT(PATTERN_MAX);
    struct str folded = search_fold(arena, str_trim(words));
    buf_char(&out, '%');
    for (size_t i = 0; i < folded.n; i++) {
        if (folded.p[i] == '%' || folded.p[i] == '_' || folded.p[i] == '\\')
            buf_char(&out, '\\');
        buf_char(&out, folded.p[i] == ' ' ? '%' : folded.p[i]);
    }
    if (folded.n > 0)
        buf_char(&out, '%');
    return buf_check(&out) == RC_OK ? arena_str(arena, buf_str(&out)) : STR_NONE;
}

enum rc library_show(const struct visit *visit, const struct library_choice *choice, size_t offset,
                     size_t limit, struct library_page *ret, struct fault *fault)
{
    library_rows rows = {NULL, 0};
    struct library_question all = {
        .account = visit->viewer->account, .hidden = true, .like = STR("%")};
    struct library_question question = {.account = visit->viewer->account,
                                        .order = choice->order,
                                        .hidden = choice->hidden,
                                        .like = pattern(visit->arena, choice->words)};
    struct library_page page = {.total = 0};
    enum rc rc = library_count_of(visit->conn, &question, &page.total, fault);
    if (rc == RC_OK)
        rc = library_count_of(visit->conn, &all, &page.hidden, fault);
    if (rc == RC_OK)
        rc = library_rows_of(visit->conn, visit->arena, &question, offset, limit, &rows, fault);
    if (rc == RC_OK)
        rc = fill(visit, &rows, &page.books, fault);
    if (rc == RC_OK)
        *ret = page;
    return rc;
}

enum rc library_book(const struct visit *visit, struct str isbn, struct library_book *ret,
                     struct fault *fault)
{
    char digits[14];
    struct library_row row;
    library_books books = {NULL, 0};
    if (isbn_parse(isbn, digits))
        isbn = arena_str(visit->arena, str_of(digits));
    enum rc rc =
        library_row_by_isbn(visit->conn, visit->arena, visit->viewer->account, isbn, &row, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no such book in your library");
    if (rc == RC_OK)
        rc = fill(visit, &(library_rows){&row, 1}, &books, fault);
    if (rc == RC_OK)
        *ret = books.v[0];
    return rc;
}

enum rc library_all(const struct visit *visit, bool hidden, size_t offset, size_t room,
                    library_rows *ret, struct fault *fault)
{
    struct library_question question = {.account = visit->viewer->account,
                                        .order = LIBRARY_SINCE,
                                        .hidden = hidden,
                                        .like = STR("%")};
    return library_rows_of(visit->conn, visit->arena, &question, offset, room, ret, fault);
}

enum rc library_key(const struct visit *visit, uint64_t edition, struct str *ret,
                    struct fault *fault)
{
    struct library_row row;
    enum rc rc =
        library_row_get(visit->conn, visit->arena, visit->viewer->account, edition, &row, fault);
    if (rc == RC_OK)
        *ret = row.isbn;
    return rc;
}

enum rc library_reading(const struct visit *visit, size_t room, library_books *ret,
                        struct fault *fault)
{
    library_rows rows = {NULL, 0};
    library_books books = {NULL, 0};
    enum rc rc = library_rows_begun(visit->conn, visit->arena, visit->viewer->account, READ_WHOLE,
                                    2 * room, &rows, fault);
    if (rc == RC_OK)
        rc = fill(visit, &rows, &books, fault);
    if (rc != RC_OK)
        return rc;
    size_t n = 0;
    for (size_t i = 0; i < books.n && n < room; i++)
        if (books.v[i].withheld == NULL && books.v[i].files.n > 0)
            books.v[n++] = books.v[i];
    *ret = (library_books){books.v, n};
    return RC_OK;
}

enum rc library_open(struct cover_reader *reader, const struct visit *visit,
                     const struct library_file *file, struct file_source **ret, struct fault *fault)
{
    return file_source_open(reader, visit, file->name, file->bytes, ret, fault);
}
