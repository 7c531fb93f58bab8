#include "app/statement.h"

#include "app/address.h"
#include "app/mail_queue.h"
#include "app/restriction_view.h"
#include "app/secret.h"
#include "app/telling.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"
#include "domain/names.h"
#include "store/catalogue.h"
#include "store/demands.h"
#include "store/record_log.h"
#include "store/redress.h"
#include "store/store.h"
#include "store/targets.h"

enum { BODIES_MAX = 20, BODY_NAME_MAX = 200, BODY_URL_MAX = 500 };

/* ---- making ---- */

struct making {
    struct store_conn *conn;
    struct arena *arena;
    uint64_t restriction;
    int64_t at;
    uint64_t entry_id;
};

/* A letter to whoever it is; a shop that nobody can write to has its statement all the same. */
static enum rc write_to(struct making *m, const struct statement_row *row, const char *secret,
                        struct fault *fault)
{
    JSON_AUTO *values =
        json_pack("{s:I, s:s}", "restriction", (json_int_t)row->restriction, "secret", secret);
    struct letter letter = {
        .kind = "statement", .account = row->account, .values = values, .entry_id = m->entry_id};
    enum rc rc = RC_OK;
    if (row->shop != 0)
        rc = redress_contact(m->conn, m->arena, row->shop, &letter.recipient, &letter.language,
                             fault);
    if (rc != RC_OK || (row->shop != 0 && letter.recipient.n == 0))
        return rc;
    return mail_queue(m->conn, &letter, fault);
}

static enum rc make_one(struct making *m, uint64_t account, uint64_t shop, struct fault *fault)
{
    char secret[TOKEN_SIZE + 1];
    secret_make(secret);
    struct hash token = sha256(secret, TOKEN_SIZE);
    struct statement_row row = {
        .restriction = m->restriction, .account = account, .shop = shop, .at = m->at};
    enum rc rc = redress_statement_add(m->conn, &row, &token, fault);
    return rc == RC_OK ? write_to(m, &row, secret, fault) : rc;
}

enum rc statement_to_author(struct store_conn *conn, struct arena *arena, uint64_t restriction,
                            uint64_t account, uint64_t entry_id, struct fault *fault)
{
    struct making m = {conn, arena, restriction, clock_now(), entry_id};
    enum rc rc = make_one(&m, account, 0, fault);
    return rc == RC_NOT_FOUND ? RC_OK : rc; /* the account went meanwhile */
}

static enum rc make_for_shops(struct making *m, const struct restriction *r, struct fault *fault)
{
    uint64_t *shops;
    size_t n = 0;
    enum rc rc = redress_shops(m->conn, m->arena, r->target, r->target_key, &shops, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = make_one(m, 0, shops[i], fault);
    return rc;
}

enum rc statement_make(struct store_conn *conn, const struct restriction *r, uint64_t entry_id,
                       struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct making m = {conn, &arena, r->id, r->decided, entry_id};
    struct voice_target voice;
    uint64_t index, account;
    enum rc rc;
    if (target_is_voice(r->target)) {
        rc = str_to_u64(r->target_key, &index) ? target_voice(conn, r->target, index, &voice, fault)
                                               : RC_NOT_FOUND;
        if (rc == RC_OK && (int64_t)voice.account < 0) /* taken over: nobody here said it */
            rc = RC_NOT_FOUND;
        if (rc == RC_OK)
            rc = make_one(&m, voice.account, 0, fault);
    } else if (r->target == TARGET_ACCOUNT) {
        rc = target_account(conn, r->target_key, &account, fault);
        if (rc == RC_OK)
            rc = make_one(&m, account, 0, fault);
    } else {
        rc = make_for_shops(&m, r, fault);
        return rc == RC_OK ? telling_add(conn, r, r->works, entry_id, fault) : rc;
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc; /* nobody is left to be told */
}

/* ---- reading ---- */

int64_t statement_complain_until(int64_t at)
{
    int32_t date = date_of(at);
    int32_t year = date / 10000, month = date / 100 % 100 + 6, day = date % 100;
    if (day > 28) { /* not every month has one: a little longer, never shorter */
        day = 1;
        month++;
    }
    year += (month - 1) / 12;
    month = (month - 1) % 12 + 1;
    return date_end(year * 10000 + month * 100 + day);
}

static enum rc show_complaint(struct store_conn *conn, struct arena *arena, uint64_t id,
                              struct statement_view *ret, struct fault *fault)
{
    struct complaint_row c;
    enum rc rc = redress_complaint(conn, arena, id, &c, fault);
    if (rc != RC_OK)
        return rc;
    ret->complaint = c.id;
    ret->complained = c.at;
    ret->complaint_index = c.index;
    ret->complaint_text = c.text;
    ret->decided = c.decided;
    ret->decision_index = c.decision_index;
    ret->outcome = c.outcome;
    ret->outcome_reasons = c.reasons;
    return RC_OK;
}

enum rc redress_read(struct store_conn *conn, struct arena *arena, redress_bodies *ret,
                     struct fault *fault)
{
    struct str text;
    JSON_AUTO *json = NULL;
    enum rc rc = store_setting(conn, arena, "redress", &text, fault);
    *ret = (redress_bodies){0};
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc == RC_OK)
        rc = json_read(text, &json, fault);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct redress_body, json_array_size(json));
    for (; ret->n < json_array_size(json); ret->n++) {
        const json_t *body = json_array_get(json, ret->n);
        ret->v[ret->n] = (struct redress_body){arena_str(arena, json_member_str(body, "name")),
                                               arena_str(arena, json_member_str(body, "url"))};
    }
    return RC_OK;
}

