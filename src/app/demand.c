#include "app/demand.h"

#include "app/beside.h"
#include "app/demand_letters.h"
#include "app/document.h"
#include "app/prove.h"
#include "app/sealed.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"
#include "domain/names.h"
#include "domain/storefront.h"
#include "record/entry.h"
#include "store/catalogue.h"
#include "store/demands.h"
#include "store/readers.h"
#include "store/store.h"

/* ---- reading an order ---- */

/* An authority's order is an authority's to give, a rightsholder's notice theirs;
 * staff write down what came on paper. */
static enum rc check_ground(const struct demand_order *order, struct fault *fault)
{
    enum ground ground = order->wish.ground;
    enum demand_sender sender = order->sender;
    bool fits =
        sender == SENDER_STAFF || (ground == GROUND_AUTHORITY_ORDER ? sender == SENDER_AUTHORITY
                                   : ground == GROUND_COURT_ORDER   ? sender == SENDER_COURT
                                   : ground == GROUND_RIGHTSHOLDER  ? sender == SENDER_RIGHTSHOLDER
                                                                    : ground != GROUND_OPERATOR);
    if (!fits)
        return fault_set(fault, RC_INVALID, "ground: %s is not for a %s to give",
                         ground_name(ground), sender_name(sender));
    return RC_OK;
}

/* What can be said of an order by itself, one thing at a time; RC_NOT_FOUND behind the last. */
static enum rc check_one(const struct demand_order *o, int which, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str address;
    switch (which) {
    case 0:
        return check_ground(o, fault);
    case 1:
        return o->wish.target == TARGET_ACCOUNT
                   ? fault_set(fault, RC_INVALID, "target: what an account wrote, not the account")
                   : RC_OK;
    case 2:
        return o->wish.features == 0
                   ? fault_set(fault, RC_INVALID, "withhold: at least one feature is needed")
                   : RC_OK;
    case 3:
        return text_check("explanation", o->explanation, TEXT_OPTIONAL, DEMAND_TEXT_MAX, fault);
    case 4:
        return text_check("scope-reason", o->wish.scope_reason, TEXT_OPTIONAL, DEMAND_TEXT_MAX,
                          fault);
    case 5:
        return text_check("name", o->name, TEXT_OPTIONAL, 200, fault);
    case 6:
        return sender_orders(o->sender) && o->country.n > 0 && !country_code_valid(o->country)
                   ? fault_set(fault, RC_INVALID, "country: an ISO 3166-1 code is needed (GB, CN)")
                   : RC_OK;
    case 7:
        return restriction_state_check(o->wish.state_involved, fault);
    case 8:
        return o->email.n > 0 ? address_for_mail(&arena, o->email, &address, fault) : RC_OK;
    default:
        return RC_NOT_FOUND;
    }
}

