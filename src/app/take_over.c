#include "app/take_over.h"

#include "app/gate.h"
#include "app/name_map.h"
#include "app/taken_row.h"
#include "app/voice_opening.h"
#include "app/voice_print.h"
#include "base/clock.h"
#include "onix/onix.h"
#include "record/entry.h"
#include "record/merkle.h"
#include "store/catalogue.h"
#include "store/held.h"
#include "store/readers.h"
#include "store/record_log.h"
#include "store/store.h"
#include "store/voices.h"

enum { A_BATCH = 100, PIECE = 64 << 10, MARKS_MAX = 4000000 };

struct taking {
    struct site *site;
    struct writer *writer;
    const struct take_over_order *order;
    struct take_over_summary *summary;
    struct gate *gate;
    const struct gate_view *view; /* of this batch */
    struct arena arena;           /* of this batch */
    struct feed_file *file;
    struct name_map *met; /* marks of this file's rows: how often they stood in it */
    struct taken_row rows[A_BATCH];
    struct fault faults[A_BATCH]; /* of those that are refused; else empty */
    bool known[A_BATCH];
    size_t n;
};

/* ---- one of them, within the transaction ---- */

/* Where every storefront withholds what is submitted about the work, nothing is brought in. */
static enum rc check_submissions(const struct taking *w, const struct taken_row *row,
                                 struct fault *fault)
{
    const struct restriction *by = NULL;
    struct visibility_facts facts = {.work = row->work, .isbn13 = row->isbn13};
    for (size_t i = 0; i < w->view->storefronts.n; i++) {
        struct visibility v = gate_decide(w->view, &w->view->storefronts.v[i], &facts);
        by = visibility_withholds(&v, FEATURE_SUBMISSIONS) ? v.by[FEATURE_SUBMISSIONS] : NULL;
        if (by == NULL)
            return RC_OK;
    }
    return by == NULL ? RC_OK
                      : fault_set(fault, RC_WITHHELD,
                                  "isbn: what is said of this title is withheld by restriction "
                                  "%llu",
                                  (unsigned long long)by->id);
}

static enum rc find_work(struct store_conn *conn, struct taken_row *row, struct fault *fault)
{
    uint64_t edition;
    enum rc rc = row->isbn13.n > 0
                     ? catalogue_edition_known(conn, row->isbn13, &edition, &row->work, fault)
                     : catalogue_work_known(conn, row->work, fault);
    return rc == RC_NOT_FOUND ? fault_set(fault, rc, "%s: the catalogue has no such title",
                                          row->isbn13.n > 0 ? "isbn" : "work")
                              : rc;
}

