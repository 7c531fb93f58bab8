#include "app/erase.h"

#include <unistd.h>

#include "app/beside.h"
#include "app/sales_own.h"
#include "app/voice_opening.h"
#include "base/clock.h"
#include "record/entry.h"
#include "record/merkle.h"
#include "store/demands.h"
#include "store/held.h"
#include "store/readers.h"
#include "store/record_log.h"
#include "store/voices.h"

struct erasing {
    struct site *site;
    struct erase_order order;
    struct arena *arena;
    struct store_conn *conn;
    uint64_t entry_id; /* of the voice's erased entry */
    uint8_t salt[32];  /* of the request that was committed to last */
};

/* A salt for each entry: with one for all, an account's own could be told from others'. */
static void commit_request(struct erasing *w, struct entry *entry)
{
    struct proof_opening opening;
    erase_opening(w->site, w->arena, entry, &opening);
    random_bytes(w->salt, sizeof w->salt);
    entry->commitment = commitment_make(opening.domain, w->salt, opening.content);
}

static enum rc add_entry(struct erasing *w, const struct voice_row *row, enum entry_type type,
                         uint64_t *ret_id, struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(ENTRY_MAX);
    struct entry entry = {.type = type, .kind = (enum voice_kind)row->kind, .work = row->work};
    if (type == ENTRY_ERASED) {
        entry.basis = str_of(w->order.basis);
        entry.law = w->order.law;
        entry.at = clock_now();
    }
    enum rc rc = record_log_index(w->conn, row->entry_id, &entry.of, fault);
    if (rc == RC_OK && entry.of == LOG_PENDING)
        rc = fault_set(fault, RC_BUSY, "what is to be erased is not published yet");
    if (rc == RC_OK && type == ENTRY_ERASED)
        commit_request(w, &entry);
    if (rc == RC_OK)
        rc = entry_write(&entry, &bytes, fault);
    if (rc == RC_OK)
        rc = record_log_add(w->conn, LOG_VOICES, entry_type_name(type), buf_str(&bytes), ret_id,
                            fault);
    return rc;
}

/* Erasing waits for no witness (held_drop below): what is gone at its author's wish is
 * gone at once. So nothing that is held may bring it back afterwards. */
static enum rc check_nothing_held(struct erasing *w, const struct voice_row *row,
                                  struct fault *fault)
{
    bool waits = false;
    enum rc rc = held_waits(w->conn, row->work, row->account,
                            row->kind == VOICE_REVIEW ? row->id : 0, &waits, fault);
    if (rc == RC_OK && waits)
        rc = fault_set(fault, RC_BUSY, "what is to be erased is not published yet");
    return rc;
}

static enum rc erase_row(struct erasing *w, const struct voice_row *row, uint64_t *ret_id,
                         struct fault *fault)
{
    int64_t now = clock_now();
    enum rc rc = add_entry(w, row, ENTRY_ERASED, ret_id, fault);
    if (rc == RC_OK && row->kind == VOICE_RATING && str_eq(row->state, STR("shown"))) {
        struct rating_row was = {row->id, row->stars, row->entry_id};
        rc = readers_rating_withdraw(w->conn, row->work, &was, now, fault); /* the sums */
    }
    return rc == RC_OK ? voices_erase(w->conn, row->kind, row->id, *ret_id, w->salt, now, fault)
                       : rc;
}

/* Comments speak of the review above them: they go as when it is withdrawn. */
static enum rc withdraw_comments(struct erasing *w, uint64_t review, struct fault *fault)
{
    enum { AT_ONCE = 200 };
    struct comment_row *comments;
    size_t n;
    uint64_t id;
    enum rc rc;
    do {
        rc = readers_comments(w->conn, w->arena, review, 0, AT_ONCE, &comments, &n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            struct voice_row row = {
                .kind = VOICE_COMMENT, .work = comments[i].work, .entry_id = comments[i].entry_id};
            rc = add_entry(w, &row, ENTRY_WITHDRAWN, &id, fault);
            if (rc == RC_OK)
                rc = readers_comment_withdraw(w->conn, comments[i].id, fault);
        }
    } while (rc == RC_OK && n == AT_ONCE);
    return rc;
}