static enum rc check_order(const struct demand_order *order, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (int which = 0; rc == RC_OK; which++)
        rc = check_one(order, which, fault);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static const char country_or_where[] = "country: name it, or the storefronts that it concerns";

void demand_fault_add(struct buf *faults, const char *sentence)
{
    buf_printf(faults, "%s\n", sentence);
}

void demand_faults(const struct demand_order *order, struct buf *ret)
{
    struct fault fault;
    enum rc rc = RC_OK;
    bool readable = order->sender < SENDER_COUNT && order->wish.ground < GROUND_COUNT;
    for (int which = readable ? 0 : 1; rc != RC_NOT_FOUND; which++) {
        rc = check_one(order, which, &fault);
        if (rc != RC_OK && rc != RC_NOT_FOUND)
            demand_fault_add(ret, fault.text);
    }
    /* Without a country's own there is none that it could be. */
    bool orders = order->sender < SENDER_COUNT && sender_orders(order->sender);
    if (order->wish.storefronts.n == 0 && orders && order->country.n == 0)
        demand_fault_add(ret, country_or_where);
    else if (order->wish.storefronts.n == 0 && !orders &&
             (order->country.n == 0 || order->sender < SENDER_COUNT))
        demand_fault_add(ret, "storefront: at least one is needed");
}

/* Elements that are there at all; whether they are good enough, staff decide. */
static element_mask missing_of(const struct demand_order *o, bool scope_named)
{
    const bool there[ELEMENT_COUNT] = {
        [ELEMENT_LEGAL_BASIS] = str_trim(o->wish.legal_basis).n > 0,
        [ELEMENT_REASONS] = str_trim(o->explanation).n > 0,
        [ELEMENT_AUTHORITY] = str_trim(o->authority).n > 0,
        [ELEMENT_REDRESS] = o->redress,
        [ELEMENT_REPORT_TO] = o->report_to,
        [ELEMENT_SCOPE] = scope_named,
        [ELEMENT_LANGUAGE] = o->declared_language,
        [ELEMENT_EXPLANATION] = str_trim(o->explanation).n > 0,
        [ELEMENT_CONTACT] = o->name.n > 0 && o->email.n > 0,
        [ELEMENT_GOOD_FAITH] = o->good_faith,
    };
    element_mask missing = 0;
    for (int i = 0; i < ELEMENT_COUNT; i++)
        if (!there[i])
            missing |= ELEMENT_BIT(i);
    return missing & demand_elements(o->sender);
}

/* ---- where ---- */

/* Where nobody says where, it is the demanding country alone. */
static enum rc default_storefronts(struct store_conn *conn, struct arena *arena,
                                   const struct demand_order *order, struct restriction_order *wish,
                                   struct fault *fault)
{
    struct storefront *all;
    size_t n;
    if (wish->storefronts.n > 0)
        return RC_OK;
    if (!sender_orders(order->sender))
        return fault_set(fault, RC_INVALID, "storefront: at least one is needed");
    if (order->country.n == 0)
        return fault_set(fault, RC_INVALID, "%s", country_or_where);
    enum rc rc = catalogue_storefronts(conn, arena, &all, &n, fault);
    if (rc != RC_OK)
        return rc;
    wish->storefronts.v = ARENA_ARRAY(arena, struct str, n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].country, order->country))
            wish->storefronts.v[wish->storefronts.n++] = all[i].slug;
    if (wish->storefronts.n == 0)
        return fault_set(fault, RC_INVALID,
                         "storefront: there is none for %.*s; name those it concerns",
                         STR_ARG(order->country));
    return RC_OK;
}

