/* KOReader's progress sync, as its own client speaks it: who asks says so by two headers, a name
 * and the MD5 of a password, which here are a device's (devices.h). Nobody registers by it. */
#include "app/reading.h"
#include "app/sync.h"
#include "base/json.h"
#include "web/devices.h"
#include "web/handlers.h"
#include "web/limits.h"

enum kosync_code {
    UNAUTHORIZED = 2001,
    INVALID = 2003,
    NO_DOCUMENT = 2004,
    NO_REGISTRATION = 2005,
};

static enum rc answer(struct response *ret, int status, json_t *json)
{
    ret->status = status;
    ret->content_type = "application/json";
    json_write(json, &ret->body);
    json_decref(json);
    return RC_OK;
}

static enum rc refuse_by(struct response *ret, int status, enum kosync_code code,
                         const char *message)
{
    return answer(ret, status, json_pack("{s:i, s:s}", "code", (int)code, "message", message));
}

enum rc handle_kosync_health(struct context *c, struct response *ret, struct fault *fault)
{
    (void)c;
    (void)fault;
    return answer(ret, 200, json_pack("{s:s}", "state", "OK"));
}

/* The whole of the body, or NULL where it is no object. */
static json_t *body_of(const struct context *c)
{
    json_t *json = NULL;
    if (json_read(c->request->body, &json, NULL) == RC_OK && json_is_object(json))
        return json;
    json_decref(json);
    return NULL;
}

/* Whether a name is taken nobody is told either. */
enum rc handle_kosync_create(struct context *c, struct response *ret, struct fault *fault)
{
    JSON_AUTO *body = body_of(c);
    (void)fault;
    struct str name = body != NULL ? json_member_str(body, "username") : STR_NONE;
    struct str password = body != NULL ? json_member_str(body, "password") : STR_NONE;
    if (name.n == 0 || password.n == 0 || str_find(name, ':') < name.n)
        return refuse_by(ret, 403, INVALID, "Invalid request");
    return refuse_by(ret, 402, NO_REGISTRATION,
                     "Sign up in the shop, and add this device there: its page gives the name "
                     "and the password for it");
}

/* Who it is, into c->viewer; *ret_done: what is wrong is answered. */
static enum rc enter(struct context *c, struct response *ret, bool *ret_done, struct fault *fault)
{
    bool on = true;
    *ret_done = false;
    enum rc rc = device_read(c, c->request->auth_user, c->request->auth_key, fault);
    if (rc == RC_OK)
        rc = reading_is_on(c->worker->conn, c->viewer.account, &on, fault);
    if (rc == RC_DENIED || (rc == RC_OK && !on)) {
        *ret_done = true;
        return refuse_by(ret, 401, UNAUTHORIZED, "Unauthorized");
    }
    return rc;
}

enum rc handle_kosync_auth(struct context *c, struct response *ret, struct fault *fault)
{
    bool done;
    enum rc rc = enter(c, ret, &done, fault);
    return rc != RC_OK || done ? rc : answer(ret, 200, json_pack("{s:s}", "authorized", "OK"));
}

/* Of a file with pages it may be their number. */
static struct str progress_of(struct context *c, const json_t *body)
{
    const json_t *progress = json_object_get(body, "progress");
    if (json_is_integer(progress))
        return arena_printf(c->arena, "%lld", (long long)json_integer_value(progress));
    return json_member_str(body, "progress");
}

static bool read_place(struct context *c, const json_t *body, struct sync_place *ret)
{
    const json_t *share = json_object_get(body, "percentage");
    double part = json_number_value(share);
    if (!json_is_number(share) || !(part >= 0 && part <= 1))
        return false;
    *ret = (struct sync_place){.document = json_member_str(body, "document"),
                               .progress = progress_of(c, body),
                               .millionths = (uint64_t)(part * WHOLE_BOOK + 0.5),
                               .device = json_member_str(body, "device"),
                               .device_id = json_member_str(body, "device_id")};
    return true;
}

static bool is_document(struct str name)
{
    return name.n > 0 && str_find(name, ':') == name.n;
}

enum rc handle_kosync_put(struct context *c, struct response *ret, struct fault *fault)
{
    bool done;
    struct sync_place place;
    int64_t at = 0;
    enum rc rc = enter(c, ret, &done, fault);
    if (rc == RC_OK && !done)
        rc = limits_reading(c, fault);
    if (rc != RC_OK || done)
        return rc;
    JSON_AUTO *body = body_of(c);
    if (body != NULL && !is_document(json_member_str(body, "document")))
        return refuse_by(ret, 403, NO_DOCUMENT, "Field 'document' is missing, or has a colon");
    if (body == NULL || !read_place(c, body, &place))
        return refuse_by(ret, 403, INVALID, "Invalid request");
    rc = sync_place_put(c->server->writer, c->worker->conn, c->viewer.account, &place, &at, fault);
    if (rc == RC_DENIED)
        return refuse_by(ret, 401, UNAUTHORIZED, "Unauthorized");
    if (rc == RC_INVALID || rc == RC_LIMIT)
        return refuse_by(ret, 403, INVALID, fault->text);
    return rc == RC_OK ? answer(ret, 200,
                                json_pack("{s:o, s:I}", "document", json_from_str(place.document),
                                          "timestamp", (json_int_t)at))
                       : rc;
}

enum rc handle_kosync_get(struct context *c, struct response *ret, struct fault *fault)
{
    bool done;
    struct sync_place place;
    enum rc rc = enter(c, ret, &done, fault);
    if (rc != RC_OK || done)
        return rc;
    if (!is_document(c->captures[0]))
        return refuse_by(ret, 403, NO_DOCUMENT, "Field 'document' is missing, or has a colon");
    rc =
        sync_place_get(c->worker->conn, c->arena, c->viewer.account, c->captures[0], &place, fault);
    if (rc == RC_NOT_FOUND)
        return answer(ret, 200, json_object());
    if (rc != RC_OK)
        return rc;
    return answer(
        ret, 200,
        json_pack("{s:o, s:f, s:o, s:o, s:o, s:I}", "document", json_from_str(place.document),
                  "percentage", (double)place.millionths / WHOLE_BOOK, "progress",
                  json_from_str(place.progress), "device", json_from_str(place.device), "device_id",
                  json_from_str(place.device_id), "timestamp", (json_int_t)place.at));
}