static enum rc erase_stars_of(struct erasing *w, const struct voice_row *review,
                              struct fault *fault)
{
    struct rating_row stars;
    struct voice_row row;
    uint64_t id;
    enum rc rc = readers_rating(w->conn, review->work, review->account, &stars, fault);
    if (rc == RC_OK)
        rc = voices_by_entry(w->conn, w->arena, VOICE_RATING, stars.entry_id, &row, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    return rc == RC_OK ? erase_row(w, &row, &id, fault) : rc;
}

static enum rc erase_one(struct erasing *w, const struct voice_row *row, struct fault *fault)
{
    bool stood = str_eq(row->state, STR("shown"));
    enum rc rc = check_nothing_held(w, row, fault);
    if (rc == RC_OK)
        rc = erase_row(w, row, &w->entry_id, fault);
    if (rc == RC_OK && row->kind == VOICE_REVIEW && stood)
        rc = withdraw_comments(w, row->id, fault);
    if (rc == RC_OK && row->kind == VOICE_REVIEW && stood)
        rc = erase_stars_of(w, row, fault);
    return rc;
}

/* ---- one voice ---- */

static enum rc find_voice(struct erasing *w, struct voice_row *ret, struct fault *fault)
{
    struct log_entry stored;
    struct entry entry;
    enum rc rc = record_log_at(w->conn, w->arena, LOG_VOICES, w->order.index, &stored, fault);
    if (rc == RC_OK)
        rc = entry_read(w->arena, stored.bytes, &entry, fault);
    if (rc == RC_OK && entry.type != ENTRY_ACCEPTED)
        rc = record_log_at(w->conn, w->arena, LOG_VOICES, entry.of, &stored, fault);
    if (rc == RC_OK)
        rc = voices_by_entry(w->conn, w->arena, (int)entry.kind, stored.id, ret, fault);
    if (rc == RC_NOT_FOUND ||
        (rc == RC_OK && w->order.account != 0 && ret->account != w->order.account))
        return fault_set(fault, RC_NOT_FOUND, "there is nothing of yours at entry %llu",
                         (unsigned long long)w->order.index);
    if (rc == RC_OK && str_eq(ret->state, STR("erased")))
        rc = fault_set(fault, RC_CONFLICT, "it is erased already");
    return rc;
}

static enum rc erase_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct erasing *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct voice_row row;
    w->arena = &arena;
    w->conn = conn;
    held_drop(conn);
    enum rc rc = find_voice(w, &row, fault);
    return rc == RC_OK ? erase_one(w, &row, fault) : rc;
}

static enum rc run(struct site *site, struct writer *writer, write_work work,
                   const struct erase_order *order, uint64_t *ret_entry, struct fault *fault)
{
    struct erasing w = {.site = site, .order = *order};
    enum rc rc = writer_run(writer, work, &w, fault);
    return rc == RC_OK ? entry_published(site, w.entry_id, ret_entry, fault) : rc;
}

enum rc erase_voice(struct site *site, struct writer *writer, const struct erase_order *order,
                    uint64_t *ret_entry, struct fault *fault)
{
    return run(site, writer, erase_work, order, ret_entry, fault);
}

/* ---- a text beside a decision ---- */

/* What was sealed has to be opened one day. */
static bool may_be_erased(enum entry_type type)
{
    static const enum entry_type types[] = {
        ENTRY_RESTRICTION, ENTRY_LIFT,       ENTRY_DEMAND,    ENTRY_DECISION,
        ENTRY_AGREEMENT,   ENTRY_DISCLOSURE, ENTRY_COMPLAINT, ENTRY_COMPLAINT_DECISION,
        ENTRY_LICENCE_NEED};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (type == types[i])
            return true;
    return false;
}