enum rc demand_scope_check(struct store_conn *conn, struct arena *arena, struct str country,
                           const struct str *storefronts, size_t n, struct str reason,
                           struct fault *fault)
{
    struct storefront *all;
    size_t all_n;
    if (country.n == 0 || str_trim(reason).n > 0)
        return RC_OK;
    enum rc rc = catalogue_storefronts(conn, arena, &all, &all_n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        for (size_t k = 0; k < all_n; k++)
            if (str_eq(all[k].slug, storefronts[i]) && !str_eq(all[k].country, country))
                return fault_set(fault, RC_INVALID,
                                 "scope-reason: %.*s lies beyond the demanding country (%.*s): it "
                                 "has to be said why",
                                 STR_ARG(storefronts[i]), STR_ARG(country));
    return rc;
}

/* ---- filing ---- */

struct demand_work {
    struct site *site;
    const struct demand_order *order;
    struct arena arena;
    struct demand_add_row row;
    const char *secret;
    struct str text;
    struct beside claims; /* without a member: there are none */
    element_mask missing;
    bool put; /* a row names the papers, unless what came after it undid it */
};

/* What was written, in one form: the commitment is of these bytes. */
static enum rc write_text(struct demand_work *w, struct fault *fault)
{
    const struct demand_order *o = w->order;
    BUF_AUTO text = BUF_INIT(8 * DEMAND_TEXT_MAX);
    JSON_AUTO *json = json_pack(
        "{s:o, s:o, s:b, s:b, s:b, s:b}", "explanation", json_from_str(o->explanation),
        "scope_reason", json_from_str(o->wish.scope_reason), "redress", o->redress, "report_to",
        o->report_to, "declared_language", o->declared_language, "good_faith", o->good_faith);
    if (o->wish.seal_until.n > 0) { /* the entry does not say it yet; staff have to know */
        json_object_set_new(json, "authority", json_from_str(str_trim(o->authority)));
        json_object_set_new(json, "reference", json_from_str(str_trim(o->wish.reference)));
    }
    enum rc rc = json_write_canonical(json, &text, fault);
    if (rc == RC_OK)
        w->text = arena_str(&w->arena, buf_str(&text));
    return rc;
}

/* What the sender names, in one form; nothing where they name nothing. */
static enum rc write_claims(struct demand_work *w, struct fault *fault)
{
    const struct demand_order *o = w->order;
    struct str authority = sender_orders(o->sender) ? str_trim(o->authority) : STR_NONE;
    struct str legal_basis = str_trim(o->wish.legal_basis), reference = str_trim(o->wish.reference);
    BUF_AUTO text = BUF_INIT(8 * CLAIM_MAX);
    if (o->checked || authority.n + legal_basis.n + reference.n == 0)
        return RC_OK;
    if (o->wish.seal_until.n > 0)
        return fault_set(fault, RC_INVALID, "seal-until: staff's to ask for");
    enum rc rc = text_check("authority", authority, TEXT_OPTIONAL, CLAIM_MAX, fault);
    if (rc == RC_OK)
        rc = text_check("legal-basis", legal_basis, TEXT_OPTIONAL, CLAIM_MAX, fault);
    if (rc == RC_OK)
        rc = text_check("reference", reference, TEXT_OPTIONAL, CLAIM_MAX, fault);
    JSON_AUTO *json =
        json_pack("{s:o, s:o, s:o}", "authority", json_from_str(authority), "legal_basis",
                  json_from_str(legal_basis), "reference", json_from_str(reference));
    if (rc == RC_OK)
        rc = json_write_canonical(json, &text, fault);
    if (rc == RC_OK)
        w->claims = beside_make(w->site, &w->arena, "claims", arena_str(&w->arena, buf_str(&text)));
    return rc;
}

static void fill_entry(const struct demand_work *w, const struct restriction *r, int64_t at,
                       struct entry *e)
{
    const struct demand_order *o = w->order;
    bool orders = sender_orders(o->sender);
    *e = (struct entry){.type = ENTRY_DEMAND,
                        .at = at,
                        .demand = {.id = w->row.id,
                                   .received = w->row.received,
                                   .sender = o->sender,
                                   .country = orders ? o->country : STR_NONE,
                                   .ground = o->wish.ground,
                                   .claims = w->claims.commitment,
                                   .state_involved = o->wish.state_involved,
                                   .target = r->target,
                                   .target_key = r->target_key,
                                   .target_name = r->target_name,
                                   .storefronts = {r->storefronts, r->storefront_count},
                                   .features = o->wish.features,
                                   .missing = w->missing,
                                   .document = {.copy = w->row.copy.digest}}};
    if (o->checked) {
        e->demand.authority = orders ? str_trim(o->authority) : STR_NONE;
        e->demand.legal_basis = str_trim(o->wish.legal_basis);
        e->demand.reference = str_trim(o->wish.reference);
    }
}

static enum rc add_in_transaction(void *context, struct store_conn *conn, struct fault *fault)
{
    struct demand_work *w = context;
    struct restriction_order wish = w->order->wish;
    struct restriction r = {0};
    struct beside document = {0};
    struct seal seal = {0};
    struct entry e;
    int64_t at = clock_now();
    bool scope_named = wish.storefronts.n > 0;
    enum rc rc = default_storefronts(conn, &w->arena, w->order, &wish, fault);
    if (rc == RC_OK)
        rc = restriction_where(conn, &w->arena, &wish, &r, fault);
    if (rc == RC_OK)
        rc = restriction_what(w->site, conn, &w->arena, &wish, &r, fault);
    if (rc == RC_OK && sender_orders(w->order->sender))
        rc = demand_scope_check(conn, &w->arena, w->order->country, r.storefronts,
                                r.storefront_count, wish.scope_reason, fault);
    if (rc == RC_OK)
        rc = store_take_ids(conn, "demand", 1, &w->row.id, fault);
    if (rc != RC_OK)
        return rc;
    w->missing = missing_of(w->order, scope_named);
    if (w->row.received == 0 || w->row.received > at)
        w->row.received = at;
    w->row.due = demand_due(w->order->sender, w->row.received);
    fill_entry(w, &r, at, &e);
    rc = sealed_begin(conn, &w->arena, wish.seal_until, at, &e.demand.authority,
                      &e.demand.reference, &seal, fault);
    if (rc != RC_OK)
        return rc;
    if (w->row.document.file.n > 0) {
        document = beside_make(w->site, &w->arena, "document", w->order->document.bytes);
        e.demand.document.full = document.commitment;
        document.content = w->row.document.file;
    }
    rc = beside_entry(w->site, conn, &e, entry_type_name(e.type), w->text, &w->row.entry_id, fault);
    if (rc == RC_OK && document.member != NULL)
        rc = beside_put(conn, w->row.entry_id, &document, fault);
    if (rc == RC_OK && w->claims.member != NULL)
        rc = beside_put(conn, w->row.entry_id, &w->claims, fault);
    if (rc == RC_OK && seal.id != 0) {
        struct entry full = e;
        full.demand.authority = seal.authority;
        full.demand.reference = seal.reference;
        rc = sealed_add(conn, &full, seal.id, seal.opens, fault);
    }
    if (rc == RC_OK)
        rc = demands_add(conn, &w->row, fault);
    if (rc == RC_OK)
        rc = demand_letter_received(conn, &w->arena, &w->row, &e.demand, w->secret, fault);
    w->put = rc == RC_OK;
    return rc;
}

static enum rc prepare(struct demand_work *w, struct demand_made *made, struct fault *fault)
{
    const struct demand_order *o = w->order;
    struct str type;
    enum rc rc = check_order(o, fault);
    if (rc == RC_OK && o->email.n > 0)
        rc = address_for_mail(&w->arena, o->email, &w->row.email, fault);
    if (rc == RC_OK)
        rc = document_type("document", o->document.bytes, &type, fault);
    if (rc == RC_OK && o->copy.bytes.n > 0 && o->document.bytes.n == 0)
        rc = fault_set(fault, RC_INVALID, "public copy: of which document?");
    if (rc == RC_OK && o->copy.bytes.n > 0 && o->wish.seal_until.n > 0)
        rc = fault_set(fault, RC_INVALID, "public copy: not of what is sealed");
    if (rc == RC_OK)
        rc = write_text(w, fault);
    if (rc == RC_OK)
        rc = write_claims(w, fault);
    if (rc != RC_OK)
        return rc;
    secret_make(made->secret);
    w->secret = made->secret;
    w->row.token = sha256(made->secret, TOKEN_SIZE);
    w->row.name = str_trim(o->name);
    w->row.language = o->language;
    w->row.account = o->account;
    w->row.received = o->received;
    rc = document_put(w->site, &w->arena, "document", &o->document, &w->row.document, fault);
    if (rc == RC_OK)
        rc = document_put(w->site, &w->arena, "public copy", &o->copy, &w->row.copy, fault);
    return rc;
}

/* Whether it is in the database, whatever the writer said: RC_BUSY is also who waited in
 * vain for an entry that was written, and the answer to a commit may be lost. */
static enum rc look_again(struct demand_work *w, struct demand_made *made)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(w->site, &conn, NULL);
    if (rc == RC_OK)
        rc = demand_of_secret(conn, str_of(made->secret), &made->id, NULL);
    site_disconnect(conn);
    return rc;
}

