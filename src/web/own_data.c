/* All that the shop has of an account, in one file of JSON, for its holder to take along. What
 * is withheld from others is not withheld from whom it belongs to. */
#include "app/confirm.h"
#include "app/devices.h"
#include "app/helpful.h"
#include "app/library.h"
#include "app/own_sales.h"
#include "app/passkeys.h"
#include "app/reader_lists.h"
#include "app/reading.h"
#include "app/receipts.h"
#include "app/sessions.h"
#include "app/statement.h"
#include "app/sync.h"
#include "base/clock.h"
#include "base/json.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/security.h"

enum {
    VOICES_AT_ONCE = 200,
    VOTES_AT_ONCE = 1000,
    BOOKS_AT_ONCE = 500,
    PLACES_AT_ONCE = 500,
    MARKS_AT_ONCE = 500,
    STATEMENTS_MAX = 10000,
    DEMANDS_MAX = 10000,
    DATA_MAX = 64 << 20
};

static json_t *voice_json(const struct own_receipt *r)
{
    json_t *json = json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "work", (json_int_t)r->work, "edition",
        api_text(r->key), "work_title", api_text(r->work_title), "state", json_from_str(r->state),
        "created", json_from_time(r->created), "record_index",
        r->pending ? json_null() : json_integer((json_int_t)r->index), "latest_record_index",
        r->pending ? json_null() : json_integer((json_int_t)r->latest));
    if (strcmp(r->kind, "rating") == 0) {
        json_object_set_new(json, "stars", json_integer(r->stars));
        return json;
    }
    json_object_set_new(json, "id", json_integer((json_int_t)r->id));
    json_object_set_new(json, "text", json_from_str(r->text));
    if (strcmp(r->kind, "review") == 0) {
        json_object_set_new(json, "title", json_from_str(r->title));
        json_object_set_new(json, "language", api_text(r->language));
        json_object_set_new(json, "isbn13", api_text(r->isbn13));
    }
    return json;
}

static enum rc add_voices(struct context *c, json_t *all, struct fault *fault)
{
    json_t *ratings = json_array(), *reviews = json_array(), *comments = json_array();
    struct own_receipts own = {.more = true};
    enum rc rc = RC_OK;
    json_object_set_new(all, "ratings", ratings);
    json_object_set_new(all, "reviews", reviews);
    json_object_set_new(all, "comments", comments);
    for (size_t offset = 0; rc == RC_OK && own.more; offset += own.list.n) {
        rc = receipts_of(&c->visit, c->server->site, offset, VOICES_AT_ONCE, &own, fault);
        for (size_t i = 0; rc == RC_OK && i < own.list.n; i++) {
            const char *kind = own.list.v[i].kind;
            json_array_append_new(strcmp(kind, "rating") == 0   ? ratings
                                  : strcmp(kind, "review") == 0 ? reviews
                                                                : comments,
                                  voice_json(&own.list.v[i]));
        }
    }
    return rc;
}

static enum rc add_votes(struct context *c, json_t *all, struct fault *fault)
{
    json_t *list = json_array();
    helpful_votes votes = {.n = VOTES_AT_ONCE};
    uint64_t after = 0;
    enum rc rc = RC_OK;
    json_object_set_new(all, "helpful", list);
    while (rc == RC_OK && votes.n == VOTES_AT_ONCE) {
        rc = helpful_own(&c->visit, after, VOTES_AT_ONCE, &votes, fault);
        for (size_t i = 0; rc == RC_OK && i < votes.n; i++) {
            after = votes.v[i].review;
            json_array_append_new(list, json_pack("{s:I, s:o}", "review", (json_int_t)after, "at",
                                                  json_from_time(votes.v[i].at)));
        }
    }
    return rc;
}

static enum rc add_lists(struct context *c, json_t *all, struct fault *fault)
{
    json_t *list = json_array();
    reader_lists own = {0};
    json_object_set_new(all, "lists", list);
    enum rc rc = reader_lists_own(&c->visit, 0, &own, fault);
    for (size_t i = 0; rc == RC_OK && i < own.n; i++) {
        const struct reader_list *l = &own.v[i];
        json_t *works = json_array();
        kept_works kept = {0};
        json_array_append_new(list,
                              json_pack("{s:o, s:b, s:b, s:o}", "name", api_text(l->name), "want",
                                        l->want, "shared", l->shared, "works", works));
        rc = reader_list_kept(&c->visit, l->secret, &kept, fault);
        for (size_t k = 0; rc == RC_OK && k < kept.n; k++)
            json_array_append_new(
                works, json_pack("{s:I, s:o, s:o}", "work", (json_int_t)kept.v[k].work, "edition",
                                 api_text(kept.v[k].key), "work_title", api_text(kept.v[k].title)));
    }
    return rc;
}