static enum rc show_on(struct store_conn *own, struct arena *arena, uint64_t account, uint64_t id,
                       uint64_t *ret_restriction, struct statement_view *ret, struct fault *fault)
{
    struct statement_row row;
    enum rc rc = redress_statement(own, arena, id, &row, fault);
    if (rc == RC_OK && account != 0 && row.account != account)
        rc = fault_set(fault, RC_NOT_FOUND, "there is no statement %llu", (unsigned long long)id);
    if (rc != RC_OK)
        return rc;
    *ret_restriction = row.restriction;
    ret->id = row.id;
    ret->account = row.account;
    ret->at = row.at;
    ret->shop = row.shop_name;
    ret->complain_until = statement_complain_until(row.at);
    rc = demands_operators(own, &ret->operators, fault);
    if (rc == RC_OK)
        rc = redress_read(own, arena, &ret->bodies, fault);
    return rc == RC_OK && row.complaint != 0 ? show_complaint(own, arena, row.complaint, ret, fault)
                                             : rc;
}

enum rc statement_show(struct site *site, struct store_conn *conn, struct arena *arena,
                       const struct gate_view *view, uint64_t account, uint64_t id,
                       struct statement_view *ret, struct fault *fault)
{
    struct store_conn *own = NULL;
    struct statement_view shown = {.index = LOG_PENDING};
    uint64_t restriction = 0;
    enum rc rc = site_connect_wholly(site, &own, fault);
    if (rc == RC_OK)
        rc = show_on(own, arena, account, id, &restriction, &shown, fault);
    site_disconnect(own);
    if (rc == RC_OK)
        rc = restriction_show(conn, arena, view, restriction, &shown.restriction, fault);
    if (rc == RC_OK)
        rc = restriction_titles(conn, arena, &shown.restriction, 1, fault);
    if (rc != RC_OK)
        return rc;
    if (shown.restriction.entries.n > 0) {
        shown.reasons = shown.restriction.entries.v[0].text;
        shown.index = shown.restriction.entries.v[0].index;
    }
    shown.may_complain =
        shown.complaint == 0 && shown.index != LOG_PENDING && view->now < shown.complain_until;
    *ret = shown;
    return RC_OK;
}

enum rc statement_of_secret(struct site *site, struct str secret, uint64_t *ret_id,
                            struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct hash token = sha256(secret.p, secret.n);
    if (secret.n != TOKEN_SIZE)
        return fault_set(fault, RC_NOT_FOUND, "there is no such statement");
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = redress_statement_of_token(conn, &token, ret_id, fault);
    site_disconnect(conn);
    return rc;
}

enum rc statement_list(struct site *site, struct arena *arena, uint64_t account, size_t room,
                       statement_lines *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct statement_row *rows = NULL;
    size_t n = 0;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = redress_statements(conn, arena, account, room, &rows, &n, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct statement_line, n);
    for (ret->n = 0; ret->n < n; ret->n++)
        ret->v[ret->n] = (struct statement_line){rows[ret->n].id,      rows[ret->n].restriction,
                                                 rows[ret->n].account, rows[ret->n].complaint,
                                                 rows[ret->n].at,      rows[ret->n].shop_name};
    return RC_OK;
}

/* ---- what the operator says once ---- */

struct contact_work {
    struct str slug, email, language;
};

static enum rc put_contact(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct contact_work *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct shop shop;
    struct str address = STR_NONE;
    enum rc rc = catalogue_shop(conn, &arena, w->slug, &shop, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no shop %.*s", STR_ARG(w->slug));
    if (rc == RC_OK && w->email.n > 0)
        rc = address_for_mail(&arena, w->email, &address, fault);
    return rc == RC_OK ? redress_contact_put(conn, w->slug, address, w->language, fault) : rc;
}

enum rc shop_contact_set(struct writer *writer, struct str slug, struct str email,
                         struct str language, struct fault *fault)
{
    struct contact_work work = {slug, email, language};
    if (!language_tag_valid(language))
        return fault_set(fault, RC_INVALID, "language: a tag such as \"en\" or \"zh-Hans\"");
    return writer_run(writer, put_contact, &work, fault);
}

static enum rc put_bodies(void *context, struct store_conn *conn, struct fault *fault)
{
    return store_setting_put(conn, "redress", *(struct str *)context, fault);
}

enum rc redress_set(struct writer *writer, const struct redress_body *bodies, size_t n,
                    struct fault *fault)
{
    JSON_AUTO *list = json_array();
    BUF_AUTO text = BUF_INIT(1 << 16);
    if (n > BODIES_MAX)
        return fault_set(fault, RC_LIMIT, "body: at most %d", BODIES_MAX);
    for (size_t i = 0; i < n; i++) {
        const struct redress_body *b = &bodies[i];
        bool web = str_starts(b->url, STR("https://")) || str_starts(b->url, STR("http://"));
        if (str_trim(b->name).n == 0 || b->name.n > BODY_NAME_MAX || !utf8_clean(b->name))
            return fault_set(fault, RC_INVALID, "body: a name of at most %d bytes", BODY_NAME_MAX);
        if (!web || b->url.n > BODY_URL_MAX || !utf8_clean(b->url) ||
            str_find(b->url, ' ') < b->url.n)
            return fault_set(fault, RC_INVALID, "body: %.*s: an address that begins with https://",
                             STR_ARG(b->url));
        json_array_append_new(list, json_pack("{s:o, s:o}", "name", json_from_str(b->name), "url",
                                              json_from_str(b->url)));
    }
    json_write(list, &text);
    struct str value = buf_str(&text);
    return writer_run(writer, put_bodies, &value, fault);
}

enum rc redress_get(struct site *site, struct arena *arena, redress_bodies *ret,
                    struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = redress_read(conn, arena, ret, fault);
    site_disconnect(conn);
    return rc;
}