enum rc demand_add(struct site *site, struct writer *writer, const struct demand_order *order,
                   struct demand_made *ret, struct fault *fault)
{
    struct demand_work w = {.site = site, .order = order, .arena = ARENA_INIT};
    struct demand_made made = {.record_index = LOG_PENDING};
    enum rc rc = prepare(&w, &made, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, add_in_transaction, &w, fault);
    enum rc there = rc != RC_OK && w.put ? look_again(&w, &made) : rc;
    if (there == RC_OK) {
        rc = entry_published(site, w.row.entry_id, &made.record_index, fault);
        if (rc == RC_BUSY)
            rc = RC_OK;
    } else if (!w.put || (rc == RC_BUSY && there == RC_NOT_FOUND)) { /* no row names them */
        document_forget(site, &w.row.document);
        document_forget(site, &w.row.copy);
    }
    made.id = w.row.id;
    made.missing = w.missing;
    arena_free(&w.arena);
    if (rc == RC_OK)
        *ret = made;
    return rc;
}

/* ---- the public copy ---- */

struct copy_work {
    uint64_t id;
    struct paper_row row, before;
    struct arena *arena;
    bool put;
};

/* What was written, as write_text put it. */
static bool says_something(struct str text)
{
    JSON_AUTO *json = NULL;
    return json_read(text, &json, NULL) == RC_OK &&
           str_trim(json_member_str(json, "explanation")).n > 0;
}

static enum rc put_copy(void *context, struct store_conn *conn, struct fault *fault)
{
    struct copy_work *w = context;
    struct demand_row demand;
    struct demand_private_row private;
    enum rc rc = demands_get(conn, w->arena, w->id, &demand, fault);
    if (rc == RC_OK)
        rc = demands_private(conn, w->arena, w->id, &private, fault);
    if (rc == RC_OK && private.document.file.n == 0 && !says_something(private.text))
        rc = fault_set(fault, RC_INVALID, "public copy: demand %llu has neither document nor text",
                       (unsigned long long)w->id);
    if (rc == RC_OK && demand.decision_entry_id != 0)
        rc = fault_set(fault, RC_CONFLICT, "demand %llu is decided already",
                       (unsigned long long)w->id);
    if (rc != RC_OK)
        return rc;
    w->before = demand.copy;
    rc = demands_copy_put(conn, w->id, &w->row, fault);
    w->put = rc == RC_OK;
    return rc;
}