static enum rc add_books(struct context *c, bool hidden, json_t *list, struct fault *fault)
{
    library_rows rows = {NULL, BOOKS_AT_ONCE};
    enum rc rc = RC_OK;
    for (size_t offset = 0; rc == RC_OK && rows.n == BOOKS_AT_ONCE; offset += BOOKS_AT_ONCE) {
        rc = library_all(&c->visit, hidden, offset, BOOKS_AT_ONCE, &rows, fault);
        for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
            const struct library_row *r = &rows.v[i];
            json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "edition",
                                                  api_text(r->isbn), "title", api_text(r->title),
                                                  "contributor", api_text(r->contributor), "source",
                                                  json_from_str(r->source), "since",
                                                  json_from_time(r->since), "hidden", hidden));
        }
    }
    return rc;
}

static enum rc add_library(struct context *c, json_t *all, struct fault *fault)
{
    json_t *list = json_array();
    json_object_set_new(all, "library", list);
    enum rc rc = add_books(c, false, list, fault);
    return rc == RC_OK ? add_books(c, true, list, fault) : rc;
}

/* An edition's key as the library has it; null where it is no more in it. */
static json_t *edition_json(struct context *c, uint64_t edition)
{
    struct str key = STR_NONE;
    return library_key(&c->visit, edition, &key, NULL) == RC_OK ? api_text(key) : json_null();
}

static enum rc add_places(struct context *c, json_t *list, struct fault *fault)
{
    place_rows rows = {NULL, PLACES_AT_ONCE};
    uint64_t after = 0;
    enum rc rc = RC_OK;
    while (rc == RC_OK && rows.n == PLACES_AT_ONCE) {
        rc = reading_places_after(c->worker->conn, c->arena, c->viewer.account, after,
                                  PLACES_AT_ONCE, &rows, fault);
        /* A book's places stand together: the last one's may not be whole. */
        size_t n = rows.n;
        while (rc == RC_OK && rows.n == PLACES_AT_ONCE && n > 1 &&
               rows.v[n - 1].edition == rows.v[rows.n - 1].edition)
            n--;
        for (size_t i = 0; rc == RC_OK && i < n; i++) {
            const struct place_row *r = &rows.v[i];
            after = r->edition;
            json_array_append_new(
                list,
                json_pack("{s:o, s:o, s:I, s:o, s:o, s:o}", "edition", edition_json(c, r->edition),
                          "kind", json_from_str(r->kind), "millionths", (json_int_t)r->millionths,
                          "locator", json_from_str(r->locator), "device", json_from_str(r->device),
                          "at", json_from_time(r->at)));
        }
    }
    return rc;
}

static enum rc add_reading(struct context *c, json_t *all, struct fault *fault)
{
    json_t *places = json_array(), *marks = json_array();
    mark_rows rows = {NULL, MARKS_AT_ONCE};
    uint64_t after = 0;
    bool on = false;
    enum rc rc = reading_is_on(c->worker->conn, c->viewer.account, &on, fault);
    json_object_set_new(all, "reading",
                        json_pack("{s:b, s:o, s:o}", "kept", on, "places", places, "marks", marks));
    if (rc == RC_OK)
        rc = add_places(c, places, fault);
    while (rc == RC_OK && rows.n == MARKS_AT_ONCE) {
        rc = reading_marks_after(c->worker->conn, c->arena, c->viewer.account, after, MARKS_AT_ONCE,
                                 &rows, fault);
        for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
            const struct mark_row *r = &rows.v[i];
            after = r->id;
            json_array_append_new(
                marks,
                json_pack("{s:o, s:o, s:I, s:o, s:o, s:o, s:o}", "edition",
                          edition_json(c, r->edition), "kind", json_from_str(r->kind), "millionths",
                          (json_int_t)r->millionths, "locator", json_from_str(r->locator),
                          "excerpt", json_from_str(r->excerpt), "note", json_from_str(r->note),
                          "made", json_from_time(r->created)));
        }
    }
    return rc;
}

