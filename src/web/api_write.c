/* JSON for changing things: accounts, sessions, ratings, reviews, comments. */
#include "app/helpful.h"
#include "app/sign_up.h"
#include "app/voice.h"
#include "base/json.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "domain/names.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/session.h"
#include "web/sign.h"

enum rc api_object(struct context *c, json_t **ret, struct fault *fault)
{
    json_t *json = NULL;
    enum rc rc = utf8_valid(c->request->body, NULL)
                     ? json_read(c->request->body, &json, fault)
                     : fault_set(fault, RC_INVALID, "the body is no UTF-8");
    if (rc == RC_OK && !json_is_object(json))
        rc = fault_set(fault, RC_INVALID, "an object is needed");
    if (rc == RC_OK) {
        *ret = json;
        return RC_OK;
    }
    json_decref(json);
    c->failed_status = 400;
    return rc;
}

/* A member that must be text where it is there. */
static enum rc read_text(struct context *c, const json_t *json, const char *name, struct str *ret,
                         struct fault *fault)
{
    const json_t *member = json_object_get(json, name);
    if (member != NULL && !json_is_null(member) && !json_is_string(member))
        return fault_set(fault, RC_INVALID, "%s: text is needed", name);
    /* Lines may end in CR LF, as in forms. */
    struct str text = json_member_str(json, name), line;
    BUF_AUTO kept = BUF_INIT(text.n + 1);
    while (str_next(&text, '\r', &line)) {
        buf_str_add(&kept, line);
        if (text.n > 0 && text.p[0] != '\n')
            BUF_LIT(&kept, "\n");
    }
    *ret = arena_str(c->arena, buf_str(&kept));
    return buf_check(&kept);
}

static enum rc read_stars(const json_t *json, unsigned *ret, struct fault *fault)
{
    const json_t *member = json_object_get(json, "stars");
    *ret = 0;
    if (member == NULL || json_is_null(member))
        return RC_OK;
    if (!json_is_integer(member) || json_integer_value(member) < 1 ||
        json_integer_value(member) > 5)
        return fault_set(fault, RC_INVALID, "stars: a number from 1 to 5");
    *ret = (unsigned)json_integer_value(member);
    return RC_OK;
}

/* By far the most of what is written is answered by this, proofs of a few KB included. */
static void tell_made(struct context *c, const struct voice_made *made, struct response *ret)
{
    struct buf *b = &ret->body;
    struct str index = arena_printf(c->arena, "%llu", (unsigned long long)made->record_index);
    buf_clear(b);
    buf_reserve(b, c->receipt.n + c->receipt.n / 8 + 256);
    buf_char(b, '{');
    json_text_int(b, "record_index", (int64_t)made->record_index);
    if (made->id != 0)
        json_text_int(b, "id", (int64_t)made->id);
    json_text_str(b, "receipt", ARENA_JOIN(c->arena, STR("/api/v1/receipts/"), index));
    if (c->receipt.n > 0) {
        json_text_str(b, "proof", c->receipt);
        ret->preference = STR("return=representation");
    }
    json_text_object_end(b);
    ret->content_type = "application/json";
}

static enum rc answer_made(struct context *c, struct voice_write *write, int status,
                           struct response *ret)
{
    ret->status = status;
    c->wants_receipt = prefers(c->request->prefer, STR("return=representation"));
    return answer_once_written(c, write, tell_made, NULL);
}

/* ---- accounts and sessions ---- */