enum rc demand_copy_put(struct site *site, struct writer *writer, uint64_t id,
                        const struct paper *copy, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct copy_work w = {.id = id, .arena = &arena};
    if (copy->bytes.n == 0)
        return fault_set(fault, RC_INVALID, "public copy: it is empty");
    enum rc rc = document_put(site, &arena, "public copy", copy, &w.row, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, put_copy, &w, fault);
    if (rc == RC_OK)
        document_forget(site, &w.before);
    else if (!w.put)
        document_forget(site, &w.row);
    return rc;
}

/* ---- reading back ---- */

static enum rc read_claims(struct arena *arena, const struct demand_row *row,
                           struct demand_claims *ret, struct fault *fault)
{
    JSON_AUTO *json = NULL;
    if (row->claims.n == 0)
        return RC_OK;
    enum rc rc = json_read(row->claims, &json, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct demand_claims){.authority = arena_str(arena, json_member_str(json, "authority")),
                                  .legal_basis =
                                      arena_str(arena, json_member_str(json, "legal_basis")),
                                  .reference = arena_str(arena, json_member_str(json, "reference")),
                                  .text = row->claims};
    memcpy(ret->salt, row->claims_salt, sizeof ret->salt);
    return RC_OK;
}

static struct str or_else(struct str given, struct str otherwise)
{
    return given.n > 0 ? given : otherwise;
}

static enum rc view_of(struct arena *arena, const struct demand_row *row, struct demand_view *ret,
                       struct fault *fault)
{
    struct demand_view v = {.id = row->id,
                            .index = row->index,
                            .json = row->bytes,
                            .due = row->due,
                            .has_copy = row->copy.file.n > 0,
                            .copy_type = row->copy.type,
                            .deciding = row->decision_entry_id != 0,
                            .decided = row->decided,
                            .decision_index = row->decision_index,
                            .decision_json = row->decision_bytes,
                            .decision_reasons = row->decision_text};
    struct entry e;
    enum rc rc = entry_read(arena, row->bytes, &e, fault);
    if (rc != RC_OK)
        return rc;
    v.at = e.at;
    v.facts = e.demand;
    rc = read_claims(arena, row, &v.claims, fault);
    if (rc == RC_OK && v.decided)
        rc = entry_read(arena, row->decision_bytes, &e, fault);
    if (rc != RC_OK)
        return rc;
    if (v.decided) {
        v.decided_at = e.at;
        v.decision = e.decision;
        v.facts.authority = or_else(v.facts.authority, e.decision.authority);
        v.facts.legal_basis = or_else(v.facts.legal_basis, e.decision.legal_basis);
        v.facts.reference = or_else(v.facts.reference, e.decision.reference);
    }
    *ret = v;
    return RC_OK;
}

enum rc demand_show(struct store_conn *conn, struct arena *arena, uint64_t id,
                    struct demand_view *ret, struct fault *fault)
{
    struct demand_row row;
    enum rc rc = demands_get(conn, arena, id, &row, fault);
    return rc == RC_OK ? view_of(arena, &row, ret, fault) : rc;
}

enum rc demand_of_secret(struct store_conn *conn, struct str secret, uint64_t *ret_id,
                         struct fault *fault)
{
    struct hash token = sha256(secret.p, secret.n);
    enum rc rc =
        secret.n == TOKEN_SIZE ? demands_of_token(conn, &token, ret_id, fault) : RC_NOT_FOUND;
    return rc == RC_NOT_FOUND ? fault_set(fault, rc, "there is no such demand") : rc;
}

static enum rc views_of(struct arena *arena, const struct demand_row *rows, size_t n,
                        struct demand_view **ret, size_t *ret_n, struct fault *fault)
{
    struct demand_view *v = ARENA_ARRAY(arena, struct demand_view, n);
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = view_of(arena, &rows[i], &v[i], fault);
    if (rc != RC_OK)
        return rc;
    *ret = v;
    *ret_n = n;
    return RC_OK;
}