/* The same words stand already, from here or from elsewhere. */
static enum rc check_print(struct store_conn *conn, const struct taken_row *row, struct str print,
                           struct fault *fault)
{
    uint64_t other;
    enum rc rc = print.n == 0 ? RC_NOT_FOUND
                              : readers_review_printed(conn, print, row->work, 0, &other, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    return rc == RC_OK ? fault_set(fault, RC_INVALID, "text: review %llu has the same words",
                                   (unsigned long long)other)
                       : rc;
}

/* Its entry in the voices log, with a salt of its own. */
static enum rc put_entry(struct taking *w, struct store_conn *conn, enum voice_kind kind,
                         const struct taken_row *row, uint8_t ret_salt[32], uint64_t *ret_id,
                         struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(ENTRY_MAX);
    struct proof_opening opening;
    struct entry entry = {.type = ENTRY_ACCEPTED, .kind = kind, .work = row->work};
    struct voice_row said = {.title = row->review.title,
                             .text = row->review.text,
                             .language = row->review.language,
                             .isbn13 = row->review.isbn13,
                             .stars = row->review.stars};
    enum rc rc = voice_opening(w->site, &w->arena, kind, &said, &opening, fault);
    if (rc != RC_OK)
        return rc;
    random_bytes(ret_salt, 32);
    entry.commitment = commitment_make(opening.domain, ret_salt, opening.content);
    rc = entry_write(&entry, &bytes, fault);
    return rc == RC_OK ? record_log_add(conn, LOG_VOICES, entry_type_name(entry.type),
                                        buf_str(&bytes), ret_id, fault)
                       : rc;
}

static enum rc put_review(struct taking *w, struct store_conn *conn, const struct taken_row *row,
                          uint64_t nobody, struct str print, struct fault *fault)
{
    struct review_row review = {.work = row->work,
                                .account = nobody,
                                .author = row->author,
                                .title = row->review.title,
                                .text = row->review.text,
                                .language = row->review.language,
                                .isbn13 = row->review.isbn13,
                                .created = clock_now(),
                                .print = print,
                                .source = row->source,
                                .written = row->written};
    uint8_t salt[32];
    uint64_t id;
    enum rc rc = put_entry(w, conn, VOICE_REVIEW, row, salt, &review.entry_id, fault);
    return rc == RC_OK ? readers_review_add(conn, &review, salt, &id, fault) : rc;
}

static enum rc put_stars(struct taking *w, struct store_conn *conn, const struct taken_row *row,
                         uint64_t nobody, struct fault *fault)
{
    uint8_t salt[32];
    uint64_t entry_id;
    enum rc rc = put_entry(w, conn, VOICE_RATING, row, salt, &entry_id, fault);
    return rc == RC_OK ? readers_rating_add(conn, row->work, nobody, row->review.stars, clock_now(),
                                            entry_id, salt, fault)
                       : rc;
}

/* Whatever is wrong with it is found before anything of it is written. */
static enum rc take_one(struct taking *w, struct store_conn *conn, struct taken_row *row,
                        bool *ret_known, struct fault *fault)
{
    uint64_t number;
    struct str print = STR_NONE;
    enum rc rc = RC_OK;
    *ret_known = row->known;
    if (!row->known)
        rc = voices_taken_known(conn, &row->mark, ret_known, fault);
    if (rc != RC_OK || *ret_known)
        return rc;
    rc = find_work(conn, row, fault);
    if (rc == RC_OK)
        rc = check_submissions(w, row, fault);
    if (rc == RC_OK && row->review.text.n > 0) {
        print = voice_print(&w->arena, row->review.text);
        rc = check_print(conn, row, print, fault);
    }
    if (rc != RC_OK || w->order->dry)
        return rc;
    rc = store_take_ids(conn, "taken_over", 1, &number, fault);
    uint64_t nobody = rc == RC_OK ? (uint64_t) - (int64_t)number : 0;
    if (rc == RC_OK)
        held_about(conn, row->work, nobody, 0);
    if (rc == RC_OK && row->review.text.n > 0)
        rc = put_review(w, conn, row, nobody, print, fault);
    if (rc == RC_OK && row->review.stars > 0)
        rc = put_stars(w, conn, row, nobody, fault);
    return rc == RC_OK ? voices_taken_add(conn, &row->mark, number, fault) : rc;
}

/* ---- batches ---- */

static bool is_the_rows(enum rc rc)
{
    return rc == RC_INVALID || rc == RC_NOT_FOUND || rc == RC_WITHHELD;
}

static enum rc take_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct taking *w = context;
    for (size_t i = 0; i < w->n; i++) {
        w->faults[i] = (struct fault){""};
        w->known[i] = false;
        enum rc rc = take_one(w, conn, &w->rows[i], &w->known[i], &w->faults[i]);
        if (rc == RC_OK)
            continue;
        if (!is_the_rows(rc))
            return fault_set(fault, rc, "%s", w->faults[i].text);
        if (w->faults[i].text[0] == '\0')
            (void)!fault_set(&w->faults[i], rc, "%s", rc_name(rc));
    }
    return RC_OK;
}

static enum rc look_only(struct taking *w, struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(w->site, &conn, fault);
    if (rc == RC_OK)
        rc = take_work(w, conn, fault);
    site_disconnect(conn);
    return rc;
}

static void refuse(const struct taking *w, uint64_t line, const char *why)
{
    w->summary->refused++;
    w->order->refused(w->order->context, line, why);
}

static void count(const struct taking *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->faults[i].text[0] != '\0')
            refuse(w, w->rows[i].line, w->faults[i].text);
        else if (w->known[i])
            w->summary->known++;
        else if (w->rows[i].review.text.n > 0)
            w->summary->reviews++;
        else
            w->summary->ratings++;
}