static enum rc find_text(struct erasing *w, uint64_t *ret_id, enum entry_type *ret_type,
                         struct fault *fault)
{
    struct log_entry stored;
    struct entry e;
    struct str text;
    uint8_t salt[32];
    enum rc rc = record_log_at(w->conn, w->arena, LOG_DECISIONS, w->order.index, &stored, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "the decisions have no entry %llu",
                         (unsigned long long)w->order.index);
    if (rc == RC_OK)
        rc = entry_read(w->arena, stored.bytes, &e, fault);
    if (rc == RC_OK && !may_be_erased(e.type))
        return fault_set(fault, RC_INVALID, "entry %llu is a %s: no text stands beside it",
                         (unsigned long long)w->order.index, entry_type_name(e.type));
    if (rc == RC_OK)
        rc = record_log_text_get(w->conn, w->arena, stored.id, &text, salt, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? fault_set(fault, RC_CONFLICT, "it is erased already") : rc;
    *ret_id = stored.id;
    *ret_type = e.type;
    return RC_OK;
}

static enum rc erase_text_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct erasing *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO bytes = BUF_INIT(ENTRY_MAX);
    uint64_t id = 0;
    enum entry_type type = ENTRY_TEXT_ERASED;
    struct entry e = {.type = ENTRY_TEXT_ERASED,
                      .at = clock_now(),
                      .of = w->order.index,
                      .basis = str_of(w->order.basis),
                      .law = w->order.law};
    w->arena = &arena;
    w->conn = conn;
    enum rc rc = find_text(w, &id, &type, fault);
    if (rc == RC_OK)
        rc = entry_write(&e, &bytes, fault);
    if (rc == RC_OK)
        rc = record_log_add(conn, LOG_DECISIONS, entry_type_name(e.type), buf_str(&bytes),
                            &w->entry_id, fault);
    if (rc == RC_OK)
        rc = record_log_text_erase(conn, id, fault);
    return rc == RC_OK && type == ENTRY_DEMAND ? demands_sender_erase(conn, id, fault) : rc;
}

enum rc erase_text(struct site *site, struct writer *writer, const struct erase_order *order,
                   uint64_t *ret_entry, struct fault *fault)
{
    return run(site, writer, erase_text_work, order, ret_entry, fault);
}

/* ---- an account ---- */

struct erasing_account {
    struct erasing erasing;
    bool gone; /* nothing was left to erase, and the account went with the last of it */
};

enum { AT_ONCE = 100, LATER_MS = 3000, PAUSE_US = 20000 };

/* What is said from here on is refused (voice.c), and nobody is signed in. Who was
 * interrupted here signs in again and goes on. */
static enum rc leave_work(void *context, struct store_conn *conn, struct fault *fault)
{
    uint64_t account = *(const uint64_t *)context;
    enum rc rc = voices_account_leaving(conn, account, fault);
    return rc == RC_OK ? readers_session_remove_all(conn, account, fault) : rc;
}

static enum rc erase_part(void *context, struct store_conn *conn, struct fault *fault)
{
    struct erasing_account *w = context;
    uint64_t account = w->erasing.order.account;
    ARENA_AUTO arena = ARENA_INIT;
    struct voice_row *rows;
    size_t n;
    w->erasing.arena = &arena;
    w->erasing.conn = conn;
    w->gone = false;
    held_drop(conn);
    enum rc rc = voices_to_erase(conn, &arena, account, AT_ONCE, &rows, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct voice_row row;
        /* As it stands by now: a review took its stars with it. */
        rc = voices_by_entry(conn, &arena, rows[i].kind, rows[i].entry_id, &row, fault);
        if (rc == RC_OK && !str_eq(row.state, STR("erased")))
            rc = erase_one(&w->erasing, &row, fault);
    }
    if (rc != RC_OK || n == AT_ONCE)
        return rc;
    bool waits = false;
    rc = held_of_account(conn, account, &waits, fault);
    if (rc == RC_OK && waits)
        rc = fault_set(fault, RC_BUSY, "what is to be erased is not published yet");
    if (rc == RC_OK)
        rc = purchases_of_account_end(conn, account, fault);
    w->gone = rc == RC_OK;
    return rc == RC_OK ? voices_account_remove(conn, account, fault) : rc;
}

enum rc erase_account(struct site *site, struct writer *writer, uint64_t account,
                      struct fault *fault)
{
    struct erasing_account w = {.erasing.site = site,
                                .erasing.order = {.account = account, .basis = "author"}};
    int64_t end = clock_monotonic_ms() + LATER_MS;
    enum rc rc = writer_run(writer, leave_work, &account, fault);
    while (rc == RC_OK && !w.gone) {
        rc = writer_run(writer, erase_part, &w, fault);
        /* What was said just before is published with the next batch. */
        if (rc == RC_BUSY && clock_monotonic_ms() < end) {
            rc = RC_OK;
            w.gone = false;
            usleep(PAUSE_US);
        }
    }
    return rc;
}
