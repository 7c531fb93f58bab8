#include "app/demand_letters.h"

#include "app/mail_queue.h"
#include "app/statement.h"
#include "base/json.h"
#include "domain/names.h"
#include "domain/storefront.h"
#include "store/catalogue.h"

/* Below the shop's own address: in the first storefront that the demand is about, and in
 * the letter's language where that one has it. */
static enum rc page_of(struct store_conn *conn, struct arena *arena,
                       const struct demand_entry *facts, struct str language, const char *secret,
                       struct str *ret, struct fault *fault)
{
    struct storefront *all;
    size_t n;
    struct str slug = facts->storefronts.v[0], tag = STR_NONE;
    enum rc rc = catalogue_storefronts(conn, arena, &all, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        for (size_t l = 1; str_eq(all[i].slug, slug) && l < all[i].languages.n; l++)
            if (str_eq(all[i].languages.v[l], language))
                tag = language;
    if (rc == RC_OK)
        *ret = arena_printf(arena, "/%.*s%s%.*s/demand/%s", STR_ARG(slug), tag.n > 0 ? "/" : "",
                            STR_ARG(tag), secret);
    return rc;
}

/* Whom to write to: the address that was given, else the account's. */
struct receiver {
    uint64_t account;
    struct str email, language;
};

static enum rc send(struct store_conn *conn, const char *kind, const struct receiver *to,
                    json_t *values, uint64_t entry_id, struct fault *fault)
{
    struct letter letter = {.kind = kind,
                            .account = to->email.n == 0 ? to->account : 0,
                            .recipient = to->email,
                            .language = to->language,
                            .values = values,
                            .entry_id = entry_id};
    return mail_queue(conn, &letter, fault);
}

static bool can_be_told(const struct receiver *to)
{
    return to->email.n > 0 || to->account != 0;
}

enum rc demand_letter_received(struct store_conn *conn, struct arena *arena,
                               const struct demand_add_row *row, const struct demand_entry *facts,
                               const char *secret, struct fault *fault)
{
    struct receiver to = {row->account, row->email, row->language};
    struct str path;
    if (!can_be_told(&to))
        return RC_OK;
    enum rc rc = page_of(conn, arena, facts, row->language, secret, &path, fault);
    if (rc != RC_OK)
        return rc;
    JSON_AUTO *values = json_pack("{s:I, s:I, s:o}", "demand", (json_int_t)row->id, "due",
                                  (json_int_t)row->due, "path", json_from_str(path));
    return send(conn, "demand", &to, values, row->entry_id, fault);
}

/* A second way to the sender's page, as only the hash of the first one is kept. */
static enum rc make_link(struct store_conn *conn, uint64_t demand, char ret[TOKEN_SIZE + 1],
                         struct fault *fault)
{
    secret_make(ret);
    struct hash token = sha256(ret, TOKEN_SIZE);
    return demands_token_add(conn, demand, &token, fault);
}

static enum rc bodies_of(struct store_conn *conn, struct arena *arena, json_t **ret,
                         struct fault *fault)
{
    redress_bodies bodies;
    enum rc rc = redress_read(conn, arena, &bodies, fault);
    if (rc != RC_OK)
        return rc;
    *ret = json_array();
    for (size_t i = 0; i < bodies.n; i++)
        json_array_append_new(
            *ret, json_from_str(arena_printf(arena, "%.*s: %.*s", STR_ARG(bodies.v[i].name),
                                             STR_ARG(bodies.v[i].url))));
    return RC_OK;
}

enum rc demand_letter_decided(struct store_conn *conn, struct arena *arena,
                              const struct demand_entry *facts,
                              const struct decision_entry *decision, struct str reasons,
                              uint64_t entry_id, struct fault *fault)
{
    struct demand_private_row row;
    char secret[TOKEN_SIZE + 1];
    struct str path;
    json_t *bodies = NULL;
    bool set = false;
    enum rc rc = demands_private(conn, arena, decision->demand, &row, fault);
    if (rc == RC_OK)
        rc = mail_is_set(conn, &set, fault);
    struct receiver to = {row.account, row.email, row.language};
    if (rc != RC_OK || !set || !can_be_told(&to))
        return rc;
    rc = make_link(conn, decision->demand, secret, fault);
    if (rc == RC_OK)
        rc = page_of(conn, arena, facts, row.language, secret, &path, fault);
    if (rc == RC_OK)
        rc = bodies_of(conn, arena, &bodies, fault);
    if (rc != RC_OK)
        return rc;
    JSON_AUTO *values = json_pack(
        "{s:I, s:s, s:o, s:I, s:o, s:o}", "demand", (json_int_t)decision->demand, "outcome",
        outcome_name(decision->outcome), "reasons", json_from_str(reasons), "restriction",
        (json_int_t)decision->restriction, "path", json_from_str(path), "bodies", bodies);
    return send(conn, "demand-decided", &to, values, entry_id, fault);
}

enum rc demand_letter_complaint(struct store_conn *conn, struct arena *arena, uint64_t demand,
                                enum complaint_outcome outcome, struct str reasons,
                                uint64_t entry_id, struct fault *fault)
{
    struct demand_private_row row;
    enum rc rc = demands_private(conn, arena, demand, &row, fault);
    if (rc != RC_OK)
        return rc;
    struct receiver to = {row.account, row.email, row.language};
    JSON_AUTO *values =
        json_pack("{s:I, s:s, s:o}", "demand", (json_int_t)demand, "outcome",
                  complaint_outcome_name(outcome), "reasons", json_from_str(reasons));
    return can_be_told(&to) ? send(conn, "complaint", &to, values, entry_id, fault) : RC_OK;
}