static enum rc end_batch(struct taking *w, struct fault *fault)
{
    if (w->n > 0) {
        enum rc rc = gate_reload(w->gate, fault);
        if (rc != RC_OK)
            return rc;
        GATE_HELD view = gate_hold(w->gate, &w->arena);
        w->view = view;
        rc = w->order->dry ? look_only(w, fault) : writer_run(w->writer, take_work, w, fault);
        if (rc != RC_OK)
            return rc;
        count(w);
    }
    arena_reset(&w->arena);
    w->n = 0;
    w->summary->stopped = !w->order->going(w->order->context, feed_position(w->file),
                                           feed_size(w->file), w->summary->rows);
    return w->summary->stopped ? fault_set(fault, RC_BUSY, "stopped") : RC_OK;
}

/* Five hundred times the same stars are five hundred readers; brought again, they are the same
 * five hundred. What writes nothing finds none of its own rows again in the database. */
static enum rc meet_row(struct taking *w, struct taken_row *row, struct fault *fault)
{
    struct str mark = {(const char *)row->mark.b, sizeof row->mark.b};
    uint64_t times = 0;
    if (!row->may_repeat && !w->order->dry)
        return RC_OK;
    (void)!name_map_get(w->met, mark, &times);
    if (!name_map_put(w->met, mark, times + 1))
        return fault_set(fault, RC_LIMIT,
                         "there are more than %d rows that are told apart by what they say: give "
                         "them an id",
                         MARKS_MAX);
    row->known = times > 0 && !row->may_repeat;
    row->mark = taken_row_mark(row, row->may_repeat ? times : 0);
    return RC_OK;
}

static enum rc take_row(void *context, uint64_t line, const struct review_fields *fields,
                        const char *wrong, struct fault *fault)
{
    struct taking *w = context;
    struct taken_row *row = &w->rows[w->n];
    struct fault why = {""};
    w->summary->rows++;
    enum rc rc = fields == NULL ? RC_OK
                                : taken_row_read(&w->arena, fields, w->order->source,
                                                 w->order->language, row, &why);
    if (fields == NULL || rc != RC_OK) {
        refuse(w, line, fields == NULL ? wrong : why.text);
        return RC_OK;
    }
    row->line = line;
    rc = meet_row(w, row, fault);
    if (rc != RC_OK)
        return rc;
    w->n++;
    return w->n == A_BATCH ? end_batch(w, fault) : RC_OK;
}

static enum rc read_file(struct taking *w, struct review_rows *rows, struct fault *fault)
{
    char *piece = malloc(PIECE);
    size_t n = 1;
    enum rc rc = RC_OK;
    if (piece == NULL)
        abort();
    while (rc == RC_OK && (rc = feed_read(w->file, piece, PIECE, &n, fault)) == RC_OK && n > 0)
        rc = review_rows_push(rows, (struct str){piece, n}, fault);
    free(piece);
    if (rc == RC_OK)
        rc = review_rows_end(rows, fault);
    return rc;
}

enum rc take_over(struct site *site, struct writer *writer, const struct take_over_order *order,
                  struct take_over_summary *ret, struct fault *fault)
{
    struct taking *w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    *w = (struct taking){.site = site, .writer = writer, .order = order, .summary = ret};
    *ret = (struct take_over_summary){0};
    struct review_rows *rows = review_rows_new(take_row, w);
    w->met = name_map_new_of(MARKS_MAX);
    enum rc rc = gate_open(site, &w->gate, fault);
    if (rc == RC_OK)
        rc = feed_open(order->path, &w->file, fault);
    if (rc == RC_OK)
        rc = read_file(w, rows, fault);
    /* What was good before the file broke off is taken. */
    if (rc == RC_OK || (rc == RC_INVALID && w->n > 0)) {
        enum rc last = end_batch(w, rc == RC_OK ? fault : NULL);
        rc = rc == RC_OK ? last : rc;
    }
    if (ret->stopped)
        rc = RC_OK;
    feed_close(w->file);
    review_rows_free(rows);
    name_map_free(w->met);
    gate_close(w->gate);
    arena_free(&w->arena);
    free(w);
    return rc;
}