enum rc api_account_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct sign_up s = {0};
    uint64_t id = 0;
    JSON_AUTO *json = NULL;
    enum rc rc = api_object(c, &json, fault);
    if (rc == RC_OK)
        rc = read_text(c, json, "email", &s.email, fault);
    if (rc == RC_OK)
        rc = read_text(c, json, "password", &s.password, fault);
    if (rc == RC_OK)
        rc = read_text(c, json, "name", &s.name, fault);
    if (rc == RC_OK)
        rc = read_text(c, json, "language", &s.language, fault);
    if (rc == RC_OK && s.language.n > 0 && !language_tag_valid(s.language))
        rc = fault_set(fault, RC_INVALID, "language: a tag such as \"en\" or \"zh-Hans\"");
    bool mail = mailer_is_set(c->server->mailer);
    s.confirm = letter_path(c, mail ? "sign-up/confirm" : "confirm");
    if (rc == RC_OK)
        rc = limits_sign_up(c, s.email, fault);
    if (rc == RC_OK && mail)
        rc = sign_up_ask(c->server->passwords, c->server->writer, &s, letter_path(c, "forgot"),
                         fault);
    else if (rc == RC_OK)
        rc = account_add(c->server->passwords, c->server->writer, &s, &id, fault);
    if (rc == RC_CONFLICT)
        limits_address_taken(c);
    if (rc != RC_OK)
        return rc;
    api_answer(ret,
               mail ? json_pack("{s:b}", "letter", 1) : json_pack("{s:I}", "id", (json_int_t)id));
    ret->status = mail ? 202 : 201;
    return RC_OK;
}

enum rc api_session_add(struct context *c, struct response *ret, struct fault *fault)
{
    char token[TOKEN_SIZE + 1];
    struct str email, password, code = STR_NONE;
    JSON_AUTO *json = NULL;
    enum rc rc = api_object(c, &json, fault);
    if (rc == RC_OK)
        rc = read_text(c, json, "email", &email, fault);
    if (rc == RC_OK)
        rc = read_text(c, json, "password", &password, fault);
    if (rc == RC_OK)
        rc = read_text(c, json, "code", &code, fault);
    if (rc == RC_OK)
        rc = limits_sign_in(c, email, fault);
    if (rc == RC_OK && code.n > 0)
        rc = limits_code_of(c, email, fault);
    struct session_how how = {.kind = "bearer", .code = code};
    if (rc == RC_OK)
        rc = account_sign_in(c->server->passwords, c->server->site, c->server->writer, email,
                             password, &how, token, fault);
    /* Who they are is known; what they lack is told. */
    if (rc == RC_DENIED && fault_is_of(str_of(fault->text), "code"))
        c->failed_status = 403;
    if (rc != RC_OK)
        return rc;
    api_answer(ret, json_pack("{s:s}", "token", token));
    ret->status = 201;
    return RC_OK;
}

enum rc api_session_remove(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = account_sign_out(c->server->writer, c->session, fault);
    if (rc == RC_OK)
        api_answer(ret, json_object());
    return rc;
}

/* ---- ratings ---- */

enum rc api_rating_put(struct context *c, struct response *ret, struct fault *fault)
{
    struct voice_desk desk = voice_desk_of(c);
    struct voice_write *write;
    uint64_t work;
    unsigned stars;
    JSON_AUTO *json = NULL;
    enum rc rc = captured_id(c, 0, &work, fault);
    if (rc == RC_OK)
        rc = api_object(c, &json, fault);
    if (rc == RC_OK)
        rc = read_stars(json, &stars, fault);
    if (rc == RC_OK)
        rc = limits_rating(c, fault);
    if (rc == RC_OK)
        rc = voice_rate(&desk, work, stars, &write, fault);
    if (rc == RC_OK)
        rc = limits_first_word(c, work, false, fault);
    return rc == RC_OK ? answer_made(c, write, 200, ret) : rc;
}

enum rc api_rating_remove(struct context *c, struct response *ret, struct fault *fault)
{
    struct voice_desk desk = voice_desk_of(c);
    struct voice_write *write;
    uint64_t work;
    enum rc rc = captured_id(c, 0, &work, fault);
    if (rc == RC_OK)
        rc = voice_unrate(&desk, work, &write, fault);
    return rc == RC_OK ? answer_made(c, write, 200, ret) : rc;
}

/* ---- reviews and comments ---- */

static enum rc read_review(struct context *c, struct review_text *ret, struct fault *fault)
{
    JSON_AUTO *json = NULL;
    enum rc rc = api_object(c, &json, fault);
    if (rc == RC_OK)
        rc = read_text(c, json, "title", &ret->title, fault);
    if (rc == RC_OK)
        rc = read_text(c, json, "text", &ret->text, fault);
    if (rc == RC_OK)
        rc = read_text(c, json, "language", &ret->language, fault);
    if (rc == RC_OK)
        rc = read_text(c, json, "isbn13", &ret->isbn13, fault);
    return rc == RC_OK ? read_stars(json, &ret->stars, fault) : rc;
}