static enum rc add_following(struct context *c, json_t *all, struct fault *fault)
{
    followed_list following = {0};
    struct follower own = {0};
    enum rc rc = following_own(&c->visit, &following, fault);
    if (rc == RC_OK)
        rc = follower_own(&c->visit, &own, fault);
    json_object_set_new(all, "following", api_followed_list(&following));
    json_object_set_new(all, "news_letters", api_text(own.letters));
    return rc;
}

static json_t *index_json(int64_t index)
{
    return index < 0 ? json_null() : json_integer(index);
}

static json_t *statement_json(const struct statement_view *s)
{
    json_t *complaint = json_null();
    bool decided = s->decided != 0;
    if (s->complaint != 0)
        complaint = json_pack(
            "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", (json_int_t)s->complaint, "at",
            json_from_some_time(s->complained), "text", api_text(s->complaint_text), "record_index",
            index_json(s->complaint_index), "decided", json_from_some_time(s->decided), "outcome",
            decided ? json_from_str(s->outcome) : json_null(), "reasons",
            decided ? api_text(s->outcome_reasons) : json_null(), "decision_index",
            index_json(s->decision_index));
    return json_pack("{s:I, s:o, s:I, s:o, s:o, s:o, s:o}", "id", (json_int_t)s->id, "at",
                     json_from_some_time(s->at), "restriction", (json_int_t)s->restriction.r->id,
                     "record_index",
                     s->index == UINT64_MAX ? json_null() : json_integer((json_int_t)s->index),
                     "reasons", api_text(s->reasons), "complain_until",
                     s->may_complain ? json_from_some_time(s->complain_until) : json_null(),
                     "complaint", complaint);
}

static enum rc add_statements(struct context *c, json_t *all, struct fault *fault)
{
    json_t *list = json_array();
    statement_lines lines = {0};
    struct statement_view s;
    json_object_set_new(all, "statements", list);
    enum rc rc =
        statement_list(c->server->site, c->arena, c->viewer.account, STATEMENTS_MAX, &lines, fault);
    for (size_t i = 0; rc == RC_OK && i < lines.n; i++) {
        rc = statement_show(c->server->site, c->worker->conn, c->arena, c->view, c->viewer.account,
                            lines.v[i].id, &s, fault);
        if (rc == RC_OK)
            json_array_append_new(list, statement_json(&s));
    }
    return rc;
}

static enum rc add_ways_in(struct context *c, json_t *all, struct fault *fault)
{
    json_t *sessions = json_array(), *passkeys = json_array(), *devices = json_array();
    device_list readers = {0};
    own_sessions begun = {0};
    passkey_list keys = {0};
    json_object_set_new(all, "sessions", sessions);
    json_object_set_new(all, "passkeys", passkeys);
    json_object_set_new(all, "devices", devices);
    enum rc rc =
        sessions_read(c->worker->conn, c->arena, c->viewer.account, c->session, &begun, fault);
    if (rc == RC_OK)
        rc = passkeys_read(c->server->site, c->arena, c->viewer.account, &keys, fault);
    if (rc == RC_OK)
        rc = devices_read(c->worker->conn, c->arena, c->viewer.account, &readers, fault);
    for (size_t i = 0; rc == RC_OK && i < readers.n; i++)
        json_array_append_new(devices, json_pack("{s:o, s:o, s:o, s:o}", "name",
                                                 json_from_str(readers.v[i].name), "login",
                                                 json_from_str(readers.v[i].login), "made",
                                                 json_from_time(readers.v[i].made), "last_used",
                                                 json_from_some_time(readers.v[i].used)));
    for (size_t i = 0; rc == RC_OK && i < begun.n; i++)
        json_array_append_new(sessions, json_pack("{s:o, s:b, s:o}", "begun",
                                                  json_from_time(begun.v[i].begun), "program",
                                                  begun.v[i].program, "browser",
                                                  api_text(begun.v[i].browser)));
    for (size_t i = 0; rc == RC_OK && i < keys.n; i++)
        json_array_append_new(passkeys, json_pack("{s:o, s:o, s:o, s:o}", "name",
                                                  json_from_str(keys.v[i].name), "host",
                                                  json_from_str(keys.v[i].rp), "made",
                                                  json_from_time(keys.v[i].created), "last_used",
                                                  json_from_some_time(keys.v[i].used)));
    return rc;
}

