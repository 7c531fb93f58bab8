/* Passkeys: what a browser is asked, and what it answers by the forms of static/passkey.js. */
#include "web/passkeys.h"

#include "base/json.h"
#include "templates.h"
#include "web/api.h"
#include "web/browser_kind.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/passkey_place.h"
#include "web/security.h"
#include "web/sign.h"

/* What the script shows; anything else is told as any failure. */
static enum rc answer_script(struct context *c, enum rc rc, json_t *asked, struct response *ret,
                             struct fault *fault)
{
    if (rc != RC_OK && rc != RC_DENIED && rc != RC_LIMIT)
        return rc;
    struct page p = page_begin(c, ret);
    if (rc != RC_OK)
        asked = json_pack("{s:o}", "error",
                          json_from_str(word_fault(&p, arena_str(c->arena, str_of(fault->text)))));
    ret->status = rc == RC_OK ? 200 : rc == RC_DENIED ? 422 : status_of(rc);
    ret->retry_after = c->retry_after;
    api_answer(ret, asked);
    return RC_OK;
}

static json_t *asked_json(const struct passkey_place *place, const char *challenge)
{
    return json_pack("{s:s, s:{s:o, s:o}}", "challenge", challenge, "rp", "id",
                     json_from_str(place->rp), "name", json_from_str(place->rp));
}

/* ---- signing in ---- */

enum rc handle_passkey_challenge(struct context *c, struct response *ret, struct fault *fault)
{
    struct passkey_place place;
    char challenge[TOKEN_SIZE + 1];
    enum rc rc = passkey_place_of(c, false, &place, fault);
    if (rc == RC_OK)
        rc = limits_passkey(c, fault);
    if (rc == RC_OK)
        rc = passkey_challenge(c->server->writer, &place, challenge, fault);
    return answer_script(c, rc, rc == RC_OK ? asked_json(&place, challenge) : NULL, ret, fault);
}

enum rc passkey_use(struct context *c, struct str home, struct response *ret, struct fault *fault)
{
    const parameters *form = &c->form;
    struct passkey_sent sent = {.credential = parameter_get(form, "credential"),
                                .user = parameter_get(form, "user"),
                                .client_data = parameter_get(form, "client_data"),
                                .authenticator_data = parameter_get(form, "authenticator_data"),
                                .signature = parameter_get(form, "signature")};
    struct session_how how = {.kind = "cookie",
                              .browser = browser_kind(c->arena, c->request->user_agent)};
    struct passkey_place place;
    char token[TOKEN_SIZE + 1];
    enum rc rc = passkey_place_of(c, false, &place, fault);
    if (rc == RC_OK)
        rc = limits_passkey(c, fault);
    if (rc == RC_OK)
        rc = passkey_sign_in(c->server->site, c->server->writer, &place, &sent, &how, token, fault);
    if (rc == RC_OK)
        signed_in(c, token, home, ret);
    return rc;
}

enum rc handle_passkey_sign_in(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_sign(c, passkey_use(c, sign_home(c, ret), ret, fault), false, ret, fault);
}

/* ---- an account's own ---- */

static json_t *known_ids(const passkey_list *list, struct str rp)
{
    json_t *ids = json_array();
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i].rp, rp))
            json_array_append_new(ids, json_from_str(list->v[i].credential));
    return ids;
}

/* Only who knows the password adds a way in. */
enum rc handle_passkey_make_challenge(struct context *c, struct response *ret, struct fault *fault)
{
    struct passkey_place place;
    passkey_list known = {0};
    char challenge[TOKEN_SIZE + 1];
    struct str user = STR_NONE;
    json_t *asked = NULL;
    enum rc rc = security_check_whole(c, fault);
    if (rc == RC_OK)
        rc = passkey_place_of(c, true, &place, fault);
    if (rc == RC_OK)
        rc = security_check_password(c, parameter_get(&c->form, "password"), "password", fault);
    if (rc == RC_OK)
        rc = passkeys_read(c->server->site, c->arena, c->viewer.account, &known, fault);
    if (rc == RC_OK)
        rc = passkey_make_challenge(c->server->writer, c->arena, &place, c->viewer.account,
                                    challenge, &user, fault);
    if (rc == RC_OK) {
        asked = asked_json(&place, challenge);
        json_object_set_new(asked, "exclude", known_ids(&known, place.rp));
        json_object_set_new(asked, "user",
                            json_pack("{s:o, s:o, s:o}", "id", json_from_str(user), "name",
                                      json_from_str(c->viewer.email), "displayName",
                                      json_from_str(c->viewer.name)));
    }
    return answer_script(c, rc, asked, ret, fault);
}

enum rc handle_passkey_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct passkey_sent sent = {.client_data = parameter_get(&c->form, "client_data"),
                                .attestation = parameter_get(&c->form, "attestation")};
    struct passkey_place place;
    enum rc rc = security_check_whole(c, fault);
    if (rc == RC_OK)
        rc = passkey_place_of(c, true, &place, fault);
    if (rc == RC_OK)
        rc = limits_passkey(c, fault);
    if (rc == RC_OK)
        rc = passkey_add(c->server->writer, &place, c->viewer.account,
                         parameter_get(&c->form, "name"), &sent, fault);
    return security_answer(c, rc, SECURITY_PASSKEY, ret, fault);
}

enum rc handle_passkey_remove(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t id;
    bool given = parameter_get(&c->form, "password").n > 0;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = security_check_whole(c, fault);
    if (rc == RC_OK && given)
        rc = security_check_password(c, parameter_get(&c->form, "password"), "password", fault);
    if (rc == RC_OK)
        rc = passkey_remove(c->server->writer, c->viewer.account, id, given, fault);
    return security_answer(c, rc, SECURITY_REMOVAL, ret, fault);
}