enum rc demand_list(struct store_conn *conn, struct arena *arena, bool undecided, uint64_t from,
                    size_t room, struct demand_view **ret, size_t *ret_n, struct fault *fault)
{
    struct demand_row *rows = NULL;
    size_t n = 0;
    uint64_t newest = from == 0 ? INT64_MAX : from;
    enum rc rc = undecided ? demands_undecided(conn, arena, from, room, &rows, &n, fault)
                           : demands_before(conn, arena, newest, room, &rows, &n, fault);
    return rc == RC_OK ? views_of(arena, rows, n, ret, ret_n, fault) : rc;
}

enum rc demand_list_own(struct site *site, struct arena *arena, uint64_t account, size_t room,
                        struct demand_view **ret, size_t *ret_n, struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct demand_row *rows = NULL;
    size_t n = 0;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = demands_of_account(conn, arena, account, room, &rows, &n, fault);
    site_disconnect(conn);
    return rc == RC_OK ? views_of(arena, rows, n, ret, ret_n, fault) : rc;
}

enum rc demand_of_account(struct site *site, uint64_t account, uint64_t id, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    struct demand_private_row row;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = demands_private(conn, &arena, id, &row, fault);
    site_disconnect(conn);
    if (rc == RC_OK && (account == 0 || row.account != account))
        rc = fault_set(fault, RC_NOT_FOUND, "there is no demand %llu", (unsigned long long)id);
    return rc;
}

static enum rc read_private(struct site *site, struct arena *arena, uint64_t id,
                            struct demand_private_row *ret, struct paper_row *ret_copy,
                            struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct demand_row row;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = demands_private(conn, arena, id, ret, fault);
    if (rc == RC_OK)
        rc = demands_get(conn, arena, id, &row, fault);
    if (rc == RC_OK)
        *ret_copy = row.copy;
    site_disconnect(conn);
    return rc;
}

/* Who was signed in when it was filed; nobody, once the account went. */
static enum rc read_filer(struct site *site, struct arena *arena, uint64_t account,
                          struct demand_private *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    if (account == 0)
        return RC_OK;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = readers_account_named(conn, arena, account, &ret->account_name, &ret->account_email,
                                   fault);
    site_disconnect(conn);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc demand_private(struct site *site, struct arena *arena, uint64_t id,
                       struct demand_private *ret, struct fault *fault)
{
    struct demand_private_row row;
    struct paper_row copy;
    JSON_AUTO *json = NULL;
    enum rc rc = read_private(site, arena, id, &row, &copy, fault);
    if (rc == RC_OK && row.text.n > 0) /* else it was erased */
        rc = json_read(row.text, &json, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct demand_private){
        .name = row.name,
        .email = row.email,
        .language = row.language,
        .text = row.text,
        .explanation = arena_str(arena, json_member_str(json, "explanation")),
        .scope_reason = arena_str(arena, json_member_str(json, "scope_reason")),
        .authority = arena_str(arena, json_member_str(json, "authority")),
        .reference = arena_str(arena, json_member_str(json, "reference")),
        .has_document = row.document.file.n > 0};
    memcpy(ret->salt, row.salt, sizeof row.salt);
    return read_filer(site, arena, row.account, ret, fault);
}

enum rc demand_paper(struct site *site, struct arena *arena, uint64_t id, bool copy,
                     struct str *ret_bytes, struct str *ret_type, struct fault *fault)
{
    struct demand_private_row row;
    struct paper_row of;
    enum rc rc = read_private(site, arena, id, &row, &of, fault);
    if (rc == RC_OK && !copy)
        of = row.document;
    if (rc == RC_OK)
        rc = document_get(site, arena, &of, ret_bytes, fault);
    if (rc == RC_OK)
        *ret_type = of.type;
    return rc;
}

enum rc demand_receipt(struct site *site, struct store_conn *conn, struct arena *arena, uint64_t id,
                       struct str *ret, struct fault *fault)
{
    struct demand_private_row row;
    struct paper_row copy;
    struct demand_row demand;
    enum rc rc = read_private(site, arena, id, &row, &copy, fault);
    if (rc == RC_OK)
        rc = demands_get(conn, arena, id, &demand, fault);
    if (rc != RC_OK)
        return rc;
    struct proof_opening opening = {
        .domain = arena_printf(arena, "%.*s/demand/v1", STR_ARG(site_origin(site))),
        .content = row.text};
    memcpy(opening.salt, row.salt, sizeof row.salt);
    return entry_prove(conn, NULL, arena, PUBLIC_DECISIONS, demand.index,
                       row.text.n > 0 ? &opening : NULL, ret, fault);
}