/* Of documents that are none of the shop's; those of its books stand with them. */
static enum rc add_synced(struct context *c, json_t *all, struct fault *fault)
{
    enum { AT_ONCE = 500 };
    json_t *list = json_array();
    sync_places places = {.n = AT_ONCE};
    struct str after = STR_NONE;
    enum rc rc = RC_OK;
    json_object_set_new(all, "synced_places", list);
    while (rc == RC_OK && places.n == AT_ONCE) {
        rc = sync_places_of(c->worker->conn, c->arena, c->viewer.account, after, AT_ONCE, &places,
                            fault);
        for (size_t i = 0; rc == RC_OK && i < places.n; i++) {
            const struct sync_place *place = &places.v[i];
            after = place->document;
            json_array_append_new(list, json_pack("{s:o, s:o, s:I, s:o, s:o, s:o}", "document",
                                                  json_from_str(place->document), "progress",
                                                  json_from_str(place->progress), "millionths",
                                                  (json_int_t)place->millionths, "device",
                                                  json_from_str(place->device), "device_id",
                                                  api_text(place->device_id), "at",
                                                  json_from_time(place->at)));
        }
    }
    return rc;
}

struct sales_look {
    uint64_t account;
    json_t *list;
};

static enum rc look_at_sales(void *context, struct store_conn *conn, struct fault *fault)
{
    struct sales_look *look = context;
    return own_sales_json(conn, look->account, look->list, fault);
}

static enum rc add_sales(struct context *c, json_t *all, struct fault *fault)
{
    struct sales_look look = {c->viewer.account, json_array()};
    json_object_set_new(all, "purchases", look.list);
    return site_look_wholly(c->server->site, look_at_sales, &look, fault);
}

static enum rc add_profile(struct context *c, json_t *all, struct fault *fault)
{
    bool confirmed = false;
    enum rc rc = confirm_stands(c->server->site, c->viewer.account, &confirmed, fault);
    if (rc == RC_OK)
        json_object_set_new(
            all, "account",
            json_pack("{s:I, s:o, s:o, s:o, s:b}", "id", (json_int_t)c->viewer.account, "made",
                      json_from_time(c->viewer.since), "name", json_from_str(c->viewer.name),
                      "email", json_from_str(c->viewer.email), "email_confirmed", confirmed));
    return rc;
}

enum rc api_own_data(struct context *c, struct response *ret, struct fault *fault)
{
    JSON_AUTO *all = json_pack("{s:s, s:o}", "format", "colophon-account@v1", "made",
                               json_from_time(clock_now()));
    json_t *demands = NULL;
    enum rc rc = limits_own_data(c, fault);
    if (rc == RC_OK)
        rc = add_profile(c, all, fault);
    if (rc == RC_OK)
        rc = add_voices(c, all, fault);
    if (rc == RC_OK)
        rc = add_votes(c, all, fault);
    if (rc == RC_OK)
        rc = add_lists(c, all, fault);
    if (rc == RC_OK)
        rc = add_library(c, all, fault);
    if (rc == RC_OK)
        rc = add_reading(c, all, fault);
    if (rc == RC_OK)
        rc = add_sales(c, all, fault);
    if (rc == RC_OK)
        rc = add_following(c, all, fault);
    if (rc == RC_OK)
        rc = api_own_demand_list(c, DEMANDS_MAX, &demands, fault);
    if (rc != RC_OK)
        return rc;
    json_object_set_new(all, "demands", demands);
    rc = add_statements(c, all, fault);
    if (rc == RC_OK)
        rc = add_ways_in(c, all, fault);
    if (rc == RC_OK)
        rc = add_synced(c, all, fault);
    if (rc != RC_OK)
        return rc;
    buf_renew(&ret->body, DATA_MAX);
    ret->content_type = "application/json";
    json_write(all, &ret->body);
    return buf_check(&ret->body) == RC_OK
               ? RC_OK
               : fault_set(fault, RC_LIMIT, "your data are more than one file holds");
}

enum rc handle_own_data(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = security_check_whole(c, fault); /* a program's session is whole, or is none */
    if (rc == RC_OK)
        rc = api_own_data(c, ret, fault);
    if (rc == RC_OK)
        ret->disposition = STR("attachment; filename=\"account.json\"");
    return rc;
}