enum rc api_review_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct voice_desk desk = voice_desk_of(c);
    struct voice_write *write;
    struct review_text review = {0};
    uint64_t work;
    enum rc rc = captured_id(c, 0, &work, fault);
    if (rc == RC_OK)
        rc = read_review(c, &review, fault);
    if (rc == RC_OK)
        rc = limits_review(c, fault);
    if (rc == RC_OK)
        rc = voice_review(&desk, work, &review, &write, fault);
    if (rc == RC_OK)
        rc = limits_first_word(c, work, true, fault);
    return rc == RC_OK ? answer_made(c, write, 201, ret) : rc;
}

enum rc api_review_change(struct context *c, struct response *ret, struct fault *fault)
{
    struct voice_desk desk = voice_desk_of(c);
    struct voice_write *write;
    struct review_text review = {0};
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = read_review(c, &review, fault);
    if (rc == RC_OK)
        rc = limits_review(c, fault);
    if (rc == RC_OK)
        rc = voice_review_change(&desk, id, &review, &write, fault);
    return rc == RC_OK ? answer_made(c, write, 200, ret) : rc;
}

enum rc api_review_remove(struct context *c, struct response *ret, struct fault *fault)
{
    struct voice_desk desk = voice_desk_of(c);
    struct voice_write *write;
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = voice_review_withdraw(&desk, id, &write, fault);
    return rc == RC_OK ? answer_made(c, write, 200, ret) : rc;
}

static enum rc vote(struct context *c, bool helpful, struct response *ret, struct fault *fault)
{
    uint64_t review, n;
    enum rc rc = captured_id(c, 0, &review, fault);
    if (rc == RC_OK)
        rc = limits_helpful(c, fault);
    if (rc == RC_OK)
        rc = helpful_put(c->server->writer, &c->visit, review, helpful, &n, &c->withheld,
                         &c->reason, fault);
    if (rc == RC_OK)
        api_answer(ret, json_pack("{s:I, s:b}", "helpful", (json_int_t)n, "own", helpful));
    return rc;
}

enum rc api_helpful_put(struct context *c, struct response *ret, struct fault *fault)
{
    return vote(c, true, ret, fault);
}

enum rc api_helpful_remove(struct context *c, struct response *ret, struct fault *fault)
{
    return vote(c, false, ret, fault);
}

/* The number in the path and the text in the body. */
static enum rc read_comment(struct context *c, uint64_t *ret_id, struct str *ret_text,
                            struct fault *fault)
{
    JSON_AUTO *json = NULL;
    enum rc rc = captured_id(c, 0, ret_id, fault);
    if (rc == RC_OK)
        rc = api_object(c, &json, fault);
    if (rc == RC_OK)
        rc = read_text(c, json, "text", ret_text, fault);
    return rc == RC_OK ? limits_comment(c, fault) : rc;
}

enum rc api_comment_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct voice_desk desk = voice_desk_of(c);
    struct voice_write *write;
    struct str text;
    uint64_t id;
    enum rc rc = read_comment(c, &id, &text, fault);
    if (rc == RC_OK)
        rc = voice_comment(&desk, id, text, &write, fault);
    return rc == RC_OK ? answer_made(c, write, 201, ret) : rc;
}

enum rc api_comment_change(struct context *c, struct response *ret, struct fault *fault)
{
    struct voice_desk desk = voice_desk_of(c);
    struct voice_write *write;
    struct str text;
    uint64_t id;
    enum rc rc = read_comment(c, &id, &text, fault);
    if (rc == RC_OK)
        rc = voice_comment_change(&desk, id, text, &write, fault);
    return rc == RC_OK ? answer_made(c, write, 200, ret) : rc;
}

enum rc api_comment_remove(struct context *c, struct response *ret, struct fault *fault)
{
    struct voice_desk desk = voice_desk_of(c);
    struct voice_write *write;
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = voice_comment_withdraw(&desk, id, &write, fault);
    return rc == RC_OK ? answer_made(c, write, 200, ret) : rc;
}
